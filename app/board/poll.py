"""The hot path: the two live fragments, answered from Flask's own last answer for a version.

Everything here is Flask's: a poll that is not in the cache is asked of Flask without whatever is
the visitor's own, and what Flask says is kept for as long as the version stands, at most until
the minute is over. Nothing else may hide here.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from flask import Flask
from sqlalchemy import Engine, bindparam, func, select
from werkzeug.sansio.utils import host_is_trusted

from app import clock
from app.board.queries import CAMPAIGN_VIEWS, EVENT_VIEWS
from app.campaigns.models import Campaign
from app.campaigns.queries import SHOWN_CAMPAIGN
from app.config import Settings
from app.database import db
from app.events.models import Event
from app.front import Answer, ask
from app.prepared import Prepared

Environ = dict[str, Any]
StartResponse = Callable[..., Any]

FRESH_FOR = 0.2
"""Seconds for which a version that was looked up is believed."""
PATIENCE = 1.0
"""Seconds to wait for another thread that already asks the same."""
MOST_KEPT = 512
"""Answers, polls and versions kept; the oldest goes first. A few kilobytes each at most."""
LONGEST = 160
"""Characters of a path, a query or a header of a poll; what is longer is not ours but Flask's."""
SEASON = ""
"""Stands for the campaign where an event's slug would stand."""
PATH = re.compile("/tally|/events/([a-z0-9-]{1,80})/tally")
SHOWN = re.compile("[0-9.]{0,40}")

_EVENT_VERSION = Prepared(
    select(Campaign.live_version, Event.live_version)
    .join_from(Event, Campaign, Campaign.id == Event.campaign_id)
    .where(Event.slug == bindparam("slug"), Event.is_written_at_home.is_(False))
)
_SEASON_VERSION = Prepared(
    select(Campaign.live_version, func.sum(Event.live_version))
    .join_from(Event, Campaign, Campaign.id == Event.campaign_id)
    .where(Campaign.id == SHOWN_CAMPAIGN)
    .group_by(Campaign.id, Campaign.live_version)
)


class Poll(NamedTuple):
    """What a live page asks; `shown` is the version that it shows now."""

    path: str
    slug: str
    view: str
    lang: str
    shown: str


class Kept:
    """A few things by their key; the oldest is forgotten for a new one."""

    def __init__(self) -> None:
        self._things: dict[Any, Any] = {}
        self._changing = threading.Lock()
        self.find = self._things.get

    def keep(self, key: Any, thing: Any) -> None:
        """Remember a thing; `find(key)` gives it back, or None."""
        with self._changing:
            if key not in self._things and len(self._things) >= MOST_KEPT:
                del self._things[next(iter(self._things))]
            self._things[key] = thing

    def __len__(self) -> int:
        return len(self._things)


