"""What organisers do with sign-ups: each keeps the order of the line, and says what it did."""

from __future__ import annotations

import pytest

from app import clock
from app.audit import AuditRow
from app.database import db
from app.exceptions import Conflict, RuleBroken
from app.signups import desk_actions
from app.signups.actions import cancel_sign_up
from app.signups.queries import list_parties
from app.signups.sealing import Person
from tests import factories, lists

HOW = {"actor": "0123456789abcdef"}


@pytest.fixture
def guests(porto):
    """Porto's list of guests, with three seats."""
    return lists.sign_up_list(porto, capacity=3)


@pytest.fixture
def deeds(porto):
    """Where deeds are sent."""
    return f"/desk/events/{porto.slug}/sign-ups/deeds"


def states(the_list) -> list[str]:
    db.session.rollback()
    return [one.state for one in the_list.sign_ups]


def ids(*parties) -> list[str]:
    return [one.public_id for one in parties]


def now():
    return {**HOW, "now": clock.now()}


def test_confirmed_in_any_order_whose_turn_it_is_sits_and_the_others_keep_their_place(
    any_app, porto
):
    checked = lists.sign_up_list(porto, capacity=3, is_checked=True)
    parties = [lists.sign_up(checked, name, party_size=2) for name in ("Ada", "Bo", "Cy")]
    done = desk_actions.confirm_sign_ups(porto, ids(parties[2], parties[1]), **now())
    assert (done.people, done.seated) == (2, 1)
    assert states(checked) == ["asked", "in", "waiting"]
    desk_actions.confirm_sign_ups(porto, ids(parties[0]), **now())
    assert states(checked) == ["waiting", "in", "waiting"]
    cancel_sign_up(parties[1], now=clock.now())
    assert states(checked) == ["offered", "cancelled", "waiting"]


def test_whom_the_organiser_declines_takes_no_seat_and_can_be_asked_back(any_app, porto):
    checked = lists.sign_up_list(porto, is_checked=True)
    party = lists.sign_up(checked)
    done = desk_actions.take_off_list(porto, ids(party), is_no=True, **now())
    assert states(checked) == ["declined"]
    desk_actions.put_back(porto, done.deed, **now())
    assert states(checked) == ["asked"]


def test_who_is_here_is_not_taken_off_and_nobody_once_the_event_is_over(any_app, porto, guests):
    here = factories.change(lists.sign_up(guests, party_size=2), arrived=1)
    away = lists.sign_up(guests, "Ada")
    with pytest.raises(Conflict, match="at the door"):
        desk_actions.take_off_list(porto, ids(here), **now())
    done = desk_actions.take_off_list(porto, ids(here, away), **now())
    assert (done.people, states(guests)) == (1, ["in", "cancelled"])
    desk_actions.put_back(porto, done.deed, **now())
    factories.change(porto, state="closed")
    with pytest.raises(Conflict, match="is over"):
        desk_actions.take_off_list(porto, ids(away), **now())
    assert states(guests) == ["in", "in"]


def test_fake_parties_go_together_and_come_back_together_while_nobody_took_their_seats(
    any_app, porto, guests
):
    fakes = [lists.sign_up(guests, f"Fake {number}") for number in range(2)]
    lists.sign_up(guests, "Ada")
    done = desk_actions.take_off_list(porto, ids(*fakes), **now())
    assert states(guests) == ["cancelled", "cancelled", "in"]
    back = desk_actions.put_back(porto, done.deed, **now())
    assert (back.people, back.seated) == (2, 2)
    assert states(guests) == ["in"] * 3
    with pytest.raises(Conflict):
        desk_actions.put_back(porto, done.deed, **now())


def test_undone_too_late_they_wait_at_their_old_place_before_everybody_who_came_later(
    any_app, porto, guests
):
    fakes = [lists.sign_up(guests, f"Fake {number}") for number in range(2)]
    lists.sign_up(guests, "Ada")
    lists.sign_up(guests, "Bo", party_size=2)
    done = desk_actions.take_off_list(porto, ids(*fakes), **now())
    lists.sign_up(guests, "Cy")
    assert states(guests) == ["cancelled", "cancelled", "in", "offered", "waiting"]
    desk_actions.put_back(porto, done.deed, **now())
    assert states(guests) == ["waiting", "waiting", "in", "offered", "waiting"]
    cancel_sign_up(guests.sign_ups[3], now=clock.now())
    assert states(guests) == ["offered", "offered", "in", "cancelled", "waiting"]


def test_what_a_guest_cancelled_no_organisers_undo_brings_back(any_app, porto, guests):
    fake, real = lists.sign_up(guests, "Fake"), lists.sign_up(guests, "Ada")
    cancel_sign_up(real, now=clock.now())
    done = desk_actions.take_off_list(porto, ids(fake, real), **now())
    assert done.people == 1
    desk_actions.put_back(porto, done.deed, **now())
    assert states(guests) == ["in", "cancelled"]


def test_an_answer_on_the_phone_is_a_seat(carlos, porto, guests, deeds):
    first, second = lists.sign_up(guests, party_size=3), lists.sign_up(guests, "Ada")
    cancel_sign_up(first, now=clock.now())
    page = carlos.get(f"/desk/events/{porto.slug}/sign-ups")
    assert "Ask them whether they come" in page.text and "Said yes" in page.text
    carlos.post(deeds, {"way": "said-yes", "sign_up": second.public_id}, status=303)
    assert states(guests) == ["cancelled", "in"]


