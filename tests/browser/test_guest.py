"""A guest signs up on a small phone, with and without JavaScript, and finds their own page."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from app.database import db
from app.signups.actions import cancel_sign_up
from tests import factories, lists
from tests.browser.axe import find_barriers
from tests.browser.conftest import PHONE
from tests.browser.overflow import find_sticking_out
from tests.browser.people import SECONDS, Guest, Person

NAME = "نور 👩‍👩‍👧"
POLL_OF_THE_SEATS = 10 * SECONDS
POLL_OF_THE_EVENTS = 30 * SECONDS
each_way = pytest.mark.parametrize("has_script", [True, False], ids=["with scripts", "without"])


@each_way
def test_a_guest_signs_up_on_a_phone_changes_and_cancels(marathon, visit, has_script):
    guests = lists.sign_up_list(marathon.event, capacity=8)
    guest = Guest(visit(**PHONE, java_script_enabled=has_script))
    guest.opens(f"/events/{marathon.slug}/")
    expect(guest.at("#seats")).to_contain_text("8 seats left")
    guest.page.get_by_label("Your name").fill(NAME)
    guest.page.get_by_label("How many of you come").fill("0")
    guest.button("Sign up").click()
    expect(guest.at("#sign-up-form .field-error")).to_have_count(1)
    guest.fills_in(NAME, people=3).signs_up()
    expect(guest.at(".own-state")).to_contain_text("You have 3 seats")
    expect(guest.at(".overline")).to_contain_text(NAME)
    assert find_sticking_out(guest.page) == []
    if has_script:
        assert find_barriers(guest.page) == []
    assert seats(guests) == [("in", 3)]
    guest.at("#party-form").get_by_role("spinbutton").fill("2")
    guest.button("Change it").click()
    expect(guest.at(".own-state")).to_contain_text("You have 2 seats")
    assert seats(guests) == [("in", 2)]
    guest.button("Cancel my sign-up").click()
    expect(guest.at(".own-state")).to_contain_text("You have cancelled")
    assert seats(guests) == [("cancelled", 2)]


@each_way
def test_a_guest_in_line_takes_the_seat_that_is_offered(marathon, visit, has_script):
    guests = lists.sign_up_list(marathon.event, capacity=2)
    ada = lists.sign_up(guests, "Ada", party_size=2)
    guest = Guest(visit(**PHONE, java_script_enabled=has_script))
    guest.opens(f"/events/{marathon.slug}/sign-up").fills_in(NAME, people=2).signs_up()
    expect(guest.at(".own-state")).to_contain_text("You wait in line, at place 1.")
    cancel_sign_up(ada, now=ada.created_at)
    guest.page.reload()
    guest.button("Take the seat").click()
    expect(guest.at(".own-state")).to_contain_text("You have 2 seats")
    assert seats(guests) == [("cancelled", 2), ("in", 2)]


@each_way
def test_a_guest_takes_their_data_along_and_is_forgotten(marathon, visit, has_script):
    guests = lists.sign_up_list(marathon.event)
    guest = Guest(visit(**PHONE, java_script_enabled=has_script))
    guest.opens(f"/events/{marathon.slug}/sign-up").fills_in(NAME, people=2).signs_up()
    assert marathon.event.title in guest.downloads("Put it into my calendar")
    assert NAME in json.loads(guest.downloads("Download my data")).values()
    guest.button("Delete it").click()
    expect(guest.at("main")).to_contain_text("Nothing was deleted")
    guest.at("#erase-form [type=checkbox]").check()
    guest.button("Delete it").click()
    expect(guest.at("main")).to_contain_text("Everything about this sign-up is deleted.")
    expect(guest.at(".overline")).not_to_contain_text(NAME)
    assert seats(guests) == [("cancelled", 2)]
    assert [one.name for one in guests.sign_ups] == [None]


def test_seats_left_follow_by_themselves_and_leave_what_is_typed(marathon, visit):
    guests = lists.sign_up_list(marathon.event, capacity=8)
    guest = Person(visit(**PHONE)).opens_and_stops_time(f"/events/{marathon.slug}/sign-up")
    guest.page.get_by_label("Your name").fill("half a na")
    lists.sign_up(guests, "Ada", party_size=5)
    guest.lets_go_by(POLL_OF_THE_SEATS)
    expect(guest.at("#seats")).to_contain_text("3 seats left")
    expect(guest.page.get_by_label("Your name")).to_have_value("half a na")
    guest.button("Pause updates").click()
    expect(guest.button("Pause updates")).to_have_attribute("aria-pressed", "true")


def test_seats_on_the_list_of_events_follow_leave_the_focus_and_can_be_paused(marathon, visit):
    guests = lists.sign_up_list(marathon.event, capacity=8)
    # Of the other tests' events there may be more than a page.
    factories.change(marathon.event, title=f"Seats at {marathon.slug}")
    guest = Person(visit(**PHONE)).opens_and_stops_time(f"/events/?q=Seats+at+{marathon.slug}")
    line = guest.at(f"#event-{marathon.slug}")
    expect(line).to_contain_text("8 seats left")
    line.get_by_role("heading").get_by_role("link").focus()
    lists.sign_up(guests, "Ada", party_size=5)
    guest.lets_go_by(POLL_OF_THE_EVENTS)
    expect(line).to_contain_text("3 seats left")
    expect(line.get_by_role("heading").get_by_role("link")).to_be_focused()
    expect(guest.at("#announcer")).to_be_empty()
    guest.button("Pause updates").click()
    lists.sign_up(guests, "Bo", party_size=3)
    guest.lets_go_by(3 * POLL_OF_THE_EVENTS)
    # Whatever was asked is answered before what is asked now.
    guest.page.evaluate("fetch('/healthz').then(() => true)")
    expect(line).to_contain_text("3 seats left")
    guest.button("Pause updates").click()
    guest.lets_go_by(POLL_OF_THE_EVENTS)
    expect(line).to_contain_text("full")
    guest.lets_time_go_on()
    assert find_barriers(guest.page) == []


def seats(guests) -> list[tuple[str, int]]:
    """How each party on the list stands, first come first."""
    db.session.rollback()
    return [(one.state, one.party_size) for one in guests.sign_ups]
