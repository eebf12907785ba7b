"""The season's events as guests look for them: by words, day, town, language and access.

Only what the public may know of an event finds it: young people's are found by title, day,
language and access, never by a place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import load_only

from app.campaigns.languages import CODES, code_of, language_name
from app.database import db
from app.events.models import Event
from app.events.queries import EventsByState, is_listed
from app.events.wording import (
    public_address,
    public_host,
    public_link_there,
    public_place,
    public_town,
)
from app.folding import folded

PAGE = 50
STEP_FREE = "step_free"
LONGEST_LANGUAGE = 40
"""Characters; what is longer, or has a number in it, is a remark."""
BETWEEN_LANGUAGES = re.compile(r"[,;/|·•،؛、\n]|\s[&+]\s")
AND = re.compile(r"\s+(?:and|e|et|i|oraz|und|y)\s+|\s+و\s*")
_ASKED = load_only(
    *(Event.title, Event.place, Event.address, Event.town, Event.held_by, Event.online_link),
    *(Event.languages, Event.access, Event.has_young_people, Event.state),
    *(Event.starts_at, Event.ends_at, Event.time_zone),
)
"""Without what is long: the words of five hundred events are not read to show fifty."""


class Wanted(NamedTuple):
    """What a guest asks for; an empty wish is none."""

    words: str = ""
    since: date | None = None
    until: date | None = None
    """Both are days by the clocks of each event, and include it."""
    town: str = ""
    language: str = ""
    is_online: bool = False
    is_step_free: bool = False


class Found(NamedTuple):
    """One page of the events that a guest asked for, and what others could be asked for."""

    events: EventsByState
    total: int
    page: int
    pages: int
    towns: list[str]
    languages: dict[str, str]
    """What to ask for, and how it is called: as the reader calls it, or as it was typed."""


def find_events(campaign_id: int, wanted: Wanted, *, page: int, now: datetime) -> Found:
    """What is on and coming up by its day, then what is over, the latest first.

    What was never opened is over when its hours are. A page beyond the last is the last one.
    """
    events = _list_listed(campaign_id)
    # Neither database folds accents and letters of all scripts by itself.
    fitting = [event for event in events if _fits(event, wanted)]
    ahead = [event for event in fitting if not _is_over(event, now)]
    running = [event for event in ahead if event.is_running]
    upcoming = [event for event in ahead if not event.is_running]
    over = [event for event in fitting[::-1] if _is_over(event, now)]
    ordered = [*running, *upcoming, *over]
    pages = max(1, -(-len(ordered) // PAGE))
    page = min(max(1, page), pages)
    shown = {each.id for each in ordered[PAGE * (page - 1) : PAGE * page]}
    _load_whole(shown)
    return Found(
        events=EventsByState(
            running=[event for event in running if event.id in shown],
            upcoming=[event for event in upcoming if event.id in shown],
            closed=[event for event in over if event.id in shown],
        ),
        total=len(ordered),
        page=page,
        pages=pages,
        towns=_unlike(map(public_town, events)),
        languages=_languages_at(events),
    )


def languages_of(told: str) -> list[str]:
    """The languages that an organiser named in their own words, without what is a remark."""
    parts = (part.strip(" .") for part in BETWEEN_LANGUAGES.split(told))
    return [name for part in parts if part and _is_name(part) for name in _apart(part)]


def codes_of(told: str) -> list[str]:
    """The codes of those languages, without what nobody here calls a language."""
    return list(dict.fromkeys(filter(None, map(code_of, languages_of(told)))))


def _apart(part: str) -> list[str]:
    """Two languages with an "and" between them; a name with such a word in it stays whole."""
    names = AND.split(part)
    return names if len(names) > 1 and all(map(code_of, names)) else [part]


def _is_name(part: str) -> bool:
    return len(part) <= LONGEST_LANGUAGE and not any(c.isdigit() for c in part)


def _list_listed(campaign_id: int) -> list[Event]:
    query = select(Event).where(Event.campaign_id == campaign_id, is_listed()).options(_ASKED)
    return list(db.session.execute(query.order_by(Event.starts_at, Event.id)).scalars())


def _load_whole(ids: set[int]) -> None:
    """Read what is not yet known of these, all at once."""
    query = select(Event).where(Event.id.in_(ids)).order_by(Event.id)
    db.session.execute(query.execution_options(populate_existing=True)).scalars().all()


def _fits(event: Event, wanted: Wanted) -> bool:
    return (
        _is_between(event, wanted.since, wanted.until)
        and (not wanted.is_online or bool(public_link_there(event)))
        and (not wanted.is_step_free or STEP_FREE in event.access)
        and (not wanted.town or folded(wanted.town) == folded(public_town(event)))
        and (not wanted.language or _speaks(event, code_of(wanted.language) or wanted.language))
        and (not wanted.words or _says(event, folded(wanted.words).split()))
    )


def _is_between(event: Event, since: date | None, until: date | None) -> bool:
    first, last = (at.astimezone(event.zone).date() for at in (event.starts_at, event.ends_at))
    return (until is None or first <= until) and (since is None or last >= since)


def _speaks(event: Event, language: str) -> bool:
    named = languages_of(event.languages)
    return any(folded(code_of(each) or each) == folded(language) for each in named)


def _languages_at(events: list[Event]) -> dict[str, str]:
    named = _unlike(each for event in events for each in languages_of(event.languages))
    codes = {code_of(each) or each: each for each in named}
    called = {code: language_name(code) if code in CODES else code for code in codes}
    return dict(sorted(called.items(), key=lambda pair: folded(pair[1])))


def _says(event: Event, words: list[str]) -> bool:
    """Whether each word stands somewhere in what the public may read."""
    said = (event.title, public_host(event), public_place(event), public_address(event))
    text = folded(" ".join(said))
    return all(word in text for word in words)


def _is_over(event: Event, now: datetime) -> bool:
    return event.state == "closed" or (event.state == "upcoming" and event.ends_at < now)


def _unlike(names: Iterable[str]) -> list[str]:
    """Names that are not one and the same to a reader, each as it came first, in order."""
    first: dict[str, str] = {}
    for name in names:
        first.setdefault(folded(name), name)
    return [first[key] for key in sorted(first) if key]
