"""The hot path: the two live counters, answered from Flask's own last answer for a version.

Everything here is Flask's: a poll that is not in the cache is passed to Flask without its cookies,
and what Flask says is kept for as long as the version stands. Nothing else may hide here.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from flask import Flask
from sqlalchemy import bindparam, func, select
from werkzeug.sansio.utils import host_is_trusted

from app.board.queries import CAMPAIGN_VIEWS, EVENT_VIEWS
from app.campaigns.models import Campaign
from app.config import Settings
from app.database import db
from app.events.models import Event
from app.prepared import Prepared

Environ = dict[str, Any]
StartResponse = Callable[..., Any]

FRESH_FOR = 0.2
"""Seconds for which a version that was looked up is believed."""
MOST_KEPT = 4096
"""Answers, questions and versions kept; each is dropped whole when full: a second refills it."""
SEASON = ""
"""Stands for the campaign where an event's slug would stand."""
NOT_OURS = ("HTTP_COOKIE", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE")
"""Headers of one visitor that must not shape everybody's answer."""

_EVENT_VERSION = Prepared(
    select(Campaign.live_version, Event.live_version)
    .join_from(Event, Campaign, Campaign.id == Event.campaign_id)
    .where(Event.slug == bindparam("slug"), Event.is_written_at_home.is_(False))
)
_SEASON_VERSION = Prepared(
    select(Campaign.live_version, func.sum(Event.live_version))
    .join_from(Event, Campaign, Campaign.id == Event.campaign_id)
    .where(
        Campaign.id
        == select(func.max(Campaign.id)).where(Campaign.locked_at.is_(None)).scalar_subquery()
    )
    .group_by(Campaign.id, Campaign.live_version)
)


class Question(NamedTuple):
    """What a poll asks for; everybody who asks the same gets the same."""

    path: str
    slug: str
    view: str
    lang: str


class Answer(NamedTuple):
    """What Flask said."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes


class PollLayer:
    """A WSGI application around Flask's, which it asks for all but well-known polls."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._app = app
        self._flask = app.wsgi_app
        self._languages = frozenset(settings.languages)
        self._hosts = list(settings.trusted_hosts)
        self._trusted: dict[str, bool] = {}
        self._questions: dict[tuple[str, str], tuple[Question, str] | None] = {}
        self._versions: dict[str, tuple[str, float]] = {}
        self._answers: dict[tuple[Question, str, bool, str], Answer] = {}
        self._lookup = threading.Lock()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a poll from what Flask said before, and leave everything else to Flask."""
        asked = self._asked(environ)
        version = asked and self._version(asked[0].slug)
        if not asked or not version:
            return self._flask(environ, start_response)
        question, shown = asked
        key = question, version, shown == version, _encoding_of(environ)
        answer = self._answers.get(key)
        if answer is None:
            answer = self._ask_flask(environ, *key)
            if answer.status[:3] in ("200", "204"):
                _keep(self._answers, key, answer)
        start_response(answer.status, answer.headers)
        return [answer.body]

    def _asked(self, environ: Environ) -> tuple[Question, str] | None:
        """The question and the version that its page shows; None for whatever is Flask's."""
        if environ["REQUEST_METHOD"] != "GET" or not environ["PATH_INFO"].endswith("/tally"):
            return None
        host = environ.get("HTTP_HOST", "")
        if host not in self._trusted:
            _keep(self._trusted, host, host_is_trusted(host, self._hosts))
        if not self._trusted[host] or environ.get("SCRIPT_NAME"):
            return None
        url = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
        if url not in self._questions:
            _keep(self._questions, url, self._read(*url))
        return self._questions[url]

    def _read(self, path: str, query: str) -> tuple[Question, str] | None:
        """What a live page asks, by its exact three arguments; None is for Flask."""
        pairs = parse_qsl(query, keep_blank_values=True)
        asked = dict(pairs)
        parts = path.split("/")
        is_season = parts == ["", "tally"]
        is_event = len(parts) == 4 and parts[:2] == ["", "events"] and parts[2] != SEASON
        views = CAMPAIGN_VIEWS if is_season else EVENT_VIEWS if is_event else ()
        if len(asked) != len(pairs) or asked.keys() != {"v", "lang", "view"}:
            return None
        if asked["view"] not in views or asked["lang"] not in self._languages:
            return None
        slug = SEASON if is_season else parts[2]
        return Question(path, slug, asked["view"], asked["lang"]), asked["v"]

    def _version(self, slug: str) -> str | None:
        """The version, looked up at most every 200 ms; None for what is not there."""
        known = self._versions.get(slug)
        if known and time.monotonic() - known[1] < FRESH_FOR:
            return known[0]
        # One asks, the others make do with what was true a moment ago.
        if not self._lookup.acquire(blocking=known is None):
            return known[0] if known else None
        try:
            version = self._look_up(slug)
        finally:
            self._lookup.release()
        if version:
            _keep(self._versions, slug, (version, time.monotonic()))
        return version

    def _look_up(self, slug: str) -> str | None:
        with self._app.app_context(), db.engine.connect() as connection:
            if slug == SEASON:
                rows = _SEASON_VERSION.run(connection)
            else:
                rows = _EVENT_VERSION.run(connection, slug=slug)
        return f"{rows[0][0]}.{rows[0][1]}" if rows else None

    def _ask_flask(
        self, environ: Environ, question: Question, version: str, is_current: bool, encoding: str
    ) -> Answer:
        query = {"v": version if is_current else "", "lang": question.lang, "view": question.view}
        asked = {key: value for key, value in environ.items() if key not in NOT_OURS}
        asked |= {"QUERY_STRING": urlencode(query), "HTTP_ACCEPT_ENCODING": encoding}
        said: list[Any] = []

        def remember(status: str, headers: list[tuple[str, str]], _exc: Any = None) -> Any:
            said[:] = status, headers

        body = self._flask(asked, remember)
        try:
            content = b"".join(body)
        finally:
            getattr(body, "close", lambda: None)()
        # Each request has an id of its own; an answer for thousands has none.
        headers = [(name, value) for name, value in said[1] if name != "X-Request-Id"]
        return Answer(said[0], headers, content)


def _encoding_of(environ: Environ) -> str:
    accepted = environ.get("HTTP_ACCEPT_ENCODING", "")
    return "br" if "br" in accepted else "gzip" if "gzip" in accepted else "identity"


def _keep(kept: dict[Any, Any], key: Any, value: Any) -> None:
    if len(kept) >= MOST_KEPT:
        kept.clear()
    kept[key] = value
