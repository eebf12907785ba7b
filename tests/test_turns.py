"""Writers of one process take turns on SQLite, and those who wait share one commit."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import bindparam, insert, select

from app import database, turns
from app.campaigns.models import Campaign
from app.database import SECTION, db, read_prepared, write, write_prepared
from app.limits import RateLimit
from app.prepared import Prepared
from app.turns import NotCommitted
from tests import factories

pytestmark = pytest.mark.sqlite

NOTE = RateLimit.__table__
"""Any table with a free text for a key will do."""
ADD = Prepared(insert(NOTE).values(key=bindparam("key"), free_at_ms=bindparam("free_at_ms")))
LIST = Prepared(select(NOTE.c.key).order_by(NOTE.c.key))


class Crowd:
    """Writers that come one after the other while somebody has the turn, and are then let go."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.turns = database._turns[db.engine]
        self.commits = 0
        self.left = 0

    def write_together(self, *writers: Callable[[], None]) -> list[BaseException | None]:
        """What each of them met, in their order."""
        with ThreadPoolExecutor(len(writers)) as pool:
            with self.turns.alone():
                futures = []
                for writer in writers:
                    futures.append(pool.submit(self.in_context, writer))
                    self._wait_until(partial(self.is_awaited_by, len(futures)))
            return [future.exception(timeout=30) for future in futures]

    def write_in_turn(self, *writers: Callable[[], None]) -> list[BaseException | None]:
        """The same, each after the one before has left the transaction open, as if more came."""
        with ThreadPoolExecutor(len(writers)) as pool:
            futures = []
            for writer in writers:
                self.turns._joiners = 0 if writer is writers[-1] else 1
                left = self.left
                futures.append(pool.submit(self.in_context, writer))
                self._wait_until(lambda left=left: self.left > left)
            return [future.exception(timeout=30) for future in futures]

    def is_awaited_by(self, number: int) -> bool:
        """Whether so many wait for their turn."""
        return self.turns._joiners == number

    def in_context(self, writer: Callable[[], None]) -> None:
        with self.app.app_context():
            writer()

    def _wait_until(self, is_so: Callable[[], bool]) -> None:
        nobody = threading.Event()
        for _ in range(3000):
            if is_so():
                return
            nobody.wait(0.01)
        raise AssertionError("a writer never came")


@pytest.fixture
def crowd(app, monkeypatch):
    """A crowd that counts its commits."""
    crowd = Crowd(app)
    commit = turns._SharedTransaction.commit

    def count(shared):
        crowd.commits += 1
        commit(shared)

    pass_on = crowd.turns._pass_on

    def leave():
        pass_on()
        crowd.left += 1

    monkeypatch.setattr(turns._SharedTransaction, "commit", count)
    monkeypatch.setattr(crowd.turns, "_pass_on", leave)
    return crowd


def add(key):
    """A writer of one row."""

    def writer():
        with write_prepared(SECTION) as connection:
            ADD.run(connection, key=key, free_at_ms=0)
        # Whoever comes back has been committed: others see it.
        assert key in keys()

    return writer


def keys():
    with read_prepared() as connection:
        return [row[0] for row in LIST.run(connection)]


def test_writers_who_wait_share_one_commit_and_each_is_answered_after_it(crowd):
    assert crowd.write_together(*(add(f"writer {n}") for n in range(8))) == [None] * 8
    assert len(keys()) == 8
    assert crowd.commits == 1


def test_no_more_share_a_commit_than_is_good_for_the_first(crowd, monkeypatch):
    monkeypatch.setattr(turns, "MOST_TOGETHER", 3)
    crowd.write_together(*(add(f"writer {n}") for n in range(8)))
    assert len(keys()) == 8
    assert crowd.commits == 3


def test_one_who_is_refused_undoes_nobody_elses_writing(crowd):
    def refused():
        with write_prepared(SECTION) as connection:
            ADD.run(connection, key="refused", free_at_ms=0)
            raise LookupError

    met = crowd.write_in_turn(add("before"), refused, add("after"), refused)
    assert list(map(type, met)) == [type(None), LookupError, type(None), LookupError]
    assert keys() == ["after", "before"]


def test_when_the_commit_fails_nobody_is_told_that_it_went_well(crowd):
    def write_what_only_the_commit_finds_wrong():
        with write_prepared(SECTION) as connection:
            cursor = connection.connection.cursor()
            cursor.execute("PRAGMA defer_foreign_keys = ON")
            cursor.execute("INSERT INTO event_case (event_id, case_id) VALUES (77, 77)")

    met = crowd.write_in_turn(add("before"), write_what_only_the_commit_finds_wrong, add("after"))
    assert list(map(type, met)) == [NotCommitted] * 3
    assert keys() == []
    add("later")()
    assert keys() == ["later"]


def test_when_sqlite_itself_gives_up_the_transaction_all_before_it_is_refused(crowd):
    def given_up():
        with write_prepared(SECTION) as connection:
            connection.connection.rollback()
            raise LookupError

    met = crowd.write_in_turn(add("before"), given_up, add("after"))
    assert list(map(type, met)) == [NotCommitted, LookupError, type(None)]
    assert keys() == ["after"]


def test_when_sqlite_gives_up_the_transaction_at_a_mere_reading_all_before_it_is_refused(crowd):
    def given_up_while_reading():
        with crowd.turns.hold(), read_prepared() as connection:
            connection.connection.rollback()
            raise LookupError

    met = crowd.write_in_turn(add("before"), given_up_while_reading)
    assert list(map(type, met)) == [NotCommitted, LookupError]
    assert keys() == []
    add("later")()
    assert keys() == ["later"]


def test_one_who_writes_with_others_and_then_alone_learns_that_the_first_was_not_committed(crowd):
    def both():
        with crowd.turns.hold():
            with write_prepared(SECTION) as connection:
                ADD.run(connection, key="with others", free_at_ms=0)
                connection.connection.rollback()
                # SQLite gave up the transaction, and the driver begins none by itself.
                connection.connection.cursor().execute("SAVEPOINT part")
            with write(SECTION):
                pass

    assert list(map(type, crowd.write_in_turn(both))) == [NotCommitted]


def test_what_cannot_be_undone_is_not_committed_with_the_rest(crowd):
    def cannot_be_undone():
        with write_prepared(SECTION) as connection:
            ADD.run(connection, key="half done", free_at_ms=0)
            connection.connection.cursor().execute("RELEASE part")
            raise LookupError

    met = crowd.write_in_turn(add("before"), cannot_be_undone)
    assert list(map(type, met)) == [NotCommitted, LookupError]
    assert keys() == []


def test_the_sessions_writers_never_see_a_shared_transaction_half_done(crowd):
    season_id = factories.campaign(goal=0).id
    db.session.remove()

    def by_the_session():
        with write(SECTION) as session:
            session.get_one(Campaign, season_id).goal += 1

    writers = [add("one"), by_the_session, add("two"), by_the_session, add("three")]
    assert crowd.write_together(*writers) == [None] * 5
    assert keys() == ["one", "three", "two"]
    assert db.session.get_one(Campaign, season_id).goal == 2


def test_one_who_waited_too_long_is_told_so_and_the_next_goes_on(crowd, monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 0.05)
    with ThreadPoolExecutor(1) as pool, crowd.turns.alone():
        late = pool.submit(crowd.in_context, add("late")).exception(timeout=30)
    assert isinstance(late, TimeoutError)
    add("next")()
    assert keys() == ["next"]
