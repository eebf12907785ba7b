"""A guest signs up on a small phone, with and without JavaScript, and finds their own page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests import lists
from tests.browser.axe import find_barriers
from tests.browser.people import Person

SMALL = {"viewport": {"width": 360, "height": 640}, "has_touch": True}
A_LOOK_MS = 3200
"""Nobody fills in a form in less than three seconds."""


@pytest.mark.parametrize("has_script", [True, False], ids=["with scripts", "without"])
def test_a_guest_signs_up_on_a_phone_changes_and_cancels(marathon, visit, has_script):
    lists.sign_up_list(marathon.event, capacity=8)
    guest = Person(visit(**SMALL, java_script_enabled=has_script))
    guest.opens(f"/events/{marathon.slug}/")
    expect(guest.at("#seats")).to_contain_text("8 seats left")
    guest.page.get_by_label("Your name").fill("نور 👩‍👩‍👧")
    guest.page.get_by_label("How many of you come").fill("0")
    guest.button("Sign up").click()
    expect(guest.at("#sign-up-form .field-error")).to_have_count(1)
    guest.page.get_by_label("How many of you come").fill("3")
    guest.page.wait_for_timeout(A_LOOK_MS)
    guest.button("Sign up").click()
    expect(guest.page).to_have_url(re.compile("/sign-ups/[0-9a-f]{64}/$"))
    expect(guest.at(".own-state")).to_contain_text("You have 3 seats")
    expect(guest.at(".overline")).to_contain_text("نور 👩‍👩‍👧")
    assert guest.page.evaluate("document.documentElement.scrollWidth") <= 360
    if has_script:
        assert find_barriers(guest.page) == []
    guest.at("#party-form").get_by_role("spinbutton").fill("2")
    guest.button("Change it").click()
    expect(guest.at(".own-state")).to_contain_text("You have 2 seats")
    guest.button("Cancel my sign-up").click()
    expect(guest.at(".own-state")).to_contain_text("You have cancelled")


def test_seats_left_follow_by_themselves_and_leave_what_is_typed(marathon, visit):
    guests = lists.sign_up_list(marathon.event, capacity=8)
    guest = Person(visit(**SMALL)).opens(f"/events/{marathon.slug}/sign-up")
    guest.page.get_by_label("Your name").fill("half a na")
    lists.sign_up(guests, "Ada", party_size=5)
    expect(guest.at("#seats")).to_contain_text("3 seats left", timeout=15_000)
    expect(guest.page.get_by_label("Your name")).to_have_value("half a na")
    guest.button("Pause updates").click()
    expect(guest.button("Pause updates")).to_have_attribute("aria-pressed", "true")
