"""The private link: it tells all to whoever holds it, and changes nothing by being looked at."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from app import clock
from app.database import db
from app.signups.actions import cancel_sign_up, link_token
from app.signups.models import SignUp
from app.signups.purging import delete_names
from tests import factories, lists
from tests.outbox.conftest import turn_on

PLACES = ("", "event.ics", "data.json")


@pytest.fixture
def guests(porto):
    """Porto's list of guests, with two seats."""
    return lists.sign_up_list(porto, capacity=2)


@pytest.fixture
def noor(guests):
    """Noor has a seat, and said all there is to say."""
    said = {"email": "noor@example.org", "access_needs": "step-free", "note": "with my aunt"}
    return lists.sign_up(guests, "Noor", **said)


def path(sign_up, action=""):
    return f"/sign-ups/{link_token(sign_up)}/{action}"


def stored(sign_up):
    db.session.rollback()
    return db.session.execute(select(SignUp).where(SignUp.id == sign_up.id)).scalar_one()


def everything():
    with db.engine.connect() as connection:
        return [
            sorted(map(str, connection.execute(text(f"SELECT * FROM {table}"))))
            for table in ("sign_up", "sign_up_list", "event", "audit", "rate_limit")
        ]


def test_looking_changes_nothing_and_is_kept_nowhere(nobody, noor):
    db.session.rollback()
    before = everything()
    for place in PLACES:
        answer = nobody.get(path(noor, place), status=200)
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert answer.headers["Referrer-Policy"] == "same-origin"
    assert everything() == before


@pytest.mark.parametrize("token", ["x", "0" * 64, "😀", "a" * 5000])
def test_an_unknown_link_is_answered_kindly(nobody, noor, token):
    for place in PLACES:
        assert nobody.get(f"/sign-ups/{token}/{place}").status == 404
    for deed in ("cancel", "accept", "party"):
        assert nobody.post(f"/sign-ups/{token}/{deed}").status == 404


def test_a_guest_comes_with_more_or_fewer(nobody, noor):
    page = nobody.get(path(noor))
    answer = nobody.submit(page, "#party-form", party_size="2")
    assert (answer.status, stored(noor).party_size) == (303, 2)
    for wrong in ("3", "0", "", "two"):
        refused = nobody.submit(page, "#party-form", party_size=wrong)
        assert (refused.status, stored(noor).party_size) == (422, 2)


def test_a_guest_cancels_and_may_sign_up_again(nobody, noor):
    answer = nobody.post(path(noor, "cancel"), status=303)
    assert stored(noor).state == "cancelled"
    page = nobody.get(answer.location)
    assert "You have cancelled" in page.words("#sign-up")
    assert [a.get("href") for a in page.select("#sign-up .button--act")]
    nobody.post(path(noor, "cancel"), status=303)
    nobody.post(path(noor, "party"), {"party_size": "1"}, status=409)


def test_an_offer_is_taken_or_declined(nobody, guests, noor):
    first, second = (lists.sign_up(guests, name, party_size=2) for name in ("Ada", "Bo"))
    cancel_sign_up(noor, now=clock.now())
    assert "Take it before" in nobody.get(path(first)).words(".own-state")
    nobody.post(path(first, "cancel"), status=303)
    nobody.post(path(second, "accept"), status=303)
    assert (stored(first).state, stored(second).state) == ("cancelled", "in")
    assert "There is no offer" in nobody.post(path(first, "accept"), status=409).text


def test_what_cannot_be_taken_any_more_is_said_on_the_link_itself(nobody, guests, noor):
    for deed, said in (("accept", {}), ("party", {"party_size": "1"}), ("cancel", {})):
        factories.change(noor, state="offered", offer_ends_at=clock.now())
        factories.change(guests.event, state="closed")
        answer = nobody.post(path(noor, deed), said, status=409)
        assert "This event is over." in answer.words("#refused")
        assert answer.words("#own-title") == "Porto writes"


@pytest.mark.parametrize("over", [{"state": "closed"}, {"cancelled_at": clock.now()}])
@pytest.mark.parametrize("state", ["in", "offered", "waiting", "asked"])
def test_the_link_of_an_event_that_is_not_to_come_promises_nothing(
    nobody, guests, noor, over, state
):
    factories.change(noor, state=state, offer_ends_at=clock.now() + timedelta(hours=1))
    factories.change(guests.event, **over)
    page = nobody.get(path(noor), status=200)
    for promise in ("A seat is free", "See you there", "You wait", "will confirm"):
        assert promise not in page.text
    assert not page.select(".notice--good") and not page.select("form[action$='/cancel']")


