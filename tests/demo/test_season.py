"""Whenever the demo is made, its days fit together."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.demo.season import (
    known_up_to,
    next_half_hour,
    season_days,
    shift,
    start_of,
    told_today,
)

STOCKHOLM = ZoneInfo("Europe/Stockholm")
MORNING = datetime(2026, 12, 10, 9, 12, 34, tzinfo=UTC)
TWO_YEARS = [date(2026, 1, 1) + timedelta(days=day) for day in range(731)]


@pytest.fixture
def days(told):
    """The campaign's days, as they are written down."""
    return {
        name: day for name, day in told["campaign"].items() if isinstance(day, str) and "_" in name
    }


def test_on_every_day_all_events_lie_within_the_season(told, days):
    for today in TWO_YEARS:
        season = season_days(days, today)
        noon = datetime(today.year, today.month, today.day, 12, tzinfo=UTC)
        for event in told["events"]:
            starts_on = start_of(event["starts"], STOCKHOLM, noon).date()
            assert season["public_on"] <= starts_on <= season["writing_until"], today


def test_on_every_day_the_season_s_days_are_in_their_order(days):
    for today in TWO_YEARS:
        season = season_days(days, today)
        assert list(season.values()) == sorted(season.values()), today


@pytest.mark.parametrize("year", [2026, 2027, 2031])
def test_around_a_real_marathon_its_days_are_the_usual_ones(days, year):
    for today in (date(year, 10, 17), date(year, 11, 22), date(year, 12, 10)):
        season = season_days(days, today)
        assert season["public_on"] == date(year, 10, 1)
        assert season["writing_until"] == date(year, 12, 31)
        assert season["reports_due_on"] == date(year + 1, 1, 15)


def test_a_demo_made_in_spring_has_a_season_in_spring(days):
    season = season_days(days, date(2027, 4, 20))
    assert season["public_on"] == date(2027, 3, 1)
    assert season["writing_until"] == date(2027, 5, 31)


@pytest.mark.parametrize(
    ("day", "months", "shifted"),
    [
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 12, 31), 14, date(2028, 2, 29)),
        (date(2026, 10, 1), -10, date(2025, 12, 1)),
        (date(2026, 10, 1), 0, date(2026, 10, 1)),
    ],
)
def test_a_day_that_a_month_lacks_becomes_its_last(day, months, shifted):
    assert shift(day, months) == shifted


def test_no_story_is_known_up_to_a_day_that_is_still_to_come(told_cases):
    for today in TWO_YEARS:
        for case in told_cases:
            assert known_up_to(case["as_of"], today) <= today


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (date(2026, 11, 22), "born in 2010, tried on 18 January 2027"),
        (date(2027, 9, 30), "born in 2010, tried on 18 January 2027"),
        (date(2027, 10, 1), "born in 2011, tried on 18 January 2028"),
        (date(2026, 9, 30), "born in 2009, tried on 18 January 2026"),
    ],
)
def test_the_years_of_a_story_move_with_the_latest_october(today, words):
    assert told_today("born in 2010, tried on 18 January 2027", today) == words


def test_a_translation_s_recent_days_are_written_as_its_language_does():
    told = told_today("في {9 days ago}", date(2027, 3, 5), "ar")
    assert told == "في 24 فبراير 2027"


def test_a_story_s_recent_days_are_told_from_today():
    told = told_today("released on {9 days ago}, after {212 days ago}", date(2027, 3, 5))
    assert told == "released on 24 February 2027, after 5 August 2026"


def test_whoever_was_freed_was_freed_before_the_running_event_and_after_the_school(
    told, told_cases
):
    [freed] = [case["paused"]["days_ago"] for case in told_cases if case["paused"]]
    for day in range(7):
        now = MORNING + timedelta(days=day)
        starts = {e["state"]: start_of(e["starts"], STOCKHOLM, now) for e in told["events"]}
        assert starts["closed"] < now - timedelta(days=freed + 1)
        assert starts["running"] > now - timedelta(days=freed - 1)


def test_the_next_half_hour_may_be_right_now():
    assert next_half_hour(MORNING) == datetime(2026, 12, 10, 9, 30, tzinfo=UTC)
    assert next_half_hour(MORNING.replace(minute=30)).hour == 10
    sharp = MORNING.replace(minute=30, second=0)
    assert next_half_hour(sharp) == sharp
