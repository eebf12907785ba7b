"""An event moves from upcoming to running to closed by its organiser's buttons only."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.audit import AuditRow
from app.clock import now
from app.database import SECTION, db, write
from app.events import actions
from app.exceptions import Conflict
from tests import factories


def test_opening_lets_letters_count(carlos, porto):
    before = porto.live_version
    answer = carlos.post("events.open_event", slug="porto")
    assert (answer.status, answer.location) == (303, "/desk/events/porto/")
    db.session.rollback()
    assert porto.is_running
    assert porto.opened_at is not None
    assert porto.live_version == before + 1


def test_closing_notes_the_moment(ana, lisbon):
    before = lisbon.live_version
    assert ana.post("events.close_event", slug="lisbon").status == 303
    db.session.rollback()
    assert lisbon.state == "closed"
    assert lisbon.closed_at is not None
    assert lisbon.live_version == before + 1


def test_opening_again_keeps_the_first_opening(ana, lisbon):
    opened_at = lisbon.opened_at
    ana.post("events.close_event", slug="lisbon", status=303)
    ana.post("events.open_event", slug="lisbon", status=303)
    db.session.rollback()
    assert lisbon.is_running
    assert (lisbon.opened_at, lisbon.closed_at) == (opened_at, None)


def test_no_event_is_opened_after_its_report(ana, lisbon):
    ana.post("events.close_event", slug="lisbon", status=303)
    with write(SECTION):
        lisbon.report_submitted_at = now()
    answer = ana.post("events.open_event", slug="lisbon", status=409)
    assert "The report of this event is submitted" in answer.words("main")


def test_no_event_is_opened_in_a_locked_season(carlos, porto):
    with write(SECTION):
        porto.campaign.locked_at = now()
    carlos.post("events.open_event", slug="porto", status=409)


def test_no_event_is_opened_without_anybody_to_write_for(carlos, porto):
    with write(SECTION):
        porto.cases = []
    answer = carlos.post("events.open_event", slug="porto", status=409)
    assert "Choose at least one case" in answer.words("main")


@pytest.mark.parametrize(
    ("state", "endpoint", "words"),
    [
        ("running", "events.open_event", "This event is open already."),
        ("closed", "events.close_event", "This event is closed already."),
        ("upcoming", "events.close_event", "This event was not opened yet."),
    ],
)
def test_the_wrong_button_at_the_wrong_time_is_a_clear_no(
    app, admin, campaign, state, endpoint, words
):
    factories.event(campaign, slug="here", state=state)
    assert words in admin.post(endpoint, slug="here", status=409).words("main")
    assert words in admin.post(endpoint, slug="here", htmx=True, status=409).text


def test_of_two_who_close_at_once_one_is_told(app, lisbon):
    actions.close_event(lisbon, actor="a", now=now())
    with pytest.raises(Conflict):
        actions.close_event(lisbon, actor="b", now=now())


def test_only_those_who_run_it_open_and_close(nobody, bea, carlos, admin, lisbon):
    for endpoint in ("events.open_event", "events.close_event"):
        for person, status in ((nobody, 401), (bea, 401), (carlos, 404)):
            person.post(endpoint, slug="lisbon", status=status)
    for path in ("open", "close"):
        carlos.get(f"/desk/events/lisbon/{path}", status=405)
    db.session.rollback()
    assert lisbon.is_running
    admin.post("events.close_event", slug="lisbon", status=303)


def test_opening_and_closing_are_in_the_audit(carlos, porto):
    carlos.post("events.open_event", slug="porto")
    carlos.post("events.close_event", slug="porto")
    carlos.post("events.open_event", slug="porto")
    deeds = db.session.execute(select(AuditRow.verb).order_by(AuditRow.id)).scalars().all()
    assert deeds == ["event_opened", "event_closed", "event_opened"]
