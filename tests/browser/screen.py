"""A live screen as tests need it: its time can be let go by, its tab left, its polls counted."""

from __future__ import annotations

from tests.browser.people import Watcher

CAN_BE_HIDDEN = """
  let hidden = false;
  Object.defineProperty(document, "hidden", { get: () => hidden });
  window.setHidden = (is) => {
    hidden = is;
    document.dispatchEvent(new Event("visibilitychange"));
  };
"""
A_MOMENT = 3
"""Seconds that the slowest machine takes to stop a page's clock."""


class Screen(Watcher):
    """A live screen whose clock can be turned on, and whose polls are counted."""

    def __init__(self, page) -> None:
        super().__init__(page)
        self.polls: list[str] = []
        page.on("request", lambda asked: "/tally" in asked.url and self.polls.append(asked.url))
        page.add_init_script(CAN_BE_HIDDEN)
        page.clock.install()

    def hears_what_was_asked(self) -> None:
        """Wait for the browser's word of it: it comes before the answer to what is asked next."""
        self.page.evaluate("fetch('/healthz').then(() => true)")

    def lives(self, seconds: int) -> None:
        """Let seconds go by, each long enough for what was asked to be answered."""
        for _second in range(seconds):
            self.lets_go_by(1000)
            self.hears_what_was_asked()

    def stops_its_clock(self) -> None:
        """Let no time go by any more, but what is let go by."""
        self.page.clock.pause_at(self.page.evaluate("Date.now()") / 1000 + A_MOMENT)

    def polls_in(self, seconds: int) -> int:
        """How often it asks while these seconds go by in a moment, and no others."""
        self.stops_its_clock()
        self.polls.clear()
        for _second in range(seconds):
            self.lets_go_by(1000)
        self.hears_what_was_asked()
        asked = len(self.polls)
        self.page.clock.resume()
        return asked
