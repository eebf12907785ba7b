"""The list of letters: logged entries, each with what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import select

from app.database import db
from app.exceptions import NotFound
from app.letters.ledger import ENTRY


class ListedEntry(NamedTuple):
    """A logged entry with what became of it."""

    op: str
    seq: int
    table_id: int | None
    device_id: int | None
    case_id: int
    kind: str
    quantity: int
    source: str
    is_late: bool
    pressed_at: datetime
    recorded_at: datetime
    is_taken_back: bool
    is_held: bool


def count_held(event_id: int) -> int:
    """Entries that wait for a check: held, not let in, not taken back."""
    held = select(ENTRY.c.log_op).where(ENTRY.c.event_id == event_id, ENTRY.c.state == "held")
    rows = db.session.execute(
        select(ENTRY.c.log_op, ENTRY.c.act, ENTRY.c.state)
        .where(ENTRY.c.log_op.in_(held))
        .order_by(ENTRY.c.seq)
    ).all()
    ends = {row.log_op: row for row in rows}
    return sum(end.state == "held" and end.act != "void" for end in ends.values())


def list_device_entries(device_id: int, *, most: int = 20) -> list[ListedEntry]:
    """The last entries that a device logged, newest first."""
    return _list_entries(ENTRY.c.device_id == device_id, most=most)


def list_event_entries(
    event_id: int, *, before_seq: int | None = None, most: int = 50
) -> list[ListedEntry]:
    """Entries of an event, newest first, a page at a time."""
    condition = ENTRY.c.event_id == event_id
    if before_seq is not None:
        condition &= ENTRY.c.seq < before_seq
    return _list_entries(condition, most=most)


def get_listed_entry(event_id: int, op: str) -> ListedEntry:
    """One entry of an event; raises NotFound."""
    listed = _list_entries((ENTRY.c.event_id == event_id) & (ENTRY.c.op == op), most=1)
    if not listed:
        raise NotFound(_("There is no such entry at this event."))
    return listed[0]


def _list_entries(condition, *, most: int) -> list[ListedEntry]:  # type: ignore[no-untyped-def]
    logs = db.session.execute(
        select(ENTRY)
        .where(condition, ENTRY.c.act == "log")
        .order_by(ENTRY.c.seq.desc(), ENTRY.c.id.desc())
        .limit(most)
    ).all()
    answers = db.session.execute(
        select(ENTRY.c.log_op, ENTRY.c.act, ENTRY.c.state)
        .where(ENTRY.c.log_op.in_([log.op for log in logs]))
        .order_by(ENTRY.c.seq)
    ).all()
    ends = {answer.log_op: answer for answer in answers}
    return [_listed(log, ends[log.op]) for log in logs]


def _listed(log: Any, end: Any) -> ListedEntry:
    is_taken_back = end.act == "void"
    return ListedEntry(
        op=log.op,
        seq=log.seq,
        table_id=log.table_id,
        device_id=log.device_id,
        case_id=log.case_id,
        kind=log.kind,
        quantity=log.quantity,
        source=log.source,
        is_late=log.is_late,
        pressed_at=log.pressed_at,
        recorded_at=log.recorded_at,
        is_taken_back=is_taken_back,
        is_held=end.state == "held" and not is_taken_back,
    )
