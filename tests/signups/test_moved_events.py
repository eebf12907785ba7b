"""An event is moved: shifts go with it, lists that were shut stay shut, its organiser is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app import clock
from app.events.local_times import local_of
from app.signups import list_actions
from app.signups.list_actions import ListFields
from app.signups.queries import list_lists
from tests import factories, lists
from tests.signups.event_form import move, save

HOUR, WEEK = timedelta(hours=1), timedelta(days=7)


@pytest.fixture
def porto(porto):
    """Porto at whole minutes, as forms tell them."""
    hours = {name: getattr(porto, name).replace(second=0) for name in ("starts_at", "ends_at")}
    return factories.change(porto, **hours)


def test_a_rota_made_with_the_hours_that_stand_there_lasts_as_long_as_its_event(carlos, porto):
    page = carlos.get("signups.new_list", slug="porto", purpose="helpers")
    carlos.submit(page, "#rota", **{"shift-0-role": "Counter"})
    (counter,) = list_lists(porto.id)
    assert (counter.starts_at, counter.ends_at) == (None, None)
    move(carlos, porto)
    assert counter.hours == (porto.starts_at, porto.ends_at)


def test_a_shift_that_is_given_the_events_hours_lasts_as_long_as_the_event(any_app, porto):
    shift = lists.sign_up_list(porto, purpose="helpers", starts_at=porto.starts_at + HOUR)
    whole = ListFields("helpers", "Counter", starts_at=porto.starts_at, ends_at=porto.ends_at)
    how = {"edit_version": 1, "actor": "x", "now": clock.now()}
    list_actions.edit_list(shift, whole, **how)
    assert shift.starts_at is None and shift.ends_at is None


def test_a_shift_of_its_own_hours_moves_as_far_as_the_event(carlos, porto):
    starts, ends = porto.starts_at + HOUR, porto.ends_at - HOUR
    shift = lists.sign_up_list(porto, purpose="helpers", starts_at=starts, ends_at=ends)
    told = move(carlos, porto)
    assert shift.hours == (porto.starts_at + HOUR, porto.ends_at - HOUR)
    assert shift.edit_version == 2
    assert "hours of one list moved along" in told.text
    assert "Those who signed up" not in told.text


def test_a_list_that_will_close_does_so_as_long_before_the_moved_event(carlos, porto):
    guests = lists.sign_up_list(porto, closes_at=porto.starts_at - HOUR / 2)
    move(carlos, porto)
    assert guests.closes_at == porto.starts_at - HOUR / 2


def test_a_list_that_was_shut_or_has_opened_stays_so_when_the_event_moves(carlos, porto):
    at = clock.now()
    factories.change(porto, starts_at=porto.starts_at + WEEK, ends_at=porto.ends_at + WEEK)
    done = {"opens_at": at - 2 * HOUR, "closes_at": at - HOUR}
    guests = lists.sign_up_list(porto, **done)
    told = move(carlos, porto, by=-WEEK)
    assert (guests.opens_at, guests.closes_at) == (done["opens_at"], done["closes_at"])
    assert "moved along" not in told.text


def test_without_mail_an_organiser_who_moves_an_event_hears_that_nobody_is_written_to(
    carlos, porto
):
    lists.sign_up(lists.sign_up_list(porto), email="noor@example.org")
    before = porto.lists_version
    assert "Those who signed up are not written to" in move(carlos, porto).text
    assert porto.lists_version == before + 1


def test_another_place_moves_no_hours(carlos, porto):
    shift = lists.sign_up_list(porto, purpose="helpers", starts_at=porto.starts_at + HOUR)
    told = save(carlos, porto, place="Next door")
    assert (shift.starts_at, shift.edit_version) == (porto.starts_at + HOUR, 1)
    assert "moved along" not in told.text


def test_an_event_that_is_saved_at_its_hour_moves_nothing(carlos, porto):
    starts = porto.starts_at + HOUR
    shift = lists.sign_up_list(porto, purpose="helpers", starts_at=starts, ends_at=porto.ends_at)
    lists.sign_up(shift)
    told = move(carlos, porto, by=timedelta(0))
    assert (shift.starts_at, shift.edit_version) == (starts, 1)
    assert "moved along" not in told.text and "are not written to" not in told.text


def test_a_shift_keeps_its_clock_when_the_event_moves_to_another_zone(carlos, porto):
    starts, ends = porto.starts_at + HOUR, porto.ends_at
    shift = lists.sign_up_list(porto, purpose="helpers", starts_at=starts, ends_at=ends)
    clock_before = local_of(starts, porto.zone)
    move(carlos, porto, by=timedelta(0), time_zone="Asia/Tokyo")
    assert local_of(shift.starts_at, porto.zone) == clock_before
    assert shift.starts_at == porto.starts_at + HOUR
