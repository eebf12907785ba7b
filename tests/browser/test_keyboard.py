"""Everything without a mouse, and always visibly somewhere."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from playwright.sync_api import Locator, expect

from app import clock
from tests import factories
from tests.browser.hands import Keyboard
from tests.browser.people import Person
from tests.browser.scenery import AMINA, set_up_season


class Typist(Person):
    """Somebody whose mouse is broken."""

    def tabs_to(self, target: Locator) -> Typist:
        """Go on with Tab until it has the focus, which can be seen at every stop."""
        Keyboard().reaches(target, "Tab")
        return self

    def types(self, words: str) -> Typist:
        """Write over what stands there."""
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(words)
        return self

    def strikes(self, key: str) -> Typist:
        """Press one key."""
        self.page.keyboard.press(key)
        return self

    def goes_on(self) -> Typist:
        """Press Enter, which leads to another page."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        return self

    def field(self, label: str) -> Locator:
        """What the label names."""
        return self.page.get_by_label(label, exact=True)


@pytest.fixture
def typist(visit) -> Typist:
    return Typist(visit())


def test_an_event_is_planned_opened_and_counted_by_keyboard_alone(typist, office):
    set_up_season()
    ana = factories.organiser()
    typist.opens("/sign-in")
    typist.tabs_to(typist.field("E-mail")).types(ana.email)
    typist.tabs_to(typist.field("Password")).types(factories.PASSWORD).goes_on()
    expect(typist.at("h1")).to_have_text("Your desk")

    typist.tabs_to(typist.page.get_by_role("link", name="New event")).goes_on()
    typist.tabs_to(typist.page.get_by_role("link", name="Group")).goes_on()
    typist.tabs_to(typist.field("Title")).types("By hand alone")
    # No clock is ever put on or back at such hours.
    noon = datetime.combine(clock.now() + timedelta(days=1), time(12))
    for label, moment in (("Starts", noon), ("Ends", noon + timedelta(hours=6))):
        typist.tabs_to(typist.field(label))
        typist.page.keyboard.type(f"{moment:%m%d%Y}")
        typist.strikes("Tab")
        typist.page.keyboard.type(f"{moment:%I%M%p}")
    typist.tabs_to(typist.button("Plan the event")).goes_on()
    expect(typist.at("h1")).to_contain_text("By hand alone")

    typist.tabs_to(typist.button("Open the event")).goes_on()
    expect(typist.at("h1 .badge--now")).to_be_visible()

    typist.tabs_to(typist.field("How many")).types("30")
    typist.tabs_to(typist.at("#log-form").get_by_role("button", name="Log")).goes_on()
    expect(typist.at("#tally .figure dd").first).to_have_text("30")

    typist.tabs_to(typist.at(".tabs").get_by_role("link", name="Letters")).goes_on()
    typist.tabs_to(typist.button("Take back")).strikes("Enter")
    expect(typist.at("tbody tr")).to_contain_text("taken back")
    typist.tabs_to(typist.at(".tabs").get_by_role("link", name="Today")).goes_on()
    expect(typist.at("#tally .figure dd").first).to_have_text("0")


def test_a_table_is_joined_and_kept_by_keyboard_alone(typist, marathon):
    typist.opens("/join")
    typist.tabs_to(typist.field("Code")).types(marathon.code).goes_on()
    amina = typist.at(".press-card").filter(has_text=AMINA)
    typist.tabs_to(amina.locator(".press")).strikes("Enter").strikes("Space")
    expect(amina.locator(".here .num")).to_have_text("2")
    expect(amina.locator(".press")).to_be_focused()
    expect(typist.at(".entry")).to_have_count(2)

    typist.tabs_to(typist.field("A stack of")).types("12")
    Keyboard().reaches(amina.locator(".press"), "Shift+Tab")
    typist.strikes("Enter")
    expect(amina.locator(".here .num")).to_have_text("14")

    typist.tabs_to(typist.at("#undo button")).strikes("Enter")
    expect(amina.locator(".here .num")).to_have_text("2")


def test_the_first_stop_skips_to_the_main_part(typist, office):
    set_up_season()
    typist.opens("/cases/")
    typist.tabs_to(typist.page.get_by_role("link", name="Skip to the main part")).strikes("Enter")
    expect(typist.at("main")).to_be_focused()
    typist.strikes("Tab")
    assert typist.page.evaluate("document.activeElement.closest('main') !== null")
