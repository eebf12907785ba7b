"""The page at a table: its cases, its counts, its last letters, and every form without a script."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from app import clock
from app.letters import routes
from app.letters.queries import get_sums
from tests import factories
from tests.conftest import join


def press_plainly(person, page, case="amina", quantity="1", **changes):
    """Press a case's button as a browser without script does."""
    return person.submit(page, "#presses", case=case, quantity=quantity, **changes)


def test_it_shows_the_table_the_event_and_its_cases(bea):
    page = bea.get("letters.table_page", status=200)
    assert page.words("h1") == "Table 1"
    assert "Lisbon writes" in page.words("header")
    assert page.names(".press-card h2") == ["Amina Farsi", "Ilyas Danko"]
    assert page.names("button.press") == [
        "+1 letter for Amina Farsi",
        "+1 letter for Ilyas Danko",
    ]


def test_cases_not_chosen_and_drafts_are_not_on_it(bea, campaign, ilyas):
    factories.case(campaign, name="Elsewhere")
    factories.change(ilyas, state="draft")
    assert bea.get("letters.table_page").names(".press-card h2") == ["Amina Farsi"]


def test_an_event_without_cases_says_what_to_do(bea, lisbon):
    factories.change(lisbon, cases=[])
    assert "has no cases yet" in bea.get("letters.table_page", status=200).words("#presses")


def test_each_case_says_in_words_what_not_to_write(bea, amina):
    factories.change(amina, religious_card="no", sender_address="no", mention_charges="yes")
    rule = bea.get("letters.table_page").words("#case-amina .rule")
    assert "religion" in rule
    assert "return address" in rule
    assert "charges" not in rule


def test_who_has_not_joined_is_sent_to_the_code(nobody):
    page = nobody.get("letters.table_page", status=401)
    assert "/join" in [a.get("href") for a in page.select("main a")]
    nobody.get("letters.table_page", htmx=True, status=401)


def test_one_tap_without_script_is_one_letter(bea, lisbon):
    page = bea.get("letters.table_page")
    answer = press_plainly(bea, page)
    assert (answer.status, answer.location) == (303, "/table/?kind=handwritten_letter")
    page = bea.get(answer.location, status=200)
    assert page.words("#event-letters") == "1"
    assert page.words("#case-amina .here .num") == "1"
    assert page.words("#entries li").startswith("1 letter for Amina Farsi")
    assert page.names("#entries button") == ["Take back 1 letter for Amina Farsi"]
    assert get_sums(lisbon.id).counted == (1, 0)


def test_a_stack_without_script_falls_back_to_one(bea):
    page = bea.get("letters.table_page")
    page = bea.get(press_plainly(bea, page, quantity="12").location)
    assert page.words("#event-letters") == "12"
    assert page.one("#quantity").get("value") == "1"
    assert page.one("#quantity").get("form") == "presses"


def test_the_kind_stays_chosen_without_script(bea):
    page = bea.get("letters.table_page", query={"kind": "postcard"}, status=200)
    assert page.names("button.kind[aria-pressed=true]") == ["Postcard"]
    assert page.names("button.press")[0] == "+1 postcard for Amina Farsi"
    page = bea.get(press_plainly(bea, page).location)
    assert page.names("button.kind[aria-pressed=true]") == ["Postcard"]
    assert "1 postcard" in page.words("#entries")
    entry = page.one("#entries form")
    assert entry.get("action", "").endswith("/take-back")
    page = bea.get(bea.submit(page, "#entries form").location)
    assert page.names("button.kind[aria-pressed=true]") == ["Postcard"]


def test_an_odd_kind_in_the_address_is_the_usual_kind(bea):
    for kind in ("", "nonsense", "x" * 300, "<b>"):
        page = bea.get("letters.table_page", query={"kind": kind}, status=200)
        chosen = page.one("#presses input[name=kind]").get("value")
        assert chosen == "handwritten_letter", kind
    bea.get("/table/?kind=%00", status=404)


