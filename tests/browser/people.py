"""Whoever sits before a browser, with their own verbs."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path
from typing import Self

from playwright.sync_api import Locator, Page, Response, expect

from tests.factories import PASSWORD

SECONDS = 1000
AT_ONCE = 2 * SECONDS
"""How soon a letter is on every screen."""
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

    def sees(self, selector: str, words: str | re.Pattern[str], *, within: float = 5000) -> Self:
        """Wait until these words, and no others, stand there."""
        expect(self.at(selector)).to_have_text(words, timeout=within)
        return self


class Volunteer(Person):
    """Somebody with a phone at a writing table."""

    def joins(self, code: str) -> Self:
        """Type the code of the table's card."""
        self.opens("/join")
        self.page.get_by_label("Code").fill(code)
        self.button("Start").click()
        expect(self.page).to_have_url(re.compile("/table/$"))
        return self

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

    def sees_here(self, name: str, letters: str, *, within: float = 5000) -> Self:
        """Wait for the count of this table's letters for a case."""
        expect(self.card(name).locator(".here .num")).to_have_text(letters, timeout=within)
        return self

    def sees_all_arrived(self, *, within: float = 10_000) -> Self:
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
        expect(self.page).to_have_url(re.compile("/desk/$"))
        return self


class Doorkeeper(Person):
    """An organiser with a phone at a door."""

    def row(self, name: str) -> Locator:
        """The party's row."""
        return self.at("#door-list > li").filter(has_text=name)

    def taps(self, name: str) -> Self:
        """Tap the name."""
        self.row(name).locator(".door-tap").click()
        return self

    def counts(self, words: str, *, within: float = AT_ONCE) -> Self:
        """Wait, at most as long as the promise says, until these are here."""
        return self.sees("#door-count", words, within=within)


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
        expect(self.page).to_have_url(re.compile("/sign-ups/[0-9a-f]{64}/$"))
        return self

    def downloads(self, link: str) -> str:
        """What is in the file behind a link."""
        with self.page.expect_download() as taken:
            self.page.get_by_role("link", name=link).click()
        return Path(taken.value.path()).read_text()


class Watcher(Person):
    """Somebody before a live screen."""

    def sees_letters(self, letters: str, *, within: float = 5 * SECONDS) -> Self:
        """Wait for the big number."""
        expect(self.at("#tally .total")).to_have_text(letters, timeout=within)
        return self
