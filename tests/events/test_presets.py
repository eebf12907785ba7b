"""The form asks what a sort of event needs, and loses nothing when that changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.database import db
from app.events.models import Event
from tests import factories
from tests.events.test_planning import PLAN, find, multiple

DAY = timedelta(days=1)


def asked_of(page):
    """What a person is asked, and not only a hidden field says."""
    return {
        field.get("name")
        for field in page.select("#event-form [name]")
        if field.get("type") not in ("hidden", "submit") and field.tag != "button"
    }


def test_a_sort_is_chosen_first_on_four_cards(ana, campaign):
    page = ana.get("events.new_event", status=200)
    assert page.names("#presets h2") == ["Class", "Group", "Stall", "24 hours"]
    for link in page.select("#presets a"):
        form = ana.get(link.get("href"), status=200)
        assert f"preset={form.fields('#event-form')['preset']}" in link.get("href")


def test_an_unknown_sort_shows_the_cards(ana, campaign):
    page = ana.get("events.new_event", query={"preset": "raven"}, status=200)
    assert page.select("#presets")


@pytest.mark.parametrize(
    ("preset", "asks", "asks_not"),
    [
        ("class", {"place", "logged_by", "has_young_people"}, {"address", "time_zone", "goal"}),
        ("group", {"address", "online_link", "time_zone", "ends"}, {"next_event"}),
        ("stall", {"address", "goal", "ends"}, {"online_link", "is_private", "logged_by"}),
        ("day", {"next_event", "time_zone", "goal"}, {"ends"}),
    ],
)
def test_each_sort_asks_for_what_it_needs(ana, campaign, preset, asks, asks_not):
    asked = asked_of(ana.get("events.new_event", query={"preset": preset}, status=200))
    assert asks <= asked
    assert not asks_not & asked


def test_young_people_are_meant_where_a_class_writes(ana, campaign):
    page = ana.get("events.new_event", query={"preset": "class"})
    assert page.fields("#event-form")["has_young_people"] == "y"
    page = ana.get("events.new_event", query={"preset": "group"})
    assert "has_young_people" not in page.fields("#event-form")


def test_changing_the_sort_saves_nothing_and_loses_nothing(ana, campaign):
    typed = PLAN | {
        "preset": "group",
        "online_link": "https://meet.example.org/a?b=c&d",
        "address": "Market 1",
        "is_private": "y",
        "logged_by": "writer",
        "title": "",
    }
    page = ana.post("events.new_event", typed | {"change_preset": "stall"}, status=200)
    assert not page.select("#form-errors")
    assert find("arla-writes") is None
    # What would be public is shown, although a stall is not asked for it.
    assert {"online_link", "is_private", "logged_by"} <= asked_of(page)
    back = ana.submit(page, "#event-form", **lists(typed), change_preset="day")
    again = ana.submit(back, "#event-form", **lists(typed), change_preset="group")
    kept = again.fields("#event-form")
    for name in ("online_link", "address", "is_private", "logged_by", "starts", "ends"):
        assert kept[name] == typed[name], name
    ticked = [box.get("value") for box in again.select("input[name=cases][checked]")]
    assert ticked == ["amina", "ilyas"]


def lists(typed):
    return {name: typed[name] for name in ("cases", "kinds_in_front")}


def test_an_event_s_own_form_changes_its_sort_too(ana, lisbon):
    page = ana.get("events.edit_event", slug="lisbon")
    answer = ana.submit(page, "#event-form", **multiple(lisbon), change_preset="class")
    assert answer.status == 200
    assert answer.one("button[aria-pressed=true]").get("value") == "class"
    assert answer.fields("#event-form")["has_young_people"] == "y"
    db.session.rollback()
    assert lisbon.preset == "group"


@pytest.mark.parametrize(
    ("zone", "starts", "in_utc"),
    [
        ("Europe/Warsaw", "2026-10-24T12:00", datetime(2026, 10, 24, 10, tzinfo=UTC)),
        ("Europe/Warsaw", "2027-03-27T12:00", datetime(2027, 3, 27, 11, tzinfo=UTC)),
        ("Australia/Lord_Howe", "2027-04-03T12:00", datetime(2027, 4, 3, 1, tzinfo=UTC)),
        ("Asia/Kathmandu", "2026-12-10T12:00", datetime(2026, 12, 10, 6, 15, tzinfo=UTC)),
        # 24 hours later the clocks show this hour for the second time.
        ("Europe/Warsaw", "2026-10-24T02:30", datetime(2026, 10, 24, 0, 30, tzinfo=UTC)),
    ],
)
def test_a_marathon_lasts_24_hours_whatever_the_clocks_do(ana, campaign, zone, starts, in_utc):
    said = {"preset": "day", "time_zone": zone, "starts": starts, "ends": ""}
    ana.post("events.new_event", PLAN | said, status=303)
    event = find("arla-writes")
    assert event.starts_at == in_utc
    assert event.ends_at - event.starts_at == timedelta(hours=24)


def test_a_marathon_stays_24_hours_when_it_is_moved(ana, campaign):
    ana.post("events.new_event", PLAN | {"preset": "day"}, status=303)
    page = ana.get("events.edit_event", slug="arla-writes")
    ana.submit(page, "#event-form", **lists(PLAN), starts="2026-12-12T18:00")
    event = find("arla-writes")
    assert event.starts_at == datetime(2026, 12, 12, 17, tzinfo=UTC)
    assert event.ends_at - event.starts_at == timedelta(hours=24)


def test_an_hour_that_the_clocks_skip_is_told_and_mended(ana, campaign):
    page = ana.post("events.new_event", PLAN | {"starts": "2026-03-29T02:30"}, status=422)
    assert "It now says 03:30" in page.words("#starts-error")
    assert page.fields("#event-form")["starts"] == "2026-03-29T03:30"
    ana.submit(page, "#event-form", **lists(PLAN))
    assert find("arla-writes").starts_at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_everything_a_host_says_is_kept(ana, campaign):
    said = {
        "held_by": "Library of Ärla",
        "address": "Market 1",
        "online_link": "http://meet.example.org/x",
        "languages": "Svenska, ትግርኛ",
        "what_to_bring": "A pen",
        "access": ["step_free", "hearing_loop"],
        "access_notes": "Ring twice.",
        "logged_by": "writer",
    }
    ana.post("events.new_event", PLAN | said, status=303)
    event = find("arla-writes")
    assert {name: getattr(event, name) for name in said} == said
    page = ana.get("events.edit_event", slug="arla-writes")
    shown = page.fields("#event-form")
    for name in ("held_by", "address", "online_link", "languages", "logged_by"):
        assert shown[name] == said[name]


def test_each_writer_logging_gives_new_tables_more_seats(ana, lisbon):
    seats = ana.get("events.tables", slug="lisbon").fields("#new-table")["seats"]
    factories.change(lisbon, logged_by="writer")
    more = ana.get("events.tables", slug="lisbon").fields("#new-table")["seats"]
    assert (seats, more) == ("8", "40")
    factories.table(lisbon)
    assert "your own phone" in ana.get("events.table_cards", slug="lisbon").words("#cards")


def test_a_marathon_hands_over_to_a_listed_event_and_never_in_a_circle(ana, admin, lisbon, porto):
    factories.event(lisbon.campaign, title="Kitchen", is_private=True)
    factories.change(porto, ends_at=lisbon.ends_at + DAY)
    page = ana.get("events.edit_event", slug="lisbon")
    page = ana.submit(page, "#event-form", **multiple(lisbon), change_preset="day")
    choices = [option.get("value") for option in page.select("#next_event option")]
    assert choices == ["", "porto"]
    assert ana.submit(page, "#event-form", **multiple(lisbon), next_event="porto").status == 303
    db.session.rollback()
    assert lisbon.next_event == porto
    page = admin.get("events.edit_event", slug="porto")
    page = admin.submit(page, "#event-form", **multiple(porto), change_preset="day")
    answer = admin.submit(page, "#event-form", **multiple(porto), next_event="lisbon")
    assert answer.status == 422
    assert "hands over to this one" in answer.words("#next_event-error")


def test_nobody_goes_on_at_an_event_that_ends_before(ana, nobody, lisbon, porto):
    factories.change(lisbon, next_event=porto)
    factories.change(porto, starts_at=lisbon.starts_at - DAY, ends_at=lisbon.ends_at - DAY)
    assert "Porto writes" not in nobody.get("board.show_event", slug="lisbon").words("main")
    factories.change(lisbon, next_event=None)
    page = ana.get("events.edit_event", slug="lisbon")
    page = ana.submit(page, "#event-form", **multiple(lisbon), change_preset="day")
    answer = ana.submit(page, "#event-form", **multiple(lisbon), next_event="porto")
    assert answer.status == 422
    assert "ends before this one" in answer.words("#next_event-error")


def test_the_next_event_is_shown_while_everybody_may_know_it(nobody, lisbon, porto):
    factories.change(lisbon, next_event=porto)
    for endpoint in ("board.show_event", "board.live", "board.hall"):
        assert "Porto writes" in nobody.get(endpoint, slug="lisbon", status=200).words("main")
    factories.change(porto, is_private=True)
    for endpoint in ("board.show_event", "board.live", "board.hall"):
        assert "Porto writes" not in nobody.get(endpoint, slug="lisbon", status=200).text


def test_a_draft_is_found_by_nobody_and_announced_when_it_is_saved(ana, nobody, lisbon):
    factories.change(lisbon, is_draft=True, state="upcoming", slug="kq7w2m9x4t8z6r3v5y2h")
    secret = lisbon.slug
    assert "Lisbon writes" not in nobody.get("board.list_events").text
    assert "Lisbon writes" not in nobody.get("board.home").text
    ana.post("events.open_event", slug=secret, status=409)
    page = ana.get("events.edit_event", slug=secret)
    assert "Save and announce it" in page.words("#event-form")
    assert ana.submit(page, "#event-form", **multiple(lisbon)).status == 303
    assert "Lisbon writes" in nobody.get("board.list_events").text
    event = db.session.execute(select(Event).where(Event.title == "Lisbon writes")).scalar_one()
    assert event.slug == "lisbon-writes"
