"""What is read of lists: how full they are, and who is on them."""

from __future__ import annotations

import pytest

from app import clock
from app.database import event_scope, write
from app.keyring import destroy_key, event_keys
from app.signups.actions import cancel_sign_up
from app.signups.queries import Seats, count_seats, list_lists, list_parties
from app.signups.sealing import Person
from tests import lists


@pytest.fixture
def guests(porto):
    """Porto's list of guests, with ten seats."""
    return lists.sign_up_list(porto)


def test_the_seats_of_every_list_are_counted_in_people(any_app, porto, guests):
    helpers = lists.sign_up_list(porto, purpose="helpers", title="Counter", capacity=None)
    for size in (6, 3, 2):
        party = lists.sign_up(guests, party_size=size)
    cancelled = lists.sign_up(guests)
    cancel_sign_up(cancelled, now=clock.now())
    party.party_size = 2
    counted = count_seats(list_lists(porto.id))
    assert counted[guests.id] == Seats(10, taken=9, expected=9, arrived=0, waiting=2)
    assert counted[guests.id].free == 1
    assert counted[helpers.id] == Seats(None)
    assert counted[helpers.id].free is None


def test_parties_come_with_what_they_said_in_the_order_they_came(any_app, porto, guests):
    said = Person("نور", "noor@example.org", "step-free", "with my aunt")
    lists.sign_up(guests, said.name, **{k: v for k, v in said._asdict().items() if k != "name"})
    lists.sign_up(guests, "Ada")
    assert [party.person for party in list_parties(porto.id)] == [said, Person("Ada")]


def test_once_the_key_is_gone_the_parties_stay_and_nobody_knows_who(any_app, porto, guests):
    lists.sign_up(guests)
    with write(event_scope(porto.id)) as session:
        destroy_key(session, event_keys(porto.id), now=clock.now())
    assert [party.person for party in list_parties(porto.id)] == [None]
