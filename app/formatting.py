"""What is known of a language, and numbers and dates as templates write them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError, dates, localedata, numbers
from babel.core import get_global
from flask import Flask, current_app
from flask_babel import get_locale

from app.catalogues import compiled_folder
from app.config import Settings
from app.markdown import markdown

UNSAID = (
    *("currency_names", "currency_names_plural", "currency_symbols", "compact_currency_formats"),
    *("unit_display_names", "compound_unit_patterns", "meta_zones", "interval_formats"),
)
"""What Babel knows of a language and nothing here writes: money, measures, names of clocks."""
UNASKED = (
    *("all_currencies", "currency_fractions", "territory_currencies"),
    *("territory_languages", "windows_zone_mapping"),
)
"""What Babel knows of the world and nothing here asks."""


class LocaleInfo(NamedTuple):
    """What a page says about its language."""

    code: str
    """As HTML writes it: `en`, `pt-BR`."""
    dir: str
    """`ltr` or `rtl`."""


def babel_config(settings: Settings) -> dict[str, object]:
    """Flask-Babel's settings: catalogues come with the app and may be added to the instance."""
    folders = (compiled_folder(settings.instance), settings.instance / "translations")
    return {
        "BABEL_DEFAULT_LOCALE": posix(settings.languages[0]),
        "BABEL_DEFAULT_TIMEZONE": settings.time_zone,
        "BABEL_TRANSLATION_DIRECTORIES": ";".join(str(folder) for folder in folders),
    }


def init_app(app: Flask, settings: Settings) -> None:
    """Give templates their filters and the language of the answer."""
    forget_the_unasked()
    app.jinja_env.filters.update(number=number, day=day, clock=clock, moment=moment)
    app.jinja_env.filters.update(markdown=markdown)
    app.context_processor(lambda: {"locale": locale_info()})


def languages_named(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Each language's code and what its own speakers call it."""
    return [(code, introduce(code).name) for code in codes]


@functools.cache
def load_locale(language: str) -> Locale:
    """Babel's data of a language; a made-up territory, as in `ar-XB`, borrows its language's."""
    code = posix(language)
    try:
        return Locale.parse(code)
    except UnknownLocaleError:
        plain, _, territory = code.partition("_")
        locale = Locale.parse(plain)
        # Looking at the direction loads the data, which from then on stays with the object.
        assert locale.text_direction
        locale.territory = territory
        return locale


def locale_info() -> LocaleInfo:
    """The language and direction of this answer."""
    locale = _locale()
    return LocaleInfo(str(locale).replace("_", "-"), locale.text_direction)


class NumberSlot(int):
    """A number whose place in a sentence is kept open for a script: it is written as `{n}`."""


def plural_forms(say: Callable[[int], str]) -> dict[str, str]:
    """`say`'s sentence in each plural category of the reader's language, the number as `{n}`.

    A script picks one by the browser's own `Intl.PluralRules`, which has the same categories.
    """
    category = _locale().plural_form
    samples = {category(n): n for n in range(200, -1, -1)}
    return {tag: say(NumberSlot(n)) for tag, n in samples.items()}


def number(value: int) -> str:
    """A whole number with the language's own grouping, in the digits that every screen shares."""
    if isinstance(value, NumberSlot):
        return "{n}"
    return _written(value, _locale())


def _written(value: int, locale: Locale) -> str:
    separator = _separator(locale)
    if separator is None or value < 0:
        return numbers.format_decimal(value, locale=locale, numbering_system="latn")
    return f"{value:,}".replace(",", separator)


@functools.cache
def _separator(locale: Locale) -> str | None:
    """What parts a language's thousands; None where not all groups are of three."""
    is_by_threes = locale.decimal_formats[None].grouping == (3, 3)
    return numbers.get_group_symbol(locale, numbering_system="latn") if is_by_threes else None


def day(value: date | datetime, zone: str | ZoneInfo | None = None) -> str:
    """A day, as "6 December 2026"; a moment's day needs its zone, the instance's by default."""
    if isinstance(value, datetime):
        value = value.astimezone(_zone(zone)).date()
    return dates.format_date(value, format="long", locale=_locale_of_dates())


def clock(value: datetime, zone: str | ZoneInfo | None = None) -> str:
    """The time of day in a zone, as "14:05"."""
    return dates.format_time(value, format="short", tzinfo=_zone(zone), locale=_locale_of_dates())


def moment(value: datetime, zone: str | ZoneInfo | None = None) -> str:
    """Day and time of day in a zone, as "6 December 2026, 14:05"."""
    pattern = dates.get_datetime_format("medium", locale=_locale_of_dates())
    parts = {"{1}": day(value, zone), "{0}": clock(value, zone)}
    text = str(pattern).replace("'", "")
    for place, part in parts.items():
        text = text.replace(place, part)
    return text


def _locale_of_dates() -> Locale:
    # Plain "en" means the United States' dates to Unicode; our English is British.
    locale = _locale()
    return load_locale("en-GB") if str(locale) == "en" else locale


class Introduction(NamedTuple):
    """A language in its own words."""

    name: str
    dir: str


def names_of_languages(speaker: str) -> dict[str, str]:
    """What the speakers of a language call all others, by the codes that Babel writes."""
    whole = posix(speaker)
    known = next(filter(localedata.exists, (whole, whole.partition("_")[0])), None)
    with _nothing_kept():
        return dict(localedata.load(known).get("languages", {})) if known else {}


@functools.cache
def introduce(code: str) -> Introduction:
    """What its speakers call a language, and how they read; the rest of its data goes again.

    Every page says so of each language on offer, and most people here may read but one.
    """
    with _nothing_kept():
        locale = Locale.parse(posix(code).partition("_")[0])
        name = locale.get_language_name(locale) or code
        # French and Spanish write it small within a sentence; in a list it stands alone.
        return Introduction(name[:1].upper() + name[1:], locale.text_direction)


@contextmanager
def _nothing_kept() -> Iterator[None]:
    """Let go of what Babel reads of a language in here, and would keep for ever."""
    here = set(localedata._cache)
    yield
    for loaded in set(localedata._cache) - here:
        localedata._cache.pop(loaded, None)


@functools.cache
def lean_locale(language: str) -> Locale:
    """A locale that pages are written in, without half a megabyte of data that none needs."""
    locale = load_locale(language)
    data = localedata.load(locale.language)
    for unsaid in UNSAID:
        data[unsaid] = {}
    units = data.get("unit_patterns", {})
    for unit in [unit for unit in units if not unit.startswith("duration-")]:
        del units[unit]
    return locale


def forget_the_unasked() -> None:
    """Let go of two megabytes that Babel reads in for all the languages and countries there are."""
    folder = Path(localedata.resolve_locale_filename("root")).parent
    known = {file.stem.partition("_")[0] for file in folder.iterdir()}
    likely: Any = get_global("likely_subtags")
    kept = {tag: whole for tag, whole in likely.items() if tag.partition("_")[0] in known}
    likely.clear()
    likely.update(kept)
    facts: Any = get_global
    for name in UNASKED:
        facts(name).clear()


def _locale() -> Locale:
    locale: Any = get_locale()
    return locale or load_locale("en")


def _zone(zone: str | ZoneInfo | None) -> ZoneInfo:
    if isinstance(zone, ZoneInfo):
        return zone
    settings: Settings = current_app.config["LETTERTALLY"]
    return ZoneInfo(zone or settings.time_zone)


def posix(language: str) -> str:
    """A language's code as Babel writes it, with an underscore."""
    return language.replace("-", "_")
