"""What a page says in another language, so that one journey finds its buttons in each."""

from __future__ import annotations

from functools import cache

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from tests.browser.server import ROOT


class Words:
    """The app's own translations, asked by their English."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, english: str) -> str:
        """The words of a label or button; raises KeyError for what nobody translates."""
        if self.language == "en":
            return english
        message = read_catalogue(self.language).get(english)
        if not message or not message.string:
            raise KeyError(english)
        return str(message.string)


@cache
def read_catalogue(language: str) -> Catalog:
    """All translations of a language, as they stand in the repository."""
    file = ROOT / "app" / "translations" / language / "LC_MESSAGES" / "messages.po"
    with file.open("rb") as text:
        return read_po(text, locale=language)
