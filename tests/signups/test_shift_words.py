"""When a shift is: with its day wherever the event has more than one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app import clock
from tests import factories, lists

HOUR = timedelta(hours=1)
NOON = datetime(2026, 12, 10, 12, tzinfo=UTC)


@pytest.fixture
def night(lisbon):
    """A shift from two to four on the second day of 24 hours."""
    factories.change(lisbon, starts_at=NOON, ends_at=NOON + 24 * HOUR, preset="day")
    hours = {"starts_at": NOON + 14 * HOUR, "ends_at": NOON + 16 * HOUR}
    night = lists.sign_up_list(lisbon, purpose="helpers", title="Night", **hours)
    lists.sign_up(night, "Kim", now=min(clock.now(), NOON))
    return night


SHIFT = "Fri 11 Dec, 02:00 to 04:00"


def test_the_rota_of_24_hours_says_on_which_day_a_shift_is(ana, night):
    page = ana.get("signups.helper_rota", slug="lisbon", status=200)
    assert page.words(".paper-rota td.paper-when") == SHIFT


def test_the_sign_in_sheet_of_24_hours_says_on_which_day_a_shift_is(ana, night):
    page = ana.get("signups.sign_in_sheet", slug="lisbon", status=200)
    assert page.words(".paper-hours") == SHIFT


def test_the_door_of_24_hours_says_on_which_day_a_shift_is(ana, night):
    assert SHIFT in ana.get("signups.door", slug="lisbon", status=200).words("#door-list")


def test_the_first_days_shifts_of_24_hours_say_their_day_too(ana, lisbon, night):
    factories.change(night, starts_at=NOON, ends_at=NOON + HOUR)
    page = ana.get("signups.helper_rota", slug="lisbon", status=200)
    assert page.words(".paper-rota td.paper-when") == "Thu 10 Dec, 12:00 to 13:00"


def test_within_one_day_hours_are_enough(ana, lisbon, night):
    factories.change(lisbon, starts_at=NOON, ends_at=NOON + 4 * HOUR, preset="group")
    factories.change(night, starts_at=NOON, ends_at=NOON + HOUR)
    page = ana.get("signups.helper_rota", slug="lisbon", status=200)
    assert page.words(".paper-rota td.paper-when") == "12:00 to 13:00"


def test_a_role_for_the_whole_event_is_there_all_the_time(ana, lisbon, night):
    factories.change(night, starts_at=None, ends_at=None)
    page = ana.get("signups.helper_rota", slug="lisbon", status=200)
    assert page.words(".paper-rota td.paper-when") == "all the time"