def test_a_first_name_is_shown_only_of_who_agreed_and_never_of_young_people(any_app, porto, guests):
    willing = lists.sign_up(guests, "Ada", may_show_name=True)
    private = lists.sign_up(guests, "Bo")
    done = desk_actions.show_first_names(porto, ids(willing, private), is_shown=True, **now())
    assert done.people == 1 and willing.shows_name and not private.shows_name
    desk_actions.show_first_names(porto, ids(willing), is_shown=False, **now())
    factories.change(porto, has_young_people=True)
    with pytest.raises(Conflict):
        desk_actions.show_first_names(porto, ids(willing), is_shown=True, **now())
    assert not willing.shows_name


def test_somebody_added_by_hand_needs_no_yes_and_waits_like_everybody(any_app, porto):
    checked = lists.sign_up_list(porto, capacity=2, is_checked=True, closes_at=clock.now())
    for name, size in (("Ada", 2), ("Bo", 1)):
        desk_actions.add_by_hand(checked, Person(name), party_size=size, **now())
    assert states(checked) == ["in", "waiting"]
    assert [party.person.name for party in list_parties(porto.id)] == ["Ada", "Bo"]
    with pytest.raises(RuleBroken):
        desk_actions.add_by_hand(checked, Person("Cy"), party_size=3, **now())


def test_the_form_by_hand_says_what_to_mend_and_what_became_of_it(carlos, porto, guests):
    page = f"/desk/events/{porto.slug}/sign-ups"
    said = {"list": str(guests.id), "name": "", "party_size": "1"}
    answer = carlos.post(page, said, status=422)
    assert "Type a name or nickname" in answer.text
    carlos.post(page, said | {"list": "999999"}, status=422)
    carlos.post(page, said | {"name": "Ada", "note": "tel. 555"}, status=303)
    with carlos.browser.session_transaction() as kept:
        assert "has a seat" in str(dict(kept))
        assert "Ada" not in str(dict(kept)), "a notice is in a cookie that anybody can read"
    assert "Added to the list: has a seat." in carlos.get(page).text


def test_who_writes_at_home_has_no_seat_on_the_desk_but_a_promise(carlos, porto, guests):
    home = lists.sign_up_list(porto, purpose="home", capacity=None)
    page = f"/desk/events/{porto.slug}/sign-ups"
    carlos.post(page, {"list": str(home.id), "name": "Ada", "party_size": "1"}, status=303)
    shown = carlos.get(page)
    assert "Added to the list: promised to write." in shown.text
    assert "promised to write" in shown.words(f"#list-{home.id}")
    assert "has a seat" not in shown.text


def test_how_many_come_is_changed_within_the_seats(carlos, guests, deeds):
    party = lists.sign_up(guests)
    said = {"way": "party", "sign_up": party.public_id}
    carlos.post(deeds, said | {"party_size": "3"}, status=303)
    for wrong in ("4", "many", "", "0"):
        carlos.post(deeds, said | {"party_size": wrong}, status=422)
    assert party.party_size == 3


def test_all_that_match_are_those_the_organiser_saw(carlos, porto, guests, deeds):
    fakes = [lists.sign_up(guests, f"Fake {number}") for number in range(3)]
    later = lists.sign_up(guests, "Fake later")
    said = {"way": "take-off", "all": "1", "up_to": str(fakes[-1].id)}
    answer = carlos.post(f"{deeds}?q=fake", said, htmx=True)
    assert "3 sign-ups are off the list" in answer.text
    assert states(guests) == ["cancelled"] * 3 + ["offered"]
    deed = answer.fields("#undo")
    answer = carlos.post(f"/desk/events/{porto.slug}/sign-ups/undo", deed, htmx=True)
    assert "3 sign-ups back, 2 with a seat" in answer.text
    assert later.state == "offered"


def test_undo_stays_in_reach_without_a_script(carlos, porto, guests, deeds):
    party = lists.sign_up(guests, "Fake")
    answer = carlos.post(deeds, {"way": "take-off", "sign_up": party.public_id}, status=303)
    page = carlos.get(answer.location)
    carlos.submit(page, "#undo")
    assert states(guests) == ["in"]


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"way": "burn"},
        {"way": "confirm", "sign_up": "x' OR 1=1"},
        {"way": "undo"},
        {"way": "take-off", "all": "1", "up_to": "9" * 40},
        {"way": "party", "party_size": "²"},
    ],
)
def test_nonsense_changes_nothing(carlos, guests, deeds, said):
    lists.sign_up(guests)
    assert carlos.post(deeds, said).status in (404, 409, 422)
    assert states(guests) == ["in"]


def test_a_sign_up_at_another_event_is_out_of_reach(ana, lisbon, guests):
    party = lists.sign_up(guests)
    other = f"/desk/events/{lisbon.slug}/sign-ups/deeds"
    ana.post(other, {"way": "take-off", "sign_up": party.public_id}, status=409)
    ana.post(other, {"way": "party", "sign_up": party.public_id, "party_size": "2"}, status=404)
    assert states(guests) == ["in"]


def test_deeds_are_noted_without_a_name(any_app, porto, guests):
    party = lists.sign_up(guests, "Ada")
    desk_actions.take_off_list(porto, ids(party), **now())
    row = db.session.query(AuditRow).order_by(AuditRow.id.desc()).first()
    assert (row.verb, row.thing, row.thing_id) == ("sign_ups_taken_off", "event", str(porto.id))
