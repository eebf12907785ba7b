"""The pulse of an event as bars: how many actions in each stretch of time, up to now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from app.events.models import Event
from app.letters.ledger import minute_of

FRESH_MINUTES = 10
"""What "the last ten minutes" means on every screen."""
HOUR = 60
NARROW = 2
"""Minutes in a bar of the last hour."""
WIDE_AFTER = timedelta(hours=3)
"""A desk's chart goes by the hour once there are some hours to show."""
MOST_HOURS = 36


class Span(NamedTuple):
    """The minutes (since 1970, UTC) that a pulse shows, and how many make a bar."""

    first: int
    last: int
    width: int


class Pulse(NamedTuple):
    """Actions in each bar, oldest first; the last bar is still growing while people write."""

    span: Span
    bars: list[int]
    fresh: int
    """Actions in the last ten minutes."""

    @property
    def is_by_hour(self) -> bool:
        """Whether a bar is an hour; else it is two minutes of the last one."""
        return self.span.width == HOUR

    @property
    def hot(self) -> int:
        """How many bars are the last ten minutes; none where a bar is longer."""
        return 0 if self.is_by_hour else FRESH_MINUTES // self.span.width

    @property
    def rows(self) -> list[tuple[datetime, int]]:
        """When each bar begins, and its actions."""
        first, _last, width = self.span
        starts = (first + width * index for index in range(len(self.bars)))
        return [
            (datetime.fromtimestamp(start * 60, UTC), counted)
            for start, counted in zip(starts, self.bars, strict=True)
        ]


def last_hour(event: Event, now: datetime) -> Span:
    """The hour up to now, or up to the close of an event that is over."""
    last = minute_of(min(now, event.closed_at) if event.closed_at else now)
    return Span(last - HOUR + 1, last, NARROW)


def since_opening(event: Event, now: datetime) -> Span:
    """All whole hours since the opening; the last hour alone while the event is young."""
    hour = last_hour(event, now)
    opened_at = event.opened_at or now
    if hour.last - minute_of(opened_at) < WIDE_AFTER.total_seconds() // 60:
        return hour
    first = max(minute_of(opened_at), hour.last - MOST_HOURS * HOUR)
    return Span(first // HOUR * HOUR, hour.last, HOUR)


def draw_pulse(span: Span, counted: Mapping[int, int], *, fresh_since: int) -> Pulse:
    """The bars of `span` from actions by minute, and what was counted from `fresh_since` on."""
    bars = [0] * -(-(span.last - span.first + 1) // span.width)
    for minute, count in counted.items():
        if span.first <= minute <= span.last:
            bars[(minute - span.first) // span.width] += count
    fresh = sum(count for minute, count in counted.items() if minute >= fresh_since)
    return Pulse(span, bars, fresh)
