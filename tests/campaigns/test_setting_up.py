"""An admin sets up the season, and the section with the first one."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.audit import AuditRow
from app.campaigns.models import Campaign, Section
from app.campaigns.queries import find_campaign, find_section
from app.campaigns.signals import campaign_created
from app.database import SECTION, db, write
from app.events.models import Event
from tests import factories

DAYS = ("public_on", "core_from", "core_until", "writing_until", "reports_due_on")


def test_an_admin_sets_up_the_first_season(admin):
    page = admin.get("campaigns.edit_campaign", status=200)
    answer = admin.submit(
        page, "#campaign-form", section_name="Letters of Ärla", title="Marathon 2026", goal="50000"
    )
    assert (answer.status, answer.location) == (303, "/section/")
    assert find_section().name == "Letters of Ärla"
    campaign = find_campaign()
    assert (campaign.slug, campaign.goal) == ("marathon-2026", 50_000)
    assert "Add the first case" in admin.get("campaigns.section").words("main")
    assert "Letters of Ärla" in admin.get("campaigns.section").words("title")


def test_who_has_cases_and_no_event_yet_is_told_to_plan_one(admin, campaign):
    assert "Plan an event" in admin.get("campaigns.section", status=200).words("#next-step")
    factories.event(campaign)
    assert not admin.get("campaigns.section", status=200).select("#next-step")


def test_the_usual_calendar_is_filled_in(admin):
    fields = admin.get("campaigns.edit_campaign").fields("#campaign-form")
    assert [fields[name][4:] for name in DAYS] == [
        "-10-01",
        "-12-04",
        "-12-18",
        "-12-31",
        "-01-15",
    ]
    assert int(fields["reports_due_on"][:4]) == int(fields["public_on"][:4]) + 1


def test_every_season_gets_its_one_event_for_letters_written_at_home(admin):
    set_up(admin)
    (home,) = db.session.execute(select(Event)).scalars()
    assert home.is_written_at_home
    assert home.campaign_id == find_campaign().id
    assert home.starts_at < home.ends_at


def test_when_the_built_in_event_fails_there_is_no_campaign_either(admin, monkeypatch):
    def break_down(*_args, **_kwargs):
        raise LookupError

    with campaign_created.connected_to(break_down), pytest.raises(LookupError):
        set_up(admin)
    assert find_campaign() is None
    assert find_section() is None


def test_two_admins_who_set_up_at_once_make_one_season(admin):
    page = admin.get("campaigns.edit_campaign")
    assert admin.submit(page, "#campaign-form", section_name="First").status == 303
    edit_version = find_campaign().edit_version
    answer = admin.submit(page, "#campaign-form", section_name="Second")
    assert answer.status == 409
    assert (find_section().name, find_campaign().edit_version) == ("First", edit_version)
    assert db.session.execute(select(func.count(Campaign.id))).scalar() == 1


@pytest.mark.parametrize(
    ("field", "value", "mend"),
    [
        ("section_name", " ", "Give the section a name."),
        ("section_name", "x" * 81, "Use at most 80 characters."),
        ("section_name", "a\x07b", "There was a character in it that cannot be kept."),
        ("title", "", "Give the campaign a title."),
        ("language", "tlh", "Choose one from the list."),
        ("time_zone", "Middle/Earth", "Choose one from the list."),
        ("public_on", "1 October", "Choose a day of this century, written like 2026-12-10."),
        ("public_on", "0001-01-01", "Choose a day of this century"),
        ("writing_until", "", "Choose the last day of writing."),
        ("goal", "many", "Write a whole number from 1 to 100000000, in figures."),
        ("goal", "-5", "Write a whole number"),
        ("goal", "9" * 5000, "Write a whole number"),
        ("goal", "٣", "Write a whole number"),
    ],
)
def test_bad_input_names_the_field_and_the_mend(admin, field, value, mend):
    page = admin.get("campaigns.edit_campaign")
    good = {"section_name": "Lusitania"}
    for htmx in (False, True):
        sent = page.fields("#campaign-form") | good | {field: value}
        answer = admin.post("campaigns.edit_campaign", sent, htmx=htmx, status=422)
        errors = answer.words(f"#{field}-error")
        assert mend in errors
        assert find_campaign() is None


def test_what_was_typed_is_kept_when_something_must_be_mended(admin):
    page = admin.get("campaigns.edit_campaign")
    answer = admin.submit(page, "#campaign-form", section_name="Kept", title="", goal="12x")
    assert answer.status == 422
    assert answer.fields("#campaign-form")["section_name"] == "Kept"
    assert answer.fields("#campaign-form")["goal"] == "12x"


def test_the_days_of_a_season_follow_each_other(admin):
    page = admin.get("campaigns.edit_campaign")
    days = {"core_from": "2026-12-18", "core_until": "2026-12-04", "section_name": "X"}
    answer = admin.submit(page, "#campaign-form", **days)
    assert answer.status == 422
    assert "not before “The core weeks begin”" in answer.words("#core_until-error")


def test_a_change_moves_the_live_version(admin, campaign):
    before = campaign.live_version
    page = admin.get("campaigns.edit_campaign", status=200)
    assert page.fields("#campaign-form")["goal"] == "1000"
    assert admin.submit(page, "#campaign-form", goal="2000").status == 303
    db.session.rollback()
    assert (campaign.goal, campaign.live_version) == (2000, before + 1)


def test_the_second_of_two_editors_sees_both_values(admin, campaign):
    page = admin.get("campaigns.edit_campaign")
    assert admin.submit(page, "#campaign-form", title="Theirs").status == 303
    answer = admin.submit(page, "#campaign-form", title="Mine")
    assert answer.status == 409
    assert answer.names("#clash tbody th") == ["Campaign’s title"]
    assert answer.names("#clash tbody td") == ["Theirs", "Mine"]
    assert find_campaign().title == "Theirs"
    assert admin.submit(answer, "#campaign-form").status == 303
    db.session.rollback()
    assert find_campaign().title == "Mine"


def test_a_season_is_written_into_the_audit_by_an_opaque_name(admin):
    set_up(admin)
    (deed,) = db.session.execute(select(AuditRow)).scalars()
    assert deed.verb == "campaign_created"
    assert "@" not in deed.actor


@pytest.mark.parametrize("endpoint", ["campaigns.section", "campaigns.edit_campaign"])
def test_only_admins_come_near_the_section(nobody, ana, endpoint):
    assert nobody.get(endpoint).status == 303
    ana.get(endpoint, status=403)
    if endpoint == "campaigns.edit_campaign":
        ana.post(endpoint, {"title": "Mine"}, status=403)


def test_after_a_locked_season_the_next_one_keeps_the_section(admin, campaign):
    lock(campaign)
    page = admin.get("campaigns.edit_campaign")
    assert page.fields("#campaign-form")["section_name"] == "Letters of Lusitania"
    assert admin.submit(page, "#campaign-form", title="The next").status == 303
    assert find_campaign().title == "The next"
    assert db.session.execute(select(func.count(Section.id))).scalar() == 1


def lock(campaign):
    with write(SECTION):
        campaign.locked_at = campaign.created_at


def set_up(admin):
    page = admin.get("campaigns.edit_campaign")
    return admin.submit(page, "#campaign-form", section_name="Letters of Ärla")