def test_the_kinds_in_front_are_the_events_and_the_rest_are_under_more(bea, lisbon):
    factories.change(lisbon, kinds_in_front=["petition_signature", "email"])
    page = bea.get("letters.table_page", status=200)
    assert page.names("#kinds > button") == ["E-mail", "Petition signature"]
    assert len(page.select(".kinds-rest button")) == 9
    assert page.names("button.press")[0] == "+1 e-mail for Amina Farsi"


def test_other_actions_are_shown_apart(bea):
    bea.press(kind="email", quantity="3", status=200)
    bea.press(status=200)
    page = bea.get("letters.table_page")
    assert page.words("#case-amina .here").endswith("1 here and 3 others")
    assert page.words("#event-letters") == "1"


def test_every_form_brings_an_op_of_its_own(bea):
    bea.press(status=200)
    pages = [bea.get("letters.table_page") for _ in range(2)]
    ops = [e.get("value") for page in pages for e in page.select("input[name=op]")]
    assert len(ops) == len(set(ops)) == 4


def test_a_mistake_is_taken_back_without_script(bea, lisbon):
    page = bea.get(press_plainly(bea, bea.get("letters.table_page")).location)
    answer = bea.submit(page, "#entries form")
    assert answer.status == 303
    page = bea.get(answer.location)
    assert page.words("#event-letters") == "0"
    assert "taken back" in page.words("#entries li")
    assert not page.select("#entries form")
    assert get_sums(lisbon.id).counted.total == 0


def test_after_a_quarter_of_an_hour_the_button_is_gone(bea, monkeypatch):
    bea.press(status=200)
    assert bea.get("letters.table_page").select("#entries form")
    monkeypatch.setattr(routes, "now", lambda: clock.now() + timedelta(minutes=16))
    assert not bea.get("letters.table_page").select("#entries form")


def test_the_last_twenty_of_this_device_are_listed(app, bea, table_1):
    for number in range(1, 23):
        bea.press(quantity=str(number)) if number <= 20 else None
    device = factories.joined(table_1.devices[0])
    for number in (21, 22):
        routes.actions.log_letters(
            device,
            factories.press(table_1.event.cases[0], quantity=number),
            now=clock.now() + timedelta(minutes=5),
        )
    join(app, table_1).press(quantity="199", status=200)
    listed = bea.get("letters.table_page").select("#entries > ol > li strong")
    assert ["".join(e.itertext()) for e in listed] == [f"{n} letters" for n in range(22, 2, -1)]


def test_what_waits_says_so(app, porto):
    phone = join(app, factories.table(porto))
    phone.press(status=200)
    page = phone.get("letters.table_page", status=200)
    assert page.words(".hours") == "Not open yet. What you log waits for a check."
    assert page.words("#last") == "1 letter for Amina Farsi · waiting for a check"
    assert "waiting for a check" in page.words("#entries li")
    assert page.words("#event-letters") == "0"
    factories.change(porto, state="closed", opened_at=clock.now(), closed_at=clock.now())
    fragment = phone.get("letters.table_page", htmx=True)
    assert fragment.words(".hours") == "Closed. What you log waits for a check."


def test_a_rehearsal_says_so(bea, lisbon):
    factories.change(lisbon, is_rehearsal=True)
    assert "This is a rehearsal" in bea.get("letters.table_page").words("main")


def test_a_letter_for_a_case_that_left_keeps_its_name(bea, lisbon, amina, ilyas):
    bea.press(status=200)
    factories.change(lisbon, cases=[ilyas])
    page = bea.get("letters.table_page", status=200)
    assert page.names(".press-card h2") == ["Ilyas Danko"]
    assert "1 letter for Amina Farsi" in page.words("#entries li")


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        pytest.param({"quantity": "201"}, 422, "At most 200 in one go", id="too many"),
        pytest.param({"quantity": "0"}, 422, "Log at least one", id="none"),
        pytest.param({"case": "nobody"}, 422, "does not write for that case", id="no such case"),
        pytest.param({"op": "x"}, 422, "Load it again", id="no op"),
    ],
)
def test_a_refusal_is_told_on_the_page_and_nothing_typed_is_lost(bea, changes, status, words):
    page = bea.get("letters.table_page", query={"kind": "postcard"})
    again = press_plainly(bea, page, **({"quantity": "12"} | changes))
    assert (again.status, again.is_page) == (status, True)
    assert words in again.words("[role=alert]#refusal")
    assert again.one("#quantity").get("value") == changes.get("quantity", "12")
    assert again.names("button.kind[aria-pressed=true]") == ["Postcard"]
    described = again.one("#quantity").get("aria-describedby") == "refusal"
    assert described == ("quantity" in changes)
    assert press_plainly(bea, again, quantity="12").status == 303


