"""When the demo happens: the data's days moved so that the marathon is on, whatever the date."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date

TOLD_IN = 2026
"""The year of the 1 October on which the data's own season begins."""
MIDDLE = date(TOLD_IN, 11, 1)
"""The month with more than a fortnight of the data's season on either side."""
DAYS_BEFORE, DAYS_AFTER = 16, 14
"""How far from today the demo's events are, at the most."""
YEAR = re.compile(r"\b20\d\d\b")
DAYS_AGO = re.compile(r"\{(\d+) days ago\}")


def season_days(days: Mapping[str, str], today: date) -> dict[str, date]:
    """The campaign's days, moved by whole months so that today's events lie within them.

    Around a real marathon they are the usual ones, of this year.
    """
    told = {name: date.fromisoformat(day) for name, day in days.items()}
    middle = 12 * (today.year - MIDDLE.year) + today.month - MIDDLE.month
    usual = {name: shift(day, round(middle / 12) * 12) for name, day in told.items()}
    starts_in_time = usual["public_on"] <= today - timedelta(days=DAYS_BEFORE)
    if starts_in_time and today + timedelta(days=DAYS_AFTER) <= usual["writing_until"]:
        return usual
    return {name: shift(day, middle) for name, day in told.items()}


def shift(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where there is no such day."""
    months += 12 * day.year + day.month - 1
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def told_today(text: str, today: date, language: str = "en") -> str:
    """A story's words with the days that belong to today's telling, as `language` writes them.

    Years move with the latest 1 October, because the stories are told up to an autumn.
    """
    years = _years_since_told(today)
    text = YEAR.sub(lambda year: str(int(year[0]) + years), text)
    return DAYS_AGO.sub(lambda ago: _in_words(today - timedelta(int(ago[1])), language), text)


def known_up_to(as_of: str | dict[str, int], today: date) -> date:
    """The day up to which a story is known; never one that is still to come."""
    if isinstance(as_of, dict):
        return today - timedelta(days=as_of["days_ago"])
    return min(shift(date.fromisoformat(as_of), 12 * _years_since_told(today)), today)


def start_of(starts: Mapping[str, Any], zone: ZoneInfo, now: datetime) -> datetime:
    """When an event starts: hours before the next half hour, or at a time of a fitting day."""
    if "hours_ago" in starts:
        return next_half_hour(now) - timedelta(hours=starts["hours_ago"])
    day = now.astimezone(zone).date() + timedelta(days=starts["days_from_today"])
    while day.isoweekday() not in starts["weekdays"]:
        day += timedelta(days=1)
    at = time.fromisoformat(starts["at"])
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def next_half_hour(now: datetime) -> datetime:
    """The full or half hour that comes, or is just now."""
    passed = now.replace(minute=now.minute // 30 * 30, second=0, microsecond=0)
    return passed if passed == now else passed + timedelta(minutes=30)


def _years_since_told(today: date) -> int:
    return today.year - TOLD_IN - (today.month < 10)


def _in_words(day: date, language: str) -> str:
    # Plain English would be written as in America, the month first.
    return format_date(day, "long", locale="en_GB" if language == "en" else language)
