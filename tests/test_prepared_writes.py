"""Writing without the ORM's session: the same lock, the same commit, the same truth."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event as Signal

import pytest
from sqlalchemy import bindparam, select, text, update
from sqlalchemy.exc import OperationalError

from app.campaigns.models import Campaign
from app.database import POOL_SIZE, SECTION, db, read_prepared, write, write_prepared
from app.prepared import Prepared
from tests import factories

CAMPAIGN = Campaign.__table__
GET_GOAL = Prepared(select(CAMPAIGN.c.goal).where(CAMPAIGN.c.id == bindparam("of")))
SET_GOAL = Prepared(
    update(CAMPAIGN).where(CAMPAIGN.c.id == bindparam("of")).values(goal=bindparam("goal"))
)


def test_a_prepared_write_is_committed_when_its_block_ends(any_app):
    campaign = factories.campaign(goal=1)
    of = campaign.id
    with write_prepared(SECTION) as connection:
        SET_GOAL.run(connection, of=of, goal=2)
    assert campaign.goal == 2


def test_an_exception_inside_a_prepared_write_undoes_all_of_it(any_app):
    campaign = factories.campaign(goal=1)
    of = campaign.id
    with pytest.raises(LookupError), write_prepared(SECTION) as connection:
        SET_GOAL.run(connection, of=of, goal=2)
        raise LookupError
    assert campaign.goal == 1


def test_a_prepared_write_sees_what_others_wrote_since_the_session_last_read(any_app):
    campaign = factories.campaign(goal=1)
    of, goal = campaign.id, campaign.goal  # opens the session's read
    assert goal == 1
    with any_app.app_context(), write(SECTION) as other:
        other.get_one(Campaign, of).goal = 2
    with write_prepared(SECTION) as connection:
        assert GET_GOAL.run(connection, of=of) == [(2,)]


def test_prepared_writers_and_the_sessions_writers_never_overlap(any_app):
    of = factories.campaign(goal=0).id
    db.session.remove()

    def add_one(number):
        with any_app.app_context():
            if number % 2:
                with write(SECTION) as session:
                    session.get_one(Campaign, of).goal += 1
            else:
                with write_prepared(SECTION) as connection:
                    [(goal,)] = GET_GOAL.run(connection, of=of)
                    SET_GOAL.run(connection, of=of, goal=goal + 1)

    with ThreadPoolExecutor(16) as crowd:
        list(crowd.map(add_one, range(80)))
    with read_prepared() as connection:
        assert GET_GOAL.run(connection, of=of) == [(80,)]


@pytest.mark.sqlite
def test_writers_who_wait_on_sqlite_leave_the_connections_to_readers(app):
    of = factories.campaign(goal=0).id
    db.session.remove()
    is_waiting = [Signal() for _ in range(POOL_SIZE + 1)]

    def wait_for_a_turn(signal):
        with app.app_context():
            signal.set()
            with write_prepared(SECTION) as connection:
                SET_GOAL.run(connection, of=of, goal=1)

    with ThreadPoolExecutor(len(is_waiting)) as crowd:
        with write_prepared(SECTION):
            waiting = [crowd.submit(wait_for_a_turn, signal) for signal in is_waiting]
            assert all(signal.wait(10) for signal in is_waiting)
            with read_prepared() as connection:
                assert GET_GOAL.run(connection, of=of) == [(0,)]
        for each in waiting:
            each.result(timeout=30)


@pytest.mark.sqlite
def test_a_statement_that_is_not_prepared_cannot_slip_into_a_prepared_write(app):
    with (
        pytest.raises(OperationalError, match="transaction"),
        write_prepared(SECTION) as connection,
    ):
        connection.execute(text("SELECT 1"))


def test_a_prepared_read_uses_the_sessions_open_connection(app):
    campaign = factories.campaign(goal=1)
    assert campaign.goal == 1
    with read_prepared() as connection:
        assert connection is db.session.connection()
