"""Every page, for every role, in every state: nobody is kept out, nobody else is asked."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from tests.browser.axe import find_barriers
from tests.browser.conftest import PHONE
from tests.browser.people import Person
from tests.browser.world import ROLES, World

NO_PAGES = {
    "board.campaign_tally": "a fragment",
    "board.healthz": "JSON",
    "board.tally": "a fragment",
    "board.tally_json": "JSON",
    "board.totals_json": "JSON",
    "letters.table_token": "JSON",
    "static": "files",
    "static_version": "files",
}

OF_COLOURS = ("color-contrast", "link-in-text-block")
WAYS_TO_LOOK = [
    pytest.param({}, (), id="light"),
    pytest.param({"color_scheme": "dark"}, OF_COLOURS, id="dark"),
    pytest.param({"forced_colors": "active"}, OF_COLOURS, id="forced colours"),
]
SAY_THE_COLOURS_PAINTED = """() => {
  // axe reads a property that Chromium paints in the forced colour, and yet tells as written.
  for (const one of document.querySelectorAll("body *")) {
    one.style.setProperty("-webkit-text-fill-color", getComputedStyle(one).color);
  }
}"""

role = pytest.mark.parametrize("role", ROLES)


@pytest.fixture
def walk(visit, server, world: World):
    """Gives each view of a role in turn, in one browser, as it is when it has come to rest."""

    def through(role: str, **options):
        page = visit(**options)
        cookies = world.cookies[role].items()
        page.context.add_cookies(
            [{"name": name, "value": value, "url": server.base_url} for name, value in cookies]
        )
        for view in world.views(role):
            person = Person(page).opens(view.path)
            if view.deed:
                view.deed(person)
            page.wait_for_load_state()
            yield view.name, page

    return through


@role
@pytest.mark.parametrize(("how", "rules"), WAYS_TO_LOOK)
def test_axe_finds_nothing(walk, role, how, rules):
    barriers = []
    for name, page in walk(role, reduced_motion="reduce", **how):
        if "forced_colors" in how:
            page.evaluate(SAY_THE_COLOURS_PAINTED)
        barriers += [f"{name}: {line}" for line in find_barriers(page, rules=rules)]
    assert not barriers, "\n".join(barriers)
