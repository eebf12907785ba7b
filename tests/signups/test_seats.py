"""Seats: first come, first served, never one too many, whatever happens in whatever order."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.database import db
from app.exceptions import Conflict, RuleBroken
from app.signups.actions import accept_offer, cancel_sign_up, change_party, expire_offers
from app.signups.guest_queries import count_place
from app.signups.models import SignUp, SignUpList
from tests import factories, lists

HOUR = timedelta(hours=1)


@pytest.fixture
def guests(porto):
    """Porto's list of guests, with four seats."""
    return lists.sign_up_list(porto, capacity=4)


def states(the_list: SignUpList) -> list[str]:
    db.session.rollback()
    return [one.state for one in the_list.sign_ups]


def test_who_comes_first_is_in_and_who_finds_no_seat_waits(any_app, guests):
    for size in (3, 2, 1):
        lists.sign_up(guests, party_size=size)
    # One seat is free, and the two who came before have waited longer than the third.
    assert states(guests) == ["in", "waiting", "waiting"]


def test_a_freed_seat_is_offered_to_who_has_waited_longest(any_app, guests):
    first, *_others = [lists.sign_up(guests, party_size=size) for size in (4, 2, 3, 1)]
    cancel_sign_up(first, now=clock.now())
    # The party of three does not fit beside the two, and the last one waits behind it.
    assert states(guests) == ["cancelled", "offered", "waiting", "waiting"]


def test_a_list_without_end_has_a_seat_for_everybody(any_app, porto):
    everybody = lists.sign_up_list(porto, capacity=None)
    for _one in range(3):
        lists.sign_up(everybody, party_size=6)
    assert states(everybody) == ["in"] * 3


def test_an_accepted_offer_is_a_seat(any_app, guests):
    first, second = (lists.sign_up(guests, party_size=4) for _one in range(2))
    cancel_sign_up(first, now=clock.now())
    for _time in range(2):
        accept_offer(second, now=clock.now())
    assert states(guests) == ["cancelled", "in"]


def test_an_offer_that_ran_out_goes_to_the_next_and_comes_not_back(any_app, guests):
    first, second, _third = (lists.sign_up(guests, party_size=4) for _one in range(3))
    cancel_sign_up(first, now=clock.now())
    later = second.offer_ends_at
    with pytest.raises(Conflict):
        accept_offer(second, now=later)
    assert expire_offers(now=later) == 1
    assert expire_offers(now=later) == 0
    assert states(guests) == ["cancelled", "lapsed", "offered"]


@pytest.mark.parametrize(
    ("days_before", "hours", "expected"), [(5, None, 24), (0, None, 2), (5, 6, 6)]
)
def test_an_offer_stands_a_day_two_hours_when_it_is_near_or_as_the_organiser_said(
    app, campaign, days_before, hours, expected
):
    now = clock.now()
    starts_at = now + timedelta(days=days_before, hours=4)
    at = factories.event(campaign, starts_at=starts_at, ends_at=starts_at + 3 * HOUR)
    guests = lists.sign_up_list(at, capacity=1, offer_hours=hours)
    first, second = (lists.sign_up(guests, now=now) for _one in range(2))
    cancel_sign_up(first, now=now)
    assert second.offer_ends_at == now + expected * HOUR


def test_nothing_is_offered_once_the_event_is_over(app, guests):
    first, _second, _third = (lists.sign_up(guests, party_size=4) for _one in range(3))
    cancel_sign_up(first, now=clock.now())
    assert expire_offers(now=guests.event.ends_at) == 1
    assert states(guests) == ["cancelled", "lapsed", "waiting"]


@pytest.mark.parametrize(
    "over",
    [
        {"state": "closed"},
        {"ends_at": clock.now() - HOUR},
        {"cancelled_at": clock.now()},
    ],
)
@pytest.mark.parametrize("state", ["in", "offered", "waiting", "asked"])
def test_nothing_on_a_guests_own_link_changes_an_event_that_is_over(any_app, guests, over, state):
    party = factories.change(lists.sign_up(guests, party_size=2), state=state)
    factories.change(party, offer_ends_at=clock.now() + HOUR if state == "offered" else None)
    factories.change(guests.event, **over)
    deeds = [cancel_sign_up, partial(change_party, size=1)]
    for deed in deeds + [accept_offer] * (state != "in"):
        with pytest.raises(Conflict):
            deed(party, now=clock.now())
    db.session.rollback()
    assert (party.state, party.party_size) == (state, 2)


