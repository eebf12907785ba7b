"""Quality 15: fifty thousand requests that no browser sends, and the server answers every one.

Every route by every method in every role, half of them with a good token, at the shipped server
with the demo's data. Control: the same app with two routes more, one that breaks and one that takes
its process with it; both must be noticed.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

from bench.payloads import make_demo
from bench.rig.brittle import plant
from bench.rig.cast import Cast
from bench.rig.figures import Figures
from bench.rig.ledger import verify
from bench.rig.people import Browser
from bench.rig.raw_http import DROPPED, RawClient, bytes_of
from bench.rig.rubbish import ROLES, Ask, Rubbish
from bench.rig.server import BARE, ROOT, Server, answers, instance_folder

PORT = 8315
AT_ONCE = 8
IN_THE_CONTROL = 64
"""At each of its two routes."""
NEW_PEOPLE_EVERY = 200
FEWEST_RULES = 0.8
"""Share of the rules that some request must have been answered kindly at: else all is refused."""
BRITTLE = [sys.executable, str(BARE / "serve.py"), str(ROOT / "bench" / "rig" / "brittle")]


class Volley:
    """What was thrown at one server, and what came back."""

    def __init__(self, cast: Cast, seed: int) -> None:
        self._cast = cast
        self._seed = seed
        self.statuses: Counter[int] = Counter()
        self.broken: dict[str, Ask] = {}
        self.reached: set[str] = set()
        self._lock = threading.Lock()
        host = f"127.0.0.1:{PORT}"
        self.rubbish = Rubbish(cast.app.url_map, random.Random(seed), host=host)

    def explore(self) -> None:
        """Look at what there is, in every role."""
        for role in ROLES:
            browser = Browser(PORT)
            cookies = self._cast.person(role).cookies.decode()
            browser.cookies = dict(each.split("=", 1) for each in cookies.split("; ") if each)

            def fetch(path: str, browser: Browser = browser) -> tuple[int, str, bytes]:
                answer = browser.get(path)
                return answer.status, answer.headers.get("Content-Type", ""), answer.body

            self.rubbish.explore(fetch)

    def throw(self, many: int) -> None:
        """So many requests, on several connections at once."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(lambda n: self._throw(n, many // AT_ONCE), range(AT_ONCE)))

    def _throw(self, number: int, many: int) -> None:
        rubbish = copy.copy(self.rubbish)
        rubbish.dice = random.Random(f"{self._seed} {number}")
        client = RawClient(PORT)
        for ask in islice(self._asks(rubbish), many):
            person = self._cast.person(ask.role)
            status, head = self._send(client, ask, person.cookies, rubbish.dice)
            if status == 401 or b"\r\nlocation: /sign-in" in head.lower():
                self._cast.replace(ask.role, person)
            with self._lock:
                self._note(ask, status)

    def _asks(self, rubbish: Rubbish) -> Iterator[Ask]:
        asks = rubbish.asks(lambda role: self._cast.person(role).token)
        for number, ask in enumerate(asks, 1):
            yield ask
            if number % NEW_PEOPLE_EVERY == 0:
                for role in ROLES:
                    self._cast.replace(role, self._cast.person(role))

    def _send(
        self, client: RawClient, ask: Ask, cookies: bytes, dice: random.Random
    ) -> tuple[int, bytes]:
        headers = [*ask.headers, ("Cookie", cookies)]
        if not any(name == "X-Forwarded-For" for name, _value in headers):
            # From anywhere: the limits for one network are not what is asked about.
            network = f"198.{dice.randrange(18, 20)}.{dice.randrange(256)}.{dice.randrange(256)}"
            headers.append(("X-Forwarded-For", network.encode()))
        request = bytes_of(ask.method, ask.target, headers, ask.body)
        return client.send(request, is_head=ask.method == "HEAD")

    def _note(self, ask: Ask, status: int) -> None:
        self.statuses[status] += 1
        if status == DROPPED or status >= 500:
            self.broken.setdefault(f"{status} at {ask.rule}", ask)
        elif status < 400:
            self.reached.add(ask.rule)

    @property
    def fallen(self) -> int:
        """Answers of 5xx."""
        return sum(many for status, many in self.statuses.items() if status >= 500)


def run(figures: Figures, folder: Path, many: int, seed: int) -> None:
    """The shipped server, with all that is thrown at it."""
    with Server(folder, PORT, proxies=1) as server:
        volley = Volley(Cast(folder, PORT), seed)
        volley.explore()
        began = time.monotonic()
        volley.throw(many)
        spent = time.monotonic() - began
        is_alive = answers(PORT)
        errors = list(errors_in(server.log))
    rules = {rule.rule for rule in volley.rubbish.rules}
    figures.note(f"{volley.statuses.total():,} answered in {spent:.0f} s, {len(rules)} rules")
    figures.note(f"by status: {dict(sorted(volley.statuses.items()))}")
    for what, ask in list(volley.broken.items())[:20]:
        figures.note(f"{what}, first by {ask}")
    figures.exactly("answers of 5xx", volley.fallen, 0)
    figures.exactly("connections dropped without an answer", volley.statuses[DROPPED], 0)
    figures.exactly("errors in the server's log", len(errors), 0)
    for line in errors[:10]:
        figures.note(line[:900])
    figures.at_least("rules reached", len(volley.reached) / len(rules), FEWEST_RULES)
    figures.holds("the server answers at the end", is_alive)
    is_proven, said = verify(folder)
    figures.holds("the ledger is proven", is_proven)
    if not is_proven:
        figures.note(said[-500:])


def run_control(figures: Figures, folder: Path, seed: int) -> None:
    """The same app with two faults in it, found by walking its routes."""
    with Server(folder, PORT, command=BRITTLE, proxies=1):
        cast = Cast(folder, PORT)
        sound = {rule.rule for rule in cast.app.url_map.iter_rules()}
        plant(cast.app)
        volley = Volley(cast, seed)
        planted = [rule for rule in volley.rubbish.rules if rule.rule not in sound]
        for role in ROLES:
            # Later there may be nobody to open the door.
            cast.person(role)
        for rule in planted:
            volley.rubbish.rules = [rule]
            volley.throw(IN_THE_CONTROL)
    figures.note(f"control by status: {dict(sorted(volley.statuses.items()))}")
    figures.holds("the control's broken route is noticed", volley.fallen > 0)
    figures.holds("the control's lost process is noticed", volley.statuses[DROPPED] > 0)


def errors_in(log: Path) -> Iterator[str]:
    """Lines in which the server says that something broke."""
    for line in log.read_text(errors="replace").splitlines():
        is_json = line.startswith("{")
        if json.loads(line)["level"] == "error" if is_json else "Traceback" in line:
            yield line


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--requests", type=int, default=50_000)
    options.add_argument("--seed", type=int, default=random.randrange(10**6))
    chosen = options.parse_args()
    figures = Figures(f"rubbish: {chosen.requests:,} requests, seed {chosen.seed}")
    with instance_folder() as folder:
        make_demo(folder)
        run(figures, folder, chosen.requests, chosen.seed)
        run_control(figures, folder, chosen.seed)
    figures.end()


if __name__ == "__main__":
    main()
