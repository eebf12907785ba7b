"""What a live screen does by itself: holds back, keeps its head, heals, speaks and celebrates."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from app import clock
from app.letters import actions
from tests import factories
from tests.browser.people import SECONDS, Watcher

POLLS = "**/tally?*"
WIFI = "<!doctype html><html><body><h1>Welcome to the hotel</h1></body></html>"


@pytest.fixture
def log(marathon):
    """Log letters at the event's desk, from the office."""

    def letters(quantity=1, **press):
        case = marathon.event.cases[0]
        press = factories.press(case, quantity=quantity, **press)
        actions.log_at_desk(marathon.event, press, table_id=None, actor="x", now=clock.now())

    return letters


@pytest.fixture
def board(visit, marathon) -> Watcher:
    """Somebody at home with the live board, and with a clock that the test can move on."""
    page = visit()
    page.clock.install()
    return Watcher(page).opens(marathon.path("live"))


def sees(board: Watcher, letters: str) -> None:
    """Wait for the number of a board that asks every two seconds."""
    board.page.clock.run_for(2 * SECONDS)
    board.sees_letters(letters, within=5 * SECONDS)


class Asked:
    """The polls of a page from now on."""

    def __init__(self, page: Page) -> None:
        self.urls: list[str] = []
        page.on("request", self.note)

    def note(self, request) -> None:
        if "/tally?" in request.url:
            self.urls.append(request.url)


def test_paused_updates_stay_paused_until_they_are_wanted(board, log):
    pause = board.button("Pause updates")
    pause.click()
    asked = Asked(board.page)
    log(3)
    board.page.clock.run_for(30 * SECONDS)
    expect(pause).to_have_attribute("aria-pressed", "true")
    assert asked.urls == []
    board.page.reload()
    expect(pause).to_have_attribute("aria-pressed", "true")
    expect(board.at("[data-stale]")).to_be_hidden()
    log(4)
    board.page.clock.run_for(30 * SECONDS)
    assert asked.urls == []
    sees(board, "3")
    pause.click()
    sees(board, "7")


def test_a_hidden_tab_asks_nothing_and_asks_at_once_when_it_comes_back(board, log):
    page = board.page
    page.evaluate("Object.defineProperty(document, 'hidden', { get: () => window.isAway })")
    page.evaluate("window.isAway = true")
    asked = Asked(page)
    log(5)
    page.clock.run_for(60 * SECONDS)
    assert asked.urls == []
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 1)
    page.evaluate("window.isAway = false; document.dispatchEvent(new Event('visibilitychange'))")
    sees(board, "5")


@pytest.mark.parametrize(
    "outage",
    [
        lambda route: route.abort(),
        lambda route: route.fulfill(status=500, body="<h1>broken</h1>", content_type="text/html"),
        lambda route: route.fulfill(status=404, body="<h1>gone</h1>", content_type="text/html"),
        lambda route: route.fulfill(status=200, body=WIFI, content_type="text/html"),
    ],
    ids=["no network", "a broken server", "nothing there", "a wifi's own page"],
)
def test_an_outage_is_told_and_leaves_the_number_and_heals(board, log, outage):
    log(8)
    sees(board, "8")
    mark = board.at("[data-stale]")
    expect(mark).to_be_hidden()
    board.page.route(POLLS, outage)
    log(1)
    board.page.clock.run_for(15 * SECONDS)
    expect(mark).to_have_text(re.compile(r"May be old: no answer since \d\d:\d\d"))
    sees(board, "8")
    board.page.unroute(POLLS)
    board.page.clock.run_for(3 * SECONDS)
    sees(board, "9")
    expect(mark).to_be_hidden()


def test_a_table_stays_open_and_keeps_the_focus(board, log):
    log(1)
    sees(board, "1")
    summary = board.at("#tally summary")
    summary.click()
    log(1)
    sees(board, "2")
    expect(summary).to_be_focused()
    expect(board.at("#tally details table")).to_be_visible()


def test_the_count_is_said_now_and_then_and_only_when_it_changed(board, log):
    said = board.at("#announcer")
    log(2)
    sees(board, "2")
    expect(said).to_be_empty()
    board.page.clock.run_for(31 * SECONDS)
    expect(said).to_have_text("2 letters")
    log(3)
    board.page.clock.run_for(10 * SECONDS)
    sees(board, "5")
    expect(said).to_have_text("2 letters")
    board.page.clock.run_for(25 * SECONDS)
    expect(said).to_have_text("5 letters")


def test_an_hour_that_slid_is_asked_for_once_a_minute(board, log):
    log(1)
    sees(board, "1")
    asked = Asked(board.page)
    board.page.clock.run_for(50 * SECONDS)
    assert [url for url in asked.urls if "v=&" in url] == []
    board.page.clock.run_for(15 * SECONDS)
    expect(board.at("#tally")).to_have_attribute("data-letters", "1")
    assert len([url for url in asked.urls if "v=&" in url]) == 1


def test_the_hall_celebrates_a_milestone_and_goes_on(hall, log):
    stamp = hall.at("[data-milestone-stamp]")
    log(9)
    hall.sees_letters("9")
    expect(stamp).to_be_hidden()
    log(3)
    expect(stamp).to_be_visible()
    expect(stamp.locator(".postmark-middle")).to_have_text("10")
    hall.sees_letters("12")
    expect(stamp).to_be_hidden(timeout=5 * SECONDS)


def test_the_hall_follows_the_opening_and_the_close(hall, marathon):
    expect(hall.at("#clocks dd")).to_have_count(2)
    moment = clock.now()
    version = marathon.event.live_version
    factories.change(marathon.event, state="closed", closed_at=moment, live_version=version + 1)
    expect(hall.at("#tally .badge")).to_have_text("closed")
    expect(hall.at("#clocks dd")).to_have_count(1)
