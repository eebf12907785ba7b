"""Whatever people do in whatever order, every number agrees with plain arithmetic."""

from __future__ import annotations

import os
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app.database import db
from app.events.models import Event
from app.exceptions import Conflict, NotFound, RuleBroken
from app.letters import actions, entries, queries
from app.letters.facts import Press
from app.letters.verify import verify_ledger
from tests import factories
from tests.letters.ledger_model import LETTERS, Pile, Stage, World, by_case, by_minute, by_table
from tests.letters.moving import move_entry

START = datetime(2026, 12, 10, 12, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
ANY = st.integers(0, 10**6)
KINDS = st.sampled_from(["handwritten_letter", "postcard", "email", "petition_signature"])
EXAMPLES = int(os.environ.get("LETTERTALLY_TEST_EXAMPLES", "12"))
"""The bar is 10,000 acts: LETTERTALLY_TEST_EXAMPLES=340 and --timeout=0."""
ACTS = 30
SLOWER_THERE = 4
"""How many times fewer examples on PostgreSQL."""
AGES = st.sampled_from([0, 0, 0, 30, 600, 7200])
"""Seconds between press and arrival."""


class Marathon(RuleBasedStateMachine):
    """Two events with two tables each, one of them a rehearsal, and everybody busy."""

    open_stage: staticmethod

    def __init__(self) -> None:
        super().__init__()
        self.curtain = ExitStack()
        self.app = self.curtain.enter_context(self.open_stage())
        self.world = World(START)
        self.ops = 0
        season = factories.campaign()
        self.cases = [factories.case(season) for _ in range(2)]
        self.devices = []
        for is_rehearsal in (False, True):
            event = factories.event(season, now=START, is_rehearsal=is_rehearsal)
            tables = [factories.table(event) for _ in range(2)]
            stage = Stage(event.id, is_rehearsal)
            self.world.stages.append(stage)
            joined = [factories.joined(factories.device(table)) for table in tables]
            self.devices += [(stage, device) for device in joined]
        self.campaign_id = season.id
        self.slugs = [(case.id, case.slug) for case in self.cases]
        self.events = {stage.id: db.session.get_one(Event, stage.id) for stage in self.world.stages}

    def teardown(self) -> None:
        self.curtain.close()

    def new_op(self) -> str:
        self.ops += 1
        return str(UUID(int=self.ops))

    def add(self, stage, op, table_id, device_id, case_id, kind, quantity, age) -> Pile:
        pressed_at = self.world.now - timedelta(seconds=age)
        held = stage.is_waiting(pressed_at)
        where = (op, stage, table_id, device_id, case_id, kind, quantity)
        pile = Pile(*where, pressed_at, self.world.now, held)
        pile.is_late = not held and stage.closed_at is not None
        self.world.piles.append(pile)
        stage.rows += 1
        return pile

    @rule(who=ANY, case=ANY, kind=KINDS, quantity=st.integers(1, 200), age=AGES)
    def press(self, who, case, kind, quantity, age):
        now = self.world.pass_time(2)
        stage, device = self.devices[who % len(self.devices)]
        case_id, slug = self.slugs[case % 2]
        press = Press(self.new_op(), slug, kind, quantity, age_ms=age * 1000)
        receipt = actions.log_letters(device, press, now=now)
        pile = self.add(
            stage, press.op, device.table_id, device.device_id, case_id, kind, quantity, age
        )
        self.check_receipt(receipt, pile)

    @rule(where=ANY, case=ANY, kind=KINDS, quantity=st.integers(1, 10_000), age=AGES)
    def log_at_desk(self, where, case, kind, quantity, age):
        now = self.world.pass_time(2)
        stage, device = self.devices[where % len(self.devices)]
        table_id = device.table_id if where % 3 else None
        case_id, slug = self.slugs[case % 2]
        press = Press(self.new_op(), slug, kind, quantity, age_ms=age * 1000)
        how = {"table_id": table_id, "actor": "x", "now": now}
        receipt = actions.log_at_desk(self.events[stage.id], press, **how)
        pile = self.add(stage, press.op, table_id, None, case_id, kind, quantity, age)
        self.check_receipt(receipt, pile)

    def check_receipt(self, receipt, pile):
        assert (receipt.op, receipt.quantity) == (pile.op, pile.quantity)
        here = by_table(self.world.at(pile.stage))
        letters, other = here.get(pile.table_id or 0, (0, 0))
        at_table = [p for p in self.world.at(pile.stage) if p.table_id == pile.table_id]
        for_case = by_case(at_table).get(pile.case_id, {})
        assert receipt.totals[1:] == (
            letters + other,
            sum(map(sum, here.values())),
            letters,
            sum(letters for letters, _ in here.values()),
            sum(n for kind, n in for_case.items() if kind in LETTERS),
        )

    @precondition(lambda self: self.world.piles)
    @rule(which=ANY, more=st.integers(0, 1))
    def press_again_under_the_same_op(self, which, more):
        pile = self.world.piles[which % len(self.world.piles)]
        slug = dict(self.slugs)[pile.case_id]
        press = Press(pile.op, slug, pile.kind, pile.quantity + more, age_ms=5)
        how = {"table_id": pile.table_id, "actor": "x", "now": self.world.pass_time(1)}
        if more:
            with pytest.raises(Conflict):
                actions.log_at_desk(self.events[pile.stage.id], press, **how)
        else:
            receipt = actions.log_at_desk(self.events[pile.stage.id], press, **how)
            assert (receipt.op, receipt.quantity) == (pile.op, pile.quantity)

    @precondition(lambda self: self.world.piles)
    @rule(which=ANY, who=ANY, waited=st.sampled_from([1, 1, 900, 1]))
    def take_back_at_the_table(self, which, who, waited):
        now = self.world.pass_time(waited)
        pile = self.world.piles[which % len(self.world.piles)]
        _stage, device = self.devices[who % len(self.devices)]
        if pile.device_id is not None and who % 2:
            device = next(d for _, d in self.devices if d.device_id == pile.device_id)
        expected = None
        if pile.device_id != device.device_id:
            expected = NotFound
        elif pile.is_taken_back:
            expected = Conflict
        elif now - pile.recorded_at > QUARTER:
            expected = RuleBroken
        self.expect(expected, lambda: actions.take_back(device, pile.op, op=self.new_op(), now=now))
        if expected is None:
            self.mark(pile, "void")

    @precondition(lambda self: self.world.piles)
    @rule(which=ANY, act=st.sampled_from(["void", "restore", "count"]))
    def answer_at_the_desk(self, which, act):
        now = self.world.pass_time(1)
        pile = self.world.piles[which % len(self.world.piles)]
        makes_sense = {
            "void": not pile.is_taken_back,
            "restore": pile.is_taken_back and not pile.is_moved,
            "count": pile.is_held and not pile.is_taken_back,
        }[act]
        event = self.events[pile.stage.id]
        how = {"act": act, "op": self.new_op(), "actor": "x", "now": now}
        self.expect(
            None if makes_sense else Conflict,
            lambda: actions.answer_entry(event, pile.op, **how),
        )
        if makes_sense:
            self.mark(pile, act)

    @precondition(lambda self: self.world.piles)
    @rule(which=ANY, case=ANY, kind=KINDS)
    def move(self, which, case, kind):
        now = self.world.pass_time(1)
        pile = self.world.piles[which % len(self.world.piles)]
        case_id, slug = self.slugs[case % 2]
        is_there = (case_id, kind) == (pile.case_id, pile.kind)
        op = move_entry(
            self.events[pile.stage.id], pile.op, op=self.new_op(), case=slug, kind=kind, now=now
        )
        assert (op is None) == (pile.is_taken_back or is_there)
        if op:
            self.mark(pile, "void")
            self.replace(pile, op, case_id, kind)

    def mark(self, pile, act, deed="") -> None:
        """One row more, and what it means."""
        pile.stage.rows += 1
        pile.is_taken_back = act == "void"
        pile.is_moved = False
        pile.is_held = pile.is_held and act != "count"
        pile.touched_by = deed

    def replace(self, pile, op, case_id, kind, deed="") -> Pile:
        """The log of a move, behind its void."""
        pile.is_moved = True
        pile.stage.rows += 1
        where = (op, pile.stage, pile.table_id, None, case_id, kind, pile.quantity)
        moved = Pile(*where, pile.pressed_at, self.world.now, pile.is_held, touched_by=deed)
        moved.is_late = pile.is_late
        self.world.piles.append(moved)
        return moved

    def expect(self, refusal, act):
        if refusal is None:
            act()
        else:
            with pytest.raises(refusal):
                act()

    @rule(which=ANY, act=st.sampled_from(["open", "open", "close", "report"]))
    def turn_the_page_of_an_event(self, which, act):
        now = self.world.pass_time(60)
        stage = self.world.stages[which % 2]
        if act == "open" and stage.reported_at is None:
            stage.opened_at, stage.closed_at = stage.opened_at or now, None
        elif act == "close" and stage.opened_at and not stage.closed_at:
            stage.closed_at = now
        elif act == "report" and stage.closed_at and which % 5 == 0:
            stage.reported_at = now
        state = "closed" if stage.closed_at else "running" if stage.opened_at else "upcoming"
        factories.change(
            self.events[stage.id],
            state=state,
            opened_at=stage.opened_at,
            closed_at=stage.closed_at,
            report_submitted_at=stage.reported_at,
        )

    @invariant()
    def every_number_agrees(self):
        db.session.rollback()
        for stage in self.world.stages:
            self.check_stage(stage)
        piles = [pile for pile in self.world.piles if not pile.stage.is_rehearsal]
        assert without_zeros(queries.get_campaign_sums(self.campaign_id)) == by_case(piles)

    def check_stage(self, stage):
        piles = self.world.at(stage)
        sums = queries.get_sums(stage.id)
        assert without_zeros(sums) == by_case(piles)
        tables = by_table(piles)
        letters = sum(n for n, _ in tables.values())
        other = sum(n for _, n in tables.values())
        assert sums.counted == (letters, other)
        assert queries.count_by_event([stage.id]) == {stage.id: (letters, other)}
        counted = queries.count_by_table(stage.id)
        assert {n: count for n, count in counted.items() if count.letters or count.other} == tables
        for table_id in {pile.table_id for pile in piles} - {None}:
            at_table = [pile for pile in piles if pile.table_id == table_id]
            assert without_zeros(queries.get_table_sums(stage.id, table_id)) == by_case(at_table)
        pulse = queries.list_pulse(stage.id, since_minute=0)
        assert {minute: n for minute, n in pulse.items() if n} == by_minute(piles)
        waiting = [pile for pile in piles if pile.is_held and not pile.is_taken_back]
        assert entries.count_held(stage.id) == len(waiting)
        listed = entries.list_event_entries(stage.id, most=1000)
        assert [(entry.op, entry.is_taken_back) for entry in reversed(listed)] == [
            (pile.op, pile.is_taken_back) for pile in piles
        ]
        assert {entry.op for entry in listed if entry.is_held} == {pile.op for pile in waiting}

    @invariant()
    def the_ledger_is_proven(self):
        rows = {stage.id: stage.rows for stage in self.world.stages}
        for verdict in verify_ledger():
            assert verdict.faults == []
        for event in self.events.values():
            assert event.chain_seq == rows[event.id]


def without_zeros(sums):
    found = {}
    for case_id, kinds in sums.by_case.items():
        if any(kinds.values()):
            found[case_id] = {kind: counted for kind, counted in kinds.items() if counted}
    return found


# When it fails, the search for the shortest story takes up to five minutes.
@pytest.mark.timeout(400)
def test_every_number_agrees_with_plain_arithmetic_after_every_act(any_stage, request):
    Marathon.open_stage = staticmethod(any_stage)
    is_fast = "sqlite" in request.node.name
    run_state_machine_as_test(
        Marathon,
        settings=settings(
            max_examples=EXAMPLES if is_fast else EXAMPLES // SLOWER_THERE,
            stateful_step_count=ACTS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
