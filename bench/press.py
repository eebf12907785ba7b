"""P1: how many letters a second are logged, against a bare route with one INSERT and commit.

Both servers run on the same settings and the same disk. Every press is a new op of one of a
thousand devices that joined five tables, each within its limit.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from uuid import uuid4

from bench.rig.figures import Figures
from bench.rig.ledger import ask, count_rows, verify
from bench.rig.load import post
from bench.rig.people import Device, join
from bench.rig.server import Server, disk_of, instance_folder
from bench.rig.stage import Season, Wanted, make_season
from bench.rig.turns import Source, report_rates, report_ratio, take_turns

PORT, BARE_PORT = 8300, 8301
TABLES, DEVICES_A_TABLE = 5, 200
BARS = {"json": 0.6, "fragment": 0.45}
ACCEPTS = {"json": {"Accept": "application/json"}, "fragment": {"HX_Request": "true"}}


def inserts() -> Iterator[bytes]:
    """Posts to the bare route, with a press's fields."""
    while True:
        body = f"op={uuid4()}&case=person-1&kind=handwritten_letter&quantity=1&age_ms=0"
        yield post("/insert", body)


def presses(devices: Iterator[Device], season: Season, **accepts: str) -> Iterator[bytes]:
    """Presses as the table page sends them, of one device after the other."""
    for device, case in zip(devices, cycle(season.cases), strict=False):
        body = f"op={uuid4()}&case={case}&kind=handwritten_letter&quantity=1&age_ms=0"
        cookie, token = device.browser.cookie_header(), device.csrf_token
        yield post("/table/letters", body, Cookie=cookie, X_CSRFToken=token, **accepts)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=12)
    options.add_argument("--seconds", type=float, default=1.2, help="of each round")
    options.add_argument("--at-once", type=int, default=16, help="connections that press at once")
    chosen = options.parse_args()
    figures = Figures(f"press: log a letter, {chosen.at_once} connections at once")
    with instance_folder() as folder:
        figures.note(f"database on {disk_of(folder)}")
        measure(figures, folder, chosen)
    figures.end()


def measure(figures: Figures, folder: Path, options: argparse.Namespace) -> None:
    season = make_season(folder, Wanted("Hall", tables=TABLES, seats=DEVICES_A_TABLE))
    codes = season.events[0].codes
    bare_folder = folder / "bare"
    bare_folder.mkdir()
    with Server(bare_folder, BARE_PORT, is_bare=True) as bare, Server(folder, PORT) as ours:
        devices = cycle([join(PORT, code) for code in codes for _ in range(DEVICES_A_TABLE)])
        sources = {"bare": Source(bare, inserts().__next__)} | {
            name: Source(ours, presses(devices, season, **accepts).__next__)
            for name, accepts in ACCEPTS.items()
        }
        turns, statuses = take_turns(
            sources,
            rounds=options.rounds,
            seconds=options.seconds,
            connections=options.at_once,
        )
    report_rates(figures, turns)
    for name, bar in BARS.items():
        what = f"letters a second, {name} answers, of the bare route"
        report_ratio(figures, what, turns[name], turns["bare"], bar)
    stored_bare = ask(bare_folder, "SELECT count(*) FROM letter", file="bare.db")[0][0]
    figures.exactly("bare rows - answers of 200", stored_bare - statuses["bare"][200], 0)
    ours_200 = statuses["json"][200] + statuses["fragment"][200]
    figures.exactly("ledger rows - answers of 200", count_rows(folder) - ours_200, 0)
    others = sum(each.total() - each[200] for each in statuses.values())
    figures.exactly("answers with another status", others, 0)
    figures.holds("./run verify proves the ledger", verify(folder)[0])


if __name__ == "__main__":
    main()
