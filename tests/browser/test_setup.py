"""A server's first hour, as its newcomer lives it: by keyboard, without scripts, on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.axe import find_barriers
from tests.browser.conftest import LAPTOP, NARROW
from tests.browser.overflow import find_sticking_out
from tests.browser.people import Person
from tests.browser.test_keyboard import Typist
from tests.factories import PASSWORD


@pytest.fixture
def server(fresh_server):
    """One with nobody on record."""
    return fresh_server


@pytest.fixture
def code(server) -> str:
    """What the terminal says."""
    said = re.search(r"setup\?code=(\S+)", server.said())
    assert said, server.said()
    return said[1]


def is_whole(page) -> None:
    """Nothing keeps anybody out, nothing sticks out, once all of it is there."""
    page.wait_for_load_state()
    assert find_barriers(page) == []
    assert find_sticking_out(page) == []


@pytest.mark.parametrize(
    "options",
    [NARROW | {"color_scheme": "dark"}, LAPTOP],
    ids=["narrow and dark", "laptop"],
)
def test_from_the_terminals_link_to_an_invited_organiser(visit, code, options):
    nora = Person(visit(**options)).opens("/cases/")
    page = nora.page
    expect(page).to_have_url(re.compile("/setup$"))
    is_whole(page)
    nora.button("Begin").click()
    expect(page.locator("#code-error")).to_be_visible()
    is_whole(page)
    nora.opens(f"/setup?code={code}")
    page.get_by_label("Your name").fill("Nora Lind")
    page.get_by_label("E-mail").fill("nora@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    nora.button("Show").click()
    expect(page.get_by_label("Password")).to_have_attribute("type", "text")
    nora.button("Begin").click()
    expect(page).to_have_url(re.compile("/setup/section$"))
    is_whole(page)
    nora.opens("/desk/")
    page.get_by_label("Section’s name").fill("Letters of Ruritania")
    nora.button("Set up the season").click()
    expect(page).to_have_url(re.compile("/setup/next$"))
    is_whole(page)
    page.get_by_role("link", name="Invite organisers").click()
    is_whole(page)
    page.get_by_role("link", name="Invite somebody").click()
    page.get_by_label("Name").fill("Tom Berg")
    page.get_by_label("E-mail").fill("tom@example.org")
    is_whole(page)
    nora.button("Make the link").click()
    is_whole(page)
    tom = Person(visit(**options)).opens(page.get_by_label("Invitation").input_value())
    is_whole(tom.page)
    tom.page.get_by_label("Password").fill(PASSWORD)
    tom.button("Join").click()
    expect(tom.page).to_have_url(re.compile("/desk/$"))
    for path in ("/section/people", "/section/people/import", "/section/people/invitations"):
        nora.opens(path)
        is_whole(page)
    nora.opens("/section/people")
    page.get_by_role("link", name="Tom Berg").click()
    is_whole(page)
    nora.button("Make a link").click()
    is_whole(page)
    tom.opens(page.get_by_label("Link to a new password").input_value())
    is_whole(tom.page)
    nora.opens("/account/")
    is_whole(page)


def test_without_a_mouse(visit, code):
    typist = Typist(visit()).opens("/")
    page = typist.page
    for label, words in {
        "Code from the terminal": code.lower(),
        "Your name": "Nora Lind",
        "E-mail": "nora@example.org",
        "Password": PASSWORD,
    }.items():
        typist.tabs_to(page.get_by_label(label, exact=True)).types(words)
    typist.goes_on()
    expect(page).to_have_url(re.compile("/setup/section$"))
    typist.tabs_to(page.get_by_label("Section’s name")).types("Letters of Ruritania")
    typist.tabs_to(page.get_by_label("Time zone"))
    page.keyboard.type("Europe/Lisb")
    typist.tabs_to(typist.button("Set up the season")).goes_on()
    expect(page).to_have_url(re.compile("/setup/next$"))
    typist.tabs_to(page.get_by_role("link", name="Invite organisers")).goes_on()
    expect(page).to_have_url(re.compile("/section/people$"))
    typist.opens("/section/campaign")
    expect(page.get_by_label("Time zone")).to_have_value("Europe/Lisbon")


def test_without_scripts(visit, code):
    page = visit(java_script_enabled=False)
    page.goto(f"/setup?code={code}")
    expect(page.get_by_role("button", name="Show")).to_have_count(0)
    page.get_by_label("Your name").fill("Nora Lind")
    page.get_by_label("E-mail").fill("nora@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Begin").click()
    page.get_by_label("Section’s name").fill("Letters of Ruritania")
    page.get_by_text("The days:").click()
    page.get_by_label("Writing ends").fill("2020-01-01")
    page.get_by_role("button", name="Set up the season").click()
    expect(page.get_by_label("Writing ends")).to_be_visible()
    page.get_by_label("Writing ends").fill(page.get_by_label("The core weeks end").input_value())
    page.get_by_role("button", name="Set up the season").click()
    expect(page).to_have_url(re.compile("/setup/next$"))
    page.goto("/section/people/import")
    rows = "".join(f"p{n}@example.org;Person {n}\n" for n in range(600))
    file = {"name": "people.csv", "mimeType": "text/csv", "buffer": f"mail;name\n{rows}".encode()}
    page.get_by_label("The list").set_input_files(file)
    page.get_by_role("button", name="Make all links").click()
    expect(page.locator("#waiting-title")).to_contain_text("600")
