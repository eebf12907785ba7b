"""An hour on the wall is one moment, or it is asked back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.events.local_times import local_of, utc_of
from app.exceptions import RuleBroken

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def test_an_ordinary_hour_is_stored_in_utc():
    local = datetime(2026, 12, 10, 12)
    assert utc_of(local, STOCKHOLM, field="starts") == datetime(2026, 12, 10, 11, tzinfo=UTC)
    assert utc_of(local, ZoneInfo("Asia/Kathmandu"), field="starts").minute == 15


@pytest.mark.parametrize(
    ("local", "words"),
    [
        (datetime(2026, 3, 29, 2, 30), "There is no 02:30 on that day"),
        (datetime(2026, 10, 25, 2, 30), "It is 02:30 twice on that day"),
    ],
)
def test_an_hour_that_the_clocks_skip_or_repeat_is_asked_back(app, local, words):
    with pytest.raises(RuleBroken, match=words) as refused:
        utc_of(local, STOCKHOLM, field="ends")
    assert refused.value.field == "ends"


@pytest.mark.parametrize("day", [datetime(2026, 3, 28, 12), datetime(2026, 10, 24, 12)])
def test_noon_to_noon_over_a_clock_change_keeps_its_hours_on_the_wall(day):
    start = utc_of(day, STOCKHOLM, field="starts")
    end = utc_of(day + timedelta(days=1), STOCKHOLM, field="ends")
    assert end - start in (timedelta(hours=23), timedelta(hours=25))
    assert local_of(end, STOCKHOLM) == day + timedelta(days=1)


@settings(max_examples=150, deadline=None)
@given(
    st.datetimes(datetime(2000, 1, 2), datetime(2099, 12, 30)),
    st.sampled_from(["Europe/Lisbon", "America/St_Johns", "Australia/Lord_Howe", "UTC"]),
)
def test_what_the_form_shows_is_what_it_stored(local, name):
    zone = ZoneInfo(name)
    moments = {local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    if len(moments) == 1:
        assert local_of(utc_of(local, zone, field="starts"), zone) == local
