"""Printing: how many sheets a page takes, and whether it fills the sheet with nothing cut off."""

from __future__ import annotations

import re

from playwright.sync_api import Page

A_PAGE = re.compile(rb"/Type\s*/Page\b")
PAPERS = {"A5": (559, 794), "A4": (794, 1123), "A3": (1123, 1587), "Letter": (816, 1056)}
"""Breadth and height in CSS pixels, rounded up."""

WITH_SHEETS_MORE_FOR_A_MARGIN = """(breadth) => {
  const rule = new CSSStyleSheet();
  rule.replaceSync(`@media print { main::after {
    content: ""; display: block; block-size: clamp(0px, (${breadth - 4}px - 100vw) * 1000, 2000px);
  } }`);
  document.adoptedStyleSheets = [rule];
}"""

CUT_OFF = """(selector) => {
  const sheet = document.querySelector(selector).getBoundingClientRect();
  const found = [];
  for (const each of document.querySelectorAll(`${selector} *`)) {
    const { left, right, top, bottom, width } = each.getBoundingClientRect();
    const isOut = left < sheet.left - 1 || right > sheet.right + 1
      || top < sheet.top - 1 || bottom > sheet.bottom + 1;
    if (width && isOut && !each.closest("svg *")) found.push(each.className || each.tagName);
  }
  return found;
}"""


def sheets(page: Page, paper: str) -> int:
    """How many sheets of this paper the page takes, and of no other size."""
    return len(A_PAGE.findall(page.pdf(format=paper, prefer_css_page_size=False)))


def sheets_to_the_edge(page: Page, paper: str) -> int:
    """The same, and more if the page leaves a margin at the paper's sides."""
    page.evaluate(WITH_SHEETS_MORE_FOR_A_MARGIN, PAPERS[paper][0])
    return sheets(page, paper)


def find_cut_off(page: Page, selector: str, paper: str) -> list[str]:
    """What does not stand whole inside of this one, laid out as on paper."""
    breadth, height = PAPERS[paper]
    before = page.viewport_size
    page.set_viewport_size({"width": breadth, "height": height})
    page.emulate_media(media="print")
    found: list[str] = page.evaluate(CUT_OFF, selector)
    page.emulate_media(media="null")
    page.set_viewport_size(before)
    return found
