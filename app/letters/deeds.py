"""What was mended in one go, found again in the ledger by the op of its first row.

The rows of a deed stand behind each other. Its first row carries the deed's own op; the op of each
other row follows from that and from the row it answers, so nothing beside the ledger remembers it
(decision 6).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from sqlalchemy import Connection, RowMapping, func, select

from app.letters.entries import MOST_AT_ONCE, as_dicts
from app.letters.facts import find_row
from app.letters.ledger import ENTRY
from app.letters.queries import get_letter_kinds

Row = Mapping[str, Any] | RowMapping
Step = tuple[Row, ...]

WAYS = {"void": "take-back", "restore": "put-back", "count": "let-in"}
"""What an act is called where people press it."""
LOOKED_THROUGH = 5_000
"""How many of an event's last rows are looked through for somebody's last deed."""
ROWS_OF_AN_ENTRY = 2
"""At most: what takes it from where it is, and what puts it where it should be."""


class Deed(NamedTuple):
    """What was done to some entries in one go."""

    op: str
    rows: list[Row]
    letter_kinds: frozenset[str]
    """What the season counts as letters."""

    @property
    def way(self) -> str:
        """`take-back`, `put-back`, `let-in`, `move`; or `undo`, of the last two."""
        first, *others = (row["act"] for row in self.rows[:2])
        if others == ["log"]:
            return "move"
        return "undo" if [first, *others] == ["void", "restore"] else WAYS[first]

    @property
    def steps(self) -> list[Step]:
        """The rows of each entry: two of one that moved or whose move was undone."""
        width = 2 if self.way in ("move", "undo") else 1
        return [tuple(self.rows[at : at + width]) for at in range(0, len(self.rows), width)]

    @property
    def answered(self) -> list[Row]:
        """One row for each entry: of one that moved, what took it from where it was."""
        place = -1 if self.way == "undo" else 0
        return [step[place] for step in self.steps]

    @property
    def letters(self) -> int:
        """How many letters those entries are."""
        return sum(row["quantity"] for row in self.answered if row["kind"] in self.letter_kinds)

    @property
    def other(self) -> int:
        """How many other actions."""
        return sum(row["quantity"] for row in self.answered) - self.letters


class Draft:
    """The rows of a deed that is being done, each under its own op."""

    def __init__(self, op: str) -> None:
        self.op = op
        self.rows: list[dict[str, Any]] = []

    def add(self, row: Row) -> dict[str, Any]:
        """Put a row behind the others; a log begins a chain of acts of its own."""
        op = self.op
        if self.rows:
            op = op_behind(self.op, row["refers_to"] or self.rows[-1]["op"])
        own = {"op": op, "log_op": op} if row["act"] == "log" else {"op": op}
        self.rows.append({**row, **own})
        return self.rows[-1]


def op_behind(deed_op: str, op: str) -> str:
    """The op of a deed's row that answers the row `op`, or stands behind it if it answers none."""
    return str(uuid5(_namespace(deed_op), op))


_namespace = lru_cache(maxsize=16)(UUID)


def find_deed(connection: Connection, event_id: int, op: str) -> Deed | None:
    """What was done at this event under this op; None when it was a press, or nothing."""
    first = find_row(connection, op)
    if first is None or first["event_id"] != event_id or first["refers_to"] is None:
        return None
    rows: list[Row] = [first, *_following(connection, first, op)]
    return Deed(op, rows, get_letter_kinds(connection, event_id))


def find_last_deed(connection: Connection, event_id: int, actor: str) -> Deed | None:
    """What this person mended last of several entries, if not much was written since.

    An undo of a move is none: there is no way on from it.
    """
    own = ENTRY.c.event_id == event_id, ENTRY.c.actor == actor, ENTRY.c.refers_to.is_not(None)
    head = select(func.max(ENTRY.c.seq)).where(ENTRY.c.event_id == event_id).scalar_subquery()
    lately = select(ENTRY).where(*own, ENTRY.c.seq > head - LOOKED_THROUGH)
    last = connection.execute(lately.order_by(ENTRY.c.seq.desc()).limit(1)).mappings().first()
    if last is None:
        return None
    together = select(ENTRY.c.op).where(
        *own,
        ENTRY.c.seq > last["seq"] - MOST_AT_ONCE * ROWS_OF_AN_ENTRY,
        ENTRY.c.recorded_at == last["recorded_at"],
    )
    first = connection.execute(together.order_by(ENTRY.c.seq).limit(1)).scalar_one()
    deed = find_deed(connection, event_id, first)
    return deed if deed and deed.way != "undo" and len(deed.steps) > 1 else None


def list_answered_since(connection: Connection, deed: Deed) -> frozenset[str]:
    """The logs of the event to which anything was done after `deed`."""
    last = deed.rows[-1]
    return frozenset(
        connection.execute(
            select(ENTRY.c.log_op).where(
                ENTRY.c.event_id == deed.rows[0]["event_id"],
                ENTRY.c.seq > last["seq"],
                ENTRY.c.refers_to.is_not(None),
            )
        ).scalars()
    )


def _following(connection: Connection, first: RowMapping, op: str) -> list[Row]:
    candidates = connection.execute(
        select(ENTRY)
        .where(
            ENTRY.c.event_id == first["event_id"],
            ENTRY.c.seq > first["seq"],
            ENTRY.c.seq < first["seq"] + MOST_AT_ONCE * ROWS_OF_AN_ENTRY,
            ENTRY.c.recorded_at == first["recorded_at"],
        )
        .order_by(ENTRY.c.seq)
    )
    rows: list[Row] = [first]
    for row in as_dicts(candidates):
        if row["op"] != op_behind(op, row["refers_to"] or rows[-1]["op"]):
            break
        rows.append(row)
    return rows[1:]