def test_what_is_no_number_falls_back_to_one(bea):
    page = bea.get("letters.table_page")
    for typed in ("", "many", "١٢", "9" * 40):
        again = press_plainly(bea, page, quantity=typed)
        assert "in figures" in again.words("#refusal"), typed
        assert again.one("#quantity").get("value") == "1", typed


def test_an_old_page_sent_twice_says_that_it_was_used(bea, lisbon):
    page = bea.get("letters.table_page")
    press_plainly(bea, page)
    again = press_plainly(bea, page, case="ilyas")
    assert again.status == 409
    assert "already used for something else" in again.words("#refusal")
    assert press_plainly(bea, again, case="ilyas").status == 303
    assert get_sums(lisbon.id).counted.letters == 2


def test_a_paused_case_is_confirmed_without_script(bea, amina, lisbon):
    factories.change(amina, state="paused", paused_at=clock.now(), pause_reason="She is free.")
    page = bea.get("letters.table_page", query={"kind": "postcard"})
    assert "Stop writing. She is free." in page.words("#case-amina")
    asked = press_plainly(bea, page, quantity="12")
    assert asked.status == 422
    assert "Stop writing for Amina Farsi" in asked.words("#refusal")
    assert asked.fields("#refusal form") | {"op": ""} == {
        "op": "",
        "case": "amina",
        "kind": "postcard",
        "quantity": "12",
        "confirm": "1",
    }
    # The twelve wait behind their own button, and are not added to the next case as well.
    assert asked.one("#quantity").get("value") == "1"
    assert get_sums(lisbon.id).counted.total == 0
    answer = bea.submit(asked, "#refusal form")
    assert (answer.status, answer.location) == (303, "/table/?kind=postcard")
    bea.submit(asked, "#refusal form")
    assert get_sums(lisbon.id).by_kind["postcard"] == 12


def test_too_late_to_take_back_is_told_on_the_page(bea, monkeypatch):
    bea.press(status=200)
    page = bea.get("letters.table_page")
    monkeypatch.setattr(routes, "now", lambda: clock.now() + timedelta(minutes=16))
    again = bea.submit(page, "#entries form")
    assert again.status == 422
    assert "Ask an organiser" in again.words("#refusal")


def test_a_poll_is_answered_with_nothing_while_nothing_changed(app, bea, lisbon):
    page = bea.get("letters.table_page", query={"kind": "postcard"})
    poll = page.one("#table-now").get("hx-get", "")
    answer = bea.get(poll, htmx=True, status=204)
    assert answer.text == ""
    join(app, factories.table(lisbon)).press(quantity="5", status=200)
    fragment = bea.get(poll, htmx=True, status=200)
    assert fragment.one("#table-now").get("data-event-letters") == "5"
    assert fragment.one("#presses input[name=kind]").get("value") == "postcard"
    bea.get(fragment.one("#table-now").get("hx-get", ""), htmx=True, status=204)


def test_an_odd_version_gets_the_fragment(bea):
    for v in ("", "0", "1.", "abc", "9" * 300, "1.1.1"):
        bea.get("letters.table_page", query={"v": v}, htmx=True, status=200)


def test_a_browser_that_asks_with_a_version_gets_its_page(bea):
    page = bea.get("letters.table_page")
    version = page.one("#table-now").get("data-version")
    assert bea.get("letters.table_page", query={"v": version}, status=200).is_page


def test_the_page_can_only_be_read(bea):
    assert bea.post("/table/", {"op": str(uuid4())}).status == 405
