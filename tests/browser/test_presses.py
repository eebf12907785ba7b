"""Every tap is a row, once, in its order, whatever the network, the server or the hand does."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Route, expect
from sqlalchemy import delete

from app import clock
from app.campaigns.actions import pause_case
from app.database import SECTION, write
from app.events.models import Device
from app.letters.rules import DEVICE_RATE
from app.limits import RateLimit, take
from tests.browser.conftest import PHONE
from tests.browser.people import SECONDS, Volunteer, Watcher
from tests.browser.scenery import AMINA, ILYAS, own_case, set_up_marathon, usual_cases

PRESS = "**/table/letters"
LONGEST_PAUSE = 40_000
"""As long as a phone that has tried in vain may wait until it tries again, and somewhat more."""


@pytest.fixture
def bea(volunteer, marathon) -> Volunteer:
    """Sits at the marathon's table."""
    return volunteer.joins(marathon.code)


def test_a_hundred_quick_taps_are_a_hundred_rows_in_their_order(bea, hall, marathon):
    names = [AMINA, AMINA, ILYAS, AMINA, ILYAS] * 20
    places = {name: middle_of(bea.press_button(name)) for name in (AMINA, ILYAS)}
    for name in names:
        bea.page.touchscreen.tap(*places[name])
    bea.sees_here(AMINA, "60").sees_here(ILYAS, "40")
    arrive_in_spite_of_limits(bea, marathon, wanted=100)
    rows = marathon.rows()
    case_names = {case.id: case.name for case in marathon.event.cases}
    assert [case_names[row.case_id] for row in rows] == names
    assert {row.quantity for row in rows} == {1}
    hall.sees_letters("100")
    bea.sees("#event-letters", "100").sees_here(AMINA, "60").sees_here(ILYAS, "40")


def test_a_press_whose_answer_is_lost_counts_once(bea, marathon):
    posted, lost = [], []

    def lose_every_other_answer(route: Route) -> None:
        posted.append(route.request.post_data_json["op"])
        answer = route.fetch()
        if len(posted) % 2:
            lost.append(posted[-1])
            route.abort()
        else:
            route.fulfill(response=answer)

    bea.page.route(PRESS, lose_every_other_answer)
    bea.taps(AMINA, times=5).sees_all_arrived(within=LONGEST_PAUSE)
    assert len(lost) == 5
    assert Counter(posted) == dict.fromkeys(lost, 2)
    assert [row.op for row in marathon.rows()] == lost
    bea.sees_here(AMINA, "5")


def test_enter_after_the_size_of_a_stack_logs_for_nobody(bea, marathon):
    bea.sets_a_stack_of(12).at("#quantity").press("Enter")
    expect(bea.at("#quantity")).not_to_be_focused()
    expect(bea.at("#quantity")).to_have_value("12")
    bea.presses(ILYAS)
    bea.sees_here(ILYAS, "12").sees_here(AMINA, "0")
    assert [row.quantity for row in marathon.rows()] == [12]


def test_enter_without_a_script_asks_which_case_and_keeps_the_size(visit, marathon):
    bea = Volunteer(visit(**PHONE, java_script_enabled=False)).joins(marathon.code)
    bea.sets_a_stack_of(12).at("#quantity").press("Enter")
    bea.sees("#refusal", "Choose a case.")
    expect(bea.at("#quantity")).to_have_value("12")
    assert marathon.rows() == []


def test_without_a_network_letters_are_saved_here_and_arrive_later(bea, hall, marathon):
    bea.page.context.set_offline(True)
    bea.taps(AMINA, times=3).sets_a_stack_of(12).taps(ILYAS)
    bea.sees(
        "#link-state",
        "No network: 4 saved here, all sent as soon as it is back. Keep this page open.",
    )
    bea.sees_here(AMINA, "3").sees_here(ILYAS, "12").sees("#event-letters", "15")
    assert marathon.rows() == []
    bea.page.context.set_offline(False)
    bea.sees_all_arrived(within=LONGEST_PAUSE)
    hall.sees_letters("15")
    rows = marathon.rows()
    assert [row.quantity for row in rows] == [1, 1, 1, 12]
    assert all(row.pressed_at < row.recorded_at for row in rows)


def test_a_press_and_its_taking_back_travel_together(bea, marathon):
    bea.page.context.set_offline(True)
    bea.taps(AMINA, times=2)
    bea.at("#undo button").click()
    bea.sees_here(AMINA, "1")
    bea.page.context.set_offline(False)
    bea.sees_all_arrived(within=LONGEST_PAUSE).sees_here(AMINA, "1")
    assert [row.act for row in marathon.rows()] == ["log", "log", "void"]


@pytest.mark.parametrize(
    ("status", "body"), [(502, "<h1>Bad gateway</h1>"), (500, '{"error": "broken"}')]
)
def test_a_server_that_stumbles_is_asked_again(bea, marathon, status, body):
    broken = []

    def stumble_twice(route: Route) -> None:
        if len(broken) < 2:
            broken.append(route)
            route.fulfill(status=status, body=body)
        else:
            route.continue_()

    bea.page.route(PRESS, stumble_twice)
    words = tell_what_stands_at(bea, "#link-state")
    bea.taps(AMINA).sees_all_arrived(within=LONGEST_PAUSE)
    assert [said for said in words() if "saved here" in said]
    assert (len(broken), len(marathon.rows())) == (2, 1)


def test_more_than_the_limit_at_once_wait_their_turn(bea, marathon):
    statuses = Counter()
    bea.page.on("response", lambda answer: statuses.update([answer.status]))
    words = tell_what_stands_at(bea, "#link-state")
    (device,) = marathon.devices()
    # However long the machine takes for a press, by then there is no place for it.
    use_up_places(device, until=clock.now() + timedelta(seconds=5))
    bea.taps(AMINA, times=3)
    bea.sees_here(AMINA, "3")
    bea.sees_all_arrived(within=LONGEST_PAUSE)
    assert statuses[429] >= 1
    assert [row.quantity for row in marathon.rows()] == [1] * 3
    assert not [said for said in words() if "No network" in said]


