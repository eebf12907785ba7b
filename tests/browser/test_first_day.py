"""A server on its first day, before there is anything to show."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.browser.axe import find_barriers
from tests.browser.conftest import NARROW
from tests.browser.overflow import find_sticking_out
from tests.browser.scenery import session_of

EMPTY = {
    "/": "Join an event",
    "/cases/": "The cases are not public yet",
    "/events/": "No events yet",
    "/section/": "",
    "/section/cases": "Twelve to practise with",
    "/section/campaign": "",
    "/setup/next": "Twelve to practise with",
}
"""What is told where nothing is yet."""


@pytest.fixture
def server(fresh_server):
    """One with nothing on record."""
    return fresh_server


def assert_whole(page, path, words):
    answer = page.goto(path)
    assert answer.status == 200, path
    expect(page.locator("main")).to_contain_text(words)
    assert (path, find_barriers(page)) == (path, [])
    assert (path, find_sticking_out(page)) == (path, [])


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_before_there_is_a_section_the_first_page_is_whole(visit, fresh_office, colours):
    factories.organiser(role="owner")
    page = visit(**NARROW, color_scheme=colours)
    assert_whole(page, "/", "This desk is being set up.")
    page.goto("/cases/")
    expect(page.locator("h1")).to_have_text("This desk is being set up.")


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_pages_of_a_section_that_has_nothing_yet_are_whole(visit, server, fresh_office, colours):
    page = visit(**NARROW, color_scheme=colours)
    admin = session_of(factories.organiser(role="owner"))
    factories.campaign()
    cookie = {"name": "lettertally_session", "value": admin, "url": server.base_url}
    page.context.add_cookies([cookie])
    for path, words in EMPTY.items():
        assert_whole(page, path, words)


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_the_page_that_leans_on_nothing_is_whole_too(visit, server, colours):
    page = visit(**NARROW, color_scheme=colours)
    page.route(
        "**/forged", lambda route: route.fulfill(response=route.fetch(headers={"host": "forged"}))
    )
    assert page.goto("/forged").status == 400
    expect(page.locator("h1")).to_have_text("We could not read that")
    assert find_barriers(page) == []
    assert find_sticking_out(page) == []
