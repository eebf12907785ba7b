"""What is printed: a guide is one sheet, on the paper of either side of the Atlantic."""

from __future__ import annotations

import re

from playwright.sync_api import Page

from tests.browser.people import Person
from tests.browser.plain_pages import ACHIEVED

A_PAGE = re.compile(rb"/Type\s*/Page\b")
PAPERS = ("A4", "Letter")
PSEUDO_LOCALE = "ar-XB"
GUIDES = {name for name, path in ACHIEVED.items() if path.startswith("/guides/")}


def sheets_of(page: Page) -> list[int]:
    """How many sheets a page takes: of A4, and of US Letter."""
    return [len(A_PAGE.findall(page.pdf(format=paper))) for paper in PAPERS]


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
