"""The door: who is here, by name, by two organisers at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.database import db, event_scope, write
from app.events.models import Event
from app.exceptions import Conflict, RuleBroken
from app.keyring import destroy_key, event_keys
from app.signups import door_actions
from app.signups.actions import cancel_sign_up
from app.signups.door_queries import find_called, key_of, read_door
from app.signups.erasing import erase_sign_up
from app.signups.models import HeadTap
from app.ticker import forget_expired
from tests import factories, lists

ANA, BEN = "a" * 16, "b" * 16


@pytest.fixture
def guests(lisbon):
    """Lisbon's list of guests, with four seats."""
    return lists.sign_up_list(lisbon, capacity=4)


@pytest.fixture
def party(guests):
    """Noor, who comes with two others."""
    return lists.sign_up(guests, "Noor", party_size=3)


def check_in(party, arrived: int, *, seen: int, actor: str = ANA) -> None:
    door_actions.check_in(party, arrived=arrived, seen=seen, actor=actor, now=clock.now())


def walk_in(guests, **said):
    said = {"name": "", "people": 1, "op": "0" * 16} | said
    return door_actions.add_walk_in(guests, **said, actor=ANA, now=clock.now())


def test_a_tap_ticks_the_whole_party_and_the_next_undoes_it(any_app, party):
    check_in(party, 3, seen=0)
    assert (party.arrived, party.arrived_at is None) == (3, False)
    check_in(party, 0, seen=3)
    assert (party.arrived, party.arrived_at) == (0, None)


def count(event, more: int, op: str = "") -> None:
    door_actions.count_heads(event, more=more, op=op, now=clock.now())


def test_the_same_tap_at_two_doors_is_one(any_app, party):
    check_in(party, 3, seen=0)
    check_in(party, 3, seen=0, actor=BEN)
    assert party.arrived == 3


def test_one_who_sees_an_old_number_undoes_nobody(any_app, party):
    check_in(party, 2, seen=0)
    check_in(party, 3, seen=2, actor=BEN)
    for stale in (1, 0):
        with pytest.raises(Conflict):
            check_in(party, stale, seen=2)
    assert party.arrived == 3


@pytest.mark.parametrize("first", [0, 1])
def test_two_doors_at_once_keep_one_of_both_wishes(any_app, party, first):
    wishes = [(2, ANA), (1, BEN)]
    wanted, actor = wishes[first]
    check_in(party, wanted, seen=0, actor=actor)
    other, actor = wishes[1 - first]
    with pytest.raises(Conflict):
        check_in(party, other, seen=0, actor=actor)
    assert party.arrived == wanted


def test_no_more_come_than_signed_up(app, party):
    for arrived in (4, -1):
        with pytest.raises(RuleBroken):
            check_in(party, arrived, seen=0)


def test_who_cancelled_is_not_ticked(app, party):
    cancel_sign_up(party, now=clock.now())
    with pytest.raises(Conflict):
        check_in(party, 3, seen=0)


def test_who_waits_is_let_in_by_the_organisers_own_eyes(any_app, guests, party):
    waiting = lists.sign_up(guests, "Ada", party_size=2)
    with pytest.raises(Conflict):
        check_in(waiting, 2, seen=0)
    for _time in range(2):
        door_actions.let_in(waiting, actor=ANA, now=clock.now())
    assert (waiting.state, waiting.arrived) == ("in", 2)
    factories.change(waiting, state="cancelled")
    with pytest.raises(Conflict):
        door_actions.let_in(waiting, actor=ANA, now=clock.now())


def test_whoever_has_an_offer_and_comes_has_taken_it(app, guests, party):
    waiting = lists.sign_up(guests, "Ada", party_size=2)
    cancel_sign_up(party, now=clock.now())
    assert waiting.state == "offered"
    check_in(waiting, 1, seen=0)
    assert (waiting.state, waiting.offer_ends_at) == ("in", None)


def test_a_walk_in_comes_in_when_the_list_is_full_and_once(any_app, guests, party):
    came = walk_in(guests, name="Zoë", people=5)
    assert walk_in(guests, name="Zoë", people=5).id == came.id
    assert (came.is_walk_in, came.state, came.arrived) == (True, "in", 5)
    door = read_door(guests.event)
    assert (door.arrived, door.expected) == (5, 8)
    check_in(came, 0, seen=5)
    assert (came.state, read_door(guests.event).expected) == ("cancelled", 3)


@pytest.mark.parametrize("people", [0, 201])
def test_a_walk_in_is_somebody_and_no_crowd(app, guests, people):
    with pytest.raises(RuleBroken):
        walk_in(guests, people=people)


def test_many_are_ticked_at_once_but_those_that_another_has_changed(any_app, lisbon):
    guests = lists.sign_up_list(lisbon, capacity=None)
    everybody = [lists.sign_up(guests, f"Guest {n}", party_size=2) for n in range(4)]
    seen = {one.public_id: 0 for one in everybody}
    check_in(everybody[0], 1, seen=0, actor=BEN)
    cancel_sign_up(everybody[1], now=clock.now())

    def tick(seen, **how):
        said = {"is_here": True, "walk_ins": 0, "onto": None, "op": ""} | how
        return door_actions.tick_all(lisbon, seen, **said, actor=ANA, now=clock.now())

    assert tick(seen) == (2, 2)
    assert [one.arrived for one in everybody] == [1, 0, 2, 2]
    assert tick(seen, walk_ins=4, onto=guests, op="1" * 16) == (0, 2)
    assert tick({everybody[2].public_id: 2}, is_here=False) == (1, 0)
    assert read_door(lisbon).arrived == 1 + 2 + 4


