"""Events are cancelled and held after all, copied, and shut to new phones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.campaigns.queries import find_campaign
from app.database import db
from app.events.drafting import EventFields
from app.events.life_actions import cancel_event, copy_event, hold_after_all, shut_joining
from app.events.models import Event
from app.events.table_actions import join_table
from app.exceptions import Conflict, NotFound
from tests import factories
from tests.conftest import join
from tests.page import PageClient

WHO = {"actor": "0123456789abcdef"}


@pytest.fixture
def event(any_app):
    return factories.event(factories.case().campaign, organisers=[factories.organiser()])


def test_a_cancelled_event_says_so_and_why_wherever_it_stands(carlos, nobody, porto):
    page = carlos.get("events.cancel_event", slug="porto", status=200)
    assert carlos.submit(page, "#cancel-form", reason="No heating.").status == 303
    assert "No heating." in nobody.get("board.show_event", slug="porto", status=200).words("main")
    assert "cancelled" in nobody.get("board.list_events").words("#events")
    assert "No heating." in carlos.get("board.desk_event", slug="porto").words("#desk-head")
    carlos.post("events.open_event", slug="porto", status=409)
    carlos.post("events.hold_after_all", slug="porto", status=303)
    assert "cancelled" not in nobody.get("board.show_event", slug="porto").text
    carlos.post("events.open_event", slug="porto", status=303)


@pytest.mark.parametrize("reason", ["", "x" * 301, "a\nb"])
def test_a_cancellation_needs_a_reason_in_one_line(carlos, porto, reason):
    for htmx in (False, True):
        answer = carlos.post(
            "events.cancel_event", {"reason": reason}, slug="porto", htmx=htmx, status=422
        )
        assert answer.select("#reason-error")


def test_what_was_opened_is_closed_and_not_cancelled(event):
    factories.change(event, state="running")
    with pytest.raises(Conflict, match="close the event instead"):
        cancel_event(event, reason="Storm", **WHO, now=clock.now())


def test_cancelling_moves_the_versions_of_calendars_and_screens(event):
    before = (event.edit_version, event.live_version, event.campaign.live_version)
    cancel_event(event, reason="Storm", **WHO, now=clock.now())
    after = (event.edit_version, event.live_version, event.campaign.live_version)
    assert all(new > old for new, old in zip(after, before, strict=True))
    with pytest.raises(Conflict):
        cancel_event(event, reason="Storm", **WHO, now=clock.now())
    hold_after_all(event, **WHO, now=clock.now())
    assert not event.is_cancelled


def test_nobody_joins_a_cancelled_event(event):
    table = factories.table(event)
    join_table(table.join_code, now=clock.now())
    cancel_event(event, reason="Storm", **WHO, now=clock.now())
    with pytest.raises(NotFound):
        join_table(table.join_code, now=clock.now())


def test_no_new_phones_means_new_ones_only(event):
    table = factories.table(event)
    token = join_table(table.join_code, now=clock.now())
    shut_joining(event, is_shut=True, **WHO, now=clock.now())
    assert join_table(table.join_code, holding=token, now=clock.now()) == token
    for holding in (None, "another"):
        with pytest.raises(NotFound):
            join_table(table.join_code, holding=holding, now=clock.now())
    shut_joining(event, is_shut=False, **WHO, now=clock.now())
    assert join_table(table.join_code, now=clock.now())


def test_a_phone_that_sits_there_logs_and_scans_on_while_joining_is_shut(app, ana, bea, table_1):
    page = ana.get("events.tables", slug="lisbon")
    answer = ana.submit(page, ".row--apart form")
    assert answer.status == 303
    assert "No new phone can join" in ana.get("events.tables", slug="lisbon").words("#tables")
    assert bea.press(status=200).json["quantity"] == 1
    bea.get("events.join_code", code=table_1.join_code, status=200)
    bea.post("events.join_code", code=table_1.join_code, status=303)
    PageClient(app).get("events.join_code", code=table_1.join_code, status=404)
    PageClient(app).post("events.join_code", code=table_1.join_code, status=404)
    join(app, table_1).press(status=200)


def test_the_switch_answers_htmx_with_the_tables(ana, lisbon, table_1):
    answer = ana.post("events.shut_joining", {"shut": "yes"}, slug="lisbon", htmx=True, status=200)
    assert "Let phones join again" in answer.words("#tables")


def test_a_copy_takes_everything_but_the_letters(ana, lisbon, table_1):
    factories.change(lisbon, people=40, has_young_people=True, access=["toilet"])
    factories.entry(lisbon, lisbon.cases[0])
    page = ana.get("events.copy_event", slug="lisbon", status=200)
    answer = ana.submit(page, "#copy-form", starts="2027-02-01T18:00", title="Once more")
    assert answer.location == "/desk/events/once-more/edit"
    copy = db.session.execute(select(Event).where(Event.slug == "once-more")).scalar_one()
    assert (copy.people, copy.state, copy.chain_seq) == (None, "upcoming", 0)
    assert (copy.has_young_people, copy.access) == (True, ["toilet"])
    assert copy.cases == lisbon.cases
    assert copy.organisers == lisbon.organisers
    (table,) = copy.tables
    assert (table.name, table.seats) == (table_1.name, table_1.seats)
    assert table.join_code != table_1.join_code


def test_a_private_event_s_copy_has_a_secret_address_of_its_own(event):
    factories.change(event, is_private=True, slug="k" * 20)
    copy = copied(event, starts_at=event.starts_at + timedelta(days=7))
    assert len(copy.slug) == 20
    assert copy.slug != event.slug


def test_an_event_of_last_season_is_copied_into_this_one_with_its_cases(event):
    factories.change(event.campaign, locked_at=clock.now())
    now_on = factories.case(factories.campaign()).campaign
    copy = copied(event, starts_at=event.starts_at + timedelta(days=364))
    assert copy.campaign_id == now_on.id
    assert copy.cases == now_on.cases


def test_a_copy_lasts_as_long_by_the_clock_on_the_wall(event):
    autumn = datetime(2026, 10, 17, 20, tzinfo=UTC)
    factories.change(
        event, time_zone="Europe/Warsaw", starts_at=autumn, ends_at=autumn + timedelta(hours=10)
    )
    # A week later the clocks go back during the night: eight in the morning is an hour later.
    copy = copied(event, starts_at=autumn + timedelta(days=7))
    assert copy.ends_at - copy.starts_at == timedelta(hours=11)
    factories.change(event, preset="day", ends_at=autumn + timedelta(hours=24))
    copy = copied(event, starts_at=autumn + timedelta(days=7))
    assert copy.ends_at - copy.starts_at == timedelta(hours=24)


def test_a_copy_offers_the_same_hour_of_a_week_to_come(ana, lisbon):
    past = clock.now() - timedelta(days=400)
    factories.change(lisbon, starts_at=past, ends_at=past + timedelta(hours=3))
    offered = ana.get("events.copy_event", slug="lisbon").fields("#copy-form")["starts"]
    days = (datetime.fromisoformat(offered) - past.replace(tzinfo=None)).days
    assert datetime.fromisoformat(offered).date() >= clock.now().date()
    assert days in range(398, 410)


def test_a_copy_into_an_hour_that_the_clocks_skip_is_told_and_mended(ana, lisbon):
    page = ana.get("events.copy_event", slug="lisbon")
    answer = ana.submit(page, "#copy-form", starts="2027-03-28T01:30")
    assert answer.status == 422
    assert "There is no 01:30" in answer.words("#starts-error")
    assert answer.fields("#copy-form")["starts"] == "2027-03-28T02:30"


def test_every_field_of_an_event_has_a_column():
    """The control of what a copy takes along."""
    assert set(EventFields._fields) <= {name for name in dir(Event) if not name.startswith("_")}


def copied(event, *, starts_at):
    organiser = event.organisers[0]
    said = {"title": event.title, "starts_at": starts_at, "organiser": organiser}
    return copy_event(event, find_campaign(), **said, now=clock.now())
