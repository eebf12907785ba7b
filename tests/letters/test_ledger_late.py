"""When a letter counts, counts late, or waits: by its hour and the event's state."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.database import db
from app.exceptions import RuleBroken
from app.letters import actions
from app.letters.entries import count_held
from app.letters.models import Entry
from app.letters.queries import get_sums
from tests import factories

OPENED = datetime(2026, 12, 10, 12, tzinfo=UTC)
CLOSED = OPENED + timedelta(hours=24)
REPORTED = CLOSED + timedelta(days=3)
BEFORE_OPENING = OPENED - timedelta(seconds=1)
DURING = OPENED + timedelta(hours=3)
AFTER_CLOSE = CLOSED + timedelta(milliseconds=1)

UPCOMING = {"state": "upcoming", "opened_at": None}
RUNNING = {"state": "running", "opened_at": OPENED}
IS_CLOSED = {"state": "closed", "opened_at": OPENED, "closed_at": CLOSED}
REOPENED = {"state": "running", "opened_at": OPENED, "closed_at": None}
IS_REPORTED = IS_CLOSED | {"report_submitted_at": REPORTED}

WAITS, COUNTS, COUNTS_LATE, WAITS_LATE = (
    ("held", False),
    ("counted", False),
    ("counted", True),
    ("held", True),
)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("event_is", "pressed_at", "arrives_at", "outcome"),
    [
        pytest.param(UPCOMING, DURING, DURING, WAITS, id="upcoming"),
        pytest.param(RUNNING, DURING, DURING, COUNTS, id="running"),
        pytest.param(RUNNING, OPENED, DURING, COUNTS, id="running, pressed at the opening"),
        pytest.param(RUNNING, BEFORE_OPENING, DURING, WAITS, id="running, pressed before it"),
        pytest.param(RUNNING, DURING, DURING + 5 * HOUR, COUNTS, id="running, long offline"),
        pytest.param(IS_CLOSED, DURING, CLOSED + HOUR, COUNTS_LATE, id="closed, pressed during"),
        pytest.param(IS_CLOSED, CLOSED, CLOSED + HOUR, COUNTS_LATE, id="closed, pressed at close"),
        pytest.param(IS_CLOSED, AFTER_CLOSE, CLOSED + HOUR, WAITS_LATE, id="closed, pressed after"),
        pytest.param(IS_CLOSED, BEFORE_OPENING, CLOSED + HOUR, WAITS, id="closed, before opening"),
        pytest.param(REOPENED, AFTER_CLOSE, CLOSED + HOUR, COUNTS, id="reopened, in the gap"),
        pytest.param(IS_REPORTED, DURING, REPORTED + HOUR, WAITS_LATE, id="reported, during"),
        pytest.param(IS_REPORTED, AFTER_CLOSE, REPORTED + HOUR, WAITS_LATE, id="reported, after"),
    ],
)
def test_a_letter_is_never_refused_for_its_hour(any_app, event_is, pressed_at, arrives_at, outcome):
    case = factories.case()
    event = factories.event(case.campaign, **event_is)
    device = factories.joined(factories.device(factories.table(event)))
    age_ms = (arrives_at - pressed_at) // timedelta(milliseconds=1)

    receipt = actions.log_letters(
        device, factories.press(case, quantity=4, age_ms=age_ms), now=arrives_at
    )

    row = db.session.execute(select(Entry)).scalar_one()
    assert (row.state, row.is_late) == outcome
    assert (row.pressed_at, row.recorded_at) == (pressed_at, arrives_at)
    assert receipt.state == row.state
    is_counted = row.state == "counted"
    assert get_sums(event.id).counted.letters == receipt.totals.event_letters == 4 * is_counted
    assert count_held(event.id) == (not is_counted)


def test_the_desk_is_judged_by_the_same_hours(any_app):
    case = factories.case()
    event = factories.event(case.campaign, **IS_CLOSED)
    receipt = factories.entry(event, case, now=CLOSED + HOUR)
    assert receipt.state == "held"
    receipt = factories.entry(event, case, now=CLOSED + HOUR, age_ms=2 * 3_600_000)
    assert receipt.state == "counted"


def test_a_press_for_a_paused_case_from_before_the_pause_counts_unasked(any_app):
    case = factories.case()
    event = factories.event(case.campaign, **RUNNING)
    factories.change(case, state="paused", paused_at=DURING)
    receipt = factories.entry(event, case, now=DURING + HOUR, age_ms=2 * 3_600_000)
    assert receipt.state == "counted"


@pytest.mark.parametrize("age_ms", [0, 3_600_000], ids=["now", "at the pause itself"])
def test_a_press_for_a_paused_case_asks_once_more(any_app, age_ms):
    case = factories.case()
    event = factories.event(case.campaign, **RUNNING)
    factories.change(case, state="paused", paused_at=DURING)
    press = {"op": "00000000-0000-4000-8000-000000000001", "age_ms": age_ms}
    with pytest.raises(RuleBroken) as refusal:
        factories.entry(event, case, now=DURING + HOUR, **press)
    assert refusal.value.error == "case_paused"
    assert get_sums(event.id).counted.total == 0

    receipt = factories.entry(event, case, now=DURING + HOUR, is_confirmed=True, **press)
    assert (receipt.op, receipt.state) == (press["op"], "counted")
