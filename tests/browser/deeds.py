"""What somebody does on a page to bring it into a state worth looking at."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.people import Person

Deed = Callable[[Person], object]


def send_it(button: str) -> Deed:
    """Press the page's button with nothing filled in."""
    return lambda person: person.at("main").get_by_role("button", name=button).click()


def type_a_wrong_code(person: Person) -> None:
    person.page.get_by_label("Code").fill("ABCD-2345")
    person.button("Start").click()


def open_more(person: Person) -> None:
    person.at(".kinds-more > summary").click()


def open_menu(person: Person) -> None:
    person.at(".menu > summary").click()


def open_events_menu(person: Person) -> None:
    person.at("#desk-head .menu > summary").click()


def set_a_stack(person: Person) -> None:
    person.page.get_by_label("A stack of").fill("12")


def open_the_first_person(person: Person) -> None:
    person.at("tbody a").first.click()


def press_for_the_paused(person: Person) -> None:
    person.at(".press-card--stopped .press").click()
    person.at("#confirm").wait_for()


def log_nothing(person: Person) -> None:
    person.page.get_by_label("How many").fill("0")
    person.at("#log-form").get_by_role("button", name="Log").click()


def add_a_nameless_table(person: Person) -> None:
    person.at("#new-table").get_by_label("Name").fill("")
    person.button("Add the table").click()
    person.at("#new-table .field-error").wait_for()


def let_nobody_in(person: Person) -> None:
    person.at("#door-walk-in > summary").click()
    person.at("#people").fill("0")
    person.at("#walk-in button").click()
    person.at("#walk-in .field-error").wait_for()


def type_numbers(line: str) -> Deed:
    """Type the numbers of a sheet's ticked rows, and have them shown."""

    def typed(person: Person) -> None:
        person.at("#numbers").fill(line)
        person.at(".sheet-line button").click()

    return typed


def save_a_nameless_campaign(person: Person) -> None:
    person.page.get_by_label("Campaign’s title").fill("")
    person.at("main form button").first.click()


def pause_silently(person: Person) -> None:
    person.button("Ask everybody to stop").click()


def choose_all(person: Person) -> None:
    person.page.locator("#mend input[name=all]").check()


def take_one_back(person: Person) -> None:
    """Tick a letter that counts, take it back, and undo that: the pages after this one are many."""
    person.page.locator("input[name=entry]").first.check()
    person.page.locator("button[value=take-back]").click()
    person.page.locator("#done button").click()
    expect(person.page.locator("#done form")).to_have_count(0)


def ask_for_a_new_password(person: Person) -> None:
    person.page.get_by_label("E-mail").fill("nobody@example.org")
    person.button("Send me the link").click()


def unfold_people(person: Person) -> None:
    for more in person.at(".more > summary").all():
        more.click()


def unfold_parts(person: Person) -> None:
    for part in person.at(".part > summary").all():
        part.click()
