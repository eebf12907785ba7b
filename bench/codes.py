"""Safety 13: 50,000 wrong join codes let nobody in, while honest people still join.

Half of the guesses come from one network, half from a thousand. Who asks from where is told by a
trusted proxy's header, as behind Caddy. Control: one right code among the guesses, before the limit
is reached, must be noticed as a hit.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import chain, islice

from bench.rig.figures import Figures
from bench.rig.load import get, load, post
from bench.rig.people import Browser, csrf_token_in
from bench.rig.server import Server, instance_folder
from bench.rig.stage import Wanted, make_season

PORT = 8313
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
NETWORKS = 1000
AT_ONCE = 16
NEVER_IN = (404, 429)
HONEST_EVERY = 2000
"""Guesses between two honest people, who come from a network each."""


class Guesser:
    """Guesses by looking and by joining, with a form's token as the page gave it."""

    def __init__(self) -> None:
        browser = Browser(PORT)
        self.token = csrf_token_in(browser.get("/join").text)
        self.cookie = browser.cookie_header()

    def guess(self, code: str, network: str, *, joins: bool) -> bytes:
        """One guess as bytes."""
        headers = {"X_Forwarded_For": network, "Cookie": self.cookie}
        if joins:
            return post(f"/join/{code}", f"csrf_token={self.token}", **headers)
        return get(f"/join/{code}", **headers)


def wrong_codes(right: set[str]) -> Iterator[str]:
    """Codes of the right shape that no table has."""
    while True:
        code = "".join(random.choices(ALPHABET, k=8))
        if code not in right:
            yield code


def guesses(guesser: Guesser, codes: Iterator[str], network: Callable[[], str]) -> Iterator[bytes]:
    """Endless guesses, every other one by joining."""
    for number, code in enumerate(codes):
        yield guesser.guess(code, network(), joins=bool(number % 2))


def join_honestly(code: str, number: int) -> tuple[int, int]:
    """Somebody from a network of their own scans a code and joins: the two answers' statuses."""
    browser = Browser(PORT)
    network = {"X_Forwarded_For": f"203.0.{number // 250}.{number % 250 + 1}"}
    page = browser.get(f"/join/{code}", **network)
    if page.status != 200:
        return page.status, 0
    token = csrf_token_in(page.text)
    return page.status, browser.post(f"/join/{code}", {"csrf_token": token}, **network).status


class Attack:
    """Guesses in batches, with an honest person between two batches."""

    def __init__(self, codes: list[str]) -> None:
        self._codes = codes
        self.statuses: Counter[int] = Counter()
        self.honest: Counter[tuple[int, int]] = Counter()

    def run(self, requests: Iterator[bytes], many: int) -> None:
        for _ in range(0, many, HONEST_EVERY):
            batch = islice(requests, HONEST_EVERY)
            self.statuses += load(
                PORT, lambda batch=batch: next(batch, None), connections=AT_ONCE, seconds=300
            ).statuses
            number = self.honest.total()
            self.honest[join_honestly(self._codes[number % len(self._codes)], number)] += 1

    @property
    def hits(self) -> int:
        """Answers that were neither "no such table" nor "too many"."""
        return sum(n for status, n in self.statuses.items() if status not in NEVER_IN)

    @property
    def turned_away(self) -> int:
        """Honest people who did not get in."""
        return self.honest.total() - self.honest[200, 303]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--guesses", type=int, default=50_000)
    chosen = options.parse_args()
    figures = Figures(f"codes: {chosen.guesses:,} wrong join codes")
    half = chosen.guesses // 2
    with instance_folder() as folder:
        season = make_season(folder, Wanted("Hall", tables=20, seats=20))
        codes = season.events[0].codes
        with Server(folder, PORT, proxies=1):
            guesser = Guesser()
            control = Attack(codes)
            right = guesser.guess(codes[0], "192.0.2.9", joins=True)
            control.run(
                chain([right], guesses(guesser, wrong_codes(set(codes)), lambda: "192.0.2.9")), 1
            )
            attacks = {
                "one network": lambda: "192.0.2.1",
                f"{NETWORKS:,} networks": lambda: (
                    f"198.18.{random.randrange(4)}.{random.randrange(250)}"
                ),
            }
            for name, network in attacks.items():
                attack = Attack(codes)
                began = time.monotonic()
                attack.run(guesses(guesser, wrong_codes(set(codes)), network), half)
                seconds = time.monotonic() - began
                figures.note(f"{name}: {dict(attack.statuses)} in {seconds:.0f} s")
                figures.exactly(f"{name}: guesses that hit", attack.hits, 0)
                figures.exactly(f"{name}: honest people turned away", attack.turned_away, 0)
    figures.note(f"control: {dict(control.statuses)}")
    figures.exactly("the control's one right code is a hit", control.hits, 1)
    figures.end()


if __name__ == "__main__":
    main()
