"""What a page has no room for."""

from __future__ import annotations

from playwright.sync_api import Page

STICKING_OUT = """() => {
  const room = document.documentElement.clientWidth;
  const scrolls = document.scrollingElement.scrollWidth - room;
  const found = scrolls > 0 ? [`scrolls ${scrolls} px sideways`] : [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { textContent: text, parentElement: parent } = texts.currentNode;
    if (!text.trim() || parent.closest("svg, script, .visually-hidden")) continue;
    const range = document.createRange();
    range.selectNodeContents(texts.currentNode);
    // What ends in an ellipsis is cut off on purpose, and what stands in it.
    let isCut = false;
    for (let each = parent; each; each = each.parentElement) {
      isCut ||= getComputedStyle(each).textOverflow === "ellipsis";
    }
    const isSeen = parent.checkVisibility() && !isCut;
    for (const { left, right } of isSeen ? range.getClientRects() : []) {
      if (left < -1 || right > room + 1) found.push(`${text.trim()} (${left} to ${right})`);
    }
  }
  return found;
}"""

TORN = """(most) => {
  const found = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { currentNode: text } = texts;
    const isSeen = text.parentElement.checkVisibility();
    if (!isSeen || text.parentElement.closest("svg, script, code")) continue;
    for (const word of text.textContent.matchAll(/\\p{L}+/gu)) {
      const range = document.createRange();
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      const lines = new Set([...range.getClientRects()].map((each) => Math.round(each.top)));
      if (lines.size > 1 && word[0].length <= most) found.push(word[0]);
    }
  }
  return found;
}"""


def find_torn(page: Page, most: int = 12) -> list[str]:
    """Words of so many letters, at most, that are broken though a line has room for them."""
    found: list[str] = page.evaluate(TORN, most)
    return found


def find_sticking_out(page: Page) -> list[str]:
    """Texts that begin or end outside of the page, and by how much it scrolls sideways."""
    found: list[str] = page.evaluate(STICKING_OUT)
    return found