def test_a_tap_is_shown_before_the_server_answers_in_no_time(volunteer, marathon):
    volunteer.page.clock.install()
    bea = volunteer.joins(marathon.code)
    bea.page.clock.pause_at(datetime.now() + timedelta(minutes=1))
    waiting: list[Route] = []
    bea.page.route(PRESS, lambda route: waiting.append(route))
    with bea.page.expect_request(PRESS):
        bea.taps(AMINA)
    bea.sees_here(AMINA, "1").sees("#event-letters", "1")
    bea.sees("#last", f"1 letter for {AMINA}")
    expect(bea.at("#announcer")).to_have_text(f"1 letter for {AMINA}, 1 here")
    assert marathon.rows() == []
    waiting.pop().continue_()
    bea.sees_all_arrived().sees_here(AMINA, "1")


class TestPausedCase:
    """A case is paused while a phone shows it as open."""

    @pytest.fixture
    def tomas(self, office):
        return own_case()

    @pytest.fixture
    def marathon(self, tomas):
        return set_up_marathon(cases=[*usual_cases(tomas.campaign), tomas])

    @pytest.fixture
    def asked(self, bea, tomas, marathon) -> Volunteer:
        pause_case(tomas, reason="Freed.", actor=marathon.organiser.public_id, now=clock.now())
        bea.taps(tomas.name)
        expect(bea.at("#confirm")).to_contain_text(f"Stop writing for {tomas.name}")
        expect(bea.button("It was already written: log it")).to_be_focused()
        assert marathon.rows() == []
        return bea

    def test_a_letter_written_before_is_logged_when_that_is_confirmed(self, asked, tomas, marathon):
        asked.button("It was already written: log it").click()
        asked.sees_all_arrived().sees_here(tomas.name, "1")
        assert [row.quantity for row in marathon.rows()] == [1]
        expect(asked.press_button(tomas.name)).to_be_focused()

    def test_a_letter_that_is_not_confirmed_is_not_logged(self, asked, tomas, marathon):
        asked.button("Do not log it").click()
        asked.sees_all_arrived().sees_here(tomas.name, "0")
        assert marathon.rows() == []

    def test_other_presses_do_not_wait_for_the_answer(self, asked, tomas, marathon):
        asked.taps(AMINA, times=2).taps(ILYAS).taps(tomas.name).taps(AMINA)
        asked.sees_here(AMINA, "3")
        expect(asked.at(".entry")).to_have_count(4)
        names = {case.id: case.name for case in marathon.event.cases}
        assert [names[row.case_id] for row in marathon.rows()] == [AMINA, AMINA, ILYAS, AMINA]
        asked.button("Do not log it").click()
        # The second for Tomas is a question of its own.
        asked.button("It was already written: log it").click()
        asked.sees_all_arrived().sees_here(tomas.name, "1")
        expect(asked.at("#confirm")).to_be_hidden()
        assert len(marathon.rows()) == 5

    def test_taking_back_what_is_asked_about_goes_with_it(self, bea, tomas, marathon):
        pause_case(tomas, reason="Freed.", actor=marathon.organiser.public_id, now=clock.now())
        bea.page.context.set_offline(True)
        bea.taps(tomas.name)
        bea.at("#undo button").click()
        bea.page.context.set_offline(False)
        expect(bea.at("#confirm")).to_be_visible(timeout=LONGEST_PAUSE)
        bea.button("Do not log it").click()
        bea.sees_all_arrived().sees_here(tomas.name, "0")
        expect(bea.at("#told")).to_be_hidden()
        assert marathon.rows() == []

    def test_every_screen_says_it_within_seconds(self, volunteer, tomas, marathon, visit):
        board = Watcher(visit()).opens_and_stops_time(marathon.path("live"))
        volunteer.page.clock.install()
        volunteer.joins(marathon.code)
        pause_case(tomas, reason="Freed.", actor=marathon.organiser.public_id, now=clock.now())
        board.lets_go_by(5 * SECONDS)
        expect(board.at("#tally")).to_contain_text("stop writing")
        volunteer.page.clock.run_for(10_000)
        expect(volunteer.card(tomas.name)).to_contain_text("Stop writing. Freed.")


def middle_of(button) -> tuple[float, float]:
    """Where a thumb hits."""
    box = button.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def use_up_places(device: Device, *, until: datetime) -> None:
    """Let a phone have pressed as often as it may, up to this moment."""
    with write(SECTION) as session:
        while not take(session.connection(), f"press:device:{device.id}", DEVICE_RATE, now=until):
            pass


def arrive_in_spite_of_limits(bea: Volunteer, marathon, *, wanted: int) -> None:
    """Let all arrive without waiting a minute and more: the limits have a test of their own."""
    while len(marathon.rows()) < wanted:
        with write(SECTION) as session:
            session.execute(delete(RateLimit).where(RateLimit.key.startswith("press:")))
        with suppress(AssertionError):
            bea.sees_all_arrived(within=100)
    bea.sees_all_arrived()


def tell_what_stands_at(bea: Volunteer, selector: str):
    """Note every change of the words there; calling it tells them."""
    bea.page.evaluate(
        """selector => {
          const place = document.querySelector(selector);
          window.noted = [place.textContent];
          new MutationObserver(() => window.noted.push(place.textContent))
            .observe(place, { childList: true, characterData: true, subtree: true });
        }""",
        selector,
    )
    return lambda: bea.page.evaluate("window.noted")
