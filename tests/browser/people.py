"""Whoever sits before a browser, with their own verbs."""

from __future__ import annotations

import contextlib
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

from playwright.sync_api import Locator, Page, Response, expect

from app.board.poll import FRESH_FOR
from app.board.queries import EVENT_VIEWS
from tests.factories import PASSWORD

SECONDS = 1000
AT_ONCE = 2 * SECONDS
"""How soon a letter is on every screen."""
ASKED_BY = AT_ONCE - 0.5 * SECONDS
"""When a screen has asked that shall show it by then, were the way there and back a slow one."""
PATIENCE = 20 * SECONDS
"""How long a slow machine is waited for, where no rule is about the time."""
A_LOOK = 3.2 * SECONDS
SEND = re.compile("^(Sign up|Join the waiting list)$")
TAPS_AT_MOST = 5


class Person:
    """Anybody with a browser."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def opens(self, path: str) -> Self:
        """Type an address of ours."""
        self.page.goto(path)
        return self

    def at(self, selector: str) -> Locator:
        """What stands there."""
        return self.page.locator(selector)

    def button(self, name: str | re.Pattern[str]) -> Locator:
        """The button that says so."""
        return self.page.get_by_role("button", name=name)

    def sees(
        self, selector: str, words: str | re.Pattern[str], *, within: float = PATIENCE
    ) -> Self:
        """Wait until these words, and no others, stand there."""
        expect(self.at(selector)).to_have_text(words, timeout=within)
        return self

    def comes_to(self, address: str) -> Self:
        """Wait for the page that a press leads to, and for its scripts."""
        expect(self.page).to_have_url(re.compile(address))
        self.page.wait_for_load_state()
        return self

    def opens_and_stops_time(self, path: str) -> Self:
        """Type an address; on its page no second goes by but those that are let go by."""
        self.page.clock.install()
        self.page.clock.pause_at(datetime.now() + timedelta(hours=1))
        # htmx begins with a timer.
        return self.opens(path).lets_go_by(1)

    def lets_go_by(self, milliseconds: float) -> Self:
        """So much of the time that was stopped, in a moment."""
        self.page.clock.run_for(int(milliseconds))
        return self

    def lets_time_go_on(self) -> Self:
        """As it does for everybody else."""
        self.page.clock.resume()
        return self


class Volunteer(Person):
    """Somebody with a phone at a writing table."""

    def joins(self, code: str) -> Self:
        """Type the code of the table's card."""
        self.opens("/join")
        self.page.get_by_label("Code").fill(code)
        self.button("Start").click()
        return self.comes_to("/table/$")

    def card(self, name: str) -> Locator:
        """A case's card."""
        return self.at(".press-card").filter(has=self.page.get_by_role("heading", name=name))

    def press_button(self, name: str) -> Locator:
        """The big button for a case, whatever it adds at the moment."""
        return self.card(name).locator(".press")

    def taps(self, name: str, times: int = 1) -> Self:
        """Press for a case, without waiting for any answer."""
        for _time in range(times):
            self.press_button(name).click()
        return self

    def presses(self, name: str) -> Response:
        """Press for a case once, and wait for the server's answer."""
        with self.page.expect_response("**/table/letters") as answer:
            self.taps(name)
        return answer.value

    def sets_a_stack_of(self, number: int) -> Self:
        """Say how many the next press is."""
        self.page.get_by_label("A stack of").fill(str(number))
        return self

    def chooses(self, kind: str) -> Self:
        """Choose what people are writing, also under More."""
        button = self.at("#kinds").get_by_role("button", name=kind, exact=True)
        if not button.is_visible():
            self.at(".kinds-more > summary").click()
        button.click()
        return self

    def takes_back(self, what: str) -> Response:
        """Take back what stands first on the list of this phone's letters, once it is this."""
        first = self.at(".entry").first
        expect(first).to_contain_text(what)
        button = first.get_by_role("button", name="Take back")
        with self.page.expect_response("**/take-back") as answer:
            for _tap in range(TAPS_AT_MOST):
                button.click()
                # A list that moved only just now takes no tap: whoever sees that taps again.
                with contextlib.suppress(AssertionError):
                    expect(button).to_be_hidden(timeout=1000)
                    break
        return answer.value

    def undoes(self) -> Response:
        """Take the last press back in one tap, where the thumb is."""
        with self.page.expect_response("**/take-back") as answer:
            self.at("#undo button").click()
        return answer.value

    def sees_here(self, name: str, letters: str, *, within: float = PATIENCE) -> Self:
        """Wait for the count of this table's letters for a case."""
        expect(self.card(name).locator(".here .num")).to_have_text(letters, timeout=within)
        return self

    def sees_all_arrived(self, *, within: float = PATIENCE) -> Self:
        """Wait until nothing is left to send."""
        return self.sees("#link-state", "All letters have arrived", within=within)


class Organiser(Person):
    """Somebody with an account."""

    def signs_in(self, email: str) -> Self:
        """Through the form, as everybody does."""
        self.opens("/sign-in")
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.button("Sign in").click()
        return self.comes_to("/desk/$")


class Doorkeeper(Person):
    """An organiser with a phone at a door."""

    def row(self, name: str) -> Locator:
        """The party's row."""
        return self.at("#door-list > li").filter(has_text=name)

    def taps(self, name: str) -> Self:
        """Tap the name."""
        self.row(name).locator(".door-tap").click()
        return self

    def counts(self, words: str) -> Self:
        """Wait until these are here."""
        return self.sees("#door-count", words)


class Guest(Person):
    """Somebody who comes to write, with a phone."""

    def fills_in(self, name: str, *, people: int) -> Self:
        """The form for signing up, at a person's pace: nobody fills it in in less than 3 s."""
        self.page.get_by_label("Your name").fill(name)
        self.page.get_by_label("How many of you come").fill(str(people))
        self.page.wait_for_timeout(A_LOOK)
        return self

    def signs_up(self) -> Self:
        """Send the form, and wait for the answer: their own page."""
        self.button(SEND).click()
        return self.comes_to("/sign-ups/[0-9a-f]{64}/$")

    def downloads(self, link: str) -> str:
        """What is in the file behind a link."""
        with self.page.expect_download() as taken:
            self.page.get_by_role("link", name=link).click()
        return Path(taken.value.path()).read_text()


class Watcher(Person):
    """Somebody before a live screen."""

    def sees_letters(self, letters: str, *, within: float = PATIENCE) -> Self:
        """Wait for the big number."""
        expect(self.at("#tally .total")).to_have_text(letters, timeout=within)
        return self

    def sees_at_once(self, letters: str) -> Self:
        """The big number where time stands still, two seconds on, or what a busy server asks."""
        # What the server looked up it believes for a moment, and no page stops the server's time.
        self.page.wait_for_timeout(FRESH_FOR * SECONDS)
        more = int(self.at("#tally").get_attribute("data-pace")) - EVENT_VIEWS["hall"]
        return self.lets_go_by(ASKED_BY + more * SECONDS).sees_letters(letters)
