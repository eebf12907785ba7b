"""Which language an answer is in: what there is, what the section offers, what a reader chose."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Collection, Iterator
from datetime import timedelta
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, urlencode

from babel import Locale
from flask import Flask, current_app, g, has_request_context, request
from flask.wrappers import Response
from flask_babel import refresh
from flask_login import current_user
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from app.config import Settings
from app.cookies import SESSION, drop_cookie, own_cookie, set_cookie
from app.formatting import introduce, lean_locale, posix

NAME = "lettertally_languages"
HEADER = "X-Language"
"""The language of the page whose script asks, so that a fragment speaks as its page does."""
CHOICE = "language"
A_YEAR = timedelta(days=365)
PUBLIC = frozenset(
    {
        *(
            "board.home",
            "board.live",
            "board.show_event",
            "campaigns.list_cases",
            "campaigns.show_case",
        ),
        *("board.list_events", "hosts.organise"),
        *("outcomes.good_news", "outcomes.history", "outcomes.how"),
    }
)
"""Pages that everybody reads, whatever their language."""
BELIEVED_FOR = 5.0
"""Seconds for which what the section offers is not asked again."""


class Offer(NamedTuple):
    """The languages that readers may choose from, and the usual one."""

    languages: tuple[str, ...]
    usual: str

    def includes(self, language: str) -> bool:
        """Whether it is one of them, written with a hyphen or an underscore."""
        return bool(language) and posix(language) in map(posix, self.languages)


class Offers:
    """What the section offers; asked for now and then, because presses cannot wait for it."""

    def __init__(self, known: tuple[str, ...]) -> None:
        self.known = known
        self.ask: Callable[[], tuple[Collection[str], str]] = lambda: ((), "")
        self.last = Offer(known, known[0])
        self._until = 0.0

    def now(self) -> Offer:
        """What the section offers, as it was a few seconds ago or is."""
        if time.monotonic() >= self._until:
            chosen, usual = self.ask()
            offered = tuple(code for code in self.known if code in chosen) or self.known
            self.last = Offer(offered, usual if usual in offered else offered[0])
            self._until = time.monotonic() + BELIEVED_FOR
        return self.last

    def forget(self) -> None:
        """Ask again the next time: the section has changed."""
        self._until = 0.0


def init_app(app: Flask, settings: Settings) -> None:
    """Offer all the languages there are, until a feature says what the section chose."""
    app.extensions[NAME] = Offers(settings.languages)
    words = (languages_offered, this_page, other_languages)
    app.jinja_env.globals.update({each.__name__: each for each in words})


def offers(app: Any = None) -> Offers:
    """What is known of an app's languages."""
    known: Offers = (app or current_app).extensions[NAME]
    return known


def offered_languages() -> tuple[str, ...]:
    """The languages that the section offers."""
    return offers().now().languages


def usual_language() -> str:
    """The language that the section speaks when nothing says otherwise."""
    return offers().now().usual


def known_languages() -> tuple[str, ...]:
    """Every language that this instance could offer."""
    return offers().known


def is_known(language: str) -> bool:
    """Whether this instance could say anything in `language`."""
    known = known_languages()
    return Offer(known, known[0]).includes(language)


def choose_locale() -> Locale:
    """The language of this answer.

    Asked for, chosen in this browser, the person's own, the page's, the browser's, the usual.
    """
    if not has_request_context():
        return lean_locale(known_languages()[0])
    offer = offers().now()
    for language in _wishes():
        if offer.includes(language):
            return lean_locale(language)
    return lean_locale(_of_browser(*offer))


def _wishes() -> Iterator[str]:
    yield request.args.get("lang", "")
    yield request.headers.get(HEADER, "")
    yield g.get("wall_language", "")
    yield request.cookies.get(language_cookie(), "")
    if own_cookie(SESSION) in request.cookies:
        yield getattr(current_user, "language", None) or ""
    yield g.get("page_language", "")


def prefer(language: str, *, is_for_the_wall: bool = False) -> None:
    """Say in which language, if any, this page's matter is held; who reads may wish another.

    What hangs on a wall is for the people there, and not for whoever opened or printed it.
    """
    g.setdefault("wall_language" if is_for_the_wall else "page_language", language)
    refresh()


def locale_of_browser() -> Locale:
    """The browser's language, or the usual one; asks no database."""
    return lean_locale(_of_browser(*offers().last))


def _of_browser(languages: tuple[str, ...], otherwise: str) -> str:
    return _best_match(request.headers.get("Accept-Language", ""), languages, otherwise)


@functools.lru_cache(maxsize=256)
def _best_match(accepted: str, languages: tuple[str, ...], otherwise: str) -> str:
    tags = [language.replace("_", "-") for language in languages]
    return parse_accept_header(accepted, LanguageAccept).best_match(tags, default=otherwise)


# A reader's choice, kept in their browser


def language_cookie() -> str:
    """The name of the cookie with a reader's choice."""
    return own_cookie(CHOICE)


def remember(response: Response, language: str) -> None:
    """Let this browser ask for a language from now on."""
    set_cookie(response, CHOICE, language, lasts=A_YEAR)


def forget_choice(response: Response) -> None:
    """Let this browser ask for no language any more."""
    drop_cookie(response, CHOICE)


def this_page() -> str:
    """The path of this page, with its query but for the language."""
    asked = parse_qsl(request.query_string.decode(errors="replace"), keep_blank_values=True)
    pairs = [(name, value) for name, value in asked if name != "lang"]
    return quote(request.path) + (f"?{urlencode(pairs)}" if pairs else "")


def offered_codes() -> list[str]:
    """The languages that the section offers, as HTML writes them."""
    return [code.replace("_", "-") for code in offered_languages()]


def languages_offered() -> list[tuple[str, str, str]]:
    """Each language's code, what its own speakers call it, and its direction."""
    return [(code, *introduce(code)) for code in offered_codes()]


def other_languages() -> list[tuple[str, str]]:
    """Where a search engine finds this page in each language; nothing for what is not public."""
    if request.method != "GET" or request.endpoint not in PUBLIC or request.query_string:
        return []
    settings: Settings = current_app.config["LETTERTALLY"]
    address = settings.public_url + quote(request.path)
    every = [(code, f"{address}?lang={code}") for code in offered_codes()]
    return [*every, ("x-default", address)] if len(every) > 1 else []
