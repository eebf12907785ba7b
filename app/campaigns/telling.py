"""A case as one reader is told it: each text in their language where it is there, else its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from app.campaigns.languages import closest, direction, language_name
from app.campaigns.models import TRANSLATED, Case, CaseText

WEB_ADDRESS = re.compile(r"https?://[^\s<>\"]+")

ShortTexts = Mapping[tuple[int, str], tuple[str, str]]
"""Language and words, by the case's id and the text's name."""


class Said(NamedTuple):
    """A text, and the language it is in."""

    text: str
    language: str
    is_other: bool = False
    """Whether the reader asked for another language."""

    def __bool__(self) -> bool:
        return bool(self.text)

    @property
    def dir(self) -> str:
        """`ltr` or `rtl`."""
        return direction(self.language)

    @property
    def language_name(self) -> str:
        """What the reader calls the language."""
        return language_name(self.language)

    @property
    def lines(self) -> list[str]:
        """The lines that are not empty."""
        return lines_of(self.text)


class ToldTarget(NamedTuple):
    """Who gets the letters."""

    name: str
    role: str
    """As the envelope says it."""
    told_role: Said | None
    """The same in the reader's language, where somebody said it."""
    postal_address: str
    salutation: Said


class ToldCase(NamedTuple):
    """All that the case page says in words."""

    country: Said
    summary: Said
    story: Said
    what_is_asked: Said
    key_points: Said
    sample_lines: Said
    portrait_alt: Said
    targets: list[ToldTarget]
    fallback: Said | None
    """The story or whatever else is there, when none of it is in the reader's language."""


class Source(NamedTuple):
    """Where something can be read up."""

    words: str
    link: str


def told(case: Case, language: str) -> ToldCase:
    """The case for a reader of `language`; asks for its translations."""
    texts = {text.language: text for text in case.translations}
    own = closest(language, [case.language])
    found = None if own else texts.get(closest(language, list(texts)) or "")
    said = {name: _said(case, found, name, is_own=bool(own)) for name in TRANSLATED}
    spoken = [text for name, text in said.items() if text and name != "country"]
    is_told_otherwise = bool(spoken) and all(text.is_other for text in spoken)
    return ToldCase(
        **said,
        targets=[_target(case, found, target, is_own=bool(own)) for target in case.targets],
        fallback=spoken[0] if is_told_otherwise else None,
    )


def short_text_of(
    case: Case, name: str, language: str, translated: Callable[[], ShortTexts]
) -> Said:
    """A case's country or summary, for lists; asks what is translated only when it must."""
    is_other = closest(language, [case.language]) is None
    found = translated().get((case.id, name)) if is_other else None
    if found:
        return Said(found[1], found[0])
    return Said(getattr(case, name), case.language, is_other)


def why_paused(case: Case, language: str) -> Said:
    """Why people are asked to stop writing, for a reader of `language`; one line."""
    is_other = closest(language, [case.language]) is None
    found = closest(language, list(case.pause_reasons)) if is_other else None
    if found:
        return Said(case.pause_reasons[found], found)
    return Said(case.pause_reason, case.language, is_other)


def lines_of(text: str) -> list[str]:
    """The lines that are not empty; a leading dash or star is a habit, no part of the text."""
    lines = (re.sub(r"^\s*[-*•–]\s+", "", line).strip() for line in text.splitlines())
    return [line for line in lines if line]


def sources_of(text: str) -> list[Source]:
    """Each line's words and its first link; a line of words alone has none."""
    sources = []
    for line in lines_of(text):
        found = WEB_ADDRESS.search(line)
        link = found[0].rstrip(".,;)") if found else ""
        words = WEB_ADDRESS.sub("", line).strip(" \t:-–—()<>") if link else line
        sources.append(Source(words or link, link))
    return sources


def _said(case: Case, translation: CaseText | None, name: str, *, is_own: bool) -> Said:
    if translation is not None and getattr(translation, name):
        return Said(getattr(translation, name), translation.language)
    return Said(getattr(case, name), case.language, not is_own)


def _target(
    case: Case, translation: CaseText | None, target: dict[str, Any], *, is_own: bool
) -> ToldTarget:
    salutation = Said(target["salutation"], case.language, not is_own)
    told_role = None
    if translation is not None:
        key, language = target["key"], translation.language
        if words := translation.salutations.get(key):
            salutation = Said(words, language)
        if role := translation.roles.get(key):
            told_role = Said(role, language)
    return ToldTarget(
        target["name"], target["role"], told_role, target["postal_address"], salutation
    )
