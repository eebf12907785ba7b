"""A section's September: from `./run` on an empty folder to a letter on the hall's screen.

The same people do the same things in two languages, and once without any script.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.browser.axe import find_barriers
from tests.browser.conftest import LAPTOP, PHONE
from tests.browser.overflow import find_sticking_out
from tests.browser.people import Organiser, Volunteer, Watcher
from tests.browser.server import ShippedServer
from tests.browser.words import Words
from tests.factories import PASSWORD

ZONE = "Europe/Lisbon"
INVITED = 600
PRACTICE_CASES = 12


@pytest.fixture
def server(tree, workshop, request):
    """One on a folder with nothing in it, which migrates by itself."""
    instance = workshop / f"september-{request.node.name}"
    instance.mkdir(mode=0o700)
    server = ShippedServer(tree, instance, languages="all")
    server.start()
    yield server
    server.stop()


class Newcomer(Organiser):
    """Somebody who has never been here, and reads what stands on buttons in their language."""

    def __init__(self, page, say: Words, *, has_scripts: bool) -> None:
        super().__init__(page)
        self.say = say
        self.has_scripts = has_scripts

    def fills(self, label: str, words: str) -> Newcomer:
        """What need not be filled says so after its label's words."""
        label = re.compile(rf"^\s*{re.escape(self.say(label))}(\s|$)")
        self.page.get_by_label(label).fill(words)
        return self

    def clicks(self, words: str) -> Newcomer:
        """A button that leads on."""
        self.button(self.say(words)).first.click()
        return self

    def follows(self, words: str) -> Newcomer:
        """A link in the page."""
        self.page.locator("main").get_by_role("link", name=self.say(words)).first.click()
        return self

    def arrives(self, path: str) -> Newcomer:
        """Wait for an address; nothing there keeps anybody out, or sticks out."""
        expect(self.page).to_have_url(re.compile(path))
        expect(self.page.locator("html")).to_have_attribute("lang", self.say.language)
        if self.has_scripts:
            self.page.wait_for_load_state()
            assert (path, find_barriers(self.page)) == (path, [])
            assert (path, find_sticking_out(self.page)) == (path, [])
        return self


@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    ("language", "has_scripts"),
    [("en", True), ("ar", True), ("ar", False)],
    ids=["in English", "in Arabic", "in Arabic without scripts"],
)
def test_from_an_empty_folder_to_a_letter_in_the_hall(visit, server, language, has_scripts):
    say = Words(language)
    options = {"locale": language, "java_script_enabled": has_scripts}

    nora = Newcomer(visit(**LAPTOP | options), say, has_scripts=has_scripts)
    code = re.search(r"setup\?code=(\S+)", server.said())
    nora.opens(f"/setup?code={code[1]}").arrives("/setup")
    nora.fills("Your name", "Nora Lind").fills("E-mail", "nora@example.org")
    nora.fills("Password", PASSWORD).clicks("Begin").arrives("/setup/section$")
    nora.fills("Section’s name", "Letters of Ruritania")
    nora.page.get_by_label(say("Time zone")).select_option(ZONE)
    nora.clicks("Set up the season").arrives("/setup/next$")

    nora.opens("/section/cases/import").arrives("/import$")
    nora.clicks("Look at the twelve").arrives("/import/")
    nora.page.get_by_label(say("Show new cases to everybody at once")).check()
    nora.clicks("Take these in").arrives("/section/cases$")
    expect(nora.at("#section-cases tbody tr")).to_have_count(PRACTICE_CASES)

    rows = "".join(f"p{n}@example.org;Person {n}\n" for n in range(INVITED))
    file = {"name": "people.csv", "mimeType": "text/csv", "buffer": f"mail;name\n{rows}".encode()}
    nora.opens("/section/people/import").arrives("/import$")
    nora.at("input[type=file]").set_input_files(file)
    nora.clicks("Make all links").arrives("/invitations$")
    expect(nora.at("tbody tr")).to_have_count(INVITED)
    nora.page.get_by_role("link", name="Person 599").click()
    nora.arrives(r"/invitations/\d+$")
    link = nora.page.get_by_label(say("Invitation")).input_value()

    tom = Newcomer(visit(**LAPTOP | options), say, has_scripts=has_scripts)
    tom.opens(link).arrives("/invitations/")
    tom.fills("Password", PASSWORD).clicks("Join").arrives("/desk/$")
    tom.opens("/desk/events/new?preset=group").arrives("/new")
    now = datetime.now(ZoneInfo(ZONE))
    tom.fills("Title", "Lindholm").fills("Place", "Town hall")
    tom.fills("Starts", f"{now - timedelta(hours=1):%Y-%m-%dT%H:%M}")
    tom.fills("Ends", f"{now + timedelta(hours=3):%Y-%m-%dT%H:%M}")
    tom.clicks("Plan the event").arrives("/desk/events/[^/]+/$")
    tom.clicks("Open the event").arrives("/desk/events/[^/]+/")
    slug = re.search("/desk/events/([^/]+)/", tom.page.url)[1]
    tom.opens(f"/desk/events/{slug}/tables").arrives("/tables$")
    tom.at("#new-table").get_by_label(say("Name")).fill("Window")
    tom.clicks("Add the table")
    code = tom.at(".table-sheet .code").inner_text()

    hall = Watcher(visit(locale=language)).opens(f"/events/{slug}/hall").sees_letters("0")
    bea = Volunteer(visit(**PHONE | options)).opens("/join")
    bea.at("#code").fill(code)
    bea.at("#code").press("Enter")
    expect(bea.page).to_have_url(re.compile("/table/$"))
    expect(bea.at("html")).to_have_attribute("lang", language)
    bea.at(".press").first.click()
    hall.sees_letters("1")
