"""The desk's list of sign-ups lives, and disturbs nobody who types, ticks or reads."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from app.database import db
from tests import lists
from tests.browser.axe import find_barriers
from tests.browser.conftest import PHONE
from tests.browser.people import ASKED_BY, AT_ONCE, Guest

ROWS = "#sign-ups tbody tr"


@pytest.fixture
def guests(marathon):
    """The event's list of guests, with Ada on it."""
    made = lists.sign_up_list(marathon.event, capacity=4)
    lists.sign_up(made, "Ada")
    return made


@pytest.fixture
def ana(guests, marathon, sign_in):
    """An organiser before the list, for whom time goes by only while something appears."""
    organiser = sign_in(marathon.organiser).opens_and_stops_time(f"{marathon.desk}sign-ups")
    organiser.page.evaluate("window.stays = true")
    return organiser


def appears(ana, guests, name: str) -> None:
    """Somebody signs up, and is on the screen within two seconds."""
    db.session.rollback()
    lists.sign_up(guests, name)
    ana.lets_go_by(ASKED_BY)
    expect(ana.at(ROWS).filter(has_text=name)).to_be_visible()


def test_a_sign_up_appears_while_somebody_types_in_the_filter(ana, guests):
    search = ana.page.get_by_label("Find a name")
    search.press_sequentially("a", delay=20)
    appears(ana, guests, "Bea")
    expect(search).to_be_focused()
    search.press_sequentially("d")
    expect(search).to_have_value("ad")
    ana.lets_go_by(ASKED_BY)
    expect(ana.at(ROWS)).to_have_count(1)
    db.session.rollback()
    lists.sign_up(guests, "Xerxes")
    appears(ana, guests, "Adrian")
    expect(ana.at(ROWS)).to_have_count(2)
    expect(search).to_have_value("ad")


def test_a_guest_on_a_phone_appears_while_the_organiser_types(ana, guests, marathon, visit):
    guest = Guest(visit(**PHONE)).opens(f"/events/{marathon.slug}/").fills_in("Zoë", people=2)
    ana.at("#by-hand summary").click()
    note = ana.page.get_by_label("A note")
    note.press_sequentially("Tel. 55")
    guest.signs_up()
    ana.lets_go_by(ASKED_BY)
    expect(ana.at(ROWS).filter(has_text="Zoë")).to_be_visible()
    expect(note).to_be_focused()
    note.press_sequentially("5 12")
    expect(note).to_have_value("Tel. 555 12")


def test_half_typed_text_ticks_and_folds_outlive_a_new_row(ana, guests):
    row = ana.at(ROWS).filter(has_text="Ada")
    row.locator(".tick input").check()
    row.locator("summary").click()
    size = row.locator("[name=party_size]")
    size.fill("3")
    ana.at("#by-hand summary").click()
    note = ana.page.get_by_label("A note")
    note.press_sequentially("Tel. 55", delay=20)
    appears(ana, guests, "Bea")
    expect(note).to_be_focused()
    note.press_sequentially("5")
    expect(note).to_have_value("Tel. 555")
    expect(size).to_have_value("3")
    expect(size).to_be_visible()
    expect(row.locator(".tick input")).to_be_checked()
    size.focus()
    appears(ana, guests, "Cy")
    expect(size).to_be_focused()
    expect(size).to_have_value("3")
    assert ana.page.evaluate("window.stays")


def test_new_ones_are_announced_politely_and_only_they(ana, guests):
    appears(ana, guests, "Bea")
    ana.sees("#announcer", "1 new sign-up")
    expect(ana.at("#announcer")).to_have_attribute("role", "status")


def test_paused_it_stands_still_and_is_remembered(ana, guests):
    pause = ana.button("Pause updates")
    pause.click()
    lists.sign_up(guests, "Bea")
    ana.page.reload()
    expect(ana.button("Pause updates")).to_have_attribute("aria-pressed", "true")
    expect(ana.at(ROWS)).to_have_count(2)
    db.session.rollback()
    lists.sign_up(guests, "Cy")
    ana.lets_go_by(AT_ONCE)
    with pytest.raises(AssertionError):
        expect(ana.at(ROWS)).to_have_count(3, timeout=AT_ONCE)
    ana.button("Pause updates").click()
    ana.lets_go_by(ASKED_BY)
    expect(ana.at(ROWS)).to_have_count(3)


def test_fake_parties_go_and_come_back_by_keyboard_alone(ana, guests):
    for name in ("Fake one", "Fake two"):
        appears(ana, guests, name)
    for name in ("Fake one", "Fake two"):
        ana.at(ROWS).filter(has_text=name).locator(".tick input").focus()
        ana.page.keyboard.press("Space")
    ana.at("#mend").get_by_role("button", name="Take off the list").focus()
    ana.page.keyboard.press("Enter")
    ana.sees("#done strong", "2 sign-ups are off the list.")
    expect(ana.at(ROWS)).to_have_count(1)
    ana.lets_time_go_on()
    assert find_barriers(ana.page) == []
    ana.button("Undo").focus()
    ana.page.keyboard.press("Enter")
    ana.sees("#done strong", "2 sign-ups back, 2 with a seat.")
    expect(ana.at(ROWS)).to_have_count(3)
