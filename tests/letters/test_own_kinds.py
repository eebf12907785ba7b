"""The section's own kinds: names, order, what is hidden, and what counts as letters."""

from __future__ import annotations

import pytest

from app.audit import AuditRow
from app.campaigns.kinds import ALL_KINDS, letters_in
from app.campaigns.models import Campaign
from app.campaigns.queries import find_section
from app.database import db
from app.letters.queries import get_sums
from tests import factories

GROUPED = "handwritten_letter postcard fax"


def test_a_kind_has_the_sections_name_wherever_it_is_named(admin, bea, lisbon):
    page = admin.get("letters.name_kind", kind="solidarity_card", status=200)
    words = {"en-label": "Hope card", "en-one": "card of hope", "en-other": "cards of hope"}
    assert admin.submit(page, "#kind-form", **words).status == 303
    table = bea.get("letters.table_page", status=200)
    button = table.one('#kinds [value="solidarity_card"]')
    assert button.text == "Hope card"
    assert "{n} cards of hope" in button.get("data-counted")
    bea.press(kind="solidarity_card", quantity="12", status=200)
    assert "12 cards of hope" in bea.get("letters.table_page").words("#dock")
    assert "12 cards of hope" in admin.get("letters.desk_letters", slug="lisbon").words("#entries")
    assert "Hope card" in admin.get("letters.kinds").words("#kinds-settings")


def test_a_name_left_empty_is_ours_again(admin, campaign):
    words = {"en-label": "A", "en-one": "b", "en-other": "c"}
    admin.submit(admin.get("letters.name_kind", kind="fax"), "#kind-form", **words)
    assert find_section().kinds["names"] == {
        "fax": {"en": {"label": "A", "one": "b", "other": "c"}}
    }
    db.session.rollback()
    gone = dict.fromkeys(words, "")
    admin.submit(admin.get("letters.name_kind", kind="fax"), "#kind-form", **gone)
    assert find_section().kinds["names"] == {}


@pytest.mark.parametrize(
    ("words", "field", "mend"),
    [
        ({"en-label": "Fax!"}, "en-one", "Fill in all of this language, or none of it."),
        ({"en-label": "x" * 31}, "en-label", "Use at most 30 characters."),
    ],
)
def test_half_a_name_is_mended(admin, campaign, words, field, mend):
    for htmx in (False, True):
        sent = {"edit_version": "1", **words}
        answer = admin.post("letters.name_kind", sent, kind="fax", htmx=htmx, status=422)
        assert mend in answer.words(f"#{field}-error")
    assert find_section().kinds == {}


def test_the_second_who_names_a_kind_sees_both(admin, campaign):
    page = admin.get("letters.name_kind", kind="fax")
    words = {"en-label": "First", "en-one": "b", "en-other": "c"}
    admin.submit(page, "#kind-form", **words)
    late = admin.submit(page, "#kind-form", **words | {"en-label": "Second"})
    assert late.status == 409
    assert "First" in late.words("#clash")
    assert admin.submit(late, "#kind-form").status == 303


def test_kinds_stand_in_the_sections_order_and_moving_ends_at_the_ends(admin, bea, lisbon):
    for _step in range(3):
        admin.post("letters.move_kind", kind="postcard", way="up", status=303)
    admin.post("letters.move_kind", kind="other", way="down", status=303)
    names = [button.get("value") for button in bea.get("letters.table_page").select("#kinds .kind")]
    shown = [name for name in names if name]
    assert shown[:2] == ["postcard", "handwritten_letter"]
    assert shown[-1] == "other"
    assert len(shown) == len(ALL_KINDS)


def test_a_hidden_kind_is_no_longer_offered_and_counts_on(admin, bea, lisbon, amina):
    factories.change(lisbon, kinds_in_front=["postcard"])
    bea.press(kind="postcard", quantity="3", status=200)
    admin.post("letters.hide_kind", kind="postcard", seen="hide", status=303)
    page = bea.get("letters.table_page", status=200)
    assert page.select('#kinds [value="postcard"]') == []
    assert page.select("#kinds > button")
    for endpoint, where in (
        ("board.desk_event", "#kind"),
        ("events.edit_event", "#kinds_in_front"),
    ):
        form = admin.get(endpoint, slug="lisbon", status=200)
        assert form.select(f'{where} [value="postcard"]') == []
    # What a phone saved before is taken, and what was logged is found.
    assert bea.press(kind="postcard", quantity="2", status=200).json["event_letters"] == 5
    found = admin.get("letters.desk_letters", slug="lisbon", query={"kind": "postcard"}, status=200)
    assert "3 postcards" in found.words("#entries")
    admin.post("letters.hide_kind", kind="postcard", seen="show", status=303)
    assert bea.get("letters.table_page").names("#kinds > button") == ["Postcard"]


