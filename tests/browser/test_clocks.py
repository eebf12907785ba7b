"""A phone's clock is put right, or the phone sleeps, while letters wait: each keeps its hour."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

import pytest
from playwright.sync_api import Route

from app import clock
from tests.browser.people import Volunteer
from tests.browser.scenery import AMINA

HOUR = timedelta(hours=1)
TEN_MINUTES = timedelta(minutes=10)
ALMOST = timedelta(seconds=30)
SET_BY = "by => { const told = Date.now; Date.now = () => told() + by; }"


@pytest.fixture
def bea(volunteer, marathon) -> Volunteer:
    """Sits at the marathon's table, and has logged a letter."""
    bea = volunteer.joins(marathon.code).taps(AMINA)
    return bea.sees_all_arrived()


@pytest.mark.parametrize(
    ("set_by", "slept"),
    [
        pytest.param(timedelta(days=400), timedelta(), id="put right by far"),
        pytest.param(3 * HOUR, timedelta(), id="put right"),
        pytest.param(-3 * HOUR, timedelta(), id="put back"),
        pytest.param(timedelta(), HOUR / 2, id="asleep"),
        pytest.param(3 * HOUR, TEN_MINUTES, id="asleep and put right"),
        pytest.param(-3 * HOUR, TEN_MINUTES, id="asleep and put back"),
    ],
)
def test_a_letter_that_waited_is_as_old_as_it_is(bea, marathon, set_by, slept):
    def answer_later(route: Route) -> None:
        answer = route.fetch()
        told = parsedate_to_datetime(answer.headers["date"]) + slept
        route.fulfill(response=answer, headers=answer.headers | {"date": in_words(told)})

    bea.page.context.set_offline(True)
    began = clock.now()
    bea.taps(AMINA, times=2)
    ended = clock.now()
    # A phone that sleeps goes on by its clock alone; its steady one stands still.
    bea.page.evaluate(SET_BY, (set_by + slept) // timedelta(milliseconds=1))
    for address in ("**/table/token", "**/table/letters"):
        bea.page.route(address, answer_later)
    bea.page.context.set_offline(False)
    bea.sees_all_arrived().sees_here(AMINA, "3")
    for row in marathon.rows()[1:]:
        assert row.state == "counted"
        assert began - ALMOST < row.pressed_at + slept < ended + ALMOST


def in_words(moment: datetime) -> str:
    """As a Date header says it."""
    return format_datetime(moment, usegmt=True)
