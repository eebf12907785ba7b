"""Bad input to a press: the field that is at fault, how to mend it, and nothing logged."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import func, select

from app import clock
from app.database import db
from app.letters.models import Entry
from tests import factories

NOT_NUMBERS = ["", "١٢", "1.5", "-1", "+1", "1e3", " 1", "1 ", "0x10", "NaN", "1_000", "ten", "²"]
NOT_OPS = [
    "",
    "1",
    "not-a-uuid",
    "0123456789abcdef0123456789abcdef",
    "{00000000-0000-4000-8000-000000000000}",
    "00000000-0000-4000-8000-00000000000g",
    "00000000-0000-4000-8000-0000000000000",
    "x" * 5000,
]


def count_rows() -> int:
    db.session.rollback()
    return db.session.execute(select(func.count()).select_from(Entry)).scalar_one()


def refused(bea, field, *, error="rule_broken", **press):
    """The refusal's message, told alike as JSON and as a fragment; nothing is logged."""
    answer = bea.press(status=422, **press)
    assert answer.json.keys() == {"error", "message", "field"}
    assert (answer.json["error"], answer.json["field"]) == (error, field), press
    fragment = bea.press(status=422, htmx=True, **press)
    assert answer.json["message"] in fragment.words("#error")
    return answer.json["message"]


def test_a_quantity_is_a_whole_number_in_plain_figures(bea):
    for quantity in NOT_NUMBERS:
        assert "in figures" in refused(bea, "quantity", quantity=quantity)
    assert count_rows() == 0


def test_a_quantity_is_one_to_two_hundred(bea):
    assert refused(bea, "quantity", quantity="0") == "Log at least one."
    for quantity in ("201", "999999"):
        assert "At most 200 in one go" in refused(bea, "quantity", quantity=quantity)
    for quantity in ("1000000", "1000000000", "9" * 100, "9" * 5000):
        refused(bea, "quantity", quantity=quantity)
    assert count_rows() == 0
    for quantity in ("1", "200", "007"):
        assert bea.press(quantity=quantity, status=200).json["quantity"] == int(quantity)


def test_a_kind_is_one_of_the_eleven(bea):
    for kind in ("", "letter", "Handwritten_Letter", "handwritten_letter ", "👍", "x" * 5000):
        assert "Choose what kind" in refused(bea, "kind", kind=kind)
    assert count_rows() == 0


def test_a_case_is_one_that_the_event_writes_for(bea, campaign):
    factories.case(campaign, slug="elsewhere")
    factories.case(factories.campaign(), slug="another-season")
    for case in ("", "Amina", "../amina", "x" * 81, "nobody", "elsewhere", "another-season", "'"):
        refused(bea, "case", case=case)
    assert count_rows() == 0


def test_a_draft_is_no_case_yet_even_where_it_was_chosen(bea, amina):
    factories.change(amina, state="draft")
    assert "does not write for that case" in refused(bea, "case")


def test_an_op_is_a_uuid(bea):
    for op in NOT_OPS:
        assert "Load it again" in refused(bea, "op", op=op)
    assert count_rows() == 0


def test_an_age_is_milliseconds(bea):
    for age in ("-1", "abc", "1.5", "١", "9" * 300):
        assert "milliseconds" in refused(bea, "age_ms", age_ms=age)
    assert count_rows() == 0
    for age in ("", "0", "5", str(60 * 24 * 3600 * 1000)):
        bea.press(age_ms=age, status=200)


def test_the_first_field_at_fault_is_named_when_nothing_is_there_at_all(bea):
    json = {"Accept": "application/json"}
    answer = bea.post("letters.log_press", headers=json, status=422)
    assert answer.json["field"] == "op"


def test_a_field_sent_twice_is_read_once(bea):
    press = {"op": str(uuid4()), "case": "amina", "kind": ["postcard", "email"], "quantity": "1"}
    bea.post("letters.log_press", press, status=303)
    assert db.session.execute(select(Entry.kind)).scalar_one() == "postcard"


def test_confirming_is_saying_one_and_nothing_else(bea, amina):
    factories.change(amina, state="paused", paused_at=clock.now())
    for confirm in ("", "0", "true", "11"):
        refused(bea, "case", error="case_paused", confirm=confirm)
    bea.press(confirm="1", status=200)


def test_a_body_that_is_no_form_is_refused_by_its_missing_fields(bea):
    headers = {"Accept": "application/json", "Content-Type": "application/json"}
    body = '{"op": "1", "case": "amina"}'
    answer = bea.post("letters.log_press", body, headers=headers, status=422)
    assert answer.json["field"] == "op"
    assert count_rows() == 0


def test_a_body_too_big_to_be_a_press_is_refused_in_every_shape(bea):
    for padding in ({"story": "x" * 300_000}, {f"f{n}": "x" * 1000 for n in range(299)}):
        answer = bea.press(status=413, **padding)
        assert answer.json["error"] == "too_large"
    bea.press(status=413, htmx=True, story="x" * 300_000)
    bea.post("letters.log_press", {"story": "x" * 300_000}, status=413)
    assert count_rows() == 0


def test_a_text_that_no_database_holds_is_named(bea):
    for field in ("op", "case", "kind", "quantity", "confirm"):
        refused(bea, field, error="bad_text", **{field: "a\0b"})


def test_a_press_is_posted_and_nothing_else(bea):
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        answer = bea._open(method, "letters.log_press", headers={"Accept": "application/json"})
        assert (answer.status, answer.json["error"]) == (405, "method_not_allowed"), method
        assert "POST" in answer.headers["Allow"]
