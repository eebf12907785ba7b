"""Nothing moves under a thumb when a number changes."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from app import clock
from app.events.actions import close_event, open_event
from tests.browser.conftest import PHONE
from tests.browser.motions import bring_to_rest
from tests.browser.people import Volunteer
from tests.browser.scenery import AMINA, ILYAS, log, set_up_marathon

WATCH_FOR_SHIFTS = """
  window.shifts = [];
  // A list grows by what was logged, and a button's words are as long as their number.
  const mayMove = "#entries, .press *";
  const moved = ({ node }) => node?.nodeType === Node.TEXT_NODE ? node.parentElement : node;
  const note = (entries) => {
    // Also what moves right after a tap, which the browser's own score forgives.
    for (const entry of entries) {
      const nodes = entry.sources.map(moved).filter((node) => node && !node.closest(mayMove));
      window.shifts.push(...nodes.map((node) => node.outerHTML));
    }
  };
  const observer = new PerformanceObserver((list) => note(list.getEntries()));
  observer.observe({ type: "layout-shift", buffered: true });
  window.tellShifts = () => {
    note(observer.takeRecords());
    return window.shifts;
  };
"""
CONTROLS = ".press, .kind, #quantity, #link-state, .dock, .table-head"
POLL = "document.getElementById('table-now').dispatchEvent(new CustomEvent('every'))"
TWO_FRAMES = "() => new Promise(d => requestAnimationFrame(() => requestAnimationFrame(d)))"
BOXES = """(selector) =>
  [...document.querySelectorAll(selector)].map((one) => {
    const { x, y, width, height } = one.getBoundingClientRect();
    return [x, y, width, height].map(Math.round);
  })"""


@pytest.fixture
def bea(visit, marathon) -> Volunteer:
    """Sits at a table that has logged nine letters, so that the next one needs more room."""
    log(marathon, 9)
    page = visit(**PHONE)
    page.add_init_script(WATCH_FOR_SHIFTS)
    return Volunteer(page).joins(marathon.code)


def test_nothing_moves_when_letters_are_pressed(bea):
    bea.sees_here(AMINA, "9")
    settle(bea.page)
    boxes = boxes_of(bea.page)
    bea.taps(AMINA, times=3).taps(ILYAS)
    bea.sees_here(AMINA, "12").sees_all_arrived()
    expect(bea.at(".entry")).to_have_count(4)
    bea.undoes()
    bea.sees_here(ILYAS, "0").sees_all_arrived()
    assert boxes_of(bea.page) == boxes
    assert shifts_of(bea.page) == []


def test_nothing_moves_when_a_stack_makes_the_number_long(bea):
    bea.sees_here(AMINA, "9")
    settle(bea.page)
    bea.sets_a_stack_of(200).presses(AMINA)
    bea.sees_here(AMINA, "209").sees_all_arrived()
    assert shifts_of(bea.page) == []


@pytest.mark.parametrize("width", [320, 360])
def test_nothing_moves_when_the_event_is_opened_or_closed(visit, office, width):
    marathon = set_up_marathon(state="upcoming")
    page = visit(**PHONE | {"viewport": {"width": width, "height": 740}})
    page.add_init_script(WATCH_FOR_SHIFTS)
    bea = Volunteer(page).joins(marathon.code)
    bea.sees(".hours", "Not open yet. What you log waits for a check.")
    settle(page)
    boxes = boxes_of(page)
    open_event(marathon.event, actor=marathon.organiser.public_id, now=clock.now())
    page.evaluate(POLL)
    bea.sees(".hours", re.compile("until"))
    bea.presses(AMINA)
    bea.sees("#last", f"1 letter for {AMINA}").sees_here(AMINA, "1")
    expect(bea.at(".entry")).to_have_count(1)
    close_event(marathon.event, actor=marathon.organiser.public_id, now=clock.now())
    # The page has not heard of it yet: the answer tells, and the line follows.
    bea.presses(AMINA)
    bea.sees("#last", f"1 letter for {AMINA}: waiting for a check")
    bea.sees(".hours", "Closed. What you log waits for a check.").sees_here(AMINA, "1")
    bea.presses(AMINA)
    bea.sees("#last", f"1 letter for {AMINA}: waiting for a check")
    assert boxes_of(page) == boxes
    assert shifts_of(page) == []


def test_a_shift_would_be_noticed(bea):
    settle(bea.page)
    bea.page.evaluate("document.querySelector('.kinds').before('Something new above it all')")
    assert shifts_of(bea.page) != []


def settle(page: Page) -> None:
    """Let all come in and the first drawing be done; what moved until then is forgiven."""
    page.wait_for_load_state()
    page.evaluate("document.fonts.ready.then(() => true)")
    shifts_of(page)
    page.evaluate("window.shifts.length = 0")


def boxes_of(page: Page) -> list[list[int]]:
    """Where the controls stand, once a button that was pressed has come up again."""
    bring_to_rest(page)
    boxes: list[list[int]] = page.evaluate(BOXES, CONTROLS)
    return boxes


def shifts_of(page: Page) -> list[str]:
    """What moved, once the browser had the time to say so."""
    page.evaluate(TWO_FRAMES)
    page.evaluate(TWO_FRAMES)
    shifts: list[str] = page.evaluate("tellShifts()")
    return shifts
