"""Every page, for every role, in every state: axe finds nothing that keeps anybody out."""

from __future__ import annotations

import pytest

from tests.browser.axe import find_barriers
from tests.browser.hands import Keyboard
from tests.browser.mail_world import MAIL_ROLES
from tests.browser.world import ROLES

STILL = {"reduced_motion": "reduce"}
"""No colour is looked at on its way from one to another."""
OF_COLOURS = ("color-contrast", "link-in-text-block")
FORCED = {
    *("home", "case", "join", "sign in with nothing", "no such page"),
    *("running/", "running/live", "running/hall"),
    *("table", "table, all kinds", "table, asked"),
    *("desk", "desk of running", "tables", "letters", "log nothing", "account"),
    *("section", "paused", "new case"),
    *("sign-ups, unfolded", "door", "door counting heads", "from the printed list, looked at"),
    *("forgotten, unfolded", "door of the forgotten", "names, deleted"),
    *("link was mailed", "by mail: to be confirmed", "by mail: at two places"),
    *("sign-ups by mail, unfolded", "outbox", "outbox, none ticked"),
}
"""Views that have every component on them; whoever forces colours brings good ones along."""
FORCES_COLOURS = (
    *("anybody", "a table", "an organiser", "an organiser at the door", "an admin"),
    *MAIL_ROLES,
)
SAY_THE_COLOURS_PAINTED = """() => {
  // axe reads a property that Chromium paints in the forced colour, and yet tells as written.
  for (const one of document.querySelectorAll("body *")) {
    one.style.setProperty("-webkit-text-fill-color", getComputedStyle(one).color);
  }
}"""


@pytest.mark.timeout(180)
@pytest.mark.parametrize("role", [*ROLES, *MAIL_ROLES])
def test_axe_finds_nothing_by_day_and_no_stop_of_the_keyboard_is_hidden(walk, role):
    barriers = []
    for name, page in walk(role, **STILL):
        barriers.append((name, find_barriers(page)))
        barriers.append((name, Keyboard().walks(page)))
    assert_nothing(barriers)


@pytest.mark.parametrize("role", [*ROLES, *MAIL_ROLES])
def test_axe_finds_every_colour_readable_by_night(walk, role):
    steps = walk(role, color_scheme="dark", **STILL)
    assert_nothing([(name, find_barriers(page, rules=OF_COLOURS)) for name, page in steps])


@pytest.mark.parametrize("role", FORCES_COLOURS)
def test_axe_finds_every_colour_readable_when_colours_are_forced(walk, role):
    barriers = []
    for name, page in walk(role, only=FORCED, forced_colors="active", **STILL):
        page.evaluate(SAY_THE_COLOURS_PAINTED)
        barriers.append((name, find_barriers(page, rules=OF_COLOURS)))
    assert_nothing(barriers)


def test_every_page_that_is_looked_at_in_forced_colours_is_there(world, mail_world):
    views = [view for role in ROLES for view in world.views(role)]
    views += [view for role in MAIL_ROLES for view in mail_world.views(role)]
    assert {view.name for view in views} >= FORCED


def test_axe_finds_what_is_wrong(visit, office):
    page = visit()
    page.goto("/join")
    page.evaluate("document.querySelector('h1').style.color = '#eee'")
    page.evaluate("document.documentElement.removeAttribute('lang')")
    found = " ".join(find_barriers(page))
    assert "color-contrast" in found
    assert "html-has-lang" in found


def assert_nothing(barriers: list[tuple[str, list[str]]]) -> None:
    """Every view was looked at, and none has a barrier; else tell each in a line."""
    assert barriers
    found = [f"{name}: {line}" for name, lines in barriers for line in lines]
    assert not found, "\n".join(found)
