"""The list of letters: logged entries, each with what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Connection, CursorResult, Select, and_, func, select

from app.campaigns.kinds import letters_in
from app.database import db
from app.exceptions import NotFound
from app.letters.ledger import ENTRY
from app.letters.models import NO_TABLE
from app.letters.queries import grouping_of

STATES = ("counted", "waiting", "taken-back", "late")
"""What the list can be narrowed to."""
MOST_AT_ONCE = 10_000
"""Entries that can be mended in one go; beyond it they are not even counted."""
CHUNK = 500
"""Ops asked for in one query."""


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
    is_moved: bool
    """Taken back because it counts elsewhere now: another entry took its place."""


class Filter(NamedTuple):
    """Which entries of an event; None does not ask."""

    table_id: int | None = None
    """NO_TABLE asks for those at no table."""
    device_id: int | None = None
    case_id: int | None = None
    kind: str | None = None
    source: str | None = None
    state: str | None = None
    """One of STATES."""
    since: datetime | None = None
    until: datetime | None = None
    """Of the press; the minute it names is in."""


class Choice(NamedTuple):
    """Some entries by their ops, or else all that matched at row `as_of`."""

    ops: tuple[str, ...]
    wanted: Filter
    as_of: int
    is_all: bool


class Match(NamedTuple):
    """How many entries there are, and what they say, whatever became of them."""

    entries: int
    letters: int
    other: int

    @property
    def is_too_many(self) -> bool:
        """Whether there are more than can be mended at once; then nobody counted on."""
        return self.entries > MOST_AT_ONCE


_LOG, _END, _LATER, _NEXT = (ENTRY.alias(name) for name in ("log", "end", "later", "next"))
_IS_TAKEN_BACK = _END.c.act == "void"
# A move is a void and, in the very next row, the log that takes its place.
_REPLACES = and_(
    _END.c.act == "void",
    _NEXT.c.event_id == _END.c.event_id,
    _NEXT.c.seq == _END.c.seq + 1,
    _NEXT.c.act == "log",
    _NEXT.c.actor == _END.c.actor,
    _NEXT.c.pressed_at == _END.c.pressed_at,
    _NEXT.c.recorded_at == _END.c.recorded_at,
)
_STATES: dict[str, ColumnElement[bool]] = {
    "counted": and_(_END.c.state == "counted", ~_IS_TAKEN_BACK),
    # What waits was logged as waiting, and of those rows there is an index.
    "waiting": and_(_LOG.c.state == "held", _END.c.state == "held", ~_IS_TAKEN_BACK),
    "taken-back": _IS_TAKEN_BACK,
}


def count_held(event_id: int) -> int:
    """Entries that wait for a check: held, not let in, not taken back."""
    query = select(func.count()).select_from(_LOG)
    query = query.where(_LOG.c.event_id == event_id, _LOG.c.act == "log", _STATES["waiting"])
    return db.session.execute(_join_end(query, None)).scalar_one()


def list_device_entries(device_id: int, *, most: int = 20) -> list[ListedEntry]:
    """The last entries that a device logged, newest first."""
    return _list_entries(_LOG.c.device_id == device_id, most=most)


def list_event_entries(
    event_id: int,
    wanted: Filter = Filter(),  # noqa: B008 (it is immutable)
    *,
    before_seq: int | None = None,
    most: int = 50,
) -> list[ListedEntry]:
    """Entries of an event, newest first, a page at a time."""
    conditions = _conditions(event_id, wanted)
    if before_seq is not None:
        conditions.append(_LOG.c.seq < before_seq)
    return _list_entries(*conditions, most=most)


def get_listed_entry(event_id: int, op: str) -> ListedEntry:
    """One entry of an event; raises NotFound."""
    listed = _list_entries(_LOG.c.event_id == event_id, _LOG.c.op == op, most=1)
    if not listed:
        raise NotFound(_("There is no such entry at this event."))
    return listed[0]


def count_matching(event_id: int, wanted: Filter, *, as_of: int) -> Match:
    """How many entries of an event match, as its ledger stood at row `as_of`."""
    matching = _matching(event_id, wanted, as_of, _LOG.c.quantity, _LOG.c.kind).subquery()
    rows = db.session.execute(
        select(matching.c.kind, func.count(), func.sum(matching.c.quantity), grouping_of(event_id))
        .group_by(matching.c.kind)
        .order_by(matching.c.kind)
    ).all()
    letters = sum(int(row[2]) for row in rows if row[0] in letters_in(row[3]))
    total = sum(int(row[2]) for row in rows)
    return Match(sum(row[1] for row in rows), letters, total - letters)


def list_matching_ops(
    connection: Connection, event_id: int, wanted: Filter, *, as_of: int
) -> list[str]:
    """The ops of the entries that matched at row `as_of`, one more than may be mended at once."""
    return list(connection.execute(_matching(event_id, wanted, as_of, _LOG.c.op)).scalars())


def get_ends(
    connection: Connection, event_id: int, ops: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """The last act on each of these entries, by the log's op; those of other events left out.

    `moved_to` is the op of the entry that took its place, if one did.
    """
    ends: dict[str, dict[str, Any]] = {}
    query = select(_END, _NEXT.c.op.label("moved_to")).outerjoin_from(_END, _NEXT, _REPLACES)
    query = query.where(_END.c.event_id == event_id).order_by(_END.c.seq)
    for first in range(0, len(ops), CHUNK):
        asked = query.where(_END.c.log_op.in_(ops[first : first + CHUNK]))
        ends |= {row["log_op"]: row for row in as_dicts(connection.execute(asked))}
    return ends


def as_dicts(found: CursorResult[Any]) -> Iterator[dict[str, Any]]:
    """Its rows by their columns' names; of thousands, SQLAlchemy's own mappings take long."""
    names = list(found.keys())
    return (dict(zip(names, row, strict=True)) for row in found.all())


def _conditions(event_id: int, wanted: Filter) -> list[ColumnElement[bool]]:
    conditions = [_LOG.c.event_id == event_id]
    for column in (_LOG.c.device_id, _LOG.c.case_id, _LOG.c.kind, _LOG.c.source):
        value = getattr(wanted, column.name)
        if value is not None:
            conditions.append(column == value)
    if wanted.table_id is not None:
        is_none = wanted.table_id == NO_TABLE
        table_id = _LOG.c.table_id
        conditions.append(table_id.is_(None) if is_none else table_id == wanted.table_id)
    if wanted.since is not None:
        conditions.append(_LOG.c.pressed_at >= wanted.since)
    if wanted.until is not None:
        conditions.append(_LOG.c.pressed_at <= wanted.until)
    if wanted.state is not None:
        conditions.append(_LOG.c.is_late if wanted.state == "late" else _STATES[wanted.state])
    return conditions


def _matching(event_id: int, wanted: Filter, as_of: int, *columns: Any) -> Select[Any]:
    query = select(*columns).select_from(_LOG).where(*_conditions(event_id, wanted))
    if wanted.state in _STATES:
        query = _join_end(query, as_of)
    return (
        query.where(_LOG.c.act == "log", _LOG.c.seq <= as_of)
        .order_by(_LOG.c.seq.desc())
        .limit(MOST_AT_ONCE + 1)
    )


def _join_end(query: Select[Any], as_of: int | None) -> Select[Any]:
    """Beside each log the last act on it, or what was the last when the ledger had `as_of` rows."""
    last = select(func.max(_LATER.c.seq)).where(_LATER.c.log_op == _LOG.c.op)
    if as_of is not None:
        last = last.where(_LATER.c.seq <= as_of)
    at = and_(_END.c.event_id == _LOG.c.event_id, _END.c.seq == last.scalar_subquery())
    return query.join(_END, at)


def _list_entries(*conditions: ColumnElement[bool], most: int) -> list[ListedEntry]:
    query = select(
        *(_LOG.c[name] for name in ListedEntry._fields if name in _LOG.c),
        _IS_TAKEN_BACK.label("is_taken_back"),
        _STATES["waiting"].label("is_held"),
        _NEXT.c.op.is_not(None).label("is_moved"),
    ).select_from(_LOG)
    rows = db.session.execute(
        _join_end(query, None)
        .outerjoin(_NEXT, _REPLACES)
        .where(*conditions, _LOG.c.act == "log")
        .order_by(_LOG.c.seq.desc())
        .limit(most)
    )
    return [ListedEntry(**row) for row in rows.mappings()]
