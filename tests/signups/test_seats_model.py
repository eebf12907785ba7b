"""Whatever people do in whatever order: no seat is given twice, and nobody jumps the line."""

from __future__ import annotations

import os
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from app.database import db
from app.exceptions import Conflict, RuleBroken
from app.signups import actions, desk_actions, list_actions, seats
from app.signups.models import SEATED, SignUp
from tests import factories, lists

START = datetime(2026, 12, 10, 12, tzinfo=UTC)
ANY = st.integers(0, 10**6)
SIZES = st.integers(1, 4)
EXAMPLES = int(os.environ.get("LETTERTALLY_TEST_EXAMPLES", "12"))
ACTS = 20
SLOWER_THERE = 4
"""How many times fewer examples on PostgreSQL."""
PHASES = tuple(Phase)
REFUSED = (Conflict, RuleBroken)


class Crowd(RuleBasedStateMachine):
    """A list of five seats, guests who do what they like, and an organiser who mends it."""

    open_stage: staticmethod

    def __init__(self) -> None:
        super().__init__()
        self.curtain = ExitStack()
        self.app = self.curtain.enter_context(self.open_stage())
        self.now = START
        far = {"starts_at": START + timedelta(days=60), "ends_at": START + timedelta(days=61)}
        self.event = factories.event(factories.campaign(), now=START, **far)
        self.list = lists.sign_up_list(self.event, capacity=5, created_at=START)
        self.deeds: list[str] = []
        self.taken = 0
        self.seated: dict[int, int] = {}
        """The size of each party that had seats after the last step."""

    def teardown(self) -> None:
        self.curtain.close()

    def parties(self) -> list[SignUp]:
        db.session.rollback()
        of_list = select(SignUp).where(SignUp.list_id == self.list.id)
        query = of_list.order_by(SignUp.queued_at, SignUp.id)
        return list(db.session.execute(query).scalars())

    def one(self, which: int) -> SignUp:
        parties = self.parties()
        return parties[which % len(parties)]

    def some(self, which: int) -> list[str]:
        return [one.public_id for n, one in enumerate(self.parties()) if which >> (n % 20) & 1]

    def act(self, deed, *arguments, **how):
        """Do it, whether it is refused or not, and look whether the rule still holds."""
        self.now += timedelta(minutes=1)
        how.setdefault("now", self.now)
        try:
            return deed(*arguments, **how)
        except REFUSED:
            return None
        finally:
            self.check()

    @rule(size=SIZES, is_checked=st.booleans())
    def sign_up(self, size, is_checked):
        factories.change(self.list, is_checked=is_checked)
        self.act(lambda now: lists.sign_up(self.list, party_size=size, now=now))

    @rule(size=st.integers(1, 6))
    def phone(self, size):
        person = lists.Person("Noor")
        self.act(desk_actions.add_by_hand, self.list, person, party_size=size, actor="x")

    @precondition(lambda self: self.parties())
    @rule(which=ANY)
    def cancel(self, which):
        self.act(actions.cancel_sign_up, self.one(which))

    @precondition(lambda self: self.parties())
    @rule(which=ANY, size=SIZES)
    def change_party(self, which, size):
        self.act(actions.change_party, self.one(which), size=size)

    @precondition(lambda self: self.seated)
    @rule(which=ANY)
    def bring_one_more(self, which):
        seated = [one for one in self.parties() if one.id in self.seated]
        one = seated[which % len(seated)]
        self.act(actions.change_party, one, size=one.party_size + 1)

    @precondition(lambda self: self.parties())
    @rule(which=ANY)
    def accept(self, which):
        self.act(actions.accept_offer, self.one(which))

    @rule(hours=st.integers(1, 30))
    def expire(self, hours):
        self.now += timedelta(hours=hours)
        self.act(actions.expire_offers)

    @precondition(lambda self: self.parties())
    @rule(which=ANY)
    def confirm(self, which):
        self.act(desk_actions.confirm_sign_ups, self.event, self.some(which), actor="x")

    @precondition(lambda self: self.parties())
    @rule(which=ANY)
    def say_yes(self, which):
        self.act(desk_actions.say_yes_for, self.event, self.some(which), actor="x")

    @precondition(lambda self: self.parties())
    @rule(which=ANY, is_no=st.booleans())
    def take_off(self, which, is_no):
        how = {"actor": "x", "is_no": is_no}
        done = self.act(desk_actions.take_off_list, self.event, self.some(which), **how)
        self.deeds += [done.deed] if done else []

    @precondition(lambda self: self.deeds)
    @rule(which=ANY)
    def undo(self, which):
        deed = self.deeds[which % len(self.deeds)]
        self.act(desk_actions.put_back, self.event, deed, actor="x")

    @rule(capacity=st.one_of(st.none(), st.integers(1, 9)))
    def change_capacity(self, capacity):
        db.session.rollback()
        fields = list_actions.ListFields("guests", capacity=capacity, party_limit=4)
        how = {"edit_version": self.list.edit_version, "actor": "x"}
        self.act(list_actions.edit_list, self.list, fields, **how)

    def check(self):
        parties = self.parties()
        capacity = self.list.capacity
        before, self.taken = self.taken, sum(p.party_size for p in parties if p.state in SEATED)
        if capacity is None:
            assert not [p for p in parties if p.state == "waiting"]
            return
        assert self.taken <= max(capacity, before), "a step gave a seat that there is not"
        first = next((p for p in parties if self.waits(p, capacity)), None)
        if first is not None:
            # Whoever is first in line, and would fit, has no free seats before their eyes.
            assert first.party_size > capacity - self.taken
        self.check_order(parties, capacity)

    def check_order(self, parties: list[SignUp], capacity: int) -> None:
        """Nobody got a seat in this step while somebody waited longer who fits the list; and
        nobody who had some got more while anybody waited."""
        before, self.seated = (
            self.seated,
            {p.id: p.party_size for p in parties if p.state in SEATED},
        )
        waiting = [n for n, p in enumerate(parties) if self.waits(p, capacity)]
        for n, late in enumerate(parties):
            if late.id in self.seated.keys() - before.keys():
                assert not [other for other in waiting if other < n], "somebody jumped the line"
            elif self.seated.get(late.id, 0) > before.get(late.id, 0):
                assert not waiting, "somebody took seats that others wait for"

    @staticmethod
    def waits(party: SignUp, capacity: int) -> bool:
        return party.state == "waiting" and party.party_size <= capacity


