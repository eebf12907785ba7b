"""One press is one row, however often it is sent, by however many at once."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from app import clock
from app.database import db
from app.exceptions import Conflict, TooMany
from app.letters import actions
from app.letters.models import Entry
from app.letters.queries import get_sums, get_table_sums
from app.letters.rules import DEVICE_RATE
from app.letters.verify import verify_ledger
from tests import factories

OPS = 200
TIMES_SENT = 50
"""Of each op: 10,000 posts."""
THREADS = 50


def count_rows() -> int:
    return db.session.execute(select(func.count()).select_from(Entry)).scalar_one()


def assert_proven() -> None:
    assert [fault for verdict in verify_ledger() for fault in verdict.faults] == []


@pytest.fixture
def hall(any_app):
    """A running event with a table of ten devices, and its case."""
    event = factories.event(factories.case().campaign, state="running")
    table = factories.table(event, seats=OPS // DEVICE_RATE.burst)
    devices = [factories.joined(factories.device(table)) for _ in range(OPS // DEVICE_RATE.burst)]
    return event, event.cases[0], devices


def test_two_hundred_ops_sent_over_and_over_are_two_hundred_rows(any_app, hall):
    event, case, devices = hall
    presses = [
        (devices[n % len(devices)], factories.press(case, quantity=n % 3 + 1)) for n in range(OPS)
    ]
    sent = presses * TIMES_SENT
    random.shuffle(sent)
    now = clock.now()
    event_id, table_id = event.id, devices[0].table_id
    db.session.rollback()

    def send(press_of_device):
        device, press = press_of_device
        with any_app.app_context():
            return actions.log_letters(device, press, now=now)

    with ThreadPoolExecutor(THREADS) as crowd:
        receipts = list(crowd.map(send, sent))

    assert count_rows() == OPS
    letters = sum(press.quantity for _, press in presses)
    assert get_sums(event_id).counted.letters == letters
    assert get_table_sums(event_id, table_id).counted.letters == letters
    assert Counter(receipt.op for receipt in receipts) == Counter(
        {press.op: TIMES_SENT for _, press in presses}
    )
    assert_proven()


def test_a_replay_is_answered_as_at_first_with_the_totals_of_now(hall):
    event, case, (device, *_) = hall
    press = factories.press(case, quantity=3)
    first = actions.log_letters(device, press, now=clock.now())
    factories.entry(event, case, quantity=5)

    again = actions.log_letters(device, press._replace(age_ms=9_000), now=clock.now())

    assert (again.op, again.state, again.quantity) == (first.op, first.state, first.quantity)
    assert (first.totals.event_total, again.totals.event_total) == (3, 8)
    assert again.totals.version != first.totals.version


def test_a_replay_from_another_device_of_the_table_is_the_same_press(hall):
    _event, case, (device, other, *_) = hall
    press = factories.press(case)
    actions.log_letters(device, press, now=clock.now())
    actions.log_letters(other, press, now=clock.now())
    assert count_rows() == 1


@pytest.mark.parametrize("changed", ["case", "kind", "quantity", "table"])
def test_other_content_under_a_used_op_is_a_conflict(hall, changed):
    event, case, (device, *_) = hall
    press = factories.press(case)
    actions.log_letters(device, press, now=clock.now())
    if changed == "table":
        device = factories.joined(factories.device(factories.table(event)))
    else:
        second = factories.case(event.campaign)
        factories.change(event, cases=[case, second])
        others = {"case": second.slug, "kind": "postcard", "quantity": 2}
        press = press._replace(**{changed: others[changed]})

    for _ in range(2):
        with pytest.raises(Conflict):
            actions.log_letters(device, press, now=clock.now())
    assert count_rows() == 1
    assert_proven()


@pytest.mark.parametrize("has_table", [True, False], ids=["table", "whole event"])
def test_an_op_of_another_event_is_a_conflict(any_app, has_table):
    case = factories.case()
    here, there = (factories.event(case.campaign, state="running") for _ in range(2))
    tables = [factories.table(event).id if has_table else None for event in (here, there)]
    op = str(uuid4())
    factories.entry(here, case, op=op, table_id=tables[0])
    with pytest.raises(Conflict):
        factories.entry(there, case, op=op, table_id=tables[1])
    assert (get_sums(here.id).counted.total, get_sums(there.id).counted.total) == (1, 0)
    assert_proven()


def test_one_op_at_two_events_at_once_counts_at_one_of_them(any_app):
    case = factories.case()
    events = [factories.event(case.campaign, state="running") for _ in range(2)]
    presses = [factories.press(case) for _ in range(20)]
    event_ids, now = [event.id for event in events], clock.now()
    db.session.rollback()

    def send(event_number_and_press):
        number, press = event_number_and_press
        with any_app.app_context():
            event = db.session.get_one(type(events[0]), event_ids[number])
            try:
                actions.log_at_desk(event, press, table_id=None, actor="x", now=now)
            except Conflict:
                return "conflict"
        return "logged"

    with ThreadPoolExecutor(8) as crowd:
        said = list(crowd.map(send, [(n, press) for press in presses for n in (0, 1)]))

    assert Counter(said) == {"logged": 20, "conflict": 20}
    assert sum(get_sums(event_id).counted.total for event_id in event_ids) == 20
    assert_proven()


def test_a_replay_is_answered_after_the_event_let_its_case_go(hall):
    event, case, (device, *_) = hall
    press = factories.press(case)
    first = actions.log_letters(device, press, now=clock.now())
    factories.change(event, cases=[])
    again = actions.log_letters(device, press, now=clock.now())
    assert (again.op, again.state, again.quantity) == (first.op, first.state, first.quantity)


def test_an_op_used_for_a_letter_takes_nothing_back(hall):
    event, case, (device, *_) = hall
    used, letter = (
        actions.log_letters(device, factories.press(case), now=clock.now()) for _ in range(2)
    )
    with pytest.raises(Conflict):
        actions.take_back(device, letter.op, op=used.op, now=clock.now())
    with pytest.raises(Conflict):
        actions.answer_entry(event, letter.op, act="void", op=used.op, actor="x", now=clock.now())
    assert get_sums(event.id).counted.letters == 2


def test_a_burst_of_twenty_fits_and_a_replay_costs_nothing(hall):
    _event, case, (device, *_) = hall
    now = clock.now()
    presses = [factories.press(case) for _ in range(DEVICE_RATE.burst)]
    for press in presses * 2:
        actions.log_letters(device, press, now=now)
    with pytest.raises(TooMany) as refusal:
        actions.log_letters(device, factories.press(case), now=now)
    assert refusal.value.retry_after == 1
    assert count_rows() == DEVICE_RATE.burst