def test_heads_counted_at_eight_doors_add_up(any_app, lisbon):
    event_id = lisbon.id
    db.session.remove()

    def stand(door: int) -> None:
        with any_app.app_context():
            for _person in range(5):
                count(db.session.get(Event, event_id), door)

    with ThreadPoolExecutor(8) as doors:
        list(doors.map(stand, [1, 2, 1, 2, 1, 2, 1, 2]))
    assert db.session.get(Event, event_id).head_count == 60


def test_a_tap_is_known_for_a_month_after_the_event_and_then_forgotten(any_app, lisbon, porto):
    for event in (lisbon, porto):
        count(event, 3, "1" * 16)
    factories.change(porto, ends_at=lisbon.ends_at + timedelta(days=1))
    due = lisbon.ends_at + door_actions.TAPS_KNOWN_FOR
    forget_expired(due)
    count(lisbon, 3, "1" * 16)
    assert taps() == [lisbon.id, porto.id]
    forget_expired(due + timedelta(minutes=1))
    assert taps() == [porto.id]
    assert lisbon.head_count == 3


def taps() -> list[int]:
    query = select(HeadTap.event_id).order_by(HeadTap.event_id)
    return list(db.session.execute(query).scalars())


def test_a_tap_that_arrives_eight_times_at_once_counts_one_head(any_app, lisbon):
    event_id = lisbon.id
    db.session.remove()

    def arrive(op: str) -> None:
        with any_app.app_context():
            count(db.session.get(Event, event_id), 1, op)

    with ThreadPoolExecutor(8) as wires:
        list(wires.map(arrive, ["a" * 16, "b" * 16] * 8))
    assert db.session.get(Event, event_id).head_count == 2


def test_the_same_op_at_another_event_is_another_tap(any_app, lisbon, porto):
    for event in (lisbon, porto, lisbon):
        count(event, 3, "a" * 16)
    assert (lisbon.head_count, porto.head_count) == (3, 3)


def test_there_are_never_fewer_than_nobody(app, lisbon):
    count(lisbon, -3)
    assert lisbon.head_count == 0
    for more in (0, 100_001):
        with pytest.raises(RuleBroken):
            count(lisbon, more)


def test_the_doors_number_is_taken_only_when_somebody_says_so(app, lisbon, party):
    check_in(party, 3, seen=0)
    assert lisbon.people is None
    version, edits = lisbon.live_version, lisbon.edit_version
    door_actions.use_as_people(lisbon, people=3, actor=ANA, now=clock.now())
    assert (lisbon.people, lisbon.live_version, lisbon.edit_version) == (3, version + 1, edits + 1)


def test_who_promised_to_write_at_home_is_not_expected(app, lisbon, party):
    lists.sign_up(lists.sign_up_list(lisbon, purpose="home"), "Ada", party_size=4)
    assert [one.name for one in read_door(lisbon).guests] == ["Noor"]
    assert read_door(lisbon).expected == 3


def test_one_who_is_erased_stays_in_the_numbers_and_the_others_stay_names(
    ana, lisbon, guests, party
):
    ada = lists.sign_up(guests, "Ada")
    check_in(party, 2, seen=0)
    erase_sign_up(party, by="", now=clock.now())
    page = ana.get("signups.door", slug="lisbon", status=200)
    assert page.words("#door-count") == "2 of 4 here"
    assert page.select("#door-search") and page.select(f"#party-{ada.public_id}")
    assert "deleted, as was promised" not in page.text
    assert not ana.get("/desk/events/lisbon/sign-ups", status=200).select("#names-gone")


def test_names_that_are_deleted_leave_their_numbers(app, lisbon, guests, party):
    check_in(party, 2, seen=0)
    with write(event_scope(lisbon.id)) as session:
        destroy_key(session, event_keys(lisbon.id), now=clock.now())
    door = read_door(lisbon)
    assert (door.is_nameless, door.guests, door.arrived) == (True, [], 2)
    with pytest.raises(Conflict, match="deleted"):
        walk_in(guests)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("no", {"Noor", "Marta Nóvoa"}),
        ("NÓ", {"Noor", "Marta Nóvoa"}),
        ("ma no", {"Marta Nóvoa"}),
        ("احمد", {"أحمد الحسن"}),
        ("حسن", {"أحمد الحسن"}),
        ("lou", {"Anne-Louise"}),
        ("小明", {"王小明"}),
        ("zzz", set()),
        ("", {"Noor", "Marta Nóvoa", "أحمد الحسن", "Anne-Louise", "王小明"}),
    ],
)
def test_two_letters_find_a_name_in_every_script(typed, found):
    names = ["Noor", "Marta Nóvoa", "أحمد الحسن", "Anne-Louise", "王小明"]
    hits = find_called([key_of(name) for name in names], typed)
    assert {name for name, hit in zip(names, hits, strict=True) if hit} == found


def test_every_deed_at_the_door_moves_the_lists_version(app, lisbon, guests, party):
    deeds = [
        lambda: check_in(party, 1, seen=0),
        lambda: walk_in(guests),
        lambda: count(lisbon, 1),
        lambda: door_actions.choose_counting(lisbon, heads=True, actor=ANA, now=clock.now()),
    ]
    for deed in deeds:
        before = factories.change(lisbon).lists_version
        deed()
        assert lisbon.lists_version > before
