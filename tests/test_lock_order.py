"""Two writes never wait for each other for ever: all take what they share in the same order."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.exc import OperationalError

from app import clock
from app.campaigns.actions import pause_case
from app.campaigns.models import Campaign, Case
from app.database import SECTION, campaign_scope, db, event_scope, write
from app.events.actions import edit_event
from app.events.drafting import EventFields
from app.events.life_actions import cancel_event
from app.events.models import Event
from app.keyring import SECTION as SECTION_KEYS
from app.keyring import DataKey, key_for
from tests import lock_order, postgresql
from tests.test_keyring import key_files

NOBODY = "0" * 16
ROWS = (lock_order.SEASON, lock_order.EVENT)
ON_POSTGRESQL = pytest.mark.skipif(
    not postgresql.SERVER_URL, reason="SQLite has one writer at a time: ./run test --postgres"
)


@pytest.fixture
def at_once(any_app) -> Callable[..., list[BaseException | None]]:
    """Does all of them in threads of their own; what each of them met."""

    def do(*deeds: Callable[[], object]) -> list[BaseException | None]:
        def run(deed):
            with any_app.app_context(), any_app.test_request_context("/"):
                deed()

        with ThreadPoolExecutor(len(deeds)) as pool:
            return [each.exception() for each in [pool.submit(run, deed) for deed in deeds]]

    db.session.remove()
    return do


@pytest.fixture
def both_have_begun(any_app) -> Iterator[None]:
    """Each of two writers goes on only when the other has a row, or cannot get one."""
    met, seen = threading.Barrier(2), threading.local()

    def wait(_connection, _cursor, statement, *_others):
        if statement.startswith(ROWS) and not hasattr(seen, "it"):
            seen.it = True
            with suppress(threading.BrokenBarrierError):
                met.wait(timeout=1)

    event.listen(db.engine, "after_cursor_execute", wait)
    yield
    event.remove(db.engine, "after_cursor_execute", wait)


@pytest.fixture
def unwatched(monkeypatch) -> None:
    """What the tests' own watch would stop before the database does."""
    monkeypatch.setattr(lock_order, "SEASON", "nothing begins like this")


@ON_POSTGRESQL
@pytest.mark.usefixtures("both_have_begun")
@pytest.mark.parametrize("is_cancelled", [False, True], ids=["edited", "cancelled"])
def test_a_case_is_paused_while_its_events_change(at_once, amina, porto, is_cancelled):
    case_id, event_id = amina.id, porto.id
    porto.cases.append(amina)
    db.session.commit()
    fields = EventFields(
        **{name: getattr(porto, name) for name in EventFields._fields}
        | {"cases": ("amina",), "next_event": "", "title": "Porto writes on"}
    )
    db.session.remove()

    def pause():
        pause_case(db.session.get_one(Case, case_id), reason="Wait.", actor=NOBODY, now=clock.now())

    def change():
        porto = db.session.get_one(Event, event_id)
        if is_cancelled:
            cancel_event(porto, reason="", actor=NOBODY, now=clock.now())
        else:
            edit_event(
                porto, fields, edit_version=porto.edit_version, actor=NOBODY, now=clock.now()
            )

    assert at_once(pause, change) == [None, None]
    assert db.session.get_one(Case, case_id).is_paused
    assert db.session.get_one(Event, event_id).edit_version > 1


@ON_POSTGRESQL
@pytest.mark.usefixtures("both_have_begun", "unwatched")
def test_control_the_season_first_here_and_last_there_is_a_deadlock(at_once, campaign, porto):
    campaign_id, event_id = campaign.id, porto.id
    season = update(Campaign).values(live_version=Campaign.live_version + 1)
    of_event = update(Event).where(Event.id == event_id).values(live_version=7)

    def take(scope, *statements):
        with write(scope) as session:
            for statement in statements:
                session.execute(statement)

    met = at_once(
        lambda: take(campaign_scope(campaign_id), season, of_event),
        lambda: take(event_scope(event_id), of_event, season),
    )
    (victim,) = [each for each in met if each]
    assert isinstance(victim, OperationalError)
    assert "deadlock detected" in str(victim)


def test_control_a_write_in_the_wrong_order_fails_in_every_test(campaign, porto):
    with pytest.raises(AssertionError, match="after the season"), write(SECTION) as session:
        campaign.goal = 7
        session.flush()
        porto.title = "Porto writes late"
        session.flush()


def test_the_first_mails_of_two_events_at_once_make_one_key(at_once, any_app, lisbon, porto):
    began = threading.Barrier(2)

    def make(event_id):
        with write(event_scope(event_id)) as session:
            # On SQLite the other one has not even begun.
            with suppress(threading.BrokenBarrierError):
                began.wait(timeout=1)
            return key_for(session, SECTION_KEYS, now=clock.now()).likeness("Noor")

    event_ids = lisbon.id, porto.id
    assert at_once(*(partial(make, each) for each in event_ids)) == [None, None]
    db.session.rollback()
    row = db.session.execute(select(DataKey)).scalar_one()
    assert [file.stem for file in key_files(any_app)] == [row.key_id]


def test_who_asks_for_several_scopes_takes_them_from_the_widest_to_the_smallest(any_app):
    taken = []
    event.listen(
        db.engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, values, *_: taken.append((statement, values)),
    )
    with write(event_scope(3), SECTION, campaign_scope(2)):
        pass
    locks = [values for statement, values in taken if "pg_advisory_xact_lock" in statement]
    expected = [(1, 0), (2, 2), (3, 3)] if postgresql.SERVER_URL else []
    assert [tuple(values.values()) for values in locks] == expected
