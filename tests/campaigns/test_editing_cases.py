"""Admins add cases, edit them, pause them and let people write again."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.audit import AuditRow
from app.campaigns.models import Case
from app.campaigns.queries import get_case, list_cases
from app.database import db
from tests import factories

NEW = {"name": "Nour Haddad", "country": "Velsaria"}


def test_a_name_and_a_country_make_a_case(admin, campaign):
    before = campaign.live_version
    page = admin.get("campaigns.new_case", status=200)
    answer = admin.submit(page, "form.form", **NEW, mention_charges="no")
    assert (answer.status, answer.location) == (303, "/section/cases")
    case = get_case("nour-haddad")
    assert (case.state, case.mention_charges, case.religious_card) == ("draft", "no", None)
    assert list_cases(campaign.id)[-1] is case
    db.session.refresh(campaign)
    assert campaign.live_version == before + 1
    assert "Nour Haddad" in admin.get("campaigns.section_cases").words("table")


def test_a_case_can_be_shown_to_everybody_at_once(admin, nobody, campaign):
    admin.post("campaigns.new_case", NEW | RULES | {"is_public": "y"}, status=303)
    nobody.get("campaigns.show_case", slug="nour-haddad", status=200)


def test_two_cases_of_one_name_have_two_addresses(admin, campaign):
    for _time in range(2):
        admin.post("campaigns.new_case", NEW | RULES, status=303)
    assert get_case("nour-haddad-2").name == "Nour Haddad"


def test_a_name_in_another_script_works(admin, campaign):
    admin.post("campaigns.new_case", NEW | RULES | {"name": "نور حداد"}, status=303)
    case = list_cases(campaign.id)[-1]
    assert case.name == "نور حداد"
    admin.get("campaigns.edit_case", slug=case.slug, status=200)


@pytest.mark.parametrize(
    ("field", "value", "mend"),
    [
        ("name", "", "Give the name as it should stand on the cards."),
        ("name", "x" * 121, "Use at most 120 characters."),
        ("country", "", "Say which country."),
        ("country", "x" * 81, "Use at most 80 characters."),
        ("summary", "x" * 121, "Use at most 120 characters."),
        ("summary", "two\nlines", "There was a character in it that cannot be kept."),
        ("story", "x" * 20_001, "Use at most 20000 characters."),
        ("sender_address", "perhaps", "Choose one from the list."),
        ("mention_charges", "school", "Choose one from the list."),
        ("from_age", "200", "Write a whole number from 1 to 99, in figures."),
        ("as_of_on", "yesterday", "Choose a day of this century"),
        ("position", "0", "Write a whole number from 1 to 9999"),
    ],
)
def test_bad_input_names_the_field_and_the_mend(admin, campaign, field, value, mend):
    for htmx in (False, True):
        sent = NEW | RULES | {field: value}
        answer = admin.post("campaigns.new_case", sent, htmx=htmx, status=422)
        assert mend in answer.words(f"#{field}-error")
    assert len(list_cases(campaign.id)) == 2


def test_nothing_at_all_and_json_are_bad_input_too(admin, campaign):
    admin.post("campaigns.new_case", {}, status=422)
    admin.post("campaigns.edit_case", {}, slug="amina", status=422)


def test_a_case_needs_a_campaign(admin):
    admin.get("campaigns.new_case", status=404)
    admin.get("campaigns.section_cases", status=404)


def test_a_case_is_edited_and_every_screen_hears_of_it(admin, campaign, amina):
    before = campaign.live_version
    page = admin.get("campaigns.edit_case", slug="amina", status=200)
    answer = admin.submit(page, "form.form", name="Amina F.", story="One.\n\nTwo.", position="9999")
    assert answer.status == 303
    db.session.rollback()
    assert (amina.name, amina.slug, amina.story) == ("Amina F.", "amina", "One.\n\nTwo.")
    assert campaign.live_version == before + 1
    assert [case.slug for case in list_cases(campaign.id)] == ["ilyas", "amina"]


def test_a_story_survives_the_form_unchanged(admin, campaign, amina):
    story = "  “Ceiling”\n\nعربي 👩🏽‍🏫 e\u0301 <script>alert(1)</script>"
    page = admin.get("campaigns.edit_case", slug="amina")
    admin.submit(page, "form.form", story=story.replace("\n", "\r\n"))
    db.session.rollback()
    assert amina.story == story.strip()
    shown = admin.get("campaigns.edit_case", slug="amina").fields("form.form")
    assert shown["story"] == story.strip()


def test_a_public_case_never_turns_into_a_draft_again(admin, campaign, amina):
    page = admin.get("campaigns.edit_case", slug="amina")
    assert not page.select("input[name=is_public]")
    assert admin.submit(page, "form.form").status == 303
    db.session.rollback()
    assert amina.state == "public"


def test_a_draft_is_shown_when_its_box_is_ticked(admin, campaign):
    draft = factories.case(campaign, state="draft")
    page = admin.get("campaigns.edit_case", slug=draft.slug)
    assert admin.submit(page, "form.form", is_public="y").status == 303
    db.session.rollback()
    assert draft.state == "public"


def test_the_second_of_two_editors_sees_both_values(admin, campaign, amina):
    page = admin.get("campaigns.edit_case", slug="amina")
    admin.submit(page, "form.form", country="Theirland", mention_charges="no")
    answer = admin.submit(page, "form.form", country="Mineland")
    assert answer.status == 409
    rows = [" ".join("".join(row.itertext()).split()) for row in answer.select("#clash tbody tr")]
    assert len(rows) == 2
    for words in ("Theirland", "Mineland", "nothing said"):
        assert words in " ".join(rows)
    db.session.rollback()
    assert amina.country == "Theirland"
    assert admin.submit(answer, "form.form").status == 303
    db.session.rollback()
    assert (amina.country, amina.mention_charges) == ("Mineland", None)


def test_a_pause_reaches_every_screen_and_says_why(admin, nobody, lisbon, amina):
    campaign_before, event_before = lisbon.campaign.live_version, lisbon.live_version
    page = admin.get("campaigns.edit_case", slug="amina")
    answer = admin.submit(page, "#pause-form", reason="She was freed on Tuesday.")
    assert (answer.status, answer.location) == (303, "/section/cases/amina/edit")
    db.session.rollback()
    assert amina.is_paused
    assert amina.paused_at is not None
    assert lisbon.campaign.live_version == campaign_before + 1
    assert lisbon.live_version == event_before + 1
    assert "She was freed on Tuesday." in nobody.get("campaigns.show_case", slug="amina").text


def test_a_pause_leaves_the_events_of_other_cases_alone(admin, campaign, amina, ilyas):
    elsewhere = factories.event(campaign, cases=[ilyas])
    before = elsewhere.live_version
    admin.post("campaigns.pause_case", {"reason": "Freed"}, slug="amina", status=303)
    db.session.rollback()
    assert elsewhere.live_version == before


@pytest.mark.parametrize("reason", ["", "   ", "x" * 301, "a\x07b"])
def test_a_pause_without_a_reason_is_asked_for_one(admin, campaign, amina, reason):
    for htmx in (False, True):
        answer = admin.post(
            "campaigns.pause_case", {"reason": reason}, slug="amina", htmx=htmx, status=422
        )
        assert answer.select("#reason-error")
    db.session.rollback()
    assert not amina.is_paused


def test_people_may_write_again_after_a_pause(admin, campaign, amina):
    admin.post("campaigns.pause_case", {"reason": "A mistake"}, slug="amina", status=303)
    page = admin.get("campaigns.edit_case", slug="amina")
    assert admin.submit(page, "section[aria-labelledby=paused-title] form").status == 303
    db.session.rollback()
    assert (amina.state, amina.paused_at, amina.pause_reason) == ("public", None, "")


def test_a_case_is_paused_once_and_resumed_once(admin, campaign):
    admin.post("campaigns.resume_case", slug="amina", status=409)
    admin.post("campaigns.pause_case", {"reason": "Freed"}, slug="amina", status=303)
    admin.post("campaigns.pause_case", {"reason": "Freed"}, slug="amina", status=409)
    admin.post("campaigns.resume_case", slug="amina", status=303)
    admin.post("campaigns.resume_case", slug="amina", status=409)


def test_a_draft_cannot_be_paused(admin, campaign):
    draft = factories.case(campaign, state="draft")
    admin.post("campaigns.pause_case", {"reason": "Why"}, slug=draft.slug, status=409)


def test_pause_and_resume_are_in_the_audit(admin, campaign, amina):
    admin.post("campaigns.pause_case", {"reason": "Freed"}, slug="amina")
    admin.post("campaigns.resume_case", slug="amina")
    deeds = db.session.execute(select(AuditRow).order_by(AuditRow.id)).scalars()
    assert [(deed.verb, deed.thing_id) for deed in deeds] == [
        ("case_paused", str(amina.id)),
        ("case_resumed", str(amina.id)),
    ]


@pytest.mark.parametrize(
    "endpoint", ["campaigns.edit_case", "campaigns.pause_case", "campaigns.resume_case"]
)
def test_only_admins_touch_cases(nobody, ana, bea, endpoint):
    for person, status in ((nobody, 401), (bea, 401), (ana, 403)):
        person.post(endpoint, NEW | {"reason": "x"}, slug="amina", status=status)
    nobody_may_see_the_forms = {nobody: 303, ana: 403}
    for person, status in nobody_may_see_the_forms.items():
        person.get("campaigns.edit_case", slug="amina", status=status)
        person.get("campaigns.new_case", status=status)
        person.get("campaigns.section_cases", status=status)
    assert db.session.execute(select(Case.state).where(Case.slug == "amina")).scalar() == "public"


def test_an_unknown_case_is_not_found(admin, campaign):
    for endpoint in ("campaigns.edit_case", "campaigns.pause_case", "campaigns.resume_case"):
        admin.post(endpoint, NEW | {"reason": "x"}, slug="nobody-known", status=404)


RULES = dict.fromkeys(
    (
        "religious_card",
        "name_organisation",
        "sender_address",
        "mention_charges",
        "holiday_wishes",
    ),
    "",
)
