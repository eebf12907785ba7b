"""Upgrades that are killed, each in a process of its own: before a statement, at its commit.

Run as `python -m tests.migrations.interrupted FOLDER`; the folder holds databases of older schemas,
`0003.db`. Says what was wrong, as a JSON list.
"""

from __future__ import annotations

import gc
import json
import os
import random
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import alembic.script
import flask_migrate
from sqlalchemy import event, text
from sqlalchemy.engine import Engine

from app import clock, create_app
from app.config import Settings
from app.database import db
from app.letters.verify import verify_ledger
from app.upgrade import upgrade_database
from tests.shared import compiled_rules

LOADED_BEFORE_THE_FORKS = (alembic.script, flask_migrate)
STOPS_EACH = 3
LATEST = 60
"""No step of ours has as many statements; who asks for one behind the last is not killed."""


def kill_at(number: int) -> Callable[..., None]:
    """Let this process die before its statement or commit of that number; what counts them."""
    seen = 0

    def count(*_: Any, **__: Any) -> None:
        nonlocal seen
        seen += 1
        if seen == number:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", count)
    event.listen(Engine, "commit", count)
    return count


def tear() -> None:
    """Commit every statement by itself: the fault that must be noticed."""

    def commit(_connection: Any, cursor: Any, *_: Any) -> None:
        if cursor.connection.in_transaction:
            cursor.connection.execute("COMMIT")
            cursor.connection.execute("BEGIN IMMEDIATE")

    event.listen(Engine, "after_cursor_execute", commit)


def in_a_child(act: Any, *arguments: Any) -> int:
    """The wait status of a fork that does this; 0 when it came to its end."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            act(*arguments)
            status = 0
        finally:
            os._exit(status)
    return os.waitpid(child, 0)[1]


def upgrade(folder: Path, dies_at: int = 0) -> None:
    """What `./run` does before it serves."""
    app = create_app(Settings.from_environ({"LETTERTALLY_INSTANCE": str(folder)}))
    with app.app_context():
        if dies_at:
            kill_at(dies_at)
            if "--torn" in sys.argv:
                tear()
        upgrade_database(clock.now())


def prove(folder: Path) -> None:
    """Raise AssertionError unless the database is whole, and its ledger proven."""
    app = create_app(Settings.from_environ({"LETTERTALLY_INSTANCE": str(folder)}))
    with app.app_context():
        verdicts = list(verify_ledger())
        assert sum(verdict.rows for verdict in verdicts) > 0
        assert not any(verdict.faults for verdict in verdicts)
        with db.engine.connect() as connection:
            assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []


def try_one(folder: Path, old: Path, dies_at: int) -> tuple[bool, str]:
    """Whether an upgrade was killed there, and what was wrong after the next one."""
    home = folder / f"{old.stem}-{dies_at}"
    home.mkdir(mode=0o700)
    shutil.copy(old, home / "lettertally.db")
    was_killed = in_a_child(upgrade, home, dies_at) == signal.SIGKILL
    fault = ""
    if in_a_child(upgrade, home):
        fault = "cannot be upgraded any more"
    elif in_a_child(prove, home):
        fault = "is not whole"
    shutil.rmtree(home)
    return was_killed, fault and f"{old.stem}, killed before its statement {dies_at}: {fault}"


def warm_up(folder: Path, *acts: Callable[[Path], None]) -> None:
    """Do once, before the forks, what each of them would load and work out again; undone."""
    home = folder.with_name(f"{folder.name}-warm")
    shutil.copytree(folder, home)
    for act in acts:
        act(home)
    shutil.rmtree(home)
    gc.freeze()


def main() -> None:
    folder = Path(sys.argv[1])
    killed, faults = 0, []
    olds = sorted(folder.glob("*.db"))
    newest = folder / "newest"
    newest.mkdir(mode=0o700)
    shutil.copy(olds[-1], newest / "lettertally.db")
    with compiled_rules():
        warm_up(newest, upgrade, prove)
        for old in olds:
            for dies_at in sorted(random.sample(range(2, LATEST), STOPS_EACH)):
                was_killed, fault = try_one(folder, old, dies_at)
                killed += was_killed
                faults += [fault] if fault else []
    sys.stdout.write(json.dumps({"killed": killed, "faults": faults}))


if __name__ == "__main__":
    main()
