"""All names of an event go when their time has come, whatever happens meanwhile; counts stay."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.audit import AuditRow
from app.config import ROOT
from app.database import db, event_scope, write
from app.events.models import Event
from app.exceptions import RuleBroken
from app.keyring import KeyGone, event_keys, find_key, key_for, list_missing
from app.outbox.models import OwedMail
from app.signups.models import SignUp
from app.signups.purging import delete_due_names, delete_names, list_due, names_due_at, names_kept
from app.signups.queries import count_seats, list_parties
from app.ticker import forget_names
from tests import factories, lists
from tests.outbox.conftest import turn_on
from tests.signups.test_erasing import SAID, instance_bytes, owe_confirmation

DAY = timedelta(days=1)
STEPS = ("destroy_key", "_empty_rows", "forget_mail_in", "note_deed", "touch_lists", "empty_log")


@pytest.fixture
def over(porto):
    """Porto's list with three parties, of an event whose names are due for a minute."""
    guests = lists.sign_up_list(porto)
    for number, name in enumerate(("Noor", "نور", "Ada"), 1):
        one = lists.sign_up(guests, name, party_size=number, **SAID)
        factories.change(one, arrived=number - 1)
    end = clock.now() - 30 * DAY - timedelta(minutes=1)
    factories.change(porto, state="closed", starts_at=end - DAY, ends_at=end)
    return guests


def tick(now=None) -> int:
    return delete_due_names(now=now or clock.now())


def names(event_id: int) -> list:
    db.session.rollback()
    return [party.person for party in list_parties(event_id)]


def deeds() -> list:
    rows = db.session.execute(select(AuditRow).where(AuditRow.verb == "names_deleted"))
    return [(row.thing_id, row.actor) for row in rows.scalars()]


def test_names_go_so_many_days_after_the_end_and_no_minute_before(any_app, over):
    due = names_due_at(over.event)
    assert tick(due - timedelta(minutes=1)) == 0
    assert None not in names(over.event_id)
    assert tick(due) == 1
    assert names(over.event_id) == [None] * 3
    assert over.event.names_deleted_at == due


@pytest.mark.parametrize("days", [0, 180])
def test_the_event_says_how_many_days(any_app, over, days):
    factories.change(over.event, keeps_names_days=days)
    assert names_due_at(over.event) == over.event.ends_at + days * DAY
    assert tick() == (days == 0)


def test_who_are_still_at_the_door_of_an_event_that_goes_on_keep_their_names_a_day(any_app, over):
    factories.change(over.event, state="running", keeps_names_days=0)
    end = over.event.ends_at
    assert list_due(now=end + timedelta(hours=23)) == []
    assert list_due(now=end + DAY) == [over.event_id]


def test_how_many_came_stays(any_app, over):
    before = count_seats([over])
    tick()
    assert count_seats([over]) == before
    assert before[over.id].arrived == 3


@pytest.mark.sqlite
def test_not_even_the_locked_bytes_are_in_any_file(app, over):
    sealed = list(db.session.execute(select(SignUp.name)).scalars())
    assert all(one in instance_bytes(app) for one in sealed)
    tick()
    assert not any(one in instance_bytes(app) for one in sealed)


def test_only_the_events_own_names_go(any_app, over):
    elsewhere = lists.sign_up_list(factories.event())
    lists.sign_up(elsewhere, "Eva")
    tick()
    assert [person.name for person in names(elsewhere.event_id)] == ["Eva"]


def test_mail_that_its_key_seals_is_forgotten(any_app, over):
    turn_on(any_app, "smtp://127.0.0.1:1")
    with write(event_scope(over.event_id)) as session:
        owe_confirmation(session, over.sign_ups[0])
    tick()
    mail = db.session.execute(select(OwedMail)).scalar_one()
    assert (mail.state, mail.sealed_to, mail.sealed_content) == ("dropped", None, None)


def test_it_is_done_once_and_the_audit_says_by_whom(any_app, over):
    factories.change(over.event, ends_at=clock.now() + DAY)
    for _time in range(2):
        delete_names(over.event, by="0123456789abcdef", now=clock.now())
    assert tick(clock.now() + 40 * DAY) == 0
    assert deeds() == [(str(over.event_id), "0123456789abcdef")]


def test_afterwards_nobody_can_leave_a_name_even_if_the_event_is_moved(any_app, over):
    tick()
    now = clock.now()
    factories.change(over.event, state="upcoming", starts_at=now, ends_at=now + DAY)
    with pytest.raises(RuleBroken):
        lists.sign_up(over)
    with write(event_scope(over.event_id)) as session, pytest.raises(KeyGone):
        key_for(session, event_keys(over.event_id), now=now)