def test_an_offer_that_has_run_out_is_not_held_out_any_more(nobody, guests, noor):
    factories.change(noor, state="offered", offer_ends_at=clock.now())
    words = nobody.get(path(noor), status=200).words(".own-state")
    assert "run out" in words and "Take it" not in words


def test_who_is_here_is_offered_no_way_to_cancel(nobody, guests, noor):
    factories.change(noor, arrived=1)
    assert not nobody.get(path(noor), status=200).select("form[action$='/cancel']")
    nobody.post(path(noor, "cancel"), status=409)


def test_one_who_signs_up_under_a_name_does_not_learn_who_else_has_it(nobody, guests, noor):
    again = lists.sign_up(guests, "Noor", email="noor@example.org")
    assert again.is_possible_duplicate
    own, other = (nobody.get(path(one, "data.json")).json for one in (noor, again))
    assert own.keys() == other.keys()
    assert {name for name in own if own[name] != other[name]} <= {
        *("created_at", "queued_at", "access_needs", "note")
    }


@pytest.mark.parametrize("is_mailed", [True, False], ids=["mailed", "shown while mail was off"])
def test_only_a_link_that_was_mailed_tells_where_its_address_helps_as_well(
    any_app, nobody, porto, is_mailed
):
    counter, leader = (
        lists.sign_up_list(porto, purpose="helpers", title=each) for each in ("Counter", "Leader")
    )
    lists.sign_up(leader, email="noor@example.org")
    own = lists.sign_up(counter, "Mallory", email="noor@example.org", sends_link=is_mailed)
    turn_on(any_app, "smtp://mail.example.org")
    page = nobody.get(path(own), status=200)
    assert ("at the same time" in page.text) is is_mailed
    assert ("Leader" in page.text) is is_mailed


def test_the_street_of_a_household_stands_on_the_link_of_whom_it_awaits(nobody, porto, guests):
    factories.change(porto, is_private=True, address="Elm Lane 4", place="At the Lunds’")
    seated, waiting = (lists.sign_up(guests, name, party_size=2) for name in ("Ada", "Bo"))
    for place in ("", "event.ics"):
        assert "Elm Lane 4" in nobody.get(path(seated, place)).text
        assert "Elm Lane 4" not in nobody.get(path(waiting, place)).text
    assert "Elm Lane 4" not in nobody.get("board.show_event", slug="porto").text
    assert "Elm Lane 4" not in nobody.get("events.calendar", slug="porto").text


def test_young_people_read_the_hour_and_the_place_once_they_have_a_seat(nobody, porto, guests):
    factories.change(porto, has_young_people=True, place="Room 12")
    seated, waiting = (lists.sign_up(guests, name, party_size=2) for name in ("Fox", "Owl"))
    assert "Room 12" in nobody.get(path(seated)).text
    assert "Room 12" not in nobody.get(path(waiting)).text
    assert "DTSTART;VALUE=DATE" in nobody.get(path(waiting, "event.ics")).text


def test_a_shift_stands_in_a_calendar_with_its_own_hours(nobody, porto):
    start = porto.starts_at + timedelta(hours=1)
    shift = {"starts_at": start, "ends_at": start + timedelta(hours=2), "title": "Counter; all"}
    helper = lists.sign_up(lists.sign_up_list(porto, purpose="helpers", **shift), "Ada")
    calendar = nobody.get(path(helper, "event.ics")).text
    assert f"DTSTART:{start:%Y%m%dT%H%M%SZ}" in calendar
    assert "SUMMARY:Porto writes · Counter\\; all" in calendar
    assert all(len(line.encode()) <= 75 for line in calendar.split("\r\n"))


def test_one_takes_home_everything_that_is_held(nobody, noor):
    held = nobody.get(path(noor, "data.json"), status=200).json
    said = {"name": "Noor", "email": "noor@example.org", "note": "with my aunt"}
    assert said.items() <= held.items()
    assert held["access_needs"] == "step-free"


def test_once_names_are_deleted_the_link_says_so(nobody, noor, porto):
    delete_names(porto, by="", now=clock.now())
    assert "Your name was deleted" in nobody.get(path(noor), status=200).words("#sign-up")
