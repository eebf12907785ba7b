"""What the ledger holds after a run, asked of the database itself and of `./run verify`."""

from __future__ import annotations

import importlib
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from bench.rig.server import ROOT, environment_for

FILE = "lettertally.db"


def ask(folder: Path, query: str, *parameters: object, file: str = FILE) -> list[tuple[Any, ...]]:
    """Rows of a question to a database file that no server has open for writing."""
    # The interpreter's own SQLite may have the WAL-reset fault; the app's has not.
    sqlite: Any = importlib.import_module("pysqlite3.dbapi2")
    with closing(sqlite.connect(folder / file)) as connection:
        rows: list[tuple[Any, ...]] = connection.execute(query, parameters).fetchall()
    return rows


def count_rows(folder: Path) -> int:
    """How many rows the ledger has."""
    return int(ask(folder, "SELECT count(*) FROM entry")[0][0])


def list_ops(folder: Path) -> set[str]:
    """The op of every row."""
    return {row[0] for row in ask(folder, "SELECT op FROM entry")}


def verify(folder: Path) -> tuple[bool, str]:
    """Whether `./run verify` proves the ledger, and what it said."""
    command = [sys.executable, str(ROOT / "run"), "verify"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment_for(folder), capture_output=True, text=True
    )
    return done.returncode == 0, done.stdout + done.stderr
