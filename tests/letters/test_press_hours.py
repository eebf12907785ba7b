"""By the hour of a press, the event's state and the case's: counted, late, waiting, or asked."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from app import clock
from app.database import db
from app.letters.entries import count_held
from app.letters.models import Entry
from app.letters.queries import get_sums
from tests import factories
from tests.conftest import join

MINUTE = 60_000
HOUR = 60 * MINUTE


def ago(milliseconds: int):
    return clock.now() - timedelta(milliseconds=milliseconds)


def entry_of(op: str) -> Entry:
    db.session.rollback()
    return db.session.execute(select(Entry).where(Entry.op == op)).scalar_one()


def test_before_the_opening_a_press_waits_and_is_not_counted(app, porto):
    phone = join(app, factories.table(porto))
    said = phone.press(quantity="4", status=200).json
    assert (said["state"], said["quantity"], said["event_total"]) == ("held", 4, 0)
    assert count_held(porto.id) == 1
    fragment = phone.press(htmx=True, status=200)
    assert "Logged: it waits for a check." in fragment.words("#receipt")


def test_a_press_from_before_the_opening_waits_also_when_it_arrives_after_it(bea, lisbon):
    assert bea.press(age_ms=str(2 * HOUR), status=200).json["state"] == "held"
    assert bea.press(age_ms=str(HOUR // 2), status=200).json["state"] == "counted"


def test_a_press_from_before_the_close_counts_late(bea, lisbon):
    factories.change(lisbon, state="closed", closed_at=ago(10 * MINUTE))
    said = bea.press(age_ms=str(20 * MINUTE), status=200).json
    assert (said["state"], said["event_letters"]) == ("counted", 1)
    assert entry_of(said["op"]).is_late


def test_a_press_from_after_the_close_waits(bea, lisbon):
    factories.change(lisbon, state="closed", closed_at=ago(10 * MINUTE))
    for age in (9 * MINUTE, 0):
        said = bea.press(age_ms=str(age), status=200).json
        assert (said["state"], said["event_letters"]) == ("held", 0)
    assert count_held(lisbon.id) == 2


def test_once_the_report_is_submitted_every_late_press_waits(bea, lisbon):
    factories.change(
        lisbon, state="closed", closed_at=ago(10 * MINUTE), report_submitted_at=clock.now()
    )
    assert bea.press(age_ms=str(20 * MINUTE), status=200).json["state"] == "held"


def test_a_reopened_event_counts_what_was_pressed_in_between(bea, ana, lisbon):
    ana.post("events.close_event", slug="lisbon", status=303)
    assert bea.press(status=200).json["state"] == "held"
    ana.post("events.open_event", slug="lisbon", status=303)
    assert bea.press(age_ms="1", status=200).json["state"] == "counted"


def test_a_press_is_dated_by_its_age_and_not_by_anybodys_clock(bea):
    before = clock.now()
    op = bea.press(age_ms=str(30 * MINUTE), status=200).json["op"]
    entry = entry_of(op)
    assert entry.recorded_at - entry.pressed_at == timedelta(minutes=30)
    assert abs(entry.recorded_at - before) < timedelta(seconds=30)


def test_a_press_of_an_impossible_age_waits_for_a_check_and_is_dated_by_its_arrival(bea):
    for days in (61, 400, 56 * 365):
        said = bea.press(age_ms=str(days * 24 * 60 * MINUTE), status=200).json
        assert (said["state"], said["event_total"]) == ("held", 0), days
        entry = entry_of(said["op"])
        assert entry.pressed_at == entry.recorded_at


def test_a_replay_of_what_waited_still_says_so_after_the_opening(app, carlos, porto):
    phone = join(app, factories.table(porto))
    op = str(uuid4())
    phone.press(op=op, status=200)
    carlos.post("events.open_event", slug="porto", status=303)
    said = phone.press(op=op, status=200).json
    assert (said["state"], said["event_total"]) == ("held", 0)


def test_a_rehearsal_counts_on_its_own_screens(app, campaign, nobody):
    event = factories.event(campaign, slug="dry-run", state="running", is_rehearsal=True)
    phone = join(app, factories.table(event))
    assert phone.press(quantity="5", status=200).json["event_letters"] == 5
    assert nobody.get("board.tally_json", slug="dry-run").json["letters"] == 5
    assert nobody.get("board.totals_json").json["letters"] == 0


@pytest.fixture
def paused(amina):
    """Amina's case, paused ten minutes ago."""
    return factories.change(
        amina, state="paused", paused_at=ago(10 * MINUTE), pause_reason="She is free."
    )


def test_a_press_for_a_paused_case_is_asked_about(bea, paused, lisbon):
    refusal = bea.press(status=422).json
    assert (refusal["error"], refusal["field"]) == ("case_paused", "case")
    assert "Stop writing for Amina Farsi" in refusal["message"]
    assert get_sums(lisbon.id).counted.total == 0


def test_the_same_op_confirmed_is_logged_once(bea, paused, lisbon):
    op = str(uuid4())
    bea.press(op=op, quantity="3", status=422)
    for _ in range(2):
        said = bea.press(op=op, quantity="3", confirm="1", status=200).json
    assert (said["state"], said["event_letters"]) == ("counted", 3)


def test_a_retry_of_what_was_confirmed_needs_no_second_yes(bea, paused):
    op = str(uuid4())
    bea.press(op=op, confirm="1", status=200)
    bea.press(op=op, status=200)


def test_a_press_older_than_the_pause_counts_unasked(bea, paused):
    assert bea.press(age_ms=str(11 * MINUTE), status=200).json["state"] == "counted"
    bea.press(age_ms=str(9 * MINUTE), status=422)


def test_another_case_is_not_asked_about(bea, paused):
    bea.press(case="ilyas", status=200)


def test_after_it_is_resumed_nobody_is_asked(bea, admin, amina, lisbon):
    admin.post("campaigns.pause_case", {"reason": "She is free."}, slug="amina", status=303)
    bea.press(status=422)
    admin.post("campaigns.resume_case", slug="amina", status=303)
    bea.press(status=200)


def test_a_pause_is_on_the_table_with_the_next_poll(bea, admin, lisbon):
    page = bea.get("letters.table_page", status=200)
    version = page.one("#table-now").get("data-version")
    assert bea.get("letters.table_page", query={"v": version}, htmx=True).status == 204
    admin.post("campaigns.pause_case", {"reason": "She is free."}, slug="amina", status=303)
    fragment = bea.get("letters.table_page", query={"v": version}, htmx=True, status=200)
    assert "Stop writing. She is free." in fragment.words("#case-amina")
