"""Single acts and acts on many, undone or not, in whatever order: plain arithmetic agrees."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from app.exceptions import Conflict, RuleBroken
from app.letters import bulk_actions
from app.letters.deeds import op_behind
from app.letters.entries import Choice, Filter, count_matching, list_event_entries
from tests.letters.ledger_model import LETTERS, Pile, Stage
from tests.letters.test_ledger_model import ANY, EXAMPLES, KINDS, SLOWER_THERE, Marathon

STATES = st.sampled_from([None, "counted", "waiting", "taken-back", "late"])
ACTS = {"void": "take-back", "restore": "put-back", "count": "let-in"}


@dataclass
class Seen:
    """What an organiser had before their eyes."""

    stage: Stage
    wanted: Filter
    as_of: int
    piles: list[Pile]


@dataclass
class Done:
    """What was done to several piles at once."""

    op: str
    stage: Stage
    way: str
    steps: list[tuple[Pile, tuple[bool, bool, bool], Pile | None]] = field(default_factory=list)


class Mending(Marathon):
    """The same two events, and organisers who mend many entries at once."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[Seen] = []
        self.deeds: list[Done] = []

    @precondition(lambda self: self.world.piles)
    @rule(which=ANY, case=ANY, kind=st.none() | KINDS, state=STATES, since=st.none() | ANY)
    def look_at_the_list(self, which, case, kind, state, since):
        stage = self.world.stages[which % 2]
        piles = self.world.at(stage)
        case_id = self.slugs[case % 2][0] if case % 3 else None
        moment = piles[since % len(piles)].pressed_at if since is not None and piles else None
        wanted = Filter(case_id=case_id, kind=kind, state=state, since=moment)
        matching = [pile for pile in piles if matches(pile, wanted)]
        self.seen.append(Seen(stage, wanted, stage.rows, matching))
        listed = list_event_entries(stage.id, wanted, most=1000)
        assert [entry.op for entry in reversed(listed)] == [pile.op for pile in matching]
        letters = sum(pile.quantity for pile in matching if pile.kind in LETTERS)
        total = sum(pile.quantity for pile in matching)
        match = count_matching(stage.id, wanted, as_of=stage.rows)
        assert match == (len(matching), letters, total - letters)

    def choose(self, which, ticked) -> tuple[Seen, list[Pile], Choice]:
        """All that was seen, or some of it."""
        seen = self.seen[which % len(self.seen)]
        if ticked is None:
            return seen, seen.piles, Choice((), seen.wanted, seen.as_of, True)
        piles = [pile for number, pile in enumerate(seen.piles) if ticked >> (number % 10) & 1]
        return seen, piles, Choice(tuple(pile.op for pile in piles), seen.wanted, 0, False)

    @precondition(lambda self: self.seen)
    @rule(which=ANY, ticked=st.none() | ANY, act=st.sampled_from(sorted(ACTS)))
    def answer_many(self, which, ticked, act):
        now = self.world.pass_time(1)
        seen, piles, choice = self.choose(which, ticked)
        op = self.new_op()

        def do():
            how = {"act": act, "op": op, "actor": "x", "now": now}
            return bulk_actions.answer_entries(self.events[seen.stage.id], choice, **how)

        if not piles:
            self.expect(RuleBroken, do)
            return
        outcome = do()
        done = Done(op, seen.stage, ACTS[act])
        skipped = Counter()
        for pile in piles:
            if why := why_not(pile, act):
                skipped[why] += 1
            else:
                done.steps.append((pile, pile.state, None))
                self.mark(pile, act, op)
        self.check_outcome(outcome, done, piles, skipped)
        # The same press again, its answer lost on the way.
        self.check_again(do(), done, piles)

    @precondition(lambda self: self.seen)
    @rule(which=ANY, ticked=st.none() | ANY, case=ANY, kind=st.none() | KINDS)
    def move_many(self, which, ticked, case, kind):
        now = self.world.pass_time(1)
        seen, piles, choice = self.choose(which, ticked)
        op = self.new_op()
        case_id, slug = self.slugs[case % 2] if kind is None or case % 3 else (None, None)

        def do():
            how = {"case": slug, "kind": kind, "op": op, "actor": "x", "now": now}
            return bulk_actions.move_entries(self.events[seen.stage.id], choice, **how)

        if not piles:
            self.expect(RuleBroken, do)
            return
        outcome = do()
        done = Done(op, seen.stage, "move")
        skipped = Counter()
        for pile in piles:
            to = (case_id or pile.case_id, kind or pile.kind)
            if why := why_not(pile, "void") or ("there" if to == (pile.case_id, pile.kind) else ""):
                skipped[why] += 1
                continue
            before = pile.state
            self.mark(pile, "void", op)
            done.steps.append((pile, before, self.replace(pile, "", *to, op)))
        self.name_moved(done)
        self.check_outcome(outcome, done, piles, skipped)
        self.check_again(do(), done, piles)

    def name_moved(self, done):
        """The ops of the new logs follow from the deed's own, one row after the other."""
        entries = list_event_entries(done.stage.id, most=1000)
        fresh = list(reversed(entries))[-len(done.steps) :] if done.steps else []
        for (_pile, _before, new), entry in zip(done.steps, fresh, strict=True):
            new.op = entry.op
        if fresh:
            assert fresh[0].op == op_behind(done.op, done.op)

    @precondition(lambda self: self.deeds)
    @rule(which=ANY)
    def undo(self, which):
        now = self.world.pass_time(1)
        deed = self.deeds[which % len(self.deeds)]
        op = self.new_op()

        def do():
            event = self.events[deed.stage.id]
            return bulk_actions.undo_deed(event, deed.op, op=op, actor="x", now=now)

        if deed.way == "undo":
            self.expect(Conflict, do)
            return
        outcome = do()
        way = {"take-back": "put-back", "put-back": "take-back"}.get(deed.way, "undo")
        undone = Done(op, deed.stage, way)
        for pile, before, new in deed.steps:
            if any(each.touched_by != deed.op for each in (pile, new) if each is not None):
                continue
            if new is not None:
                self.mark(new, "void", op)
            undone.steps.append((pile, pile.state, None))
            pile.stage.rows += 2 if deed.way == "let-in" else 1
            pile.is_held, pile.is_taken_back, pile.is_moved = before
            pile.touched_by = op
        left = len(deed.steps) - len(undone.steps)
        piles = [pile for pile, _before, _new in deed.steps]
        self.check_outcome(outcome, undone, piles, Counter(changed=left) if left else Counter())
        self.check_again(do(), undone, piles)

    def check_outcome(self, outcome, done, piles, skipped):
        assert (outcome.asked, outcome.skipped) == (len(piles), skipped)
        assert (outcome.deed is None) == (not done.steps)
        if outcome.deed:
            letters = [p.quantity for p, _before, _new in done.steps if p.kind in LETTERS]
            assert (outcome.deed.op, outcome.deed.way) == (done.op, done.way)
            assert len(outcome.deed.answered) == len(done.steps)
            assert outcome.deed.letters == sum(letters)
            self.deeds.append(done)

    def check_again(self, outcome, done, piles):
        assert outcome.asked == len(piles)
        assert len(outcome.deed.answered if outcome.deed else ()) == len(done.steps)


