"""Which browser it was, in words that follow nobody: a family and a system, no version."""

from __future__ import annotations

import re
from typing import NamedTuple

from flask_babel import gettext as _

# The first that is found counts: Edge also calls itself Chrome, and Chrome calls itself Safari.
BROWSERS = (
    ("Edge", r"\bEdgA?(iOS)?/"),
    ("Opera", r"\bOPR/|\bOpera\b"),
    ("Samsung Internet", r"\bSamsungBrowser/"),
    ("Firefox", r"\b(Firefox|FxiOS)/"),
    ("Chrome", r"\b((Headless)?Chrome|Chromium|CriOS)/"),
    ("Safari", r"\bSafari/"),
)
SYSTEMS = (
    ("Android", r"\bAndroid\b"),
    ("iPhone", r"\biPhone\b"),
    ("iPad", r"\biPad\b"),
    ("Windows", r"\bWindows\b"),
    ("ChromeOS", r"\bCrOS\b"),
    ("macOS", r"\bMac OS X\b|\bMacintosh\b"),
    ("Linux", r"\bLinux\b|\bX11\b"),
)


class SignedInWith(NamedTuple):
    """All that a session remembers of the browser; empty where it could not be told."""

    browser: str = ""
    system: str = ""


class Arrival(NamedTuple):
    """How somebody comes: with which browser, and with which token, whose session then ends."""

    with_what: SignedInWith = SignedInWith()
    replacing: str | None = None


UNSEEN = Arrival()
"""By no browser of theirs, as in a test."""


def read_browser(user_agent: str) -> SignedInWith:
    """The two words out of what a browser says of itself; the rest is forgotten."""
    return SignedInWith(_first(BROWSERS, user_agent), _first(SYSTEMS, user_agent))


def browser_in_words(with_what: SignedInWith) -> str:
    """What a person recognises their own browser by."""
    browser, system = with_what
    if browser and system:
        return str(_("%(browser)s on %(system)s", browser=browser, system=system))
    return browser or system or str(_("an unknown browser"))


def _first(known: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for name, pattern in known if re.search(pattern, text[:500])), "")
