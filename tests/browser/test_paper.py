"""What is printed: a guide, a card or a poster is one sheet, on either side of the Atlantic."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page

from app import clock
from app.accounts.models import User
from app.catalogues import shipped_languages
from app.database import db
from app.demo.load import load_demo
from tests import factories
from tests.browser.paper import find_cut_off, sheets, sheets_to_the_edge
from tests.browser.people import Person
from tests.browser.plain_pages import ACHIEVED
from tests.browser.scenery import session_of
from tests.browser.server import ShippedServer

PSEUDO_LOCALE = "ar-XB"
GUIDES = {name for name, path in ACHIEVED.items() if path.startswith("/guides/")}


def sheets_of(page: Page) -> list[int]:
    """How many sheets a page takes: of A4, and of US Letter."""
    return [sheets(page, paper) for paper in ("A4", "Letter")]


def test_a_guide_fits_on_one_sheet(walk):
    sheets = {name: sheets_of(page) for name, page in walk("anybody", only=GUIDES)}
    sheets |= {name: sheets_of(page) for name, page in walk("an organiser", only={"guide"})}
    assert sheets == dict.fromkeys([*GUIDES, "guide"], [1, 1])


def test_a_guide_in_long_words_takes_two_sheets_at_most(walk):
    walked = walk("anybody", language=PSEUDO_LOCALE, only=GUIDES)
    sheets = {name: max(sheets_of(page)) for name, page in walked}
    assert sheets.keys() == GUIDES
    assert max(sheets.values()) <= 2


def test_a_dozen_names_and_as_many_empty_rows_take_no_more_than_a_sheet_and_its_back(walk):
    papers = {"sign-in sheet", "rota"}
    sheets = {name: sheets_of(page) for name, page in walk("an organiser at the door", only=papers)}
    assert sheets.keys() == papers
    assert max(max(each) for each in sheets.values()) <= 2


def test_a_longer_guide_would_be_noticed(visit, world):
    page = Person(visit()).opens("/guides/volunteer/").page
    page.locator("#guide").evaluate("(guide) => guide.append(...guide.cloneNode(true).children)")
    assert min(sheets_of(page)) > 1


# The demo's posters and cards, in every language


@pytest.fixture(scope="module")
def demo(make_server: Callable[..., ShippedServer], make_app: Callable[[Path], Flask]) -> Iterator:
    """A server with the demo's cases and events, what the loader told, and an admin's cookie."""
    server = make_server(LETTERTALLY_LANGUAGES=",".join(shipped_languages()))
    app = make_app(server.instance)
    with app.app_context():
        facts = load_demo(now=clock.now())
        admin = db.session.scalars(db.select(User).filter_by(email=facts["admin"]["email"])).one()
        facts["cookie"] = session_of(admin)
        db.session.remove()
        db.engine.dispose()
    server.start()
    yield server, facts
    server.stop()


@pytest.fixture
def printer(demo: tuple[ShippedServer, dict[str, Any]], visit: Callable[..., Page]) -> Callable:
    """Opens pages of the demo as its admin, in a language."""
    server, facts = demo
    page = visit(server.base_url)

    def opens(path: str, language: str) -> Page:
        cookies = {"lettertally_language": language, "lettertally_session": facts["cookie"]}
        page.context.add_cookies(
            [{"name": k, "value": v, "url": server.base_url} for k, v in cookies.items()]
        )
        page.goto(path)
        assert page.locator("html").get_attribute("lang") == language
        return page

    return opens


@pytest.mark.timeout(300)
@pytest.mark.parametrize("language", shipped_languages())
def test_a_poster_fills_one_sheet_and_nothing_is_cut_off(printer, demo, language):
    papers = ("A4", "A3", "Letter")
    for event in demo[1]["events"]:
        page = printer(f"/desk/events/{event['slug']}/print/poster", language)
        assert {paper: sheets_to_the_edge(page, paper) for paper in papers} == dict.fromkeys(
            papers, 1
        )
        cut_off = {paper: find_cut_off(page, ".poster-paper", paper) for paper in papers}
        assert cut_off == dict.fromkeys(papers, [])


@pytest.mark.timeout(300)
@pytest.mark.parametrize("language", shipped_languages())
def test_a_case_s_card_is_one_sheet(printer, language):
    page = printer("/cases/", language)
    links = page.locator(".case-card a").evaluate_all("(all) => all.map((each) => each.href)")
    assert len(links) == 12
    papers = ("A4", "Letter", "A5")
    for link in links:
        page = printer(f"{link}card", language)
        taken = {paper: sheets(page, paper) for paper in papers}
        assert taken == dict.fromkeys(papers, 1), link


@pytest.mark.parametrize("language", ["en", "ar"])
def test_each_table_s_card_is_one_sheet(printer, demo, language):
    for event in demo[1]["events"]:
        page = printer(f"/desk/events/{event['slug']}/tables/cards", language)
        assert sheets_of(page) == [len(event["tables"])] * 2


def test_a_longer_card_goes_on_and_leaves_no_sheet_empty(printer):
    page = printer("/cases/nour-haddad/card", "en")
    asked = page.locator(".table-card-sheet .prose").first
    one_more = "(asked) => asked.append(...asked.cloneNode(true).children)"
    taken = []
    for _time in range(5):
        asked.evaluate(one_more)
        taken.append(sheets(page, "A4"))
    assert taken[0] == 1
    assert taken == sorted(taken)
    # Twice the text is at most twice the sheets, whatever is begun.
    assert all(after <= 2 * before for before, after in zip(taken, taken[1:], strict=False))
    assert taken[-1] > 1


def test_a_margin_a_second_sheet_or_words_without_room_would_be_noticed(printer, demo):
    assert sheets_to_the_edge(printer("/guides/volunteer/", "en"), "A4") > 1
    page = printer(f"/desk/events/{demo[1]['events'][0]['slug']}/print/poster", "en")
    page.locator(".poster").evaluate("(poster) => poster.after(poster.cloneNode(true))")
    assert sheets(page, "A4") == 2
    page.locator("#poster-title").first.evaluate("(title) => title.append('mehr '.repeat(90))")
    assert find_cut_off(page, ".poster-paper", "A4")


LONGEST = {
    "title": "Menschenrechtsbriefmarathonveranstaltung" * 3,
    "place": "Gemeinschaftshaus am Marktplatz, " * 6,
    "address": "Hinterhof, Treppe C, dritte Tür links, " * 7,
    "held_by": "Amnesty-Gruppe Nord, " * 5,
    "what_to_bring": "Stifte, Papier und Geduld, " * 7,
    "access": ["step_free", "quiet_corner", "toilet"],
}


def test_the_most_that_a_form_takes_has_room_on_a_poster(office, sign_in):
    ana = factories.organiser()
    event = factories.event(organisers=[ana], **LONGEST)
    path = f"/desk/events/{event.slug}/print/poster"
    page = sign_in(ana).opens(path).page
    assert len(event.title) == 120
    for paper in ("A4", "Letter"):
        assert sheets_to_the_edge(page, paper) == 1
        assert find_cut_off(page, ".poster-paper", paper) == []
