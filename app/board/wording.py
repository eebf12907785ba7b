"""How long something has gone on or has still to go, in words that a script can keep up to date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

from flask_babel import gettext as _

from app.board.pulse import Span
from app.events.models import Event
from app.formatting import clock, number
from app.letters.ledger import minute_of


class Clocks(NamedTuple):
    """Between what a board's clocks run; a clock that does not run stands at None."""

    since: datetime | None
    """The opening."""
    until: datetime | None
    """The close, once it is closed: how long it went on."""
    ends_at: datetime | None
    """The planned end, while it is ahead."""


def clocks_of(event: Event, *, now: datetime) -> Clocks:
    """What the public may know of the hours; of young people's events nothing."""
    if event.has_young_people:
        return Clocks(None, None, None)
    is_ahead = event.is_running and event.ends_at > now
    return Clocks(event.opened_at, event.closed_at, event.ends_at if is_ahead else None)


def name_bars(event: Event, span: Span) -> Callable[[datetime], str]:
    """What a bar of the pulse is called by its start: the hour; of young people's, how long ago."""
    if not event.has_young_people:
        return lambda start: clock(start, event.zone)
    end = datetime.fromtimestamp((span.last + 1) * 60, UTC)
    return lambda start: str(_("%(time)s before", time=minutes_between(start, end)))


def minutes_between(start: datetime, end: datetime) -> str:
    """Whole minutes in words: "22 h 14 min"."""
    # Both are cut to the minute, so that all clocks on a screen turn together.
    hours, minutes = divmod(max(0, minute_of(end) - minute_of(start)), 60)
    if not hours:
        return str(_("%(minutes)s min", minutes=number(minutes)))
    words = {"hours": number(hours), "minutes": number(minutes)}
    return str(_("%(hours)s h %(minutes)s min", **words))


def minutes_patterns() -> list[str]:
    """The same two sentences for a script to fill in: without and with hours."""
    return [
        str(_("%(minutes)s min", minutes="{m}")),
        str(_("%(hours)s h %(minutes)s min", hours="{h}", minutes="{m}")),
    ]
