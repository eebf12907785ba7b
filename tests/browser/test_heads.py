"""What a page begins with on a phone: little, so that the page itself is in sight."""

from __future__ import annotations

import pytest
from playwright.sync_api import FloatRect, Locator, expect

from app.catalogues import shipped_languages

SMALL_PHONE = {"viewport": {"width": 360, "height": 740}}
LINES = """(selector) => new Set(
  [...document.querySelectorAll(selector)].map((one) => one.getBoundingClientRect().top)
).size"""
MOST_OF_THE_SCREEN = 0.3
NEAR = 60
"""Pixels: a line may lie between a button and what it unfolds."""

spoken = pytest.mark.parametrize("language", shipped_languages())


@spoken
@pytest.mark.parametrize(("role", "view"), [("anybody", "home"), ("an admin", "section")])
def test_the_ways_stand_in_one_line(walk, role, view, language):
    ((_name, page),) = walk(role, language=language, only={view}, **SMALL_PHONE)
    assert page.evaluate(LINES, ".nav a") == 1
    page.set_viewport_size({"width": 180, "height": 740})
    expect(page.locator("html")).to_have_css("width", "180px")
    assert page.evaluate(LINES, ".nav a") > 1, "the control: too narrow is noticed"


@spoken
def test_who_is_signed_in_stands_beside_the_sections_name(walk, language):
    ((_name, page),) = walk("an admin", language=language, only={"section"}, **SMALL_PHONE)
    home, own = (place_of(page.locator(f".page-head {each}")) for each in (".home", ".own-menu"))
    assert home["y"] <= own["y"] + own["height"] / 2 <= home["y"] + home["height"]


@spoken
def test_the_first_way_in_has_a_line_and_the_two_others_share_one(walk, language):
    ((_name, page),) = walk("anybody", language=language, only={"home"}, **SMALL_PHONE)
    assert page.locator(".hero > .stack .button").count() == 3
    assert page.evaluate(LINES, ".hero > .stack .button") == 2
    assert page.evaluate(LINES, ".hero > .stack .button:not(.button--act)") == 1


def test_an_events_head_leaves_the_phone_to_what_is_going_on(walk):
    ((_name, page),) = walk("an organiser", only={"desk of running"}, **SMALL_PHONE)
    head = place_of(page.locator("#desk-head"))
    assert head["height"] <= MOST_OF_THE_SCREEN * SMALL_PHONE["viewport"]["height"]


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize(
    ("role", "view", "menu"),
    [
        ("an organiser", "desk", ".own-menu"),
        ("an organiser", "desk of running", "#desk-head .menu"),
        ("an organiser at the door", "sign-ups", ".list-head .menu"),
    ],
)
def test_a_menu_opens_below_its_button(walk, role, view, menu, width):
    screen = {"viewport": {"width": width, "height": 740}}
    ((_name, page),) = walk(role, only={view}, **screen)
    summary = page.locator(f"{menu} > summary").first
    summary.click()
    button = place_of(summary)
    opened = place_of(page.locator(f"{menu} > .menu-list").first)
    assert abs(opened["y"] - button["y"] - button["height"]) < NEAR
    assert 0 <= opened["x"] <= opened["x"] + opened["width"] <= width


def place_of(shown: Locator) -> FloatRect:
    """Where on the screen it stands."""
    place = shown.bounding_box()
    assert place
    return place
