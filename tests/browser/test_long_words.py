"""Titles and names of one long word stay on a phone's screen, and short names stay whole."""

from __future__ import annotations

import pytest

from app import clock
from app.accounts.models import User
from app.audit import note_deed
from app.database import SECTION, write
from tests import factories
from tests.browser.conftest import NARROW
from tests.browser.overflow import find_sticking_out, find_torn
from tests.browser.scenery import own_case

COMPOUND = "Menschenrechtsbriefmarathonsabende"
"""34 letters, as German makes them."""
ENDLESS = (COMPOUND * 4)[:120]
"""As long as a title may be."""
PUBLIC = ("/events/{}/", "/events/{}/live", "/events/{}/hall")
DESK = ("", "edit", "organisers", "tables", "tables/cards", "letters", "sign-ups", "door", "names")
PAGES = (
    *("/", "/events/", "/cases/", "/desk/", "/section/", "/section/audit", "/section/cases"),
    *("/section/hosts", "/section/people", "/desk/events/{}/print/poster"),
    *PUBLIC,
    *(f"/desk/events/{{}}/{page}" for page in DESK),
)


@pytest.fixture
def admin(office) -> User:
    """An admin with a long name."""
    return factories.organiser(name=COMPOUND, role="admin")


@pytest.fixture
def named(admin):
    """Gives the slug of a running event where everything has this name."""

    def make(name: str) -> str:
        short = name[:60]
        event = factories.event(
            title=name, held_by=name, place=name, state="running", organisers=[admin]
        )
        factories.table(event, name=short)
        factories.host(name=name)
        factories.entry(event, event.cases[0])
        with write(SECTION) as session:
            note_deed(
                session,
                actor=admin.public_id,
                verb="event_edited",
                thing="event",
                thing_id=event.id,
                now=clock.now(),
            )
        return str(event.slug)

    return make


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", [COMPOUND, ENDLESS], ids=["34 letters", "120 letters"])
def test_a_long_word_stays_on_a_phone_s_screen(world, admin, named, sign_in, name):
    slug, phone = named(name), sign_in(admin, **NARROW)
    found = {page: find_sticking_out(phone.opens(page.format(slug)).page) for page in PAGES}
    assert {page: texts for page, texts in found.items() if texts} == {}


def test_a_case_with_a_long_name_does_too(world, admin, sign_in):
    case = own_case(name=COMPOUND)
    phone = sign_in(admin, **NARROW)
    for page in ("/cases/", f"/cases/{case.slug}/", f"/cases/{case.slug}/card", "/section/cases"):
        assert find_sticking_out(phone.opens(page).page) == []


def test_short_names_in_tables_are_not_broken_for_it(world, admin, sign_in):
    tablet = sign_in(admin, viewport={"width": 768, "height": 1024})
    slug = world.slugs["running"]
    for page in (f"/desk/events/{slug}/letters", "/section/hosts", "/section/cases"):
        assert find_torn(tablet.opens(page).page) == []


def test_a_word_that_nothing_breaks_would_be_noticed(world, admin, named, sign_in):
    page = sign_in(admin, **NARROW).opens(f"/events/{named(COMPOUND)}/").page
    page.locator("h1").evaluate("(title) => { title.style.overflowWrap = 'normal'; }")
    page.locator("h1 bdi").evaluate("(name) => { name.style.overflowWrap = 'normal'; }")
    assert find_sticking_out(page)
