"""Heads counted at the door on a bad wifi: no tap is lost, and none is counted twice."""

from __future__ import annotations

import re
import signal
from urllib.parse import parse_qs, urlencode

import pytest
from playwright.sync_api import Route, expect

from tests import factories, lists
from tests.browser.conftest import PHONE
from tests.browser.people import Doorkeeper
from tests.browser.scenery import Marathon, set_up_marathon

ONE_MORE = "One more person"
UNSENT = "#heads-unsent"


@pytest.fixture
def keeper(office, sign_in) -> Doorkeeper:
    """At the door of an event that counts heads; nothing is tried again before time goes on."""
    marathon = set_up_marathon()
    factories.change(marathon.event, counts_heads=True)
    return at_the_door(sign_in, marathon)


def at_the_door(sign_in, marathon: Marathon) -> Doorkeeper:
    keeper = Doorkeeper(sign_in(marathon.organiser, **PHONE).page)
    return keeper.opens_and_stops_time(f"{marathon.desk}door")


class Wire:
    """A wifi that carries every tap to the server, and of each tap's answers not the first."""

    def __init__(self, tap: str, *, is_carried: bool = True) -> None:
        self.tap = tap
        self.is_carried = is_carried
        self.known: set[str] = set()

    def __call__(self, route: Route) -> None:
        said = parse_qs(route.request.post_data)
        (tap,) = said[self.tap]
        if not self.is_carried:
            del said[self.tap]
        answer = route.fetch(post_data=urlencode(said, doseq=True))
        if tap in self.known:
            route.fulfill(response=answer)
        else:
            self.known.add(tap)
            route.abort()


def taps_three_and_adds_twelve(keeper: Doorkeeper) -> None:
    for _person in range(3):
        keeper.button(ONE_MORE).click()
    keeper.page.get_by_label("Several at once").fill("12")
    keeper.button("Add").click()


def test_a_tap_whose_answer_is_lost_says_so_and_counts_once(keeper):
    keeper.page.route("**/door/heads", Wire("op"))
    taps_three_and_adds_twelve(keeper)
    keeper.sees(UNSENT, "+15 not sent yet")
    expect(keeper.at("#door-away")).to_be_visible()
    expect(keeper.page.get_by_label("Several at once")).to_have_value("")
    expect(keeper.lets_time_go_on().at(UNSENT)).to_be_hidden()
    expect(keeper.at("#door-away")).to_be_hidden()
    keeper.counts("15 people")


def test_without_an_op_the_same_taps_would_count_twice(keeper):
    """The control of the test above."""
    keeper.page.route("**/door/heads", Wire("op", is_carried=False))
    taps_three_and_adds_twelve(keeper)
    keeper.sees(UNSENT, "+15 not sent yet")
    expect(keeper.lets_time_go_on().at(UNSENT)).to_be_hidden()
    keeper.counts("30 people")


def test_a_tick_whose_answer_is_lost_stays_one(office, sign_in):
    marathon = set_up_marathon()
    lists.sign_up(lists.sign_up_list(marathon.event), "Noor", party_size=3)
    keeper = at_the_door(sign_in, marathon)
    keeper.page.route("**/door/taps", Wire("tap"))
    keeper.taps("Noor")
    expect(keeper.row("Noor")).to_have_attribute("data-unsent", "not sent yet")
    keeper.lets_time_go_on()
    expect(keeper.row("Noor")).not_to_have_attribute("data-unsent", re.compile("."))
    keeper.counts("3 of 3 here")


def test_a_walk_in_that_no_wifi_carries_says_so_and_sent_again_is_one(office, sign_in):
    marathon = set_up_marathon()
    lists.sign_up_list(marathon.event)
    keeper = Doorkeeper(sign_in(marathon.organiser, **PHONE).page).opens(f"{marathon.desk}door")
    keeper.page.route("**/door/walk-ins", Wire("op"))
    keeper.at("#door-walk-in > summary").click()
    keeper.at("#walk-in [name=name]").fill("Zoë")
    keeper.at("#walk-in button").click()
    expect(keeper.at("#walk-in [data-unsent]")).to_be_visible()
    keeper.at("#walk-in button").click()
    keeper.sees("#walk-in-said", "Zoë is here.").counts("1 of 1 here")


class TestWhenTheServerFalls:
    """On a server that may be killed."""

    @pytest.fixture
    def server(self, fresh_server):
        return fresh_server

    @pytest.fixture
    def office(self, fresh_office):
        return fresh_office

    def test_taps_wait_on_the_phone_and_arrive_in_their_number(self, keeper, server):
        keeper.button(ONE_MORE).click()
        keeper.counts("1 person")
        server.stop(signal.SIGKILL)
        for _person in range(4):
            keeper.button(ONE_MORE).click()
        keeper.sees(UNSENT, "+4 not sent yet")
        keeper.counts("1 person")
        server.start()
        expect(keeper.lets_time_go_on().at(UNSENT)).to_be_hidden()
        keeper.counts("5 people")