def run(stage, request, *, examples: int = EXAMPLES, phases: tuple[Phase, ...] = PHASES) -> None:
    Crowd.open_stage = staticmethod(stage)
    is_fast = "sqlite" in request.node.name
    run_state_machine_as_test(
        Crowd,
        settings=settings(
            max_examples=examples if is_fast else max(1, examples // SLOWER_THERE),
            stateful_step_count=ACTS,
            deadline=None,
            database=None,
            phases=phases,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.timeout(400)
def test_seats_are_never_given_twice_nor_out_of_turn(any_stage, request):
    run(any_stage, request)


@pytest.mark.timeout(400)
@pytest.mark.parametrize("broken", ["the line", "the count"])
def test_control_a_broken_rule_is_noticed(any_stage, request, monkeypatch, broken):
    if broken == "the line":
        monkeypatch.setattr(actions, "may_sit", lambda session, the_list, size: True)
    else:
        monkeypatch.setattr(seats, "count_free", lambda session, the_list: 3)
        monkeypatch.setattr(actions, "count_free", lambda session, the_list: 3)
    with pytest.raises(AssertionError):
        # That it fails is enough: nobody needs its shortest story.
        run(any_stage, request, examples=60, phases=(Phase.generate,))


def grow_while_somebody_waits(stage) -> None:
    """A story too rare to wait for: three seats taken, four waited for, one more brought along."""
    Crowd.open_stage = staticmethod(stage)
    crowd = Crowd()
    try:
        crowd.sign_up(size=3, is_checked=False)
        crowd.sign_up(size=4, is_checked=False)
        crowd.bring_one_more(which=0)
    finally:
        crowd.teardown()


def test_nobody_who_has_seats_brings_one_more_while_somebody_waits(any_stage):
    grow_while_somebody_waits(any_stage)


def test_control_somebody_who_did_would_be_noticed(any_stage, monkeypatch):
    monkeypatch.setattr(actions, "first_in_line", lambda session, the_list: None)
    with pytest.raises(AssertionError, match="others wait for"):
        grow_while_somebody_waits(any_stage)
