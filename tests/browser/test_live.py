"""Screens that live: they ask while somebody looks, and disturb nobody who reads."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Route, expect
from sqlalchemy import update

from app import clock
from app.catalogues import shipped_languages
from app.database import event_scope, write
from app.events.actions import close_event
from app.letters.models import Pulse
from tests import factories
from tests.browser.people import Watcher
from tests.browser.scenery import AMINA, log, set_up_marathon
from tests.browser.screen import Screen

PAUSE = "Pause updates"
POLL_OF_THE_TABLE = "document.getElementById('table-now').dispatchEvent(new CustomEvent('every'))"
STALE = "[data-stale]"
WIFI = "<!doctype html><html><body><h1>Welcome to the hotel</h1></body></html>"
OUTAGES = [
    pytest.param(None, id="no network"),
    pytest.param({"status": 500, "body": "<h1>broken</h1>"}, id="a broken server"),
    pytest.param({"status": 404, "body": "<h1>gone</h1>"}, id="nothing there"),
    pytest.param({"status": 200, "body": WIFI}, id="a wifi's own page"),
]


@pytest.fixture
def screen(visit) -> Screen:
    return Screen(visit())


@pytest.mark.parametrize("name", ["hall", "live", "desk", "home", "event"])
def test_a_tab_that_nobody_sees_asks_nothing_and_catches_up(name, sign_in, marathon, visit):
    page = sign_in(marathon.organiser).page if name == "desk" else visit()
    paths = {"home": "/", "desk": marathon.desk, "event": marathon.path("")}
    screen = Screen(page).opens(paths.get(name) or marathon.path(name))
    numbers = screen.at("#tally .figure dd" if name == "desk" else "#tally .total").first
    before = numbers.inner_text()
    assert screen.polls_in(seconds=12) > 0
    page.evaluate("setHidden(true)")
    log(marathon, 1000)
    assert screen.polls_in(seconds=70) == 0
    expect(numbers).to_have_text(before)
    page.evaluate("setHidden(false)")
    expect(numbers).not_to_have_text(before)


def test_updates_can_be_paused_and_stay_so_until_they_may_go_on(screen, marathon):
    screen.opens(marathon.path("live")).button(PAUSE).click()
    log(marathon, 3)
    assert screen.polls_in(seconds=30) == 0
    screen.sees_letters("0")
    screen.page.reload()
    expect(screen.button(PAUSE)).to_have_attribute("aria-pressed", "true")
    log(marathon, 4)
    assert screen.polls_in(seconds=30) == 0
    screen.sees_letters("3")
    screen.button(PAUSE).click()
    screen.sees_letters("7")
    expect(screen.at(STALE)).to_be_hidden()


def test_a_pause_holds_what_was_asked_before_it_too(screen, marathon):
    under_way: list[Route] = []
    screen.opens(marathon.path("live"))
    screen.page.route("**/tally?**", lambda route: under_way.append(route))
    screen.stops_its_clock()
    screen.lets_go_by(4000)
    screen.hears_what_was_asked()
    assert len(under_way) == 1
    log(marathon, 3)
    screen.button(PAUSE).click()
    with screen.page.expect_response("**/tally?**"):
        under_way[0].continue_()
    assert screen.polls_in(seconds=10) == 0
    screen.sees_letters("0")


@pytest.mark.parametrize("path", ["/", "live", "desk", ""])
def test_every_updating_page_but_the_hall_can_be_paused(path, sign_in, marathon):
    organiser = sign_in(marathon.organiser)
    organiser.opens({"/": "/", "desk": marathon.desk}.get(path) or marathon.path(path))
    expect(organiser.button(PAUSE)).to_be_visible()


def test_a_table_can_be_paused_and_still_shows_what_is_pressed_there(volunteer, marathon):
    volunteer.joins(marathon.code).button(PAUSE).click()
    log(marathon, 5)
    volunteer.page.evaluate(POLL_OF_THE_TABLE)
    volunteer.page.reload()
    expect(volunteer.button(PAUSE)).to_have_attribute("aria-pressed", "true")
    volunteer.sees("#event-letters", "5")
    log(marathon, 5)
    volunteer.page.evaluate(POLL_OF_THE_TABLE)
    volunteer.page.evaluate("fetch('/healthz').then(() => true)")
    volunteer.sees("#event-letters", "5")
    volunteer.presses(AMINA)
    volunteer.sees("#event-letters", "11")
    log(marathon, 5)
    volunteer.button(PAUSE).click()
    volunteer.sees("#event-letters", "16")


def test_nothing_new_changes_nothing_on_the_page(screen, marathon):
    log(marathon, 5)
    screen.opens(marathon.path("live"))
    screen.page.evaluate("document.getElementById('tally').stamped = true")
    assert screen.polls_in(seconds=10) > 0
    assert screen.page.evaluate("document.getElementById('tally').stamped")


@pytest.mark.parametrize("answer", OUTAGES)
def test_an_outage_is_told_and_leaves_the_number_and_heals(screen, marathon, answer):
    def fail(route: Route) -> None:
        if answer:
            route.fulfill(**answer, content_type="text/html")
        else:
            route.abort()

    log(marathon, 8)
    screen.opens(marathon.path("live"))
    screen.lets_go_by(15_000)
    expect(screen.at(STALE)).to_be_hidden()
    screen.page.route("**/tally?**", fail)
    screen.lets_go_by(15_000)
    expect(screen.at(STALE)).to_have_text(re.compile(r"May be old: no answer since \d\d:\d\d"))
    log(marathon, 1)
    screen.lets_go_by(3_000)
    screen.hears_what_was_asked()
    screen.sees_letters("8")
    screen.page.unroute("**/tally?**")
    screen.lets_go_by(3_000)
    screen.sees_letters("9")
    expect(screen.at(STALE)).to_be_hidden()


def test_the_last_ten_minutes_grow_old_though_nobody_writes(screen, marathon):
    log(marathon, 7)
    screen.opens(marathon.path("hall"))
    expect(screen.at(".hall-words")).to_contain_text("7 in the last ten minutes")
    eleven_minutes_go_by(marathon)
    screen.page.clock.fast_forward(61_000)
    expect(screen.at(".hall-words")).to_contain_text("0 in the last ten minutes")
    screen.sees_letters("7")


def test_the_clocks_go_on_between_polls(screen, marathon):
    screen.opens(marathon.path("hall"))
    expect(screen.at("[data-since] bdi")).to_have_text("1 h 0 min")
    screen.page.route("**/tally?**", lambda route: route.abort())
    screen.stops_its_clock()
    screen.lets_go_by(25 * 60_000)
    expect(screen.at("[data-since] bdi")).to_have_text("1 h 25 min")


def test_the_focus_and_what_was_open_stay_through_a_change(sign_in, marathon):
    desk = Screen(sign_in(marathon.organiser).page).opens(marathon.desk)
    summary = desk.at("#tally summary")
    summary.focus()
    desk.page.keyboard.press("Enter")
    expect(desk.at("#tally details")).to_have_attribute("open", "")
    log(marathon, 8)
    expect(desk.at("#tally .figure dd").first).to_have_text("8")
    expect(summary).to_be_focused()
    expect(desk.at("#tally details")).to_have_attribute("open", "")


def test_a_reached_milestone_is_stamped_for_three_seconds(screen, marathon):
    screen.opens(marathon.path("hall"))
    stamp = screen.at("[data-milestone-stamp]")
    log(marathon, 9)
    screen.sees_letters("9")
    expect(stamp).to_be_hidden()
    screen.stops_its_clock()
    log(marathon, 2)
    screen.sees_at_once("11")
    expect(stamp).to_be_visible()
    expect(stamp).to_contain_text("10")
    screen.lets_go_by(3000)
    expect(stamp).to_be_hidden()


def test_the_count_is_said_at_most_every_half_minute(screen, marathon):
    screen.opens(marathon.path("live"))
    said = screen.at("#announcer")
    log(marathon, 6)
    screen.sees_letters("6")
    screen.stops_its_clock()
    screen.lives(10)
    expect(said).to_have_text("")
    screen.lives(21)
    expect(said).to_have_text("6 letters")
    log(marathon, 3)
    screen.lets_time_go_on().sees_letters("9")
    screen.lives(5)
    expect(said).to_have_text("6 letters")
    screen.lives(26)
    expect(said).to_have_text("9 letters")


def test_the_hall_follows_the_close(screen, marathon):
    screen.opens(marathon.path("hall"))
    expect(screen.at("#clocks dd")).to_have_count(2)
    close_event(marathon.event, actor=marathon.organiser.public_id, now=clock.now())
    expect(screen.at("#tally .badge")).to_have_text("closed")
    expect(screen.at("#clocks dd")).to_have_count(1)


def test_a_closed_event_is_asked_once_a_minute(screen, office):
    closed = set_up_marathon(state="closed")
    screen.opens(closed.path("live"))
    assert screen.polls_in(seconds=45) == 0
    assert screen.polls_in(seconds=120) == 2


def test_without_scripts_a_live_page_is_loaded_again_every_half_minute(visit, marathon):
    hall = Watcher(visit(java_script_enabled=False)).opens(marathon.path("hall"))
    refresh = hall.page.locator("noscript").inner_html()
    assert re.search(r'<meta http-equiv="refresh" content="30">', refresh)


def test_the_halls_pulse_keeps_its_room_under_a_long_title_in_every_language(visit, marathon):
    factories.change(marathon.event, title="Amnesty-Gruppe Steglitz: Briefmarathon 2026", goal=9000)
    log(marathon, 2_345)
    page, heights = visit(viewport={"width": 1280, "height": 720}), {}
    for language in shipped_languages():
        hall = Watcher(page).opens(f"{marathon.path('hall')}?lang={language}")
        expect(hall.at("#tally .total")).to_have_text(re.compile("2.?345"))
        pulse, foot = (hall.at(each).bounding_box() for each in ("svg.pulse", ".hall-foot"))
        assert pulse["y"] + pulse["height"] <= foot["y"], language
        heights[language] = pulse["height"]
    assert min(heights.values()) >= 40, heights


def eleven_minutes_go_by(marathon) -> None:
    """What was written now, was written eleven minutes ago."""
    with write(event_scope(marathon.event.id)) as session:
        of_event = update(Pulse).where(Pulse.event_id == marathon.event.id)
        session.execute(of_event.values(minute=Pulse.minute - 11))


def test_todays_message_follows_the_count_unless_somebody_is_at_it(sign_in, marathon):
    desk = sign_in(marathon.organiser).opens(marathon.desk)
    message = desk.at("#message")
    log(marathon, 3)
    expect(message).to_have_value(re.compile("^3 letters so far"))
    message.focus()
    log(marathon, 4)
    desk.sees(".figure dd >> nth=0", "7")
    expect(message).to_be_focused()
    expect(message).to_have_value(re.compile("^3 letters so far"))
    message.blur()
    expect(message).to_have_value(re.compile("^7 letters so far"))
    message.evaluate("(field) => { field.value = 'Come!'; }")
    log(marathon, 1)
    desk.sees(".figure dd >> nth=0", "8")
    expect(message).to_have_value("Come!")
