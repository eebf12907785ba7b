"""Organisers plan events and change their own."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.audit import AuditRow
from app.campaigns.kinds import DEFAULT_IN_FRONT
from app.database import SECTION, db, write
from app.events.models import Event
from tests import factories
from tests.conftest import sign_in

PLAN = {
    "title": "Ärla writes",
    "starts": "2026-12-10T12:00",
    "ends": "2026-12-11T12:00",
    "time_zone": "Europe/Stockholm",
    "cases": ["amina", "ilyas"],
    "kinds_in_front": ["postcard", "handwritten_letter"],
}


def find(slug):
    db.session.rollback()
    return db.session.execute(select(Event).where(Event.slug == slug)).scalar_one_or_none()


def test_an_organiser_plans_an_event_and_runs_it(ana, campaign):
    answer = ana.post("events.new_event", PLAN | {"place": "Library", "goal": "300"})
    assert (answer.status, answer.location) == (303, "/desk/events/arla-writes/")
    event = find("arla-writes")
    assert (event.place, event.goal, event.people) == ("Library", 300, None)
    assert event.starts_at == datetime(2026, 12, 10, 11, tzinfo=UTC)
    assert event.ends_at == datetime(2026, 12, 11, 11, tzinfo=UTC)
    assert event.kinds_in_front == ["handwritten_letter", "postcard"]
    assert [case.slug for case in event.cases] == ["amina", "ilyas"]
    assert [person.name for person in event.organisers] == ["Ana"]
    assert event.state == "upcoming"


def test_a_new_form_needs_only_a_title_and_two_hours(ana, campaign):
    factories.case(campaign, name="Freed", state="paused")
    page = ana.get("events.new_event", query={"preset": "group"}, status=200)
    ticked = [box.get("value") for box in page.select("input[name=cases][checked]")]
    assert ticked == ["amina", "ilyas"]
    front = page.select("input[name=kinds_in_front][checked]")
    assert {box.get("value") for box in front} == set(DEFAULT_IN_FRONT)
    assert page.fields("#event-form")["time_zone"] == "Europe/Lisbon"
    assert page.fields("#event-form")["preset"] == "group"


def test_two_events_of_one_title_have_two_addresses(ana, campaign):
    for _time in range(2):
        ana.post("events.new_event", PLAN, status=303)
    assert find("arla-writes-2") is not None


@pytest.mark.parametrize(
    ("field", "value", "mend"),
    [
        ("title", "", "Give the event a title."),
        ("title", "x" * 121, "Use at most 120 characters."),
        ("place", "x" * 201, "Use at most 200 characters."),
        ("place", "a\nb", "There was a character in it that cannot be kept."),
        ("description", "x" * 5001, "Use at most 5000 characters."),
        ("starts", "", "Choose the day and the hour it starts."),
        ("starts", "noon", "Choose a day and a time of this century"),
        ("starts", "0001-01-01T00:00", "Choose a day and a time of this century"),
        ("starts", "2026-02-30T12:00", "Choose a day and a time of this century"),
        ("starts", "2026-03-29T02:30", "There is no 02:30 on that day"),
        ("ends", "2026-12-10T12:00", "The end must come after the start."),
        ("ends", "2026-12-10T11:59", "The end must come after the start."),
        ("ends", "2027-10-31T02:30", "It is 02:30 twice on that day"),
        ("time_zone", "Mars/Base", "Choose one from the list."),
        ("time_zone", "../../etc/passwd", "Choose one from the list."),
        ("cases", ["amina", "unknown"], "Choose from the list: it has changed meanwhile."),
        ("kinds_in_front", ["raven"], "Choose from the list: it has changed meanwhile."),
        (
            "kinds_in_front",
            ["handwritten_letter", "signed_letter", "postcard", "fax", "email"],
            "Tick at most 4.",
        ),
        ("goal", "0", "Write a whole number from 1 to"),
        ("online_link", "data:text/html,x", "Write the whole link, beginning with https://"),
        ("online_link", "meet.example.org", "Write the whole link, beginning with https://"),
        ("online_link", "https://", "Write the whole link, beginning with https://"),
        ("online_link", "https://[::1", "Write the whole link, beginning with https://"),
        ("access", ["stairs"], "Choose from the list: it has changed meanwhile."),
        ("next_event", "nowhere", "Choose one from the list."),
        ("people", "-1", "Write a whole number from 0 to"),
        ("people", "a few", "Write a whole number from 0 to"),
    ],
)
def test_bad_input_names_the_field_and_the_mend(ana, campaign, field, value, mend):
    for htmx in (False, True):
        answer = ana.post("events.new_event", PLAN | {field: value}, htmx=htmx, status=422)
        assert mend in answer.words(f"#{field}-error")
        assert answer.select(f".notice a[href=#{field}]")
    assert find("arla-writes") is None


def test_what_was_typed_is_kept_when_something_must_be_mended(ana, campaign):
    answer = ana.post("events.new_event", PLAN | {"goal": "12x", "ends": "later"}, status=422)
    fields = answer.fields("#event-form")
    assert (fields["title"], fields["goal"], fields["ends"]) == ("Ärla writes", "12x", "later")


def test_an_empty_post_and_a_json_body_are_bad_input(ana, campaign):
    ana.post("events.new_event", {}, status=422)
    json = {"headers": {"Content-Type": "application/json"}}
    answer = ana.post("events.edit_event", "[1]", slug="lisbon", **json)
    assert answer.status in (415, 422)


def test_an_event_needs_a_campaign(app, campaign):
    with write(SECTION):
        campaign.locked_at = campaign.created_at
    eva = sign_in(app, factories.organiser())
    assert "not set up" in eva.get("events.new_event", status=404).words("main")
    eva.post("events.new_event", PLAN, status=404)


def test_an_event_may_be_planned_before_the_cases_are_public(app, admin):
    season = factories.campaign()
    assert season.cases == []
    page = admin.get("events.new_event", query={"preset": "group"}, status=200)
    assert "has not shown any case yet" in page.words("#event-form")
    admin.post("events.new_event", PLAN | {"cases": []}, status=303)
    admin.post("events.open_event", slug="arla-writes", status=409)


def test_a_draft_or_another_season_s_case_cannot_be_chosen(ana, campaign):
    factories.case(campaign, slug="draft", state="draft")
    factories.case(factories.campaign(locked_at=campaign.created_at), slug="old")
    for slug in ("draft", "old"):
        ana.post("events.new_event", PLAN | {"cases": [slug]}, status=422)


def test_a_private_event_gets_an_address_that_nobody_can_guess(ana, campaign):
    answer = ana.post("events.new_event", PLAN | {"is_private": "y"}, status=303)
    slug = answer.location.split("/")[-2]
    assert len(slug) == 20
    assert "arla" not in slug


def test_an_event_made_private_gets_a_new_address(ana, nobody, lisbon):
    page = ana.get("events.edit_event", slug="lisbon")
    answer = ana.submit(page, "#event-form", **multiple(lisbon), is_private="y")
    assert answer.status == 303
    new = answer.location.split("/")[-2]
    assert len(new) == 20
    nobody.get("board.show_event", slug="lisbon", status=404)
    nobody.get("board.show_event", slug=new, status=200)


def test_an_organiser_changes_the_event_and_screens_hear_of_it(ana, lisbon):
    before = lisbon.live_version
    page = ana.get("events.edit_event", slug="lisbon", status=200)
    answer = ana.submit(page, "#event-form", **multiple(lisbon), people="143", place="Town hall")
    assert (answer.status, answer.location) == (303, "/desk/events/lisbon/")
    db.session.rollback()
    assert (lisbon.people, lisbon.place, lisbon.slug) == (143, "Town hall", "lisbon")
    assert lisbon.live_version == before + 1
    assert lisbon.campaign.live_version > 1


def test_saving_the_form_as_it_is_changes_no_hour(ana, lisbon):
    hours = (lisbon.starts_at.replace(second=0), lisbon.ends_at.replace(second=0))
    page = ana.get("events.edit_event", slug="lisbon")
    assert ana.submit(page, "#event-form", **multiple(lisbon)).status == 303
    db.session.rollback()
    assert (lisbon.starts_at, lisbon.ends_at) == hours


def test_the_second_of_two_editors_sees_both_values(ana, admin, lisbon):
    page = ana.get("events.edit_event", slug="lisbon")
    theirs = {**multiple(lisbon), "place": "Their hall", "cases": ["amina", "ilyas"]}
    admin.submit(admin.get("events.edit_event", slug="lisbon"), "#event-form", **theirs)
    answer = ana.submit(page, "#event-form", **multiple(lisbon), place="My hall")
    assert answer.status == 409
    row = answer.words("#clash tbody")
    assert "Their hall" in row
    assert "My hall" in row
    db.session.rollback()
    assert lisbon.place == "Their hall"
    assert ana.submit(answer, "#event-form", **multiple(lisbon)).status == 303
    db.session.rollback()
    assert lisbon.place == "My hall"


def test_a_case_stays_once_the_event_was_opened(ana, lisbon):
    page = ana.get("events.edit_event", slug="lisbon")
    sent = multiple(lisbon) | {"cases": ["amina"]}
    answer = ana.submit(page, "#event-form", **sent)
    assert answer.status == 422
    assert "Ilyas Danko" in answer.words("#cases-error")


def test_a_case_can_go_before_the_event_was_opened(carlos, porto):
    page = carlos.get("events.edit_event", slug="porto")
    assert (
        carlos.submit(page, "#event-form", **multiple(porto) | {"cases": ["amina"]}).status == 303
    )
    db.session.rollback()
    assert [case.slug for case in porto.cases] == ["amina"]


def test_organisers_touch_only_their_own_events_and_admins_all(nobody, bea, ana, carlos, admin):
    for method in ("get", "post"):
        for person, status in ((nobody, (303, 401)), (bea, (303, 401)), (carlos, (404,))):
            assert getattr(person, method)("events.edit_event", slug="lisbon").status in status
    admin.get("events.edit_event", slug="lisbon", status=200)
    assert nobody.get("events.new_event").status == 303
    nobody.post("events.new_event", PLAN, status=401)
    ana.get("events.edit_event", slug="home-2026", status=404)
    admin.get("events.edit_event", slug="home-2026", status=404)


def test_plans_and_changes_are_in_the_audit(ana, lisbon):
    ana.post("events.new_event", PLAN)
    page = ana.get("events.edit_event", slug="lisbon")
    ana.submit(page, "#event-form", **multiple(lisbon))
    deeds = db.session.execute(select(AuditRow).order_by(AuditRow.id)).scalars().all()
    assert [deed.verb for deed in deeds] == ["event_planned", "event_edited"]
    assert {deed.actor for deed in deeds} == {lisbon.organisers[0].public_id}


def multiple(event):
    """The ticked boxes of an event's form, which one value a name cannot hold."""
    return {
        "cases": [case.slug for case in event.cases],
        "kinds_in_front": list(event.kinds_in_front),
    }
