"""Writing from many threads, times in UTC, and how each connection is opened."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError, StatementError

from app.campaigns.models import Campaign
from app.database import (
    SECTION,
    campaign_scope,
    db,
    event_scope,
    has_wal_fault,
    journal_mode,
    sqlite_module,
    write,
)
from app.events.models import Event
from tests import factories

WRITERS = 160
THREADS = 16


def test_a_crowd_of_writers_that_read_first_all_get_through(any_app):
    event_id = factories.event(factories.campaign(goal=0)).id

    def add_one(_number):
        with any_app.app_context():
            event = db.session.get_one(Event, event_id)
            campaign = event.campaign
            assert campaign.goal is not None
            with write(event_scope(event_id)):
                campaign.goal += 1

    with ThreadPoolExecutor(THREADS) as crowd:
        list(crowd.map(add_one, range(WRITERS)))

    db.session.rollback()
    assert db.session.get_one(Event, event_id).campaign.goal == WRITERS


@pytest.mark.sqlite
def test_without_the_lock_taken_first_a_reader_cannot_become_a_writer(app):
    campaign = factories.campaign(goal=0)
    assert campaign.goal == 0  # opens the read
    with app.app_context(), write(SECTION) as other:
        other.get_one(Campaign, campaign.id).goal = 5
    campaign.goal = 7
    with pytest.raises(OperationalError, match="locked"):
        db.session.commit()


def test_a_write_forgets_what_was_read_before_it(any_app):
    campaign = factories.campaign(goal=1)
    assert campaign.goal == 1
    with any_app.app_context(), write(campaign_scope(campaign.id)) as other:
        other.get_one(Campaign, campaign.id).goal = 2
    with write(campaign_scope(campaign.id)):
        assert campaign.goal == 2
        campaign.goal += 1
    assert campaign.goal == 3


def test_an_exception_inside_a_write_undoes_all_of_it(any_app):
    campaign = factories.campaign(goal=1)
    with pytest.raises(LookupError), write(SECTION) as session:
        campaign.goal = 2
        session.flush()
        raise LookupError
    assert campaign.goal == 1
    with any_app.app_context():
        assert db.session.get_one(Campaign, campaign.id).goal == 1


def test_after_a_write_the_next_read_holds_no_lock(app):
    factories.campaign()
    assert db.session.execute(select(Campaign)).all()
    with app.app_context(), write(SECTION) as other:
        other.add(factories.Section(name="x", language="en", time_zone="UTC"))


def test_times_come_back_aware_and_in_utc(any_app):
    lisbon_summer = timezone(timedelta(hours=1))
    moment = datetime(2026, 6, 1, 12, 30, 15, 123_000, tzinfo=lisbon_summer)
    campaign = factories.campaign(locked_at=moment)
    db.session.expire_all()
    assert campaign.locked_at == moment
    assert campaign.locked_at.tzinfo is UTC
    found = db.session.execute(select(Campaign).where(Campaign.locked_at == moment)).scalar_one()
    assert found is campaign


def test_a_time_without_a_zone_is_refused(any_app):
    with pytest.raises(StatementError, match="without a zone"):
        factories.campaign(locked_at=datetime(2026, 6, 1, 12, 30))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("version", "is_faulty"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 0), True),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 4), False),
        ((4, 0, 0), False),
    ],
    ids=lambda value: ".".join(map(str, value)) if isinstance(value, tuple) else "",
)
def test_the_versions_with_the_wal_fault_are_known(version, is_faulty):
    assert has_wal_fault(version) is is_faulty


def test_a_sqlite_with_the_wal_fault_keeps_the_rollback_journal():
    is_faulty = has_wal_fault(sqlite_module().sqlite_version_info)
    assert journal_mode() == ("delete" if is_faulty else "wal")


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("recursive_triggers", 1),
        ("secure_delete", 1),
        ("trusted_schema", 0),
        ("busy_timeout", 5000),
        ("journal_mode", journal_mode()),
    ],
)
@pytest.mark.sqlite
def test_every_connection_is_opened_safely(app, pragma, value):
    with db.engine.connect() as first, db.engine.connect() as second:
        for connection in (first, second):
            assert connection.execute(text(f"PRAGMA {pragma}")).scalar_one() == value
