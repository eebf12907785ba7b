"""Taking a wrong tap back at the table: one's own, once, within a quarter of an hour."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from app import clock
from app.letters import routes
from app.letters.entries import count_held
from app.letters.queries import get_sums
from tests import factories
from tests.conftest import join
from tests.letters.moving import move_entry

JSON = {"Accept": "application/json"}
LOG_KEYS = {
    "op",
    "state",
    "quantity",
    "version",
    "table_total",
    "event_total",
    "table_letters",
    "event_letters",
    "case_letters",
}


def take_back(person, log_op, *, op="", headers=JSON, **how):
    data = {"op": op or str(uuid4())}
    return person.post("letters.take_back_press", data, op=log_op, headers=headers, **how)


@pytest.fixture
def log_op(bea) -> str:
    """The op of a stack of three that Bea logged."""
    return bea.press(quantity="3", status=200).json["op"]


def test_it_is_answered_as_a_press_is_and_says_so(bea, log_op):
    bea.press(quantity="10", status=200)
    op = str(uuid4())
    said = take_back(bea, log_op, op=op, status=200).json
    assert said.keys() == LOG_KEYS | {"taken_back"}
    assert (said["op"], said["taken_back"], said["state"], said["quantity"]) == (
        op,
        True,
        "counted",
        3,
    )
    assert (said["table_total"], said["event_letters"], said["case_letters"]) == (10, 10, 10)


def test_htmx_and_a_browser_without_script_are_answered_too(bea, log_op):
    fragment = take_back(bea, log_op, headers={}, htmx=True, status=200)
    assert fragment.words("#receipt") == "Taken back. 0 at this table · 0 in the hall"
    second = bea.press(status=200).json["op"]
    answer = take_back(bea, second, headers={}, status=303)
    assert answer.location == "/table/"


def test_a_retry_is_the_same_answer(bea, log_op):
    op = str(uuid4())
    first = take_back(bea, log_op, op=op, status=200).json
    again = take_back(bea, log_op.upper(), op=op.upper(), status=200).json
    assert again == first


def test_a_retry_is_answered_however_late_it_comes(bea, log_op, monkeypatch):
    op = str(uuid4())
    take_back(bea, log_op, op=op, status=200)
    monkeypatch.setattr(routes, "now", lambda: clock.now() + timedelta(hours=13))
    assert take_back(bea, log_op, op=op, status=200).json["taken_back"] is True


def test_twice_is_a_conflict(bea, log_op, lisbon):
    take_back(bea, log_op, status=200)
    refusal = take_back(bea, log_op, status=409).json
    assert refusal.keys() == {"error", "message", "field"}
    assert refusal["error"] == "already_taken_back"
    assert get_sums(lisbon.id).counted.total == 0


@pytest.mark.parametrize(("seconds", "status"), [(14 * 60 + 55, 200), (15 * 60 + 5, 422)])
def test_it_is_possible_for_a_quarter_of_an_hour(bea, log_op, monkeypatch, seconds, status):
    monkeypatch.setattr(routes, "now", lambda: clock.now() + timedelta(seconds=seconds))
    answer = take_back(bea, log_op, status=status)
    if status == 422:
        assert answer.json["error"] == "too_late"
        assert "Ask an organiser" in answer.json["message"]


def test_the_quarter_begins_when_the_letter_arrived_not_when_it_was_pressed(bea):
    op = bea.press(age_ms=str(40 * 60 * 1000), status=200).json["op"]
    take_back(bea, op, status=200)


def test_what_another_device_of_the_same_table_logged_is_not_ones_own(app, table_1, log_op):
    refusal = take_back(join(app, table_1), log_op, status=404).json
    assert (refusal["error"], refusal["field"]) == ("not_found", None)
    assert "not on this device" in refusal["message"]


def test_what_is_not_there_and_what_is_not_ones_own_are_answered_alike(bea, app, lisbon, amina):
    at_another_table = join(app, factories.table(lisbon))
    anothers = at_another_table.press(status=200).json["op"]
    at_the_desk = factories.entry(lisbon, amina).op
    unknown = str(uuid4())
    odd = ["x", "0" * 300, "%27", "..", "null"]
    answers = [take_back(bea, op, status=404).json for op in (anothers, at_the_desk, unknown, *odd)]
    assert all(answer == answers[0] for answer in answers)


def test_a_taking_back_cannot_be_taken_back(bea, log_op):
    op = str(uuid4())
    take_back(bea, log_op, op=op, status=200)
    take_back(bea, op, status=404)


def test_its_own_op_is_a_uuid(bea, log_op):
    for op in ("x", "1", "0" * 100):
        refusal = take_back(bea, log_op, op=op, status=422).json
        assert refusal["field"] == "op"
    missing = bea.post("letters.take_back_press", {}, op=log_op, headers=JSON, status=422)
    assert missing.json["field"] == "op"


def test_an_op_that_was_a_press_takes_nothing_back(bea, log_op, lisbon):
    other = bea.press(status=200).json["op"]
    for used in (other, log_op):
        assert take_back(bea, log_op, op=used, status=409).json["error"] == "op_reused"
    assert get_sums(lisbon.id).counted.letters == 4


def test_an_op_that_took_something_back_takes_nothing_else_back(bea, log_op):
    op = str(uuid4())
    take_back(bea, log_op, op=op, status=200)
    other = bea.press(status=200).json["op"]
    assert take_back(bea, other, op=op, status=409).json["error"] == "op_reused"


def test_an_op_that_took_something_back_logs_nothing(bea, log_op, lisbon):
    op = str(uuid4())
    take_back(bea, log_op, op=op, status=200)
    assert bea.press(op=op, quantity="3", status=409).json["error"] == "op_reused"
    assert get_sums(lisbon.id).counted.total == 0


def test_what_waits_is_taken_back_and_waits_no_more(app, porto):
    phone = join(app, factories.table(porto))
    op = phone.press(status=200).json["op"]
    said = take_back(phone, op, status=200).json
    assert (said["state"], said["taken_back"], said["event_total"]) == ("held", True, 0)
    assert count_held(porto.id) == 0


def test_what_the_desk_let_in_is_taken_back_whole(app, carlos, porto):
    phone = join(app, factories.table(porto))
    op = phone.press(quantity="2", status=200).json["op"]
    carlos.post("letters.answer_entry", {"op": str(uuid4())}, slug="porto", op=op, answer="let-in")
    assert get_sums(porto.id).counted.letters == 2
    assert take_back(phone, op, status=200).json["event_total"] == 0


def test_what_the_desk_put_back_can_be_taken_back_again(bea, ana, log_op, lisbon):
    take_back(bea, log_op, status=200)
    how = {"slug": "lisbon", "op": log_op, "answer": "put-back"}
    ana.post("letters.answer_entry", {"op": str(uuid4())}, **how, status=303)
    take_back(bea, log_op, status=200)
    assert get_sums(lisbon.id).counted.letters == 0


def test_a_moved_entry_is_no_longer_the_devices(bea, log_op, lisbon):
    moved = move_entry(lisbon, log_op, case="ilyas", kind="postcard")
    assert take_back(bea, log_op, status=409).json["error"] == "already_taken_back"
    take_back(bea, moved, status=404)
    assert get_sums(lisbon.id).counted.letters == 3


def test_it_is_posted_and_nothing_else(bea, log_op):
    for method in ("GET", "PUT", "DELETE"):
        answer = bea._open(method, "letters.take_back_press", op=log_op)
        assert (answer.status, "POST" in answer.headers["Allow"]) == (405, True), method
