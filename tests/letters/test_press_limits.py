"""How fast a device and a table may log: new letters alone are counted, retries never."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from app import clock
from app.letters import routes
from app.letters.queries import get_sums
from app.letters.rules import DEVICE_RATE
from tests import factories
from tests.conftest import join

BURST = 20


class Hands:
    """A clock that stands still until it is moved on."""

    def __init__(self) -> None:
        self.at = clock.now()

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


@pytest.fixture
def hands(monkeypatch) -> Hands:
    """The clock by which presses are logged."""
    hands = Hands()
    monkeypatch.setattr(routes, "now", lambda: hands.at)
    return hands


def test_twenty_taps_at_once_are_logged_and_the_next_waits_a_second(bea, hands, lisbon):
    for _ in range(BURST):
        bea.press(status=200)
    refusal = bea.press(status=429)
    assert refusal.json.keys() == {"error", "message", "field"}
    assert (refusal.json["error"], refusal.json["field"]) == ("too_many", None)
    assert "It is not logged yet" in refusal.json["message"]
    assert refusal.headers["Retry-After"] == "1"
    assert get_sums(lisbon.id).counted.letters == BURST


def test_a_tap_that_had_to_wait_is_logged_under_its_own_op_later(bea, hands, lisbon):
    for _ in range(BURST):
        bea.press(status=200)
    op = str(uuid4())
    wait = int(bea.press(op=op, status=429).headers["Retry-After"])
    hands.move(seconds=wait)
    bea.press(op=op, status=200)
    bea.press(status=429)
    assert get_sums(lisbon.id).counted.letters == BURST + 1


def test_in_the_long_run_it_is_sixty_a_minute(bea, hands, lisbon):
    for _ in range(BURST):
        bea.press(status=200)
    for _ in range(30):
        hands.move(seconds=1)
        bea.press(status=200)
        bea.press(status=429)
    assert DEVICE_RATE == (BURST, 60)
    assert get_sums(lisbon.id).counted.letters == BURST + 30


def test_a_retry_costs_nothing(bea, hands, lisbon):
    ops = [str(uuid4()) for _ in range(BURST)]
    for op in ops * 3:
        bea.press(op=op, status=200)
    bea.press(status=429)
    for op in ops:
        bea.press(op=op, status=200)
    assert get_sums(lisbon.id).counted.letters == BURST


def test_what_is_refused_costs_nothing(bea, hands, lisbon):
    op = str(uuid4())
    bea.press(op=op, status=200)
    for _ in range(2 * BURST):
        bea.press(quantity="0", status=422)
        bea.press(case="nobody", status=422)
        bea.press(op=op, quantity="2", status=409)
        bea.press(csrf=False, status=403)
    for _ in range(BURST - 1):
        bea.press(status=200)


def test_a_stack_costs_as_much_as_one_letter(bea, hands, lisbon):
    for _ in range(BURST):
        bea.press(quantity="200", status=200)
    assert get_sums(lisbon.id).counted.letters == 200 * BURST


def test_taking_back_is_never_too_fast(bea, hands):
    ops = [bea.press(status=200).json["op"] for _ in range(BURST)]
    bea.press(status=429)
    for op in ops:
        bea.post("letters.take_back_press", {"op": str(uuid4())}, op=op, status=303)


def test_each_device_has_its_own_limit(app, bea, hands, table_1):
    for _ in range(BURST):
        bea.press(status=200)
    bea.press(status=429)
    join(app, table_1).press(status=200)


def test_a_table_as_a_whole_may_log_what_its_seats_may(app, hands, lisbon):
    table = factories.table(lisbon, seats=2)
    phones = [join(app, table) for _ in range(3)]
    for phone in phones[:2]:
        for _ in range(BURST):
            phone.press(status=200)
    assert phones[2].press(status=429).headers["Retry-After"] == "1"
    hands.move(milliseconds=500)
    phones[2].press(status=200)
    assert get_sums(lisbon.id).counted.letters == 2 * BURST + 1


def test_a_table_that_must_wait_takes_nothing_from_its_device(app, hands, lisbon):
    table = factories.table(lisbon, seats=1)
    fast, slow = join(app, table), join(app, table)
    for _ in range(BURST):
        fast.press(status=200)
    for _ in range(2 * BURST):
        slow.press(status=429)
    hands.move(minutes=5)
    for _ in range(BURST):
        slow.press(status=200)


def test_another_table_does_not_wait(app, bea, hands, lisbon):
    for _ in range(BURST):
        bea.press(status=200)
    join(app, factories.table(lisbon)).press(status=200)


def test_a_fragment_and_a_page_are_told_how_long_to_wait_too(bea, hands):
    for _ in range(BURST):
        bea.press(status=200)
    fragment = bea.press(htmx=True, status=429)
    assert fragment.headers["Retry-After"] == "1"
    data = {"op": str(uuid4()), "case": "amina", "kind": "postcard", "quantity": "12"}
    page = bea.post("letters.log_press", data, status=429)
    assert page.headers["Retry-After"] == "1"
    assert "It is not logged yet" in page.words("#refusal")
    assert page.one("#quantity").get("value") == "12"