def test_one_kind_is_always_left_to_choose(admin, campaign):
    for kind in ALL_KINDS[:-1]:
        admin.post("letters.hide_kind", kind=kind.name, seen="hide", status=303)
    last = admin.post("letters.hide_kind", kind="other", seen="hide", status=422)
    assert "One kind at least must be left" in last.words("#refusal")


def test_the_season_says_what_counts_as_letters(admin, bea, nobody, lisbon, amina):
    admin.post("letters.regroup_kind", kind="fax", group="letters", status=303)
    admin.post("letters.regroup_kind", kind="postcard", group="other", status=303)
    said = [bea.press(kind=kind, quantity="5", status=200).json for kind in ("fax", "postcard")][-1]
    assert (said["event_letters"], said["event_total"]) == (5, 10)
    assert get_sums(lisbon.id).counted == (5, 5)
    told = nobody.get("board.tally_json", slug="lisbon", status=200).json
    assert (told["letters"], told["other"]) == (5, 5)
    buttons = bea.get("letters.table_page").select("#kinds [data-is-letter]")
    assert "fax" in [button.get("value") for button in buttons]


def test_what_is_a_letter_is_settled_with_the_first_that_is_logged(admin, bea, lisbon):
    bea.press(kind="fax", status=200)
    late = admin.post("letters.regroup_kind", kind="fax", group="letters", status=409)
    assert "settled" in late.words("#refusal")
    assert get_sums(lisbon.id).counted == (0, 1)
    assert "Count as letters" not in admin.get("letters.kinds").text


def test_a_rehearsal_settles_nothing(admin, lisbon, amina):
    factories.entry(factories.event(is_rehearsal=True, state="running", cases=[amina]), amina)
    admin.post("letters.regroup_kind", kind="fax", group="letters", status=303)


def test_one_kind_at_least_is_a_letter(admin, campaign):
    factories.change(campaign, letter_kinds="fax")
    last = admin.post("letters.regroup_kind", kind="fax", group="other", status=422)
    assert "the headline" in last.words("#refusal")


def test_a_past_season_keeps_its_letters_and_a_new_one_begins_like_the_last(admin, lisbon, amina):
    factories.change(lisbon.campaign, letter_kinds=GROUPED, locked_at=lisbon.created_at)
    sent = {"section_name": "Lusitania", "language": "en", "time_zone": "UTC", "title": "Next year"}
    days = ("public_on", "core_from", "core_until", "writing_until", "reports_due_on")
    page = admin.get("campaigns.edit_campaign")
    assert admin.submit(page, "#campaign-form", **sent).status == 303, days
    new = db.session.query(Campaign).order_by(Campaign.id.desc()).first()
    assert letters_in(new.letter_kinds) == letters_in(GROUPED)
    admin.post("letters.regroup_kind", kind="email", group="letters", status=303)
    assert lisbon.campaign.letter_kinds == GROUPED


def test_screens_hear_of_it_and_it_is_noted(admin, campaign):
    before = campaign.live_version
    admin.post("letters.move_kind", kind="fax", way="up", status=303)
    admin.post("letters.regroup_kind", kind="fax", group="letters", status=303)
    db.session.rollback()
    assert campaign.live_version == before + 2
    rows = db.session.query(AuditRow).filter(AuditRow.thing == "kind").order_by(AuditRow.id)
    assert [(row.verb, row.thing_id) for row in rows] == [
        ("kind_moved", "fax"),
        ("kind_regrouped", "fax"),
    ]


def test_there_are_eleven_kinds_and_no_other(admin, campaign):
    admin.get("letters.name_kind", kind="telegram", status=404)
    admin.post("letters.hide_kind", kind="telegram", seen="hide", status=404)
