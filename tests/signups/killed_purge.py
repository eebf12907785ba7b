"""Purges that are killed, each in a process of its own: before a statement, a commit, a file.

Run as `python -m tests.signups.killed_purge INSTANCE`; the instance has one event whose names are
due. Says what was wrong, as a JSON list.
"""

from __future__ import annotations

import itertools
import json
import shutil
import signal
import sys
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from app import clock, create_app
from app.audit import AuditRow
from app.config import Settings
from app.database import db
from app.events.models import Event
from app.keyring import event_keys, find_key
from app.signups.models import SignUp
from app.signups.purging import delete_due_names, delete_names
from app.signups.sealing import read_person
from tests.migrations.interrupted import in_a_child, kill_at, warm_up
from tests.shared import compiled_rules


def die_at(number: int) -> None:
    """Let this process die before its step of that number."""
    count = kill_at(number)

    def watch(what: str, arguments: tuple[Any, ...]) -> None:
        if what in ("open", "os.remove") and "/keys" in str(arguments[0]):
            count()

    sys.addaudithook(watch)


def forget_the_key_last() -> None:
    """The fault that must be noticed: it says *deleted* first, and then deletes."""
    steps = delete_names.__globals__
    destroy, empty_log = steps["destroy_key"], steps["empty_log"]
    put_off: list[tuple[Any, Any]] = []

    def put_it_off(session: Any, scope: str, *, now: Any) -> None:
        put_off.append((scope, now))

    def destroy_at_last() -> bool:
        for scope, now in put_off:
            destroy(db.session(), scope, now=now)
        return bool(empty_log())

    steps["destroy_key"], steps["empty_log"] = put_it_off, destroy_at_last
    steps["_empty_rows"] = lambda *_: None


def purge(instance: Path, dies_at: int = 0) -> None:
    """What the ticker does."""
    app = create_app(Settings.from_environ({"LETTERTALLY_INSTANCE": str(instance)}))
    with app.app_context():
        if dies_at:
            die_at(dies_at)
            if "--late" in sys.argv:
                forget_the_key_last()
        delete_due_names(now=clock.now())


def prove(instance: Path, is_done: bool) -> None:
    """Raise AssertionError where *deleted* stands over a name, or counts changed."""
    app = create_app(Settings.from_environ({"LETTERTALLY_INSTANCE": str(instance)}))
    with app.app_context():
        at = db.session.execute(select(Event).where(Event.slug == "porto")).scalar_one()
        rows = list(db.session.execute(select(SignUp).order_by(SignUp.id)).scalars())
        keeper = find_key(db.session(), event_keys(at.id))
        readable = [row for row in rows if read_person(row, keeper)]
        assert [(row.party_size, row.arrived) for row in rows] == [(1, 0), (2, 1), (3, 2)]
        if at.names_deleted_at is None:
            assert not is_done
            return
        deeds = select(func.count()).where(AuditRow.verb == "names_deleted")
        assert not readable
        assert not [row for row in rows if row.name]
        assert db.session.scalar(deeds) == 1
        assert not list((instance / "keys").glob("*.key"))


def try_one(instance: Path, dies_at: int) -> tuple[bool, str]:
    """Whether a purge was killed there, and what was wrong then or after the next one."""
    home = instance.with_name(f"{instance.name}-{dies_at}")
    shutil.copytree(instance, home)
    was_killed = in_a_child(purge, home, dies_at) == signal.SIGKILL
    fault = "says what is not so" if in_a_child(prove, home, not was_killed) else ""
    if in_a_child(purge, home) or in_a_child(prove, home, True):
        fault = "was not done by the next one"
    shutil.rmtree(home)
    return was_killed, fault and f"killed before its step {dies_at}: {fault}"


def main() -> None:
    instance = Path(sys.argv[1])
    killed, faults = 0, []
    with compiled_rules():
        warm_up(instance, purge, partial(prove, is_done=True))
        for dies_at in itertools.count(1):
            was_killed, fault = try_one(instance, dies_at)
            killed += was_killed
            faults += [fault] if fault else []
            if not was_killed:
                break
    sys.stdout.write(json.dumps({"killed": killed, "faults": faults}))


if __name__ == "__main__":
    main()
