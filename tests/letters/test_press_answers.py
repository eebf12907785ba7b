"""What a press is answered with: JSON, fragment or a way back, each number the ledger's own."""

from __future__ import annotations

from uuid import uuid4

from app import clock
from app.campaigns.kinds import ALL_KINDS, LETTER_KINDS
from app.letters import actions
from app.letters.queries import get_sums, get_table_sums, get_version
from tests import factories
from tests.conftest import join

KEYS = {
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
JSON = {"Accept": "application/json"}


def test_a_script_gets_exactly_the_names_of_the_wire(bea):
    op = str(uuid4())
    answer = bea.press(op=op, quantity="3", status=200)
    assert answer.response.mimetype == "application/json"
    assert answer.json.keys() == KEYS
    assert (answer.json["op"], answer.json["state"], answer.json["quantity"]) == (op, "counted", 3)


def test_each_total_counts_what_its_name_says(app, bea, lisbon, table_1, amina, ilyas):
    other_table = join(app, factories.table(lisbon))
    other_table.press(quantity="100", status=200)
    bea.press(case="ilyas", quantity="20", status=200)
    bea.press(kind="email", quantity="5", status=200)
    said = bea.press(kind="postcard", quantity="3", status=200).json

    assert {name: said[name] for name in KEYS - {"op", "state", "quantity", "version"}} == {
        "table_total": 28,
        "event_total": 128,
        "table_letters": 23,
        "event_letters": 123,
        "case_letters": 3,
    }
    here = get_table_sums(lisbon.id, table_1.id)
    assert said["table_total"] == here.counted.total
    assert said["case_letters"] == here.of_case(amina.id).letters
    assert said["event_letters"] == get_sums(lisbon.id).counted.letters


def test_the_version_is_the_one_that_live_pages_show_next(bea, lisbon, nobody):
    before = get_version(lisbon.id)
    said = bea.press(status=200).json
    assert said["version"] == get_version(lisbon.id) != before
    assert nobody.get("board.tally_json", slug="lisbon").json["version"] == said["version"]


def test_every_kind_counts_among_letters_or_among_the_others(bea):
    letters = 0
    for number, kind in enumerate(ALL_KINDS, start=1):
        said = bea.press(kind=kind.name, quantity="2", status=200).json
        letters += 2 * (kind.name in LETTER_KINDS)
        assert (said["event_total"], said["event_letters"]) == (2 * number, letters), kind.name


def test_each_fragment_speaks_its_pages_language_and_has_its_own_numbers(bea):
    for at_table, language in enumerate(["en", "ar-XB", "en"], start=1):
        said = bea.press(htmx=True, status=200, headers={"X-Language": language}).text
        assert ("Logged." in said) is (language == "en")
        assert f'data-version="1.{at_table + 1}"' in said
        assert said.count(f">{at_table}<") == 2


def test_htmx_gets_a_fragment_that_says_the_same(bea):
    answer = bea.press(quantity="4", htmx=True, status=200)
    assert not answer.is_page
    assert answer.words("#receipt") == "Logged. 4 at this table · 4 in the hall"
    assert "HX-Request" in answer.headers["Vary"]


def test_a_browser_without_script_is_sent_back_to_its_table(bea):
    data = {"op": str(uuid4()), "case": "amina", "kind": "postcard", "quantity": "2"}
    answer = bea.post("letters.log_press", data, status=303)
    assert answer.location == "/table/?kind=postcard"
    page = bea.get(answer.location, status=200)
    assert page.words("#event-letters") == "2"


def test_json_is_for_those_who_ask_for_it_first(bea):
    for accept in ("application/json", "application/json, text/html;q=0.5"):
        assert bea.press(headers={"Accept": accept}, status=200).json["state"] == "counted"


def test_the_wish_for_json_beats_htmx(bea):
    answer = bea.press(headers=JSON | {"HX-Request": "true"}, status=200)
    assert answer.json["quantity"] == 1


def test_no_answer_to_a_press_is_kept_anywhere(bea):
    for how in ({}, {"htmx": True}):
        assert bea.press(**how).headers["Cache-Control"] == "no-store"


def test_a_retry_gets_the_first_answer_with_the_totals_of_now(bea):
    op = str(uuid4())
    first = bea.press(op=op, quantity="7", status=200).json
    bea.press(quantity="5", status=200)
    again = bea.press(op=op, quantity="7", age_ms="60000", status=200).json
    assert {again[name] == first[name] for name in ("op", "state", "quantity")} == {True}
    assert (first["event_total"], again["event_total"]) == (7, 12)
    assert again["version"] != first["version"]


def test_a_retry_in_another_shape_is_the_same_press(bea, lisbon):
    op = str(uuid4())
    bea.press(op=op, quantity="7", status=200)
    fragment = bea.press(op=op, quantity="7", htmx=True, status=200)
    assert "7 at this table" in fragment.words("#receipt")
    data = {"op": op.upper(), "case": "amina", "kind": "handwritten_letter", "quantity": "7"}
    bea.post("letters.log_press", data, status=303)
    assert get_sums(lisbon.id).counted.total == 7


def test_a_retry_by_another_phone_of_the_table_is_the_same_press(app, bea, table_1, lisbon):
    op = str(uuid4())
    bea.press(op=op, status=200)
    assert join(app, table_1).press(op=op, status=200).json["event_total"] == 1


def test_a_retry_after_the_letters_were_taken_back_still_says_what_was_logged(bea):
    op = str(uuid4())
    bea.press(op=op, quantity="2", status=200)
    bea.post("letters.take_back_press", {"op": str(uuid4())}, op=op, headers=JSON, status=200)
    again = bea.press(op=op, quantity="2", status=200).json
    assert (again["state"], again["quantity"], again["event_total"]) == ("counted", 2, 0)
    assert "taken_back" not in again


def test_other_content_under_a_used_op_is_a_conflict_every_time(bea, lisbon):
    op = str(uuid4())
    bea.press(op=op, status=200)
    for changed in ({"case": "ilyas"}, {"kind": "postcard"}, {"quantity": "2"}) * 2:
        refusal = bea.press(op=op, status=409, **changed).json
        assert refusal.keys() == {"error", "message", "field"}, changed
        assert refusal["error"] == "op_reused", changed
    assert bea.press(op=op, status=200).json["event_total"] == 1


def test_the_same_op_at_another_table_is_a_conflict(app, bea, lisbon):
    op = str(uuid4())
    bea.press(op=op, status=200)
    at_another_table = join(app, factories.table(lisbon))
    assert at_another_table.press(op=op, status=409).json["error"] == "op_reused"


def test_the_same_op_at_another_event_is_a_conflict(app, bea, campaign):
    op = str(uuid4())
    bea.press(op=op, status=200)
    elsewhere = join(app, factories.table(factories.event(campaign, state="running")))
    assert elsewhere.press(op=op, status=409).json["error"] == "op_reused"


def test_what_the_desk_logged_for_a_table_is_in_the_tables_totals(bea, lisbon, table_1, amina):
    actions.log_at_desk(
        lisbon,
        factories.press(amina, quantity=300),
        table_id=table_1.id,
        actor="x",
        now=clock.now(),
    )
    said = bea.press(status=200).json
    assert (said["table_letters"], said["case_letters"]) == (301, 301)
