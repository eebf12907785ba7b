"""An offer of a seat reaches somebody, a stranger's address as well; else organisers are told."""

from __future__ import annotations

import pytest

from app.outbox.sending import send_due
from app.signups.actions import cancel_sign_up
from app.signups.desk_view import Wanted, read_desk
from tests import factories, lists
from tests.outbox.conftest import all_owed
from tests.signups.test_strangers import DAY, MINUTE, NOW, mails_after, put_on


@pytest.fixture
def four(porto, office):
    """Four lists of Porto, which is held long after."""
    factories.change(porto, starts_at=NOW + 9 * DAY, ends_at=NOW + 10 * DAY)
    return [lists.sign_up_list(porto, title=f"List {each}") for each in range(4)]


def offer_a_seat(a_list) -> None:
    """Somebody gives up a seat, and it is offered to whoever waits."""
    first = next(each for each in a_list.sign_ups if each.state == "in")
    cancel_sign_up(first, now=NOW + MINUTE)


def wait_for_a_seat(a_list):
    """Noor waits on a list that Ada fills."""
    factories.change(a_list, capacity=1)
    lists.sign_up(a_list, "Ada", now=NOW)
    return put_on(a_list)


def test_a_seat_that_is_offered_on_the_day_of_the_link_is_told_beside_it(four, office):
    wait_for_a_seat(four[0])
    send_due(NOW)
    put_on(four[1])
    offer_a_seat(four[0])
    assert mails_after(office, NOW + MINUTE, NOW + DAY / 2) == [2, 2]
    assert [owed.kind for owed in all_owed() if owed.state == "sent"] == ["confirmation", "offer"]


def test_whoever_makes_up_offers_has_a_stranger_mailed_twice_a_day_at_most(four, office):
    for each in four:
        wait_for_a_seat(each)
    send_due(NOW)
    for each in four:
        offer_a_seat(each)
    assert mails_after(office, *(NOW + MINUTE + each * DAY / 8 for each in range(8))) == [2] * 8


def test_an_organiser_is_asked_to_call_whom_no_mail_tells_in_time(porto, four, office):
    for each in four[:2]:
        wait_for_a_seat(each)
    send_due(NOW)
    for each in four[:2]:
        offer_a_seat(each)

    def to_call():
        return [party.sign_up.list_id for party in read_desk(porto, Wanted(), now=NOW).to_call]

    assert to_call() == []
    send_due(NOW + MINUTE)
    assert to_call() == [four[1].id]


def test_an_organiser_is_asked_to_call_whose_offer_came_back(porto, four, office, carlos):
    factories.change(four[0], capacity=1)
    first = lists.sign_up(four[0], "Ada", now=NOW)
    put_on(four[0])
    cancel_sign_up(first, now=NOW)
    assert carlos.get("signups.desk_sign_ups", slug="porto").select("#to-call") == []
    office.at_rcpt = lambda _address: "550 nobody here"
    send_due(NOW)
    assert "Noor" in carlos.get("signups.desk_sign_ups", slug="porto").words("#to-call")
