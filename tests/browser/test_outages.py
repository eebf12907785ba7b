"""Servers fall and come back, and every screen says so and heals by itself."""

from __future__ import annotations

import signal

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, PROJECTOR
from tests.browser.people import Volunteer, Watcher
from tests.browser.scenery import AMINA, ILYAS, log
from tests.browser.test_presses import LONGEST_PAUSE

STALE = "[data-stale]"


@pytest.fixture
def server(fresh_server):
    """One that may be stopped."""
    return fresh_server


@pytest.fixture
def office(fresh_office):
    """On that server's database."""
    return fresh_office


@pytest.mark.parametrize("name", ["hall", "live"])
def test_a_number_that_may_be_old_is_marked_until_it_is_not(name, visit, marathon, server):
    log(marathon, 7)
    page = visit(**PROJECTOR)
    page.clock.install()
    screen = Watcher(page).opens(marathon.path(name)).sees_letters("7")
    page.clock.run_for(15_000)
    expect(screen.at(STALE)).to_be_hidden()
    server.stop()
    page.clock.run_for(15_000)
    expect(screen.at(STALE)).to_be_visible()
    expect(screen.at(STALE)).to_contain_text("May be old: no answer since")
    screen.sees_letters("7")
    log(marathon, 1)
    server.start()
    page.clock.run_for(5_000)
    screen.sees_letters("8")
    expect(screen.at(STALE)).to_be_hidden()


def test_the_hall_screen_survives_a_killed_server(visit, marathon, server):
    log(marathon, 7)
    hall = Watcher(visit(**PROJECTOR)).opens(marathon.path("hall")).sees_letters("7")
    server.stop(signal.SIGKILL)
    server.start()
    log(marathon, 1)
    hall.sees_letters("8")


def test_letters_pressed_while_the_server_is_down_arrive_once_it_is_back(visit, marathon, server):
    bea = Volunteer(visit(**PHONE)).joins(marathon.code)
    bea.taps(AMINA).sees_all_arrived()
    server.stop(signal.SIGKILL)
    bea.taps(AMINA, times=2).taps(ILYAS)
    bea.sees_here(AMINA, "3")
    expect(bea.at("#link-state")).to_contain_text("3 saved here")
    server.start()
    bea.sees_all_arrived(within=LONGEST_PAUSE)
    hall = Watcher(visit(**PROJECTOR)).opens(marathon.path("hall"))
    hall.sees_letters("4")
    assert len(marathon.rows()) == 4
