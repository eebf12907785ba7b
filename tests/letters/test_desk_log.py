"""Logging at the desk on behalf of a table: big stacks, plain answers, nothing typed twice."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from sqlalchemy import select

from app import clock
from app.campaigns.kinds import ALL_KINDS
from app.database import db
from app.letters.entries import list_event_entries
from app.letters.models import Entry
from app.letters.queries import count_by_table, get_sums
from tests import factories


@pytest.fixture
def form(ana, table_1):
    """The desk's page of Lisbon, which has the form."""
    return ana.get("board.desk_event", slug="lisbon", status=200)


def log(person, page, *, case="amina", kind="postcard", table=0, **changes):
    """Send the form as a browser would."""
    changes |= {"case": case, "kind": kind, "table": str(table)}
    return person.submit(page, "#log-form", **changes)


def test_it_is_logged_for_the_table_and_told(ana, form, lisbon, table_1):
    answer = log(ana, form, quantity="1200", table=table_1.id)
    assert (answer.status, answer.location) == (303, "/desk/events/lisbon/")
    page = ana.get(answer.location, status=200)
    assert "Logged: 1,200 postcards." in page.words("#flashes")
    assert count_by_table(lisbon.id)[table_1.id] == (1200, 0)
    entry = db.session.execute(select(Entry)).scalar_one()
    assert (entry.source, entry.device_id) == ("desk", None)
    assert entry.actor == lisbon.organisers[0].public_id


def test_it_can_be_for_no_table_in_particular(ana, form, lisbon):
    log(ana, form, quantity="5")
    assert count_by_table(lisbon.id) == {0: (5, 0)}
    page = ana.get("board.desk_event", slug="lisbon")
    assert "at no table" in page.words("#table-0")


def test_it_offers_the_events_tables_cases_and_every_kind(form, lisbon, table_1, campaign):
    options = {
        name: [o.get("value") for o in form.select(f"#log-form select[name={name}] option")]
        for name in ("table", "case", "kind")
    }
    assert options == {
        "table": [str(table_1.id), "0"],
        "case": ["amina", "ilyas"],
        "kind": [kind.name for kind in ALL_KINDS],
    }


def test_one_is_the_smallest_and_ten_thousand_the_biggest(ana, form, lisbon):
    for quantity in ("0", "-1", "10001", "9" * 30, "9" * 5000):
        again = log(ana, form, quantity=quantity)
        assert again.status == 422
        assert "from 1 to 10000" in again.words("#form-errors").replace(",", "")
        assert again.one("#quantity").get("value") == quantity
    assert get_sums(lisbon.id).counted.total == 0
    assert log(ana, form, quantity="10000").status == 303
    assert get_sums(lisbon.id).counted.letters == 10_000


def test_a_quantity_is_plain_figures(ana, form, lisbon):
    for quantity in ("", "١٢", "1.5", "1_000", "many", "1e3"):
        again = log(ana, form, quantity=quantity)
        assert again.status == 422, quantity
        assert "in figures" in again.words("#form-errors")
        assert again.one("#quantity").get("aria-invalid") == "true"
    assert get_sums(lisbon.id).counted.total == 0


def test_what_was_chosen_is_kept_in_the_form_both_ways(ana, form, table_1):
    typed = {"quantity": "0", "kind": "email", "case": "ilyas", "table": str(table_1.id)}
    op = form.fields("#log-form")["op"]
    for how in ({}, {"htmx": True}):
        again = ana.post(
            "letters.log_at_desk", typed | {"op": op}, slug="lisbon", status=422, **how
        )
        assert again.is_page == (not how)
        assert again.fields("#log-form") == typed | {"op": op}
    assert log(ana, again, **(typed | {"quantity": "3"})).status == 303


def test_what_is_not_on_offer_is_refused_at_its_field(ana, form, lisbon):
    odd = {"kind": ("letter", ""), "case": ("nobody", ""), "table": ("x", "", "-1", "9" * 30)}
    for field, values in odd.items():
        for value in values:
            again = log(ana, form, quantity="3", **{field: value})
            assert again.status == 422, (field, value)
            assert "Choose one from the list" in again.words(f"#{field}-error")
            assert again.one("#quantity").get("value") == "3"
    assert get_sums(lisbon.id).counted.total == 0


