"""Truth 1: `kill -9` of the server, again and again, under clients that retry.

What was acknowledged is in the ledger, and nothing is there that nobody sent. The control asks the
same of a copy of the ledger from halfway: there letters must be missing, or the rig sees nothing.
"""

from __future__ import annotations

import argparse
import random
import shutil
import time
from pathlib import Path

from bench.rig.figures import Figures
from bench.rig.ledger import FILE, list_ops, verify
from bench.rig.people import join
from bench.rig.presser import Presser, together
from bench.rig.server import Server, disk_of, instance_folder
from bench.rig.stage import Season, Wanted, make_season

PORT = 8308
CLIENTS = 16
DEVICES_A_CLIENT = 25
PATIENCE = 120
"""Seconds in which every tap under way must be logged at the end."""


def make_pressers(season: Season) -> list[Presser]:
    """Sixteen clients, each with devices enough never to wait for a limit."""
    codes = season.events[0].codes
    return [
        Presser(
            [join(PORT, codes[client % len(codes)]) for _ in range(DEVICES_A_CLIENT)],
            season.cases[client % len(season.cases)],
        )
        for client in range(CLIENTS)
    ]


def copy_ledger(folder: Path) -> Path:
    """The database's files as they are while no server runs."""
    copy = folder / "halfway"
    copy.mkdir()
    for file in folder.glob(f"{FILE}*"):
        shutil.copy(file, copy)
    return copy


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=100)
    chosen = options.parse_args()
    figures = Figures(f"kill: {chosen.rounds} times kill -9 under {CLIENTS} retrying clients")
    with instance_folder() as folder:
        figures.note(f"database on {disk_of(folder)}")
        season = make_season(folder, Wanted("Hall", tables=4, seats=200))
        server = Server(folder, PORT)
        server.start()
        pressers = make_pressers(season)
        for presser in pressers:
            presser.start()
        for number in range(chosen.rounds):
            time.sleep(random.uniform(0.1, 0.8))
            server.kill()
            if number == chosen.rounds // 2:
                halfway = copy_ledger(folder)
            server.start()
        for presser in pressers:
            presser.stop()
        until = time.monotonic() + PATIENCE
        for presser in pressers:
            presser.join(max(0.0, until - time.monotonic()))
        stuck = sum(presser.is_alive() for presser in pressers)
        server.stop()
        sent, acknowledged, unexpected = together(pressers)
        ledger = list_ops(folder)
        tries = sum(presser.tries for presser in pressers)
        figures.note(f"{len(sent):,} taps, {tries - len(sent):,} of them tried again")
        figures.exactly("acknowledged, not in the ledger", len(acknowledged - ledger), 0)
        figures.exactly("in the ledger, never sent", len(ledger - sent), 0)
        figures.exactly("taps that were never logged", len(sent - ledger) + stuck, 0)
        figures.exactly("answers nobody expected", len(unexpected), 0)
        figures.holds("./run verify proves the ledger", verify(folder)[0])
        missing = len(acknowledged - list_ops(halfway))
        figures.note(f"control: {missing:,} acknowledged letters are not in the copy from halfway")
        figures.holds("the control finds letters missing", missing > 0)
        for words in unexpected[:5]:
            figures.note(words)
    figures.end()


if __name__ == "__main__":
    main()
