"""Finding an event while one types, and without any script."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.browser.conftest import PHONE
from tests.browser.people import Person
from tests.browser.scenery import set_up_season


@pytest.fixture
def quill(office) -> str:
    """A word that stands in the titles of two events, and of no other test's."""
    factories.organiser()
    word, season = f"quill{uuid4().hex[:6]}", set_up_season()
    for title, town in (("ink", "Ærøskøbing"), ("soup", "Tórshavn")):
        factories.event(season, title=f"{word} and {title}", town=town, state="upcoming")
    return word


def test_the_list_follows_what_is_typed_and_the_focus_stays(visit, quill):
    guest = Person(visit(**PHONE)).opens("/events/")
    words = guest.page.get_by_label("Name, place")
    words.press_sequentially(f"{quill.upper()} aeros")
    expect(guest.at("#found")).to_have_text("1 event")
    expect(guest.at("#announcer")).to_have_text("1 event")
    expect(guest.at("#events h3")).to_have_text(f"{quill} and ink")
    expect(words).to_be_focused()
    expect(words).to_have_value(f"{quill.upper()} aeros")
    expect(guest.page).to_have_url(re.compile(r"/events/\?q=QUILL\w+\+aeros$"))
    words.fill(quill)
    guest.page.get_by_label("Town").select_option("Tórshavn")
    # A list of one: what was typed alone may be answered for on the way, with two.
    expect(guest.at("#events h3")).to_have_text([f"{quill} and soup"])
    guest.page.reload()
    expect(guest.at("#events h3")).to_have_text(f"{quill} and soup")


def test_without_a_script_the_button_finds_the_same(visit, quill):
    guest = Person(visit(java_script_enabled=False)).opens("/events/")
    guest.page.get_by_label("Name, place").fill(quill)
    guest.at(".find summary").click()
    guest.page.get_by_label("No steps").check()
    guest.button("Search").click()
    expect(guest.at("#found")).to_have_text("0 events")
    expect(guest.page.get_by_label("No steps")).to_be_checked()
    guest.page.get_by_label("No steps").uncheck()
    guest.button("Search").click()
    expect(guest.at("#events h3")).to_have_count(2)


@pytest.mark.parametrize(
    ("language", "there", "here"),
    [("en", "16:00", "04:00"), ("ar", "4:00 م", "4:00 ص")],
)
def test_the_readers_own_hours_are_written_as_the_events(visit, office, language, there, here):
    factories.organiser()
    begins = datetime(2026, 12, 5, 15, tzinfo=UTC)
    hours = {"starts_at": begins, "ends_at": begins + timedelta(hours=9)}
    event = factories.event(set_up_season(), time_zone="Europe/Paris", state="upcoming", **hours)
    in_auckland = {"timezone_id": "Pacific/Auckland", "locale": language}
    guest = Person(visit(**in_auckland)).opens(f"/events/{event.slug}/?lang={language}")
    expect(guest.at("time[data-your-time]")).to_contain_text(there)
    own = guest.at(".your-time")
    expect(own).to_contain_text(re.compile(rf"(^|\D){re.escape(here)}"))


@pytest.mark.parametrize(("lasts", "days"), [(3, ["6"]), (24, ["6", "7"])])
def test_the_readers_own_hours_say_each_day_once(visit, office, lasts, days):
    factories.organiser()
    begins = datetime(2026, 12, 5, 15, tzinfo=UTC)
    hours = {"starts_at": begins, "ends_at": begins + timedelta(hours=lasts)}
    event = factories.event(set_up_season(), time_zone="Europe/Paris", state="upcoming", **hours)
    guest = Person(visit(timezone_id="Pacific/Auckland")).opens(f"/events/{event.slug}/?lang=en")
    assert re.findall(r"(\d+) Dec", guest.at(".your-time").inner_text()) == days
