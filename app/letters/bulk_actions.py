"""Mend many entries in one go: take back, put back, let in, move; and undo that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.audit import note_deed
from app.campaigns.kinds import letters_in
from app.database import event_scope, write
from app.events.models import Event
from app.exceptions import Conflict, NotFound, RuleBroken
from app.letters import ledger, rules
from app.letters.deeds import WAYS, Deed, Draft, Row, Step, find_deed, list_answered_since
from app.letters.entries import MOST_AT_ONCE, Choice, get_ends, list_matching_ops
from app.letters.facts import Press, find_row, get_facts, get_head

WhyNot = Callable[[Row], str | None]
"""Why nothing is to be done to an entry whose last act is this; None when something is."""


class Outcome(NamedTuple):
    """What was done, of how many that were asked for, and why the others were not."""

    deed: Deed | None
    """None when nothing was left to do."""
    asked: int
    skipped: Counter[str]
    """How many, by why: a key of `wording.WHY_NOT`."""


class Target(NamedTuple):
    """Where entries move to; None leaves it as it is."""

    case_id: int | None
    kind: str | None

    def of(self, row: Row) -> dict[str, Any]:
        """Case and kind of an entry once it has moved."""
        return {"case_id": self.case_id or row["case_id"], "kind": self.kind or row["kind"]}


def answer_entries(
    event: Event, choice: Choice, *, act: str, op: str, actor: str, now: datetime
) -> Outcome:
    """Take back (`void`), put back (`restore`) or let in (`count`) whatever of these can be.

    The same op again does nothing and is answered as it was. Raises RuleBroken (none, or too
    many), NotFound (another event's), Conflict (op used for something else).
    """
    with write(event_scope(event.id)) as session:
        connection = session.connection()
        ends = _get_chosen(connection, event.id, choice)
        why_not = _why_not(act)
        known = _find_known(connection, event.id, op)
        if known is not None:
            return _as_first(known, ends, WAYS[act], why_not)
        draft = Draft(op)
        for end in ends:
            if why_not(end) is None:
                draft.add(ledger.answer_to(end, act=act, op=op, actor=actor, now=now))
        return Outcome(_append(session, event.id, draft), len(ends), _reasons(ends, why_not))


def move_entries(
    event: Event,
    choice: Choice,
    *,
    case: str | None,
    kind: str | None,
    op: str,
    actor: str,
    now: datetime,
) -> Outcome:
    """Move whatever of these counts or waits to another case, another kind, or both.

    The same op again does nothing. Raises RuleBroken (nowhere, none, too many, or a case that
    the event does not write for), NotFound, Conflict (op used for something else).
    """
    with write(event_scope(event.id)) as session:
        connection = session.connection()
        ends = _get_chosen(connection, event.id, choice)
        to = _get_target(connection, event.id, case, kind, now)
        why_not = _why_not_move(to)
        known = _find_known(connection, event.id, op)
        if known is not None:
            _check_moves(known, to)
            return _as_first(known, ends, "move", why_not)
        draft = Draft(op)
        for end in ends:
            if why_not(end) is None:
                void = draft.add(ledger.answer_to(end, act="void", op=op, actor=actor, now=now))
                moved = {"act": "log", "refers_to": None, "effect": -void["effect"]}
                draft.add(void | moved | to.of(end))
        return Outcome(_append(session, event.id, draft), len(ends), _reasons(ends, why_not))


def undo_deed(event: Event, deed_op: str, *, op: str, actor: str, now: datetime) -> Outcome:
    """Undo what was done under `deed_op` to every entry that is still as that left it.

    Raises NotFound, Conflict (an undo of a move or of letting in; op used for something else).
    """
    with write(event_scope(event.id)) as session:
        connection = session.connection()
        deed = find_deed(connection, event.id, deed_op)
        if deed is None:
            raise NotFound(_("There is nothing to undo at this event."))
        if deed.way == "undo":
            raise Conflict(_("This was an undo. Choose on the list what should become of them."))
        known = _find_known(connection, event.id, op)
        if known is not None:
            if known.rows[0]["refers_to"] not in {row["op"] for row in deed.rows}:
                raise _used()
            return _undone(deed, known)
        changed = list_answered_since(connection, deed)
        draft = Draft(op)
        for step in deed.steps:
            # Whatever was done since to an entry was meant, and stays.
            if all(row["log_op"] not in changed for row in step):
                _undo(draft, step, actor, now)
        return _undone(deed, _append(session, event.id, draft))


def _get_chosen(connection: Connection, event_id: int, choice: Choice) -> list[Row]:
    """The last act on each chosen entry, the oldest entries first."""
    ops = list(dict.fromkeys(choice.ops))
    if choice.is_all:
        ops = list_matching_ops(connection, event_id, choice.wanted, as_of=choice.as_of)[::-1]
    if not ops:
        raise RuleBroken(_("Tick some entries first, or all of them."), field="entry")
    if len(ops) > MOST_AT_ONCE:
        raise RuleBroken(
            _("At most %(most)s entries in one go: narrow the list first.", most=MOST_AT_ONCE),
            field="entry",
        )
    ends = get_ends(connection, event_id, ops)
    if len(ends) < len(ops):
        raise NotFound(_("There is no such entry at this event."))
    return list(ends.values())


def _get_target(
    connection: Connection, event_id: int, case: str | None, kind: str | None, now: datetime
) -> Target:
    if case is None and kind is None:
        raise RuleBroken(_("Choose the case or the kind to move them to."), field="to_case")
    if case is None:
        return Target(None, kind)
    facts = get_facts(connection, event_id, Press("", case, "", 0))
    rules.check_case(facts, pressed_at=now, is_confirmed=True)
    return Target(facts.case_id, kind)


def _find_known(connection: Connection, event_id: int, op: str) -> Deed | None:
    """What was done under this op before; raises Conflict when that was no deed of this event."""
    known = find_deed(connection, event_id, op)
    if known is None and find_row(connection, op) is not None:
        raise _used()
    return known


def _as_first(known: Deed, ends: list[Row], way: str, why_not: WhyNot) -> Outcome:
    """The answer to a replay; raises Conflict when something else was asked for."""
    done = {row["log_op"] for row in known.answered}
    if known.way != way or not done <= {end["log_op"] for end in ends}:
        raise _used()
    rest = [end for end in ends if end["log_op"] not in done]
    return Outcome(known, len(ends), _reasons(rest, lambda end: why_not(end) or "not_then"))


def _check_moves(known: Deed, to: Target) -> None:
    moved = known.rows[1:2]
    if not moved or any(moved[0][name] != value for name, value in to.of(moved[0]).items()):
        raise _used()


def _used() -> Conflict:
    return Conflict(
        _("This list was sent before, with something else ticked. Look at it, and tick again."),
        error="op_reused",
    )


def _why_not(act: str) -> WhyNot:
    def why_not(end: Row) -> str | None:
        if end["moved_to"] is not None:
            return "moved"
        if act == "restore":
            return None if end["act"] == "void" else "not_taken_back"
        if end["act"] == "void":
            return "taken_back"
        return "counted" if act == "count" and end["state"] == "counted" else None

    return why_not


def _why_not_move(to: Target) -> WhyNot:
    def why_not(end: Row) -> str | None:
        if end["moved_to"] is not None or end["act"] == "void":
            return "taken_back" if end["moved_to"] is None else "moved"
        is_there = all(end[name] == value for name, value in to.of(end).items())
        return "there" if is_there else None

    return why_not


def _reasons(ends: list[Row], why_not: WhyNot) -> Counter[str]:
    return Counter(why for end in ends if (why := why_not(end)) is not None)


def _undo(draft: Draft, step: Step, actor: str, now: datetime) -> None:
    """Put one entry back to where it was before `step`, the rows that a deed has for it."""
    done, *moved = step

    def answer(row: Row, act: str) -> dict[str, Any]:
        return ledger.answer_to(row, act=act, op=draft.op, actor=actor, now=now)

    if moved:
        draft.add(answer(moved[0], "void"))
    row = draft.add(answer(done, "restore" if done["act"] == "void" else "void"))
    if done["act"] == "count":
        # No act makes an entry wait again: it is taken back, and put back as it was before.
        draft.add(answer(row, "restore") | {"state": "held", "effect": 0})


def _undone(deed: Deed, done: Deed | None) -> Outcome:
    asked, left = len(deed.answered), len(done.answered) if done else 0
    return Outcome(done, asked, Counter(changed=asked - left) if asked > left else Counter())


def _append(session: Session, event_id: int, draft: Draft) -> Deed | None:
    """Write what was drafted, if anything; one line in the audit for all of it."""
    if not draft.rows:
        return None
    connection, last = session.connection(), draft.rows[-1]
    season, head = get_head(connection, event_id)
    ledger.append_many(connection, head, draft.rows)
    deed = Deed(draft.op, list(draft.rows), letters_in(season.letter_kinds))
    note_deed(
        session,
        actor=last["actor"],
        verb=f"letters_{deed.way.replace('-', '_')}",
        thing="event",
        thing_id=event_id,
        now=last["recorded_at"],
    )
    return deed
