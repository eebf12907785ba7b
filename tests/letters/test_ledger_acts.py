"""Take back, put back, let in, move: always a new row that answers the last one."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from sqlalchemy import select

from app import clock
from app.database import db
from app.exceptions import Conflict, NotFound, RuleBroken
from app.letters import actions
from app.letters.entries import count_held, list_event_entries
from app.letters.models import Entry
from app.letters.queries import get_sums, list_pulse
from app.letters.rules import TAKE_BACK_WITHIN
from tests import factories
from tests.letters.moving import move_entry

NOW = clock.now().replace(microsecond=0)
ACTOR = "0123456789abcdef"


@pytest.fixture
def event(any_app):
    return factories.event(factories.case().campaign, state="running", now=NOW)


@pytest.fixture
def case(event):
    return event.cases[0]


@pytest.fixture
def device(event):
    return factories.joined(factories.device(factories.table(event)))


def answer(event, log_op, act, *, now=NOW, op=None):
    return actions.answer_entry(event, log_op, act=act, op=op or str(uuid4()), actor=ACTOR, now=now)


def list_acts(log_op):
    rows = db.session.execute(select(Entry).where(Entry.log_op == log_op).order_by(Entry.seq))
    return list(rows.scalars())


def test_a_device_takes_its_own_letters_back(event, case, device):
    log = actions.log_letters(device, factories.press(case, quantity=3), now=NOW)
    receipt = actions.take_back(device, log.op, op=str(uuid4()), now=NOW)
    assert (receipt.is_taken_back, receipt.totals.event_letters) == (True, 0)
    assert get_sums(event.id).counted.total == 0
    assert list_event_entries(event.id)[0].is_taken_back


@pytest.mark.parametrize(
    ("waited", "is_in_time"),
    [(TAKE_BACK_WITHIN, True), (TAKE_BACK_WITHIN + timedelta(milliseconds=1), False)],
    ids=["fifteen minutes", "a blink more"],
)
def test_a_device_takes_back_within_fifteen_minutes(event, case, device, waited, is_in_time):
    log = actions.log_letters(device, factories.press(case), now=NOW)
    if is_in_time:
        actions.take_back(device, log.op, op=str(uuid4()), now=NOW + waited)
    else:
        with pytest.raises(RuleBroken) as refusal:
            actions.take_back(device, log.op, op=str(uuid4()), now=NOW + waited)
        assert refusal.value.error == "too_late"
    assert get_sums(event.id).counted.letters == (not is_in_time)


def test_the_quarter_of_an_hour_starts_when_the_letter_arrived(event, case, device):
    an_hour = 3_600_000
    log = actions.log_letters(device, factories.press(case, age_ms=an_hour), now=NOW)
    actions.take_back(device, log.op, op=str(uuid4()), now=NOW + TAKE_BACK_WITHIN)
    assert get_sums(event.id).counted.letters == 0


def test_a_device_cannot_take_back_what_another_logged(event, case, device):
    other = factories.joined(factories.device(factories.table(event)))
    log = actions.log_letters(device, factories.press(case), now=NOW)
    with pytest.raises(NotFound):
        actions.take_back(other, log.op, op=str(uuid4()), now=NOW)


def test_a_device_cannot_take_back_what_the_desk_logged_for_its_table(event, case, device):
    log = factories.entry(event, case, table_id=device.table_id, now=NOW)
    with pytest.raises(NotFound):
        actions.take_back(device, log.op, op=str(uuid4()), now=NOW)


def test_taking_back_is_once_and_its_replay_is_the_same_answer(event, case, device):
    log = actions.log_letters(device, factories.press(case), now=NOW)
    op = str(uuid4())
    first = actions.take_back(device, log.op, op=op, now=NOW)
    again = actions.take_back(device, log.op, op=op, now=NOW + 2 * TAKE_BACK_WITHIN)
    assert first == again
    with pytest.raises(Conflict) as refusal:
        actions.take_back(device, log.op, op=str(uuid4()), now=NOW)
    assert refusal.value.error == "already_taken_back"
    assert len(list_acts(log.op)) == 2


def test_take_back_put_back_take_back_again_is_one_chain_of_acts(event, case, device):
    log = actions.log_letters(device, factories.press(case, quantity=5), now=NOW)
    actions.take_back(device, log.op, op=str(uuid4()), now=NOW)
    answer(event, log.op, "restore")
    assert get_sums(event.id).counted.letters == 5
    answer(event, log.op, "void", now=NOW + timedelta(days=1))
    assert get_sums(event.id).counted.letters == 0

    rows = list_acts(log.op)
    assert [(row.act, row.effect) for row in rows] == [
        ("log", 5),
        ("void", -5),
        ("restore", 5),
        ("void", -5),
    ]
    assert [row.refers_to for row in rows] == [None, *(row.op for row in rows[:-1])]
    assert {(row.table_id, row.case_id, row.kind, row.source, row.quantity) for row in rows} == {
        (device.table_id, case.id, "handwritten_letter", "tap", 5)
    }
    assert [row.actor for row in rows] == [None, None, ACTOR, ACTOR]


def test_letting_in_counts_what_waited_once(any_app):
    case = factories.case()
    event = factories.event(case.campaign, now=NOW)
    log = factories.entry(event, case, quantity=7, now=NOW)
    assert (get_sums(event.id).counted.letters, count_held(event.id)) == (0, 1)

    receipt = answer(event, log.op, "count")

    assert (receipt.state, receipt.totals.event_letters) == ("counted", 7)
    assert (get_sums(event.id).counted.letters, count_held(event.id)) == (7, 0)
    with pytest.raises(Conflict):
        answer(event, log.op, "count")
    answer(event, log.op, "void")
    assert get_sums(event.id).counted.letters == 0
    answer(event, log.op, "restore")
    assert get_sums(event.id).counted.letters == 7


def test_what_waited_and_was_taken_back_waits_again_when_put_back(any_app):
    case = factories.case()
    event = factories.event(case.campaign, now=NOW)
    log = factories.entry(event, case, now=NOW)
    answer(event, log.op, "void")
    assert count_held(event.id) == 0
    with pytest.raises(Conflict):
        answer(event, log.op, "count")
    answer(event, log.op, "restore")
    assert (get_sums(event.id).counted.letters, count_held(event.id)) == (0, 1)
    answer(event, log.op, "count")
    assert (get_sums(event.id).counted.letters, count_held(event.id)) == (1, 0)


@pytest.mark.parametrize("act", ["restore", "count"])
def test_what_counts_can_be_neither_put_back_nor_let_in(event, case, act):
    log = factories.entry(event, case, now=NOW)
    with pytest.raises(Conflict):
        answer(event, log.op, act)
    assert len(list_acts(log.op)) == 1


@pytest.mark.parametrize("act", ["void", "restore", "count"])
def test_nobody_answers_an_entry_of_another_event(event, case, act):
    log = factories.entry(event, case, now=NOW)
    other = factories.event(event.campaign, state="running")
    with pytest.raises(NotFound):
        answer(other, log.op, act)
    with pytest.raises(NotFound):
        answer(event, str(uuid4()), act)


def test_a_replayed_answer_is_only_an_answer_at_its_own_event(event, case):
    log = factories.entry(event, case, now=NOW)
    op = str(uuid4())
    assert answer(event, log.op, "void", op=op) == answer(event, log.op, "void", op=op)
    other = factories.event(event.campaign, state="running")
    with pytest.raises((NotFound, Conflict)):
        answer(other, log.op, "void", op=op)


def test_an_answers_minute_in_the_pulse_is_the_presss(event, case, device):
    age_ms = 10 * 60_000
    log = actions.log_letters(device, factories.press(case, age_ms=age_ms), now=NOW)
    minute = int(NOW.timestamp()) // 60 - 10
    assert list_pulse(event.id, since_minute=0) == {minute: 1}
    actions.take_back(device, log.op, op=str(uuid4()), now=NOW + timedelta(minutes=5))
    assert list_pulse(event.id, since_minute=0) == {minute: 0}


def test_a_move_is_a_void_and_a_log(event, case, device):
    other = factories.case(event.campaign)
    factories.change(event, cases=[case, other])
    log = actions.log_letters(device, factories.press(case, quantity=6, age_ms=90_000), now=NOW)
    deed = str(uuid4())
    op, again = (
        move_entry(event, log.op, op=deed, case=other.slug, kind="email", now=NOW)
        for _time in range(2)
    )
    assert op == again

    assert [(row.act, row.effect) for row in list_acts(log.op)] == [("log", 6), ("void", -6)]
    (moved,) = list_acts(op)
    first = list_acts(log.op)[0]
    assert (moved.act, moved.effect, moved.refers_to) == ("log", 6, None)
    for kept in ("table_id", "source", "quantity", "pressed_at", "is_late", "state"):
        assert getattr(moved, kept) == getattr(first, kept)
    sums = get_sums(event.id)
    assert (sums.of_case(case.id).total, sums.of_case(other.id).other) == (0, 6)


def test_what_waits_is_moved_waiting(any_app):
    case = factories.case()
    event = factories.event(case.campaign, now=NOW)
    log = factories.entry(event, case, now=NOW)
    op = move_entry(event, log.op, kind="postcard", now=NOW)
    assert (get_sums(event.id).counted.total, count_held(event.id)) == (0, 1)
    answer(event, op, "count")
    assert get_sums(event.id).by_kind["postcard"] == 1


def test_what_was_taken_back_cannot_be_moved(event, case):
    log = factories.entry(event, case, now=NOW)
    answer(event, log.op, "void")
    assert move_entry(event, log.op, kind="email", now=NOW) is None
    assert len(list_acts(log.op)) == 2


def test_a_move_under_another_letters_op_is_a_conflict(event, case):
    log, other = (factories.entry(event, case, now=NOW) for _ in range(2))
    with pytest.raises(Conflict):
        move_entry(event, log.op, op=other.op, kind="email", now=NOW)
    assert len(list_acts(log.op)) == 1


def test_a_move_to_a_case_the_event_does_not_write_for_moves_nothing(event, case):
    log = factories.entry(event, case, now=NOW)
    stranger = factories.case(event.campaign)
    with pytest.raises(RuleBroken) as refusal:
        move_entry(event, log.op, case=stranger.slug, now=NOW)
    assert refusal.value.field == "case"
    assert [row.act for row in list_acts(log.op)] == ["log"]


def test_rows_are_numbered_without_gaps_and_each_is_answered_once(event, case):
    log = factories.entry(event, case, now=NOW)
    for act in ("void", "restore", "void", "restore"):
        answer(event, log.op, act)
    rows = list_acts(log.op)
    assert [row.seq for row in rows] == [1, 2, 3, 4, 5]
    assert all(after.refers_to == before.op for before, after in pairwise(rows))
