"""What moves on a page, brought to where it ends."""

from __future__ import annotations

from playwright.sync_api import Page

END_ALL = """() => {
  for (const each of document.getAnimations()) {
    if (each.effect.getComputedTiming().endTime < Infinity) each.finish();
  }
}"""


def bring_to_rest(page: Page) -> None:
    """End every motion now; to wait for one is to wait for good where its element is replaced."""
    page.evaluate(END_ALL)