class PollLayer:
    """A WSGI application around Flask's, which it asks for all but well-known polls."""

    def __init__(
        self,
        app: Flask,
        settings: Settings,
        *,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self.flask = app.wsgi_app
        """What answers all the rest."""
        self._languages = frozenset(code.replace("_", "-") for code in settings.languages)
        self._hosts = list(settings.trusted_hosts)
        self._seconds = seconds
        self._engine: Engine | None = None
        self.polls, self.versions, self.answers = Kept(), Kept(), Kept()
        # Different events seldom share one; the same event always does.
        self._looking_up = [threading.Lock() for _each in range(16)]
        self._asking = threading.Lock()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a poll from what Flask said before, and leave everything else to Flask."""
        poll = self._read(environ)
        answer = poll and self._answer(poll, environ)
        if not answer:
            return self.flask(environ, start_response)
        start_response(answer.status, answer.headers.copy())
        return [answer.body]

    def find(self, path: str, query: str, host: str, encodings: str) -> Answer | None:
        """The answer to a poll that was asked before, if its version is fresh; asks nobody."""
        poll: Poll | None = self.polls.find((path, query, host))
        known = poll and self.versions.find(poll.slug)
        if not (poll and known) or self._seconds() - known[1] >= FRESH_FOR:
            return None
        answer: Answer | None = self.answers.find(self._key(poll, known[0], encodings))
        return answer

    def _read(self, environ: Environ) -> Poll | None:
        """The poll that a request is, or None when it is Flask's to answer."""
        path = environ["PATH_INFO"]
        if not path.endswith("/tally") or environ["REQUEST_METHOD"] != "GET":
            return None
        key = path, environ.get("QUERY_STRING", ""), environ.get("HTTP_HOST", "")
        poll: Poll | None = self.polls.find(key)
        if poll is None and max(map(len, key)) <= LONGEST and not environ.get("SCRIPT_NAME"):
            poll = self._parse(*key)
            if poll:
                self.polls.keep(key, poll)
        return poll

    def _parse(self, path: str, query: str, host: str) -> Poll | None:
        match = PATH.fullmatch(path)
        pairs = parse_qsl(query, keep_blank_values=True)
        asked = dict(pairs)
        if not match or len(pairs) != 3 or asked.keys() != {"v", "lang", "view"}:
            return None
        slug = match[1] or SEASON
        is_known = asked["view"] in (EVENT_VIEWS if slug else CAMPAIGN_VIEWS)
        if not is_known or asked["lang"] not in self._languages:
            return None
        if not SHOWN.fullmatch(asked["v"]) or not host_is_trusted(host, self._hosts):
            return None
        return Poll(path, slug, asked["view"], asked["lang"], asked["v"])

    def _answer(self, poll: Poll, environ: Environ) -> Answer | None:
        """What Flask says to this poll; None when Flask should say it anew."""
        version = self._version(poll.slug)
        encodings = environ.get("HTTP_ACCEPT_ENCODING", "")
        if version is None or len(encodings) > LONGEST:
            return None
        is_current = poll.shown == version
        key = self._key(poll, version, encodings)
        answer: Answer | None = self.answers.find(key)
        if answer is None and self._asking.acquire(timeout=PATIENCE):
            # One asks, and the others that waited find what it was told.
            try:
                answer = self.answers.find(key) or self._ask_flask(poll, is_current, environ)
                if answer:
                    self.answers.keep(key, answer)
            finally:
                self._asking.release()
        return answer

    @staticmethod
    def _key(poll: Poll, version: str, encodings: str) -> tuple[object, ...]:
        # Bars and clocks are drawn to the minute; "nothing new" is as true in the next.
        minute = None if poll.shown == version else int(clock.now().timestamp()) // 60
        return poll.path, poll.view, poll.lang, version, minute, encodings

    def _ask_flask(self, poll: Poll, is_current: bool, environ: Environ) -> Answer | None:
        """Flask's answer if it is the one that everybody may have."""
        query = {"v": poll.shown if is_current else "", "lang": poll.lang, "view": poll.view}
        asked = {name: value for name, value in environ.items() if not name.startswith("HTTP_")}
        for name in ("HTTP_HOST", "HTTP_ACCEPT_ENCODING"):
            asked[name] = environ.get(name, "")
        asked["QUERY_STRING"] = urlencode(query)
        status, headers, body = ask(self.flask, asked)
        if status[:3] != ("204" if is_current else "200"):
            return None
        # Each request has an id of its own; an answer for thousands has none.
        return Answer(status, [each for each in headers if each[0] != "X-Request-Id"], body)

    def _version(self, slug: str) -> str | None:
        """The version, looked up at most every 200 ms; None for what is not there."""
        known: tuple[str, float] | None = self.versions.find(slug)
        if known and self._seconds() - known[1] < FRESH_FOR:
            return known[0]
        lock = self._looking_up[hash(slug) % len(self._looking_up)]
        if not lock.acquire(timeout=PATIENCE):
            return known[0] if known else None
        try:
            again: tuple[str, float] | None = self.versions.find(slug)
            if again and self._seconds() - again[1] < FRESH_FOR:
                return again[0]
            return self._look_up(slug)
        finally:
            lock.release()

    def _look_up(self, slug: str) -> str | None:
        asked_at = self._seconds()
        try:
            with self._connect() as connection:
                if slug == SEASON:
                    rows = _SEASON_VERSION.run(connection)
                else:
                    rows = _EVENT_VERSION.run(connection, slug=slug)
        except Exception:  # whatever it is, Flask meets it too and says so
            return None
        if not rows:
            return None
        version = f"{rows[0][0]}.{rows[0][1]}"
        self.versions.keep(slug, (version, asked_at))
        return version

    def _connect(self) -> Any:
        if self._engine is None:
            with self._app.app_context():
                self._engine = db.engine
        return self._engine.connect()
