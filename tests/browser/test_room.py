"""Everything fits: small phones, four times zoom, long words from right to left, thumbs."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from app.catalogues import shipped_languages
from tests.browser.conftest import NARROW, PHONE
from tests.browser.mail_world import MAIL_ROLES
from tests.browser.overflow import find_sticking_out
from tests.browser.people import Person, Volunteer
from tests.browser.scenery import AMINA
from tests.browser.world import ROLES

ZOOMED = {"width": 320, "height": 200}
"""What a laptop of 1280 × 800 has room for at 400 %."""
WIDE = {"width": 1280, "height": 800}
THUMB = 48
PSEUDO_LOCALE = "ar-XB"
ARABIC = re.compile(r"[\u0600-\u06ff]{2}")

SMALL = """([selector, least]) => [...document.querySelectorAll(selector)]
  .filter((one) => one.checkVisibility() && !one.matches("[type=hidden], .skip, [aria-hidden]"))
  .map((one) => [one.textContent.trim() || one.id, one.getBoundingClientRect()])
  .filter(([, { width, height }]) => Math.min(width, height) < least - 0.5)
  .map(([name, { width, height }]) => `${name}: ${width} × ${height}`)"""
SIGN_COMES_FIRST = """(one) => {
  const text = document.createTreeWalker(one, NodeFilter.SHOW_TEXT).nextNode();
  const place = (start) => {
    const range = document.createRange();
    range.setStart(text, start);
    range.setEnd(text, start + 1);
    return range.getBoundingClientRect().left;
  };
  return place(0) < place(1);
}"""
CUT_OFF = """(selector) => [...document.querySelectorAll(selector)].filter((select) => {
  const style = getComputedStyle(select);
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = style.font;
  const words = pen.measureText(select.selectedOptions[0].textContent).width;
  const paddings = parseFloat(style.paddingLeft) + parseFloat(style.paddingRight);
  return words > select.clientWidth - paddings - 18;
}).map((select) => select.selectedOptions[0].textContent)"""
"""Choices whose words are wider than their fields, less what the arrow takes."""
IS_ON_TOP = """(one) => {
  const { x, y, width, height } = one.getBoundingClientRect();
  return one.contains(document.elementFromPoint(x + width / 2, y + height / 2));
}"""

role = pytest.mark.parametrize("role", [*ROLES, *MAIL_ROLES])


@role
def test_no_page_scrolls_sideways_on_the_smallest_phone_or_zoomed(walk, role):
    found = []
    for name, page in walk(role, **NARROW):
        found += [f"{name}: {line}" for line in find_sticking_out(page)]
        page.set_viewport_size(ZOOMED)
        found += [f"{name}, zoomed: {line}" for line in find_sticking_out(page)]
        page.set_viewport_size(NARROW["viewport"])
    assert not found, "\n".join(found)


@role
def test_long_words_from_right_to_left_fit_on_phone_and_laptop(walk, role):
    found = []
    for name, page in walk(role, language=PSEUDO_LOCALE, **NARROW):
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
        found += [f"{name}: {line}" for line in find_sticking_out(page)]
        page.set_viewport_size(WIDE)
        found += [f"{name}, wide: {line}" for line in find_sticking_out(page)]
        page.set_viewport_size(NARROW["viewport"])
    assert not found, "\n".join(found)


@role
def test_every_page_speaks_arabic_and_fits_on_the_smallest_phone(walk, role):
    found = []
    for name, page in walk(role, language="ar", **NARROW):
        html = page.locator("html")
        expect(html).to_have_attribute("dir", "rtl")
        expect(html).to_have_attribute("lang", "ar")
        found += [f"{name}: {line}" for line in find_sticking_out(page)]
        if not ARABIC.search(page.inner_text("main")):
            found.append(f"{name}: not in Arabic")
    assert not found, "\n".join(found)


def test_what_sticks_out_would_be_noticed(visit, office):
    page = Person(visit(**NARROW)).opens("/join").page
    assert find_sticking_out(page) == []
    page.evaluate("document.querySelector('h1').style.whiteSpace = 'pre'")
    page.evaluate("document.querySelector('h1').textContent = 'Lettertally'.repeat(9)")
    assert find_sticking_out(page) != []


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_choices_for_mending_letters_are_not_cut_off(walk, language):
    ((_name, page),) = walk("an organiser", language=language, only={"letters"}, **PHONE)
    page.locator("[name=entry]").first.check()
    expect(page.locator("#to_case")).to_be_visible()
    assert page.evaluate(CUT_OFF, ".mend select") == []
    page.set_viewport_size({"width": 240, "height": 740})
    page.evaluate("document.querySelector('.mend-move').style.flexWrap = 'nowrap'")
    expect(page.locator("html")).to_have_css("width", "240px")
    assert page.evaluate(CUT_OFF, ".mend select") != [], "the control: too narrow is noticed"


@pytest.mark.parametrize("language", shipped_languages())
@pytest.mark.parametrize(
    ("role", "view"), [("an organiser", "letters"), ("an organiser at the door", "sign-ups")]
)
def test_choices_for_narrowing_a_list_are_not_cut_off(walk, role, view, language):
    ((_name, page),) = walk(role, language=language, only={view}, **PHONE)
    assert page.evaluate(CUT_OFF, "#narrow select") == []


@pytest.mark.parametrize("width", [320, 360])
def test_every_control_at_a_table_is_big_enough_for_a_thumb(visit, marathon, width):
    bea = Volunteer(visit(**PHONE | {"viewport": {"width": width, "height": 740}}))
    bea.joins(marathon.code).presses(AMINA)
    expect(bea.at(".entry")).to_have_count(1)
    assert too_small(bea.page) == []
    bea.at(".kinds-more > summary").click()
    assert too_small(bea.page) == []
    bea.chooses("E-mail").sets_a_stack_of(12)
    assert too_small(bea.page) == []


def test_the_question_about_a_paused_case_has_big_buttons(walk):
    ((_name, page),) = walk("a table", only={"table, asked"}, **PHONE)
    assert too_small(page) == []


def test_zoomed_in_no_button_lies_under_the_dock(walk):
    ((_name, page),) = walk("a table", only={"table"}, viewport=ZOOMED)
    for press in page.locator(".press").all():
        press.scroll_into_view_if_needed()
        assert press.evaluate(IS_ON_TOP)


def test_a_sign_stays_before_its_number_from_right_to_left(walk):
    steps = walk("a table", language=PSEUDO_LOCALE, only={"table"}, **PHONE)
    for _name, page in steps:
        for number in page.locator(".press .num").all():
            expect(number).to_have_text("+1")
            assert number.evaluate(SIGN_COMES_FIRST)
        heading = page.locator("h1")
        heading.evaluate("one => one.textContent = '+1'")
        assert not heading.evaluate(SIGN_COMES_FIRST), "the control: a bare sign comes last"


def test_a_name_in_another_script_keeps_the_edge_of_the_page(walk):
    steps = walk("an organiser", language=PSEUDO_LOCALE, only={"letters"}, **PHONE)
    for _name, page in steps:
        name = page.locator("h1 bdi")
        expect(name).to_have_css("direction", "ltr")
        expect(name).to_have_css("text-align", "right")


def test_presses_from_right_to_left_keep_signs_and_digits(visit, marathon, server):
    page = visit(**PHONE)
    cookie = {"name": "lettertally_language", "value": PSEUDO_LOCALE, "url": server.base_url}
    page.context.add_cookies([cookie])
    bea = Volunteer(page).opens(f"/join/{marathon.code}")
    bea.at("#join-form button").click()
    bea.at("#quantity").fill("12")
    number = bea.press_button(AMINA).locator(".num")
    expect(number).to_have_text("+12")
    assert number.evaluate(SIGN_COMES_FIRST)
    bea.presses(AMINA)
    bea.sees_here(AMINA, "12")
    expect(number).to_have_text("+1")


def too_small(page: Page) -> list[str]:
    """Controls of the table's page that a thumb may miss."""
    small: list[str] = page.evaluate(SMALL, ["button, summary, input, select, a", THUMB])
    return small
