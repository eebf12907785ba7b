"""The list of last letters on a table's page: no button moves away under a finger."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.people import Volunteer
from tests.browser.scenery import AMINA, ILYAS

ENTRIES = "#entries .entry"
HANDS_OFF_MS = 2000
"""How long the list stands still after a hand was there."""
TAKEN_BACK = re.compile("taken back")


@pytest.fixture
def bea(volunteer, marathon) -> Volunteer:
    """Sits at the marathon's table, and has logged a letter for Amina."""
    volunteer.page.clock.install()
    bea = volunteer.joins(marathon.code).taps(AMINA).sees_all_arrived()
    expect(bea.page.locator(ENTRIES)).to_have_count(1)
    return bea


def test_the_list_stands_still_while_a_hand_is_at_it(bea, marathon):
    button = bea.page.locator(f"{ENTRIES} button")
    button.scroll_into_view_if_needed()
    bea.page.clock.pause_at(datetime.now() + timedelta(minutes=1))
    # The letter is logged by script: the hand stays where it is.
    bea.page.evaluate(
        """() => {
          document.addEventListener("htmx:before:swap", ({ defaultPrevented }) => {
            document.body.dataset.isHeldBack = defaultPrevented;
          });
          const button = document.querySelector("#entries .entry button");
          button.dispatchEvent(new PointerEvent("pointermove", { bubbles: true }));
          document.querySelector("#case-ilyas-danko .press").click();
        }"""
    )
    bea.sees_all_arrived()
    expect(bea.at("body")).to_have_attribute("data-is-held-back", "true")
    expect(bea.page.locator(ENTRIES)).to_have_count(1)
    bea.lets_go_by(HANDS_OFF_MS)
    expect(bea.page.locator(ENTRIES)).to_have_count(2)


def test_a_tap_that_was_aimed_before_the_list_moved_does_nothing_and_says_so(bea, marathon):
    bea.page.evaluate(
        """() => document.addEventListener("htmx:after:swap", function tap() {
          const buttons = document.querySelectorAll("#entries .entry button");
          if (buttons.length < 2) return;
          document.removeEventListener("htmx:after:swap", tap);
          buttons[0].dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
          buttons[0].click();
        })"""
    )
    bea.taps(ILYAS).sees_all_arrived()
    expect(bea.page.locator(ENTRIES)).to_have_count(2)
    assert [row.act for row in marathon.rows()] == ["log", "log"]
    for told in ("#announcer", "#last"):
        expect(bea.page.locator(told)).to_have_text("The list had just moved. Tap again.")
    expect(bea.page.locator("#undo")).to_be_hidden()
    # A tap that was aimed at what stands there is heard.
    bea.lets_go_by(HANDS_OFF_MS)
    bea.page.locator(f"{ENTRIES} button").first.click()
    expect(bea.page.locator(ENTRIES).first).to_contain_text(TAKEN_BACK)
    assert [row.act for row in marathon.rows()] == ["log", "log", "void"]
