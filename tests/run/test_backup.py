"""Backup and restore as the guide tells them, with the real launcher, in empty folders."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.serving import hold

pytestmark = pytest.mark.timeout(240)
GUIDE = (Path(__file__).parents[2] / "docs" / "operate.md").read_text()


def lines_of(heading: str) -> list[str]:
    """What the guide has people type under a heading."""
    section = GUIDE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return [
        line
        for block in re.findall(r"```\n(.*?)```", section, re.DOTALL)
        for line in block.splitlines()
    ]


@pytest.fixture
def section(marathon, tmp_path):
    """A machine with an invented marathon on it."""
    return shutil.copytree(marathon, tmp_path / "first")


def ledger_of(instance: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"file:{instance / 'lettertally.db'}?mode=ro", uri=True)) as db:
        return db.execute("SELECT * FROM entry ORDER BY id").fetchall()


def test_a_section_moves_to_an_empty_machine_by_the_guides_own_words(tree, run, section, tmp_path):
    stick = tmp_path / "stick"
    stick.mkdir()
    here, there = {"instance": str(section)}, {"instance": str(tmp_path / "second")}
    made, to_stick, restored, *rest = lines_of("Back up and restore")
    assert rest == ["./run"]

    done = run(tree, *made.split()[1:], **here)
    assert done.returncode == 0, done.stderr
    done = run(tree, *to_stick.replace("/media/stick", str(stick)).split()[1:], **here)
    assert done.returncode == 0, done.stderr
    [saved] = stick.iterdir()
    told = Path(restored.split()[-1])
    assert re.sub(r"\d", "0", saved.name) == re.sub(r"\d", "0", told.name)
    done = run(tree, *restored.replace(str(told), str(saved)).split()[1:], **there)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Restored the backup of ")
    assert done.stdout.endswith(
        "The ledger is whole: tally, pulse and chains agree with every row.\n"
    )
    assert ledger_of(tmp_path / "second") == ledger_of(section) != []

    again = run(tree, "restore", str(saved), **there)
    assert (again.returncode, len(again.stderr.splitlines())) == (1, 1)
    assert "Something is here already" in again.stderr


def test_a_changed_ledger_in_a_backup_fails_the_proof(tree, run, section, tmp_path):
    """The control: what is restored is not believed because it unpacks."""
    with closing(sqlite3.connect(section / "lettertally.db")) as db:
        db.execute("UPDATE tally SET counted = counted + 1 WHERE counted > 0")
        db.commit()
    saved = tmp_path / "saved.tar.gz"
    run(tree, "backup", "--to", str(saved), instance=str(section))
    done = run(tree, "restore", str(saved), instance=str(tmp_path / "second"))
    assert done.returncode == 1
    assert "FAULT" in done.stderr


def test_nothing_is_put_back_beneath_a_server_whatever_its_port(tree, run, section, tmp_path):
    saved = tmp_path / "saved.tar.gz"
    run(tree, "backup", "--to", str(saved), instance=str(section))
    held = hold(section)
    done = run(tree, "restore", "--replace", str(saved), instance=str(section))
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert f"{section} is being served: stop that server first." in done.stderr
    assert not list(section.glob("set-aside-*"))
    os.close(held)
    # The control: it was the server alone that stood in the way.
    done = run(tree, "restore", "--replace", str(saved), instance=str(section))
    assert done.returncode == 0, done.stderr
    assert list(section.glob("set-aside-*"))


def test_where_nothing_is_there_is_nothing_to_back_up(tree, run, tmp_path):
    done = run(tree, "backup")
    assert (done.returncode, done.stderr) == (1, "Error: There is nothing to back up yet.\n")
    assert not (tmp_path / "instance" / "lettertally.db").exists()


@pytest.mark.usefixtures("is_prepared")
def test_help_restores_nothing(tree, run, tmp_path):
    done = run(tree, "restore", "--help")
    assert done.returncode == 0
    assert "Usage: ./run restore" in done.stdout