@pytest.mark.parametrize("arrived", [1, 4])
def test_who_is_here_stays_in_the_count_whatever_their_link_says(any_app, guests, arrived):
    party = factories.change(lists.sign_up(guests, party_size=4), arrived=arrived)
    with pytest.raises(Conflict, match="come already"):
        cancel_sign_up(party, now=clock.now())
    assert (party.state, party.party_size, party.arrived) == ("in", 4, arrived)


def test_no_party_that_sits_takes_more_seats_while_somebody_waits_for_them(any_app, guests):
    party, _waits = lists.sign_up(guests, party_size=1), lists.sign_up(guests, party_size=4)
    for actor in (None, "0123456789abcdef"):
        with pytest.raises(RuleBroken, match="Others wait"):
            change_party(party, size=3, actor=actor, now=clock.now())
    assert party.party_size == 1


def test_the_place_in_line_is_that_of_the_turn_not_of_the_clock_before_it(any_app, guests):
    now = clock.now()
    lists.sign_up(guests, party_size=4, now=now)
    first = lists.sign_up(guests, now=now + HOUR)
    second = lists.sign_up(guests, now=now)
    assert [count_place(one) for one in (first, second)] == [1, 2]


def test_a_party_grows_while_there_are_seats_and_no_further(any_app, guests):
    party, _other = lists.sign_up(guests, party_size=2), lists.sign_up(guests, party_size=1)
    change_party(party, size=3, now=clock.now())
    with pytest.raises(RuleBroken, match="Every other seat is taken"):
        change_party(party, size=4, now=clock.now())
    assert party.party_size == 3


def test_a_party_that_shrinks_lets_the_next_in(any_app, guests):
    party, _next = lists.sign_up(guests, party_size=4), lists.sign_up(guests)
    change_party(party, size=3, now=clock.now())
    assert states(guests) == ["in", "offered"]


@pytest.mark.parametrize("size", [0, 7])
def test_a_party_of_no_one_or_of_too_many_is_refused(app, guests, size):
    with pytest.raises(RuleBroken) as refused:
        lists.sign_up(guests, party_size=size)
    assert refused.value.field == "party_size"


def test_who_was_confirmed_by_nobody_has_no_seat(app, porto):
    checked = lists.sign_up_list(porto, is_checked=True)
    lists.sign_up(checked)
    assert states(checked) == ["asked"]


@pytest.mark.parametrize(
    "shut",
    [
        {"opens_at": clock.now() + HOUR},
        {"closes_at": clock.now() - HOUR},
    ],
)
def test_a_list_takes_nobody_before_it_opens_and_after_it_closes(app, porto, shut):
    guests = lists.sign_up_list(porto, **shut)
    with pytest.raises(RuleBroken) as refused:
        lists.sign_up(guests)
    assert refused.value.error == "list_closed"


def test_a_shift_that_is_over_takes_nobody_and_offers_nothing(app, porto):
    over = porto.starts_at + HOUR
    shift = {"starts_at": porto.starts_at, "ends_at": over, "purpose": "helpers", "capacity": 1}
    helpers = lists.sign_up_list(porto, **shift)
    first, _second = (lists.sign_up(helpers, now=porto.starts_at) for _one in range(2))
    with pytest.raises(RuleBroken):
        lists.sign_up(helpers, now=over)
    cancel_sign_up(first, now=over)
    assert states(helpers) == ["cancelled", "waiting"]


def test_fifty_at_once_share_ten_seats_and_none_twice(any_app: Flask, porto):
    list_id = lists.sign_up_list(porto, capacity=10).id
    db.session.remove()

    def come(_number: int) -> None:
        with any_app.app_context():
            lists.sign_up(db.session.get(SignUpList, list_id), f"Guest {_number}")

    with ThreadPoolExecutor(16) as crowd:
        list(crowd.map(come, range(50)))
    query = select(SignUp.state).order_by(SignUp.queued_at, SignUp.id)
    found = list(db.session.execute(query).scalars())
    assert (found.count("in"), found.count("waiting")) == (10, 40)
