"""What is said of outcomes and totals, in words."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple
from urllib.parse import urlsplit

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_percent
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.formatting import number
from app.outcomes.actions import TotalFields
from app.outcomes.models import Outcome, PastTotal

CHANGES_IN_WORDS = {
    "freed": _l("free"),
    "released_early": _l("released early"),
    "acquitted": _l("acquitted, or charges dropped"),
    "sentence_changed": _l("sentence changed"),
    "protected": _l("protected"),
    "law_changed": _l("law or promise changed"),
    "step": _l("a step forward"),
    "setback": _l("a setback"),
}
PRECISIONS_IN_WORDS = {
    "exact": _l("exact"),
    "more_than": _l("more than"),
    "about": _l("about"),
    "disputed": _l("disputed: sources differ"),
}
WHOSE_IN_WORDS = {
    "world": _l("the whole world, in actions"),
    "section": _l("our own, in letters"),
}


class Source(NamedTuple):
    """Where something stands: a web address with the words to show, or words alone."""

    words: str
    address: str


def day_in_words(outcome: Outcome) -> str:
    """When it happened, as exactly as it is known; nothing when nobody knows."""
    if outcome.year is None:
        return ""
    if outcome.month is None:
        return str(outcome.year)
    first = date(outcome.year, outcome.month, outcome.day or 1)
    if outcome.day is None:
        return str(format_skeleton("yMMMM", first, locale=_locale()))
    return str(format_date(first, "long", locale=_locale()))


def machine_day(outcome: Outcome) -> str:
    """The same as HTML's `datetime` has it: `2015`, `2015-05`, `2015-05-28`."""
    parts = (outcome.year, outcome.month, outcome.day)
    return "-".join(f"{part:02}" for part in parts if part is not None)


def sources_of(thing: Outcome | PastTotal) -> list[Source]:
    """Its sources, one for each line; a web address is named by its host."""
    lines = (line.strip() for line in thing.sources.splitlines())
    return [_source(line) for line in lines if line]


def total_in_words(total: PastTotal | TotalFields) -> str:
    """The number with how sure it is: "more than 1,900,000"."""
    shown = number(total.total)
    return {
        "exact": shown,
        "more_than": _("more than %(count)s", count=shown),
        "about": _("about %(count)s", count=shown),
        "disputed": _("%(count)s, disputed", count=shown),
    }[total.precision]


def share_at_close(total: PastTotal) -> str:
    """How much of the total was known when the marathon closed: "35%"."""
    share = (total.at_close or 0) / total.total if total.total else 0
    return str(format_percent(round(share, 2), locale=get_locale(), numbering_system="latn"))


def is_web_address(line: str) -> bool:
    """Whether a line is a web address that can be followed; anything else is shown as words."""
    try:
        parts = urlsplit(line)
        return parts.scheme in ("http", "https") and "." in (parts.hostname or "")
    except ValueError:
        return False


def _source(line: str) -> Source:
    if not is_web_address(line):
        return Source(line, "")
    host = urlsplit(line).hostname or line
    return Source(host.removeprefix("www."), line)


def _locale() -> Locale | str:
    locale: Locale = get_locale()
    return "en_GB" if str(locale) == "en" else locale
