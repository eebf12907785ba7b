"""Two organisers at two doors: nobody undoes the other, and both see the number at once."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from app.folding import folded
from tests import factories, lists
from tests.browser.conftest import PHONE
from tests.browser.people import ASKED_BY, SECONDS, Doorkeeper

NAMES = [
    "Noor",
    "Élise Straße",
    "Łukasz Œuvre",
    "أحمد الحسن",
    "İbrahim Ilık",
    "ΝΙΚΟΣ Νίκος",
    "ﬁn Ⅳ",
]


@pytest.fixture
def guests(marathon):
    """Everybody above on one list, Noor with two others."""
    guests = lists.sign_up_list(marathon.event, capacity=40)
    for name in NAMES:
        lists.sign_up(guests, name, party_size=3 if name == "Noor" else 1)
    return guests


@pytest.fixture
def two_doors(guests, marathon, visit, sign_in):
    """Two phones of the event's organisers, whose time is stopped."""
    other = factories.organiser(name="Ben")
    factories.change(marathon.event, organisers=[marathon.organiser, other])
    keepers = [sign_in(person, **PHONE) for person in (marathon.organiser, other)]
    door = f"{marathon.desk}door"
    return [Doorkeeper(each.page).opens_and_stops_time(door) for each in keepers]


def test_one_ticks_while_the_other_types_and_both_see_it_at_once(two_doors):
    one, other = two_doors
    search = other.at("#q")
    search.press_sequentially("eli")
    expect(other.row("Noor")).to_be_hidden()
    one.taps("Noor").counts("3 of 9 here")
    other.lets_go_by(ASKED_BY).counts("3 of 9 here")
    expect(search).to_be_focused()
    expect(search).to_have_value("eli")
    expect(other.row("Noor")).to_be_hidden()
    search.press("Enter")
    expect(other.row("Élise").locator(".door-tap")).to_be_focused()
    other.page.keyboard.press("Enter")
    other.counts("4 of 9 here")
    one.lets_go_by(ASKED_BY).counts("4 of 9 here")
    one.at("#door-last button").click()
    one.counts("1 of 9 here")
    other.lets_go_by(ASKED_BY).counts("1 of 9 here")


def test_a_tap_that_no_wifi_carries_says_so_and_arrives_once_by_itself(two_doors):
    one, other = two_doors
    page = one.page
    page.route("**/door/taps", lambda route: route.abort())
    one.taps("Noor")
    expect(one.row("Noor")).to_have_attribute("data-unsent", "not sent yet")
    expect(one.at("#door-away")).to_be_visible()
    # Meanwhile the other ticks the same party: what is tried again must not undo it.
    other.taps("Noor").counts("3 of 9 here")
    one.lets_go_by(ASKED_BY).counts("3 of 9 here")
    expect(one.row("Noor")).to_have_attribute("data-unsent", "not sent yet")
    page.unroute("**/door/taps")
    one.lets_go_by(9 * SECONDS)
    expect(one.row("Noor")).not_to_have_attribute("data-unsent", re.compile("."))
    expect(one.at("#door-away")).to_be_hidden()
    other.lets_go_by(ASKED_BY).counts("3 of 9 here")


def test_a_party_comes_in_parts_and_a_walk_in_after_it(two_doors):
    one, other = two_doors
    one.row("Noor").get_by_role("button", name="One more person").click()
    one.counts("1 of 9 here")
    one.row("Noor").get_by_role("button", name="One more person").click()
    one.counts("2 of 9 here")
    other.lets_time_go_on().counts("2 of 9 here")
    other.at("#door-walk-in > summary").click()
    other.at("#walk-in [name=name]").fill("Zoë")
    other.at("#walk-in [name=people]").fill("2")
    other.at("#walk-in button").click()
    other.sees("#walk-in-said", "Zoë is here.").counts("4 of 11 here")
    one.lets_go_by(ASKED_BY).counts("4 of 11 here")


def test_the_browser_folds_as_the_server_does(two_doors):
    one, _other = two_doors
    for name in NAMES:
        one.at("#q").fill(name.upper() if name.isascii() else name)
        expect(one.row(name)).to_be_visible()
        one.at("#q").fill(folded(name)[:4])
        expect(one.row(name)).to_be_visible()


def test_polls_rest_where_nobody_looks_and_while_paused(two_doors):
    one, other = two_doors
    one.button("Pause updates").click()
    other.taps("Noor").counts("3 of 9 here")
    one.lets_go_by(9 * SECONDS)
    # Whatever was asked is answered before what is asked now.
    one.page.evaluate("fetch('/healthz').then(() => true)")
    one.counts("0 of 9 here")
    one.button("Pause updates").click()
    one.counts("3 of 9 here")