def test_an_event_without_a_name_gets_no_key_once_its_names_are_deleted(any_app, porto):
    delete_names(porto, by="0123456789abcdef", now=clock.now())
    with write(event_scope(porto.id)) as session, pytest.raises(KeyGone):
        key_for(session, event_keys(porto.id), now=clock.now())


@pytest.mark.parametrize("step", STEPS)
def test_whatever_fails_nothing_says_deleted_over_a_name_and_the_next_time_does_it(
    any_app, over, monkeypatch, step
):
    with monkeypatch.context() as patch:
        patch.setitem(delete_names.__globals__, step, _fail)
        with pytest.raises(OSError, match="read-only"):
            tick()
    assert over.event.names_deleted_at is None or names(over.event_id) == [None] * 3
    forget_names(clock.now())
    assert names(over.event_id) == [None] * 3
    assert over.event.names_deleted_at is not None
    assert len(deeds()) == 1


def _fail(*_arguments: object, **_options: object) -> None:
    raise OSError("read-only file system")


def test_one_event_that_fails_keeps_no_other_from_being_done(any_app, over, monkeypatch):
    second = lists.sign_up_list(factories.event())
    lists.sign_up(second)
    factories.change(second.event, ends_at=over.event.ends_at + timedelta(seconds=1))
    real, first = delete_names.__globals__["destroy_key"], event_keys(over.event_id)

    def fail_once(session, scope, **how):
        return _fail() if scope == first else real(session, scope, **how)

    monkeypatch.setitem(delete_names.__globals__, "destroy_key", fail_once)
    with pytest.raises(OSError, match="read-only"):
        tick()
    assert names(second.event_id) == [None]
    assert None not in names(over.event_id)


@pytest.mark.sqlite
@pytest.mark.timeout(300)
@pytest.mark.parametrize("how", [(), ("--late",)], ids=("as it is", "key last"))
def test_a_purge_killed_anywhere_never_lies_and_is_done_by_the_next(app, over, tmp_path, how):
    """And the control: who forgets the key last is caught."""
    close_database()
    instance = app.config["LETTERTALLY"].instance
    shutil.copytree(instance, tmp_path / "porto", ignore=shutil.ignore_patterns("translations"))
    done = subprocess.run(
        [sys.executable, "-m", "tests.signups.killed_purge", str(tmp_path / "porto"), *how],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["killed"] > 3, "hardly any was killed on its way"
    assert bool(told["faults"]) == bool(how), told["faults"]


@pytest.mark.sqlite
@pytest.mark.parametrize("early", [True, False], ids=("by an organiser", "in time"))
def test_yesterdays_database_with_todays_keys_shows_no_name_and_is_purged_again(app, over, early):
    """Names deleted before their time, too: the keys' folder remembers, the backup does not."""
    if early:
        factories.change(over.event, ends_at=clock.now() + 9 * DAY)
    file, event_id = app.config["LETTERTALLY"].sqlite_file, over.event_id
    close_database()
    shutil.copy(file, file.with_suffix(".yesterday"))
    delete_names(db.session.get_one(Event, event_id), by="", now=clock.now())
    close_database()
    file.with_suffix(".yesterday").replace(file)
    assert names(event_id) == [None] * 3
    assert list(db.session.execute(select(SignUp.name)).scalars()) != [None] * 3
    assert list_missing(db.session()) == []
    assert tick() == 1
    assert list(db.session.execute(select(SignUp.name)).scalars()) == [None] * 3
    assert find_key(db.session(), event_keys(event_id)) is None


def close_database() -> None:
    db.session.remove()
    db.engine.dispose()


def test_a_lost_key_is_told_apart_from_a_destroyed_one(app, over):
    for file in (app.config["LETTERTALLY"].instance / "keys").glob("*.key"):
        file.unlink()
    assert list_missing(db.session()) == [event_keys(over.event_id)]
    tick()
    assert list_missing(db.session()) == []


def test_the_days_left_are_those_of_the_calendar_where_the_event_is(porto):
    noon = clock.now().replace(hour=12)
    factories.change(porto, ends_at=noon, keeps_names_days=12)
    assert names_kept(porto, now=noon + DAY / 24).days_left == 12
    assert names_kept(porto, now=noon + 40 * DAY).days_left == 0
