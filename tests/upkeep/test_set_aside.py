"""What a restore leaves behind can be gone back to for a month, and is then deleted for good."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import ticker
from app.audit import AuditRow
from app.database import SECTION, db, write
from app.events.models import Event
from app.keyring import DataKey, event_keys, find_key, key_for, list_unknown
from app.signups.models import SignUp
from app.upkeep import checks
from app.upkeep.backups import back_up
from app.upkeep.cli import forget
from app.upkeep.restoring import restore
from app.upkeep.set_aside import KEPT
from tests import factories, lists
from tests.upkeep.conftest import NOW, instance_of

DAY = timedelta(days=1)


@pytest.fixture
def older(app, folder):
    """A backup from before anybody signed up; then Noor does."""
    saved = back_up(folder / "older.tar.gz", now=NOW).file
    event = factories.event(ends_at=NOW + 99 * DAY)
    lists.sign_up(lists.sign_up_list(event), "Noor")
    return saved


@pytest.fixture
def newer(older, folder):
    """A backup that has Noor's sign-up."""
    return back_up(folder / "newer.tar.gz", now=NOW).file


def put_back(archive, *, now):
    db.session.remove()
    db.engine.dispose()
    restore(archive, is_replacing=True, now=now)


def left_in(app) -> tuple[int, int]:
    """How many keys and how many folders."""
    instance = instance_of(app)
    return len(list(instance.glob("keys/*.key"))), len(list(instance.glob("set-aside-*")))


def said_of_names(now) -> tuple[str, str]:
    check = next(check for check in checks.check_everything(now=now) if check.name == "names")
    return check.state, check.said


def deeds() -> list[tuple[str, str]]:
    db.session.rollback()
    deleted = select(AuditRow).where(AuditRow.verb == "set_aside_deleted").order_by(AuditRow.id)
    return [(row.thing, row.thing_id) for row in db.session.execute(deleted).scalars()]


@pytest.mark.sqlite
def test_a_key_outlives_the_database_that_named_it_by_a_month(app, older, newer):
    put_back(older, now=NOW)
    ticker.forget_names(NOW)
    ticker.forget_names(NOW + KEPT - DAY)
    assert left_in(app) == (1, 1)
    (key_id,) = list_unknown(db.session())
    ticker.forget_names(NOW + KEPT)
    assert left_in(app) == (0, 0)
    assert (instance_of(app) / "keys" / f"{key_id}.destroyed").exists()
    assert not list(instance_of(app).glob("keys/*.unknown"))
    assert deeds() == [("key", key_id), ("folder", "set-aside-20261210T120000Z")]
    # A backup that knows the names finds no key to them any more, and deletes what is left of them.
    put_back(newer, now=NOW + KEPT)
    ticker.forget_names(NOW + KEPT)
    event = db.session.execute(select(Event).where(Event.names_deleted_at.is_not(None))).scalar()
    assert find_key(db.session(), event_keys(event.id)) is None
    assert db.session.execute(select(SignUp.name)).scalars().all() == [None]


@pytest.mark.sqlite
def test_a_newer_backup_put_back_within_the_month_has_its_names(app, older, newer):
    put_back(older, now=NOW)
    ticker.forget_names(NOW)
    put_back(newer, now=NOW + KEPT - DAY)
    ticker.forget_names(NOW + KEPT - DAY)
    # What the first restore set aside has gone by now; the names are of the database that is here.
    ticker.forget_names(NOW + KEPT + DAY)
    assert left_in(app) == (1, 1)
    signed_up = db.session.execute(select(SignUp)).scalar_one()
    keeper = find_key(db.session(), event_keys(signed_up.list.event_id))
    assert keeper.unseal(signed_up.name, at=f"sign_up:{signed_up.public_id}:name") == "Noor"


@pytest.mark.sqlite
def test_each_restore_gives_a_month_anew(app, older):
    put_back(older, now=NOW)
    put_back(older, now=NOW + 20 * DAY)
    ticker.forget_names(NOW + KEPT + DAY)
    assert left_in(app) == (1, 1)


@pytest.mark.sqlite
def test_is_everything_all_right_tells_the_truth_meanwhile(app, older):
    with app.test_request_context():
        assert said_of_names(NOW)[0] == "good"
        put_back(older, now=NOW)
        state, said = said_of_names(NOW)
        assert state == "look"
        assert "is deleted for good on" in said
        assert "9 January" in said or "9 Jan" in said
        ticker.forget_names(NOW + KEPT)
        assert said_of_names(NOW + KEPT)[0] == "good"


@pytest.mark.sqlite
def test_on_request_it_goes_at_once_and_nothing_else_does(app, older):
    put_back(older, now=NOW)
    with write(SECTION) as session:
        key_for(session, "section", now=NOW)
    (instance_of(app) / "set-aside-by-hand").mkdir()
    (instance_of(app) / "set-aside-20260101T000000Z").symlink_to("keys")
    runner = app.test_cli_runner()
    assert runner.invoke(forget, input="n\n").exit_code == 1
    assert left_in(app) == (2, 3)
    done = runner.invoke(forget, ["--yes"])
    assert done.output == "Deleted for good. Folders: 1, keys to names: 1.\n"
    assert left_in(app) == (1, 2)
    assert find_key(db.session(), "section")


def test_a_key_that_no_database_ever_named_has_its_month_from_when_it_is_noticed(any_app):
    with pytest.raises(RuntimeError), write(SECTION) as session:
        key_for(session, "section", now=NOW)
        raise RuntimeError("nothing comes of it")
    for now in (NOW + 400 * DAY, NOW + 400 * DAY + KEPT - DAY):
        ticker.forget_names(now)
        assert left_in(any_app) == (1, 0)
    ticker.forget_names(NOW + 400 * DAY + KEPT)
    assert left_in(any_app) == (0, 0)


def test_a_clock_that_was_set_back_lets_a_key_stay_a_month_at_most(any_app):
    keys = instance_of(any_app) / "keys"
    keys.mkdir()
    (keys / "ab.key").write_bytes(bytes(32))
    ticker.forget_names(NOW + 4000 * DAY)
    ticker.forget_names(NOW)
    ticker.forget_names(NOW + KEPT)
    assert left_in(any_app) == (0, 0)


def test_a_key_that_is_named_is_never_noticed(any_app):
    with write(SECTION) as session:
        key_for(session, "section", now=NOW)
    for now in (NOW, NOW + 400 * DAY):
        ticker.forget_names(now)
    assert db.session.execute(select(DataKey)).scalar_one()
    assert left_in(any_app) == (1, 0)
    assert deeds() == []
