"""Truth 2: power cuts under load. What was acknowledged must be in the ledger afterwards.

The instance lies on an ext4 in a file. In the middle of presses the file system is shut down
without flushing, the server is killed, the disk is mounted again and everything starts anew. The
control is the same code with synchronous=NORMAL, which must lose letters. Root only; where it
cannot run, it says why and leaves with exit code 77.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import time
from pathlib import Path

from bench.rig.figures import Figures
from bench.rig.ledger import list_ops, verify
from bench.rig.people import Device, join
from bench.rig.power import PowerDisk, reason_to_skip
from bench.rig.presser import Presser, together
from bench.rig.server import ROOT, Server, disk_of, instance_folder
from bench.rig.stage import Season, Wanted, make_season

PORT = 8312
CLIENTS = 16
DEVICES_A_CLIENT = 10
SKIPPED = 77
PRAGMA = '"synchronous=FULL"'
CODE = ("app", "migrations", "run", "wsgi.py", "requirements.in", "requirements.txt")


class Outcome:
    """What all cuts together came to."""

    def __init__(self) -> None:
        self.cuts = 0
        self.sent: set[str] = set()
        self.acknowledged: set[str] = set()
        self.lost: set[str] = set()
        self.invented: set[str] = set()


def press_and_cut(disk: PowerDisk, server: Server, crowd: list[Presser]) -> None:
    """A moment of presses, then darkness."""
    server.start()
    for presser in crowd:
        presser.start()
    time.sleep(random.uniform(0.3, 1.2))
    # Without power nothing computes any more. To the shutdown of ext4 a program may live on, and
    # an fsync that was under way of a file that grows is then told of success it did not have.
    server.freeze()
    disk.cut_power()
    server.kill()
    for presser in crowd:
        presser.give_up()
    for presser in crowd:
        presser.join(30)
    disk.restore_power()


def make_crowd(devices: list[Device], season: Season) -> list[Presser]:
    """Clients with devices of their own."""
    return [
        Presser(devices[client::CLIENTS], season.cases[client % len(season.cases)])
        for client in range(CLIENTS)
    ]


def cut_often(folder: Path, tree: Path, *, cuts: int, until_lost: bool) -> tuple[Outcome, bool]:
    """So many cuts on a disk of its own; also whether `./run verify` proves what is left."""
    outcome = Outcome()
    with PowerDisk(folder) as disk:
        instance = disk.point / "instance"
        instance.mkdir()
        season = make_season(instance, Wanted("Hall", tables=2, seats=200))
        command = [str(tree / ".venv" / "bin" / "python"), str(tree / "run")]
        server = Server(instance, PORT, command=command)
        # What the server says must not depend on the disk that dies.
        server.log = folder / "server.log"
        with server:
            codes = season.events[0].codes
            number = CLIENTS * DEVICES_A_CLIENT // len(codes)
            devices = [join(PORT, code) for code in codes for _ in range(number)]
        while outcome.cuts < cuts and not (until_lost and outcome.lost):
            crowd = make_crowd(devices, season)
            press_and_cut(disk, server, crowd)
            sent, acknowledged, _unexpected = together(crowd)
            ledger = list_ops(instance)
            outcome.cuts += 1
            outcome.sent |= sent
            outcome.acknowledged |= acknowledged
            outcome.lost |= acknowledged - ledger
            outcome.invented |= ledger - outcome.sent
        is_proven, _words = verify(instance)
    return outcome, is_proven


def copy_with_normal(folder: Path) -> Path:
    """The same code, but for the one word that makes each commit wait for the disk."""
    tree = folder / "tree"
    tree.mkdir()
    for name in CODE:
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, tree / name)
    (tree / ".venv").symlink_to(ROOT / ".venv")
    file = tree / "app" / "database.py"
    text = file.read_text()
    if text.count(PRAGMA) != 1:
        raise SystemExit(f"The control cannot be made: {PRAGMA} is not once in {file.name}.")
    file.write_text(text.replace(PRAGMA, PRAGMA.replace("FULL", "NORMAL")))
    return tree


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cuts", type=int, default=50)
    options.add_argument("--control-cuts", type=int, default=10, help="at most, until one loses")
    chosen = options.parse_args()
    figures = Figures(f"powercut: {chosen.cuts} power cuts under {CLIENTS} clients")
    with instance_folder() as folder:
        reason = reason_to_skip(folder)
        if reason:
            print(f"SKIPPED: {reason}")
            sys.exit(SKIPPED)
        figures.note(f"an ext4 in a file on {disk_of(folder)}")
        for part in ("shipped", "control"):
            (folder / part).mkdir()
        outcome, is_proven = cut_often(folder / "shipped", ROOT, cuts=chosen.cuts, until_lost=False)
        figures.note(f"{len(outcome.acknowledged):,} letters acknowledged in all")
        figures.exactly("power cuts", outcome.cuts, chosen.cuts)
        figures.exactly("acknowledged and lost", len(outcome.lost), 0)
        figures.exactly("in the ledger, never sent", len(outcome.invented), 0)
        figures.holds("./run verify proves what is left", is_proven)
        tree = copy_with_normal(folder / "control")
        control, _ = cut_often(folder / "control", tree, cuts=chosen.control_cuts, until_lost=True)
        figures.note(
            f"control, synchronous=NORMAL: {len(control.lost):,} of "
            f"{len(control.acknowledged):,} lost in {control.cuts} cuts"
        )
        figures.holds("the control loses letters", bool(control.lost))
    figures.end()


if __name__ == "__main__":
    main()
