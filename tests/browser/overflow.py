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
    // What ends in an ellipsis is cut off on purpose.
    const isCut = getComputedStyle(parent).textOverflow === "ellipsis";
    const isSeen = parent.checkVisibility() && !isCut;
    for (const { left, right } of isSeen ? range.getClientRects() : []) {
      if (left < -1 || right > room + 1) found.push(`${text.trim()} (${left} to ${right})`);
    }
  }
  return found;
}"""


def find_sticking_out(page: Page) -> list[str]:
    """Texts that begin or end outside of the page, and by how much it scrolls sideways."""
    found: list[str] = page.evaluate(STICKING_OUT)
    return found
