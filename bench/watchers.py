"""P3: ten thousand screens that poll, while twenty letters a second are logged.

How long a letter takes from its press (a little before its commit) until a screen shows it, over
every letter and every screen; and what that costs the server. The watchers are a process of their
own; each keeps its connection, as browsers do.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import resource
import subprocess
import sys
import time
from array import array
from collections import Counter
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

from bench.rig.figures import Figures
from bench.rig.people import Device, join, new_op
from bench.rig.server import ROOT, Server, environment_for, instance_folder
from bench.rig.stage import Wanted, make_season

PORT = 8302
DEVICES = 60
RAMP = 6.0
"""Seconds after which everybody polls steadily; the processor is watched from then on."""
SPARE_FILES = 200


class Presses:
    """Letters at a steady pace, and when each version was pressed."""

    def __init__(self, devices: list[Device], case: str) -> None:
        self._devices = cycle(devices)
        self._case = case
        self.pressed_at: dict[int, float] = {}
        self.refused = 0

    def log_for(self, seconds: float, *, a_second: float) -> None:
        """Log letters for so long."""
        began = time.monotonic()
        for number in range(int(seconds * a_second)):
            time.sleep(max(0.0, began + number / a_second - time.monotonic()))
            at = time.monotonic()
            answer = next(self._devices).press(new_op(), case=self._case)
            if answer.status == 200:
                self.pressed_at[int(answer.json["version"].partition(".")[2])] = at
            else:
                self.refused += 1


def delays(arrivals: array[float], pressed_at: dict[int, float]) -> Counter[int]:
    """How many letters took how many hundredths of a second to how many screens."""
    taken: Counter[int] = Counter()
    for at in range(0, len(arrivals), 3):
        when, old, new = arrivals[at : at + 3]
        for version in range(int(old) + 1, int(new) + 1):
            if version in pressed_at:
                taken[int((when - pressed_at[version]) * 100)] += 1
    return taken


def quantile_of(taken: Counter[int], share: float) -> float:
    """In seconds; infinite when nothing arrived."""
    left = share * taken.total()
    for hundredths in sorted(taken):
        left -= taken[hundredths]
        if left <= 0:
            return (hundredths + 1) / 100
    return float("inf")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--watchers", type=int, default=10_000)
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--letters", type=float, default=20, help="a second")
    options.add_argument("--threads", type=int, help="instead of the shipped number")
    options.add_argument("--backpressure", type=int, help="instead of the shipped number")
    chosen = options.parse_args()
    raise_file_limit(chosen.watchers + SPARE_FILES)
    figures = Figures(f"watchers: {chosen.watchers:,} screens, {chosen.letters:g} letters a second")
    chosen_settings = {"threads": chosen.threads, "backpressure": chosen.backpressure}
    settings = {name: value for name, value in chosen_settings.items() if value}
    with instance_folder() as folder:
        season = make_season(folder, Wanted("Hall", tables=10, seats=8))
        with Server(folder, PORT, **settings) as server:
            devices = [join(PORT, code) for code in season.events[0].codes for _ in range(6)]
            presses = Presses(devices, season.cases[0])
            path = f"/events/{season.events[0].slug}/tally?v=&lang=en&view=board"
            with watching(folder, path, chosen) as crowd:
                presses.log_for(RAMP, a_second=chosen.letters)
                cpu, began = server.cpu_seconds(), time.monotonic()
                presses.log_for(chosen.seconds - RAMP, a_second=chosen.letters)
                share = (server.cpu_seconds() - cpu) / (time.monotonic() - began)
                memory = server.memory_mb()
                said = json.loads(crowd.communicate(timeout=60)[0])
            figures.note(f"{server.thread_count()} threads")
        arrivals = array("d")
        arrivals.frombytes((folder / "arrivals").read_bytes())
    report(figures, said, delays(arrivals, presses.pressed_at))
    figures.at_most("processor of the server, of one core", share * 100, 50, " %")
    figures.at_most("memory of the server", memory, 320, " MB")
    figures.exactly("letters refused", presses.refused, 0)
    figures.end()


@contextlib.contextmanager
def watching(
    folder: Path, path: str, options: argparse.Namespace
) -> Iterator[subprocess.Popen[str]]:
    """The crowd, once all its connections are open."""
    crowd = subprocess.Popen(
        [sys.executable, "-m", "bench.rig.watching"],
        cwd=ROOT,
        env=environment_for(folder),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    asked = {
        "port": PORT,
        "path": path,
        "watchers": options.watchers,
        "seconds": options.seconds,
        "file": str(folder / "arrivals"),
    }
    try:
        assert crowd.stdin and crowd.stdout
        crowd.stdin.write(json.dumps(asked))
        crowd.stdin.close()
        crowd.stdin = None
        if crowd.stdout.readline() != "watching\n":
            raise SystemExit("The watchers could not connect.")
        yield crowd
    finally:
        crowd.kill()
        crowd.wait()


def report(figures: Figures, said: dict[str, Any], taken: Counter[int]) -> None:
    """What the crowd met."""
    rate, wait = said["polls_a_second"], said["poll_p95_ms"]
    figures.note(f"{rate:,.0f} polls a second, p95 of a poll {wait:.1f} ms")
    figures.note(f"answers by status {said['statuses']}")
    figures.note(f"the watchers themselves took {said['client_cpu'] * 100:.0f} % of a core")
    figures.note(f"{taken.total():,} arrivals, median {quantile_of(taken, 0.5):.2f} s")
    figures.at_most("press to screen, p95", quantile_of(taken, 0.95), 2.5, " s")
    wrong = sum(n for status, n in said["statuses"].items() if status not in ("200", "204"))
    figures.exactly("polls that failed or took over 8 s", wrong + said["late"], 0)


def raise_file_limit(needed: int) -> None:
    """Let this process and its children open so many files; exits when that is not allowed."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < needed:
        raise SystemExit(f"{needed:,} open files are needed and {hard:,} allowed: ulimit -Hn")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


if __name__ == "__main__":
    main()