def test_a_table_of_another_event_is_refused(ana, form, porto):
    foreign = factories.table(porto)
    again = log(ana, form, quantity="3", table=foreign.id)
    assert again.status == 422
    assert "Choose one from the list" in again.words("#table-error")
    assert get_sums(porto.id).counted.total == 0


def test_a_case_of_another_event_and_a_draft_are_refused(ana, form, campaign, ilyas):
    factories.case(campaign, slug="elsewhere")
    factories.change(ilyas, state="draft")
    for case in ("elsewhere", "ilyas"):
        assert log(ana, form, quantity="3", case=case).status == 422


def test_a_paused_case_asks_to_confirm(ana, form, amina, lisbon):
    factories.change(amina, state="paused", paused_at=clock.now())
    again = log(ana, form, quantity="3")
    assert again.status == 422
    assert "Stop writing for Amina Farsi" in again.words("#case-error")
    assert again.one("#confirm").get("type") == "checkbox"
    still_not = log(ana, again, quantity="3")
    assert still_not.status == 422
    assert log(ana, still_not, quantity="3", confirm="y").status == 303
    assert "do not post these" in ana.get("board.desk_event", slug="lisbon").words("#flashes")
    assert get_sums(lisbon.id).counted.letters == 3


def test_nobody_is_asked_to_confirm_what_needs_no_confirming(form):
    assert not form.select("#confirm")


def test_the_form_sent_twice_is_logged_once(ana, form, lisbon):
    for _ in range(2):
        assert log(ana, form, quantity="3").status == 303
    assert get_sums(lisbon.id).counted.letters == 3


def test_an_old_form_with_something_else_in_it_can_be_sent_once_more(ana, form, lisbon):
    log(ana, form, quantity="3")
    again = log(ana, form, quantity="4")
    assert again.status == 409
    assert "send it once more" in again.words("#form-errors")
    assert again.one("#quantity").get("value") == "4"
    assert get_sums(lisbon.id).counted.letters == 3
    assert log(ana, again, quantity="4").status == 303
    assert get_sums(lisbon.id).counted.letters == 7


def test_a_form_without_its_op_can_be_sent_once_more(ana, form, lisbon):
    for op in ("", "x", "0" * 100):
        again = log(ana, form, quantity="3", op=op)
        assert again.status == 422, op
        assert "This form: It was too old" in again.words("#form-errors")
    assert log(ana, again, quantity="3").status == 303
    assert get_sums(lisbon.id).counted.letters == 3


def test_before_the_opening_it_waits_and_the_desk_says_so(carlos, porto):
    page = carlos.get("board.desk_event", slug="porto", status=200)
    assert log(carlos, page, quantity="3").status == 303
    page = carlos.get("board.desk_event", slug="porto")
    assert page.words("#flashes") == "Logged, and waiting for a check: 3 postcards."
    assert "1 entry is waiting for a check" in page.words("main")
    assert list_event_entries(porto.id)[0].is_held


def test_a_body_that_is_no_form_is_refused_and_breaks_nothing(ana, lisbon):
    for body in ("[1, 2]", '{"quantity": {"a": 1}}', "null", '"x"', "{"):
        headers = {"Content-Type": "application/json"}
        ana.post("letters.log_at_desk", body, slug="lisbon", headers=headers, status=422)
    assert get_sums(lisbon.id).counted.total == 0


def test_a_form_with_a_file_in_it_is_read_by_its_fields(ana, lisbon):
    body = "--b\r\nContent-Disposition: form-data; name=quantity; filename=x\r\n\r\n5\r\n--b--\r\n"
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    again = ana.post("letters.log_at_desk", body, slug="lisbon", headers=headers, status=422)
    assert "in figures" in again.words("#quantity-error")


def test_others_cannot_log_at_this_desk(carlos, bea, nobody, lisbon):
    data = {"op": str(uuid4()), "quantity": "5", "kind": "postcard", "case": "amina", "table": "0"}
    carlos.post("letters.log_at_desk", data, slug="lisbon", status=404)
    for person in (bea, nobody):
        headers = {"Accept": "application/json"}
        answer = person.post("letters.log_at_desk", data, slug="lisbon", headers=headers)
        assert (answer.status, json.loads(answer.text)["error"]) == (401, "not_signed_in")
    assert get_sums(lisbon.id).counted.total == 0


def test_an_event_without_cases_offers_no_form(ana, lisbon):
    factories.change(lisbon, cases=[])
    assert not ana.get("board.desk_event", slug="lisbon", status=200).select("#log-form")
