"""A page as somebody comes to see it."""

from __future__ import annotations

from typing import NamedTuple

from tests.browser.deeds import Deed


class View(NamedTuple):
    """A page as somebody comes to see it: where it is, and what they do there first."""

    name: str
    path: str
    deed: Deed | None = None
    is_wordless: bool = False
    """Whether the deed finds its way in every language."""
