"""A section's September: from `./run` on an empty folder to a letter on the hall's screen.

The same people do the same things in two languages, once without any script, and with the keyboard
alone, which sees where it is at every stop.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.axe import find_barriers
from tests.browser.conftest import LAPTOP, PHONE
from tests.browser.hands import File, Hand, Keyboard, Mouse
from tests.browser.overflow import find_sticking_out
from tests.browser.people import Organiser, Watcher
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

    def __init__(self, page, say: Words, hand: Hand, *, has_scripts: bool) -> None:
        super().__init__(page)
        self.say = say
        self.hand = hand
        self.has_scripts = has_scripts

    def field(self, label: str) -> Locator:
        """What need not be filled says so after its label's words."""
        return self.page.get_by_label(re.compile(rf"^\s*{re.escape(self.say(label))}(\s|$)"))

    def fills(self, label: str, words: str) -> Newcomer:
        """A field, by what stands beside it."""
        self.hand.writes(self.field(label), words)
        return self

    def clicks(self, words: str) -> Newcomer:
        """A button that leads on."""
        self.hand.activates(self.button(self.say(words)).first)
        return self

    def follows(self, words: str) -> Newcomer:
        """A link in the page."""
        self.hand.activates(self.page.locator("main").get_by_role("link", name=words).first)
        return self

    def arrives(self, path: str) -> Newcomer:
        """Wait for an address; nothing there keeps anybody out, or sticks out."""
        self.comes_to(path)
        expect(self.page.locator("html")).to_have_attribute("lang", self.say.language)
        if self.has_scripts:
            assert (path, find_barriers(self.page)) == (path, [])
            assert (path, find_sticking_out(self.page)) == (path, [])
        return self


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("hand", "language", "has_scripts"),
    [
        (Mouse(), "en", True),
        (Mouse(), "ar", True),
        (Keyboard(), "en", True),
        (Keyboard(), "ar", True),
        (Keyboard(), "ar", False),
    ],
    ids=[
        "in English",
        "in Arabic",
        "by keyboard in English",
        "by keyboard in Arabic",
        "by keyboard in Arabic without scripts",
    ],
)
def test_from_an_empty_folder_to_a_letter_in_the_hall(visit, server, hand, language, has_scripts):
    say = Words(language)
    options = {"locale": language, "java_script_enabled": has_scripts}

    nora = Newcomer(visit(**LAPTOP | options), say, hand, has_scripts=has_scripts)
    code = re.search(r"setup\?code=(\S+)", server.said())
    nora.opens(f"/setup?code={code[1]}").arrives("/setup")
    nora.fills("Your name", "Nora Lind").fills("E-mail", "nora@example.org")
    nora.fills("Password", PASSWORD).clicks("Begin").arrives("/setup/section$")
    nora.fills("Section’s name", "Letters of Ruritania")
    hand.chooses(nora.field("Time zone"), ZONE)
    nora.clicks("Set up the season").arrives("/setup/next$")

    nora.opens("/section/cases/import").arrives("/import$")
    nora.clicks("Look at the twelve").arrives("/import/")
    hand.ticks(nora.field("Show new cases to everybody at once"))
    nora.clicks("Take these in").arrives("/section/cases$")
    expect(nora.at("#section-cases tbody tr")).to_have_count(PRACTICE_CASES)

    rows = "".join(f"p{n}@example.org;Person {n}\n" for n in range(INVITED))
    nora.opens("/section/people/import").arrives("/import$")
    people = File("people.csv", "text/csv", f"mail;name\n{rows}".encode())
    hand.hands_in(nora.field("The list, as a CSV file"), people)
    nora.clicks("Make all links").arrives("/invitations$")
    expect(nora.at("#waiting-title")).to_contain_text(str(INVITED))
    nora.fills("Search by name or e-mail", "Person 599").clicks("Search").arrives("q=Person")
    expect(nora.at("tbody tr")).to_have_count(1)
    nora.follows("Person 599").arrives(r"/invitations/\d+$")
    link = nora.page.get_by_label(say("Invitation")).input_value()

    tom = Newcomer(visit(**LAPTOP | options), say, hand, has_scripts=has_scripts)
    tom.opens(link).arrives("/invitations/")
    tom.fills("Password", PASSWORD).clicks("Join").arrives("/desk/$")
    tom.opens("/desk/events/new?preset=group").arrives("/new")
    # On at any hour of today, and at noon no clocks are changed.
    noon = datetime.now(ZoneInfo(ZONE)).replace(hour=12, minute=0)
    tom.fills("Title", "Lindholm").fills("Place", "Town hall")
    hand.sets_time(tom.field("Starts"), noon)
    hand.sets_time(tom.field("Ends"), noon + timedelta(days=1))
    tom.clicks("Plan the event").arrives("/desk/events/[^/]+/$")
    tom.clicks("Open the event")
    expect(tom.at("h1 .badge--now")).to_be_visible()
    tom.arrives("/desk/events/[^/]+/$")
    slug = re.search("/desk/events/([^/]+)/", tom.page.url)[1]
    tom.opens(f"/desk/events/{slug}/tables").arrives("/tables$")
    hand.writes(tom.at("#new-table").get_by_label(say("Name")), "Window")
    tom.clicks("Add the table")
    code = tom.at(".table-sheet .code").inner_text()

    hall = Watcher(visit(locale=language)).opens(f"/events/{slug}/hall").sees_letters("0")
    bea = Newcomer(visit(**PHONE | options), say, hand, has_scripts=has_scripts).opens("/join")
    bea.fills("Code", code).clicks("Start").arrives("/table/$")
    hand.activates(bea.at(".press").first)
    hall.sees_letters("1")
