"""The marathons of tests/data/replays.json over HTTP: do the published numbers come out?

Poland's 250 places are 250 tables: devices that joined them press at least 20,000 times, within
their limits, and a signed-in organiser logs the rest as stacks. Afterwards the board, the hall
screen, tally.json, the desk and `./run verify` must all show what was printed.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from itertools import cycle
from typing import Any

from bench.rig.figures import Figures
from bench.rig.ledger import verify
from bench.rig.load import load, post
from bench.rig.people import Browser, Device, csrf_token_in, join, new_op, sign_in
from bench.rig.server import ROOT, Server, disk_of, instance_folder
from bench.rig.stage import ORGANISER, PASSWORD, Season, Staged, Wanted, make_season

PORT = 8307
REPLAYS = ROOT / "tests" / "data" / "replays.json"
LETTERS = ("handwritten_letter", "signed_letter", "postcard", "solidarity_card")
DEVICES_A_TABLE = 4
BURST = 20
"""Presses that a device has at once; a bigger pace is refused."""
AT_ONCE = 16
MOST_AT_THE_DESK = 10_000


def split(total: int, sizes: Iterator[int]) -> Iterator[int]:
    """Stacks of these sizes until the total is reached."""
    while total:
        size = min(total, next(sizes))
        total -= size
        yield size


def presses_for(kinds: dict[str, int], most: int, chance: random.Random) -> list[tuple[str, int]]:
    """At most so many presses of mixed stacks: their kinds and quantities, in no order."""
    pressed = []
    for kind, total in kinds.items():
        needed = total // most + 1
        sizes = (chance.choice((needed, needed, needed, needed * 2)) for _ in cycle([0]))
        pressed += [(kind, size) for size in split(total, sizes)]
    chance.shuffle(pressed)
    return pressed


class Hall:
    """One marathon on the running server."""

    def __init__(self, replay: dict[str, Any], season: Season, staged: Staged) -> None:
        self.replay = replay
        self.kinds: dict[str, int] = replay["by_kind"]
        self.cases = season.cases
        self.staged = staged

    @property
    def slug(self) -> str:
        return self.staged.slug

    @property
    def letters(self) -> int:
        return sum(n for kind, n in self.kinds.items() if kind in LETTERS)

    @property
    def other(self) -> int:
        return sum(self.kinds.values()) - self.letters

    def press_at_tables(self, presses: list[tuple[str, int]]) -> Counter[int]:
        """Press as devices that joined the tables; answers by status."""
        codes = self.staged.codes
        devices = [join(PORT, code) for code in codes for _ in range(DEVICES_A_TABLE)]
        if len(presses) > len(devices) * BURST:
            raise ValueError("more presses than these devices may send at once")
        requests = self._requests(devices, presses)
        outcome = load(PORT, lambda: next(requests, None), connections=AT_ONCE, seconds=600)
        return outcome.statuses

    def _requests(self, devices: list[Device], presses: list[tuple[str, int]]) -> Iterator[bytes]:
        turns = zip(cycle(devices), cycle(self.cases), presses, strict=False)
        for device, case, (kind, quantity) in turns:
            body = f"op={new_op()}&case={case}&kind={kind}&quantity={quantity}"
            cookie, token = device.browser.cookie_header(), device.csrf_token
            headers = {"Cookie": cookie, "X_CSRFToken": token, "Accept": "application/json"}
            yield post("/table/letters", body, **headers)

    def log_at_desk(self, organiser: Browser, kind: str, stacks: list[int]) -> Counter[int]:
        """Log stacks for one table after the other, as their organiser; answers by status."""
        desk = f"/desk/events/{self.slug}/"
        token = csrf_token_in(organiser.get(desk).text)
        statuses: Counter[int] = Counter()
        tables = cycle(self.staged.table_ids)
        for case, table, quantity in zip(cycle(self.cases), tables, stacks, strict=False):
            form = {"op": new_op(), "case": case, "kind": kind, "quantity": quantity}
            asked = {"csrf_token": token, "table": table, **form}
            statuses[organiser.post(f"{desk}letters", asked).status] += 1
        return statuses

    def report(self, figures: Figures, organiser: Browser) -> None:
        """Compare what every screen shows with what was printed."""
        place = self.replay["place"]
        told = organiser.get(f"/events/{self.slug}/tally.json").json
        figures.exactly(f"{place}: letters in tally.json", told["letters"], self.letters)
        figures.exactly(f"{place}: other actions in tally.json", told["other"], self.other)
        kinds = {kind: n for kind, n in told["kinds"].items() if n}
        figures.holds(f"{place}: every kind as printed", kinds == self.kinds)
        if "people" in self.replay:
            figures.exactly(f"{place}: people", told["people"], self.replay["people"])
        pages = {
            "board": f"/events/{self.slug}/live",
            "hall screen": f"/events/{self.slug}/hall",
            "desk": f"/desk/events/{self.slug}/",
        }
        for name, path in pages.items():
            # The number as a text of its own, not inside another one.
            shown = f">{self.letters:,}<" in organiser.get(path).text
            figures.holds(f"{place}: {name} shows {self.letters:,}", shown)


def replay_big(hall: Hall, organiser: Browser, presses: int, chance: random.Random) -> Counter[int]:
    """So many presses of one to three letters; what is left goes to the desk, table by table."""
    (kind, total), *rest = hall.kinds.items()
    assert not rest, "one kind is expected"
    tapped = [(kind, chance.choice((1, 1, 1, 2, 3))) for _ in range(presses)]
    statuses = hall.press_at_tables(tapped)
    left = total - sum(quantity for _kind, quantity in tapped)
    stack = min(MOST_AT_THE_DESK, left // len(hall.staged.table_ids) + 1)
    return statuses + hall.log_at_desk(organiser, kind, [*split(left, cycle([stack]))])


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--presses", type=int, default=20_000, help="of the biggest marathon")
    options.add_argument("--seed", type=int, default=2011)
    chosen = options.parse_args()
    chance = random.Random(chosen.seed)
    replays: list[dict[str, Any]] = json.loads(REPLAYS.read_text())
    figures = Figures("replay: published marathons over HTTP")
    with instance_folder() as folder:
        figures.note(f"database on {disk_of(folder)}")
        wanted = [
            Wanted(each["place"], tables=each.get("places", 2), people=each.get("people"))
            for each in replays
        ]
        season = make_season(folder, *wanted)
        with Server(folder, PORT):
            organiser = sign_in(PORT, ORGANISER, PASSWORD)
            pairs = zip(replays, season.events, strict=True)
            halls = [Hall(replay, season, staged) for replay, staged in pairs]
            for hall in halls:
                began = time.monotonic()
                if "places" in hall.replay:
                    statuses = replay_big(hall, organiser, chosen.presses, chance)
                else:
                    most = DEVICES_A_TABLE * len(hall.staged.codes) * BURST // 6
                    statuses = hall.press_at_tables(presses_for(hall.kinds, most, chance))
                figures.note(
                    f"{hall.replay['place']}: {statuses.total():,} posts in "
                    f"{time.monotonic() - began:.0f} s, by status {dict(statuses)}"
                )
            for hall in halls:
                hall.report(figures, organiser)
            told = organiser.get("/totals.json").json
            figures.exactly("season: letters", told["letters"], sum(h.letters for h in halls))
            figures.exactly("season: other actions", told["other"], sum(h.other for h in halls))
        is_proven, words = verify(folder)
        figures.holds("./run verify proves the ledger", is_proven)
        print(words.strip())
    figures.end()


if __name__ == "__main__":
    main()
