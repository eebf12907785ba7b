"""The keyboard's hand notices what a mouse never would."""

from __future__ import annotations

import pytest

from tests.browser.hands import Keyboard, Unreachable

PAGE = """<!doctype html><title>Sail</title>
<style>:focus-visible { outline: 3px solid navy } button, a { display: block } %s</style>
<a href="#keel">Keel</a><button%s>Mast</button><button>Sheet</button><p class="fog"></p>"""
FOG = ".fog { position: fixed; inset: 0; margin: 0; background: white }"
FAR = "button { position: fixed; inset-block-start: -40px }"


@pytest.mark.parametrize(
    ("style", "attribute", "fault"),
    [
        ("", "", ""),
        ("", ' tabindex="-1"', "no Tab leads to"),
        ("", " disabled", "no Tab leads to"),
        ("button { outline: none !important }", "", "without a ring"),
        ("button { outline-color: transparent !important }", "", "without a ring"),
        (FOG, "", "covered"),
        (FAR, "", "out of the window"),
        ("button { font-size: 0; padding: 0; border: 0 }", "", "too small"),
    ],
    ids=lambda value: value or "-",
)
def test_a_button_no_keyboard_reaches_is_noticed(chromium, style, attribute, fault):
    page = chromium.new_page()
    page.set_content(PAGE % (style, attribute))
    mast = page.get_by_role("button", name="Mast")
    try:
        if fault:
            with pytest.raises(Unreachable, match=fault):
                Keyboard().reaches(mast, "Tab")
        else:
            Keyboard().reaches(mast)
            assert mast.evaluate("one => one === document.activeElement")
    finally:
        page.close()