def matches(pile: Pile, wanted: Filter) -> bool:
    """Whether a filter lets a pile through."""
    states = {
        None: True,
        "counted": not pile.is_held and not pile.is_taken_back,
        "waiting": pile.is_held and not pile.is_taken_back,
        "taken-back": pile.is_taken_back,
        "late": pile.is_late,
    }
    return (
        wanted.case_id in (None, pile.case_id)
        and wanted.kind in (None, pile.kind)
        and (wanted.since is None or pile.pressed_at >= wanted.since)
        and states[wanted.state]
    )


def why_not(pile: Pile, act: str) -> str:
    """Why an act on several passes a pile by."""
    if pile.is_moved:
        return "moved"
    if act == "restore":
        return "" if pile.is_taken_back else "not_taken_back"
    if pile.is_taken_back:
        return "taken_back"
    return "counted" if act == "count" and not pile.is_held else ""


# When it fails, the search for the shortest story takes up to five minutes.
@pytest.mark.timeout(400)
def test_acts_on_many_agree_with_plain_arithmetic(any_stage, request):
    Mending.open_stage = staticmethod(any_stage)
    is_fast = "sqlite" in request.node.name
    run_state_machine_as_test(
        Mending,
        settings=settings(
            max_examples=EXAMPLES if is_fast else EXAMPLES // SLOWER_THERE,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
