"""The ledger itself: append one row, and keep tally, pulse, version and chain with it."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import Connection, Integer, RowMapping, Table, bindparam, update

from app.events.models import Event
from app.exceptions import Conflict
from app.letters.models import NO_TABLE, Entry, Pulse, Tally
from app.prepared import Prepared

GENESIS = "0" * 64
"""The chain's value before an event's first row."""

# Core tables: the ORM's unit of work costs more than the whole rest of a press.
ENTRY: Table = Entry.__table__  # type: ignore[assignment]
TALLY: Table = Tally.__table__  # type: ignore[assignment]
PULSE: Table = Pulse.__table__  # type: ignore[assignment]
EVENT: Table = Event.__table__  # type: ignore[assignment]

CHAINED = (
    "event_id",
    "seq",
    "op",
    "act",
    "refers_to",
    "log_op",
    "table_id",
    "device_id",
    "actor",
    "case_id",
    "kind",
    "quantity",
    "effect",
    "source",
    "state",
    "is_late",
    "pressed_at",
    "recorded_at",
)
"""The columns under the chain, in their canonical order: all but the row's own id and hash."""


class Head(NamedTuple):
    """The end of an event's ledger, read inside the write that will append to it."""

    event_id: int
    seq: int
    chain: str
    live_version: int


def to_millisecond(moment: datetime) -> datetime:
    """Cut to the ledger's precision, so that a row and its export hash alike."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def minute_of(moment: datetime) -> int:
    """The pulse's minute of a press: minutes since 1970, UTC."""
    return int(moment.timestamp()) // 60


def chain_after(previous: str, row: dict[str, Any] | RowMapping) -> str:
    """SHA-256, in hex, over the previous row's chain and this row's canonical bytes.

    The bytes are a JSON array of the CHAINED columns without spaces, times as whole milliseconds
    since 1970. There is no key: whoever holds an export can check it.
    """
    values = [_canonical(row[name]) for name in CHAINED]
    return hashlib.sha256(f"{previous}{_encode(values)}".encode()).hexdigest()


def _canonical(value: Any) -> Any:
    if isinstance(value, datetime):
        return (value - _EPOCH) // _MILLISECOND
    return value


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
# json.dumps would make an encoder for each row.
_encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=True).encode


_INSERT = Prepared(
    lambda insert: (
        insert(ENTRY)
        .values({name: bindparam(name) for name in (*CHAINED, "chain")})
        .on_conflict_do_nothing(index_elements=["op"])
        .returning(ENTRY.c.id)
    )
)
_INSERT_MANY = Prepared(
    lambda insert: insert(ENTRY).values({name: bindparam(name) for name in (*CHAINED, "chain")})
)
_EFFECT = bindparam("effect", type_=Integer)
_ADD_TO_TALLY = Prepared(
    lambda insert: (
        insert(TALLY)
        .values({column.name: bindparam(column.name) for column in TALLY.primary_key})
        .values(counted=_EFFECT)
        .on_conflict_do_update(
            index_elements=list(TALLY.primary_key), set_={"counted": TALLY.c.counted + _EFFECT}
        )
    )
)
_ADD_TO_PULSE = Prepared(
    lambda insert: (
        insert(PULSE)
        .values({column.name: bindparam(column.name) for column in PULSE.primary_key})
        .values(counted=_EFFECT)
        .on_conflict_do_update(
            index_elements=list(PULSE.primary_key), set_={"counted": PULSE.c.counted + _EFFECT}
        )
    )
)
_MOVE_HEAD = Prepared(
    update(EVENT)
    .where(EVENT.c.id == bindparam("of_event"))
    .values(
        chain_seq=bindparam("seq"),
        chain_head=bindparam("chain"),
        live_version=EVENT.c.live_version + 1,
    )
)


def append(connection: Connection, head: Head, row: dict[str, Any]) -> Head:
    """Append `row` behind `head` and return the new head.

    `row` holds every CHAINED column but `event_id` and `seq`. Call it inside the `write()` of
    the event in which `head` was read, after looking for the op there: scopes keep two writers
    of one event apart. An op that another event's ledger holds raises Conflict.
    """
    row = {**row, "event_id": head.event_id, "seq": head.seq + 1}
    row["chain"] = chain_after(head.chain, row)
    if not _INSERT.run(connection, **row):
        raise Conflict(_("This press was already used at another event."), error="op_reused")
    if row["effect"]:
        _add_to_sums(connection, row)
    _MOVE_HEAD.run(connection, of_event=head.event_id, seq=row["seq"], chain=row["chain"])
    return Head(head.event_id, row["seq"], row["chain"], head.live_version + 1)


def _add_to_sums(connection: Connection, row: dict[str, Any]) -> None:
    of = {"event_id": row["event_id"], "table_id": row["table_id"] or NO_TABLE}
    what = {"case_id": row["case_id"], "kind": row["kind"], "source": row["source"]}
    _ADD_TO_TALLY.run(connection, **of, **what, effect=row["effect"])
    minute = minute_of(row["pressed_at"])
    _ADD_TO_PULSE.run(connection, **of, minute=minute, effect=row["effect"])


def append_many(connection: Connection, head: Head, rows: Sequence[dict[str, Any]]) -> Head:
    """Append all of `rows` in their order, as `append` would, and return the new head.

    One statement inserts them, and each sum is written once, however many rows it is made of.
    The caller has looked for their ops: one that is known is a fault here. Seen from outside it
    is one change: `live_version` moves by one.
    """
    seq, chain = head.seq, head.chain
    stored: list[dict[str, Any]] = []
    tally: Counter[tuple[Any, ...]] = Counter()
    pulse: Counter[tuple[int, int]] = Counter()
    for row in rows:
        seq += 1
        new = {**row, "event_id": head.event_id, "seq": seq}
        chain = new["chain"] = chain_after(chain, new)
        stored.append(new)
        table_id = row["table_id"] or NO_TABLE
        tally[table_id, row["case_id"], row["kind"], row["source"]] += row["effect"]
        pulse[table_id, minute_of(row["pressed_at"])] += row["effect"]
    _INSERT_MANY.run_many(connection, stored)
    of = {"event_id": head.event_id}
    for (table_id, case_id, kind, source), effect in sorted(tally.items()):
        if effect:
            what = {"table_id": table_id, "case_id": case_id, "kind": kind, "source": source}
            _ADD_TO_TALLY.run(connection, **of, **what, effect=effect)
    for (table_id, minute), effect in sorted(pulse.items()):
        if effect:
            _ADD_TO_PULSE.run(connection, **of, table_id=table_id, minute=minute, effect=effect)
    _MOVE_HEAD.run(connection, of_event=head.event_id, seq=seq, chain=chain)
    return Head(head.event_id, seq, chain, head.live_version + 1)


def answer_to(
    row: Mapping[str, Any] | RowMapping,
    *,
    act: str,
    op: str,
    actor: str | None = None,
    device_id: int | None = None,
    now: datetime,
) -> dict[str, Any]:
    """The row that answers `row`, the end of its chain of acts, with `act`.

    `void` undoes whatever the chain contributes now, `restore` brings it back, `count` makes a
    held one count. The caller has checked that the act makes sense after `row`.
    """
    state = "counted" if act == "count" else row["state"]
    amount = row["quantity"] if state == "counted" else 0
    return {
        "op": op,
        "act": act,
        "refers_to": row["op"],
        "log_op": row["log_op"],
        "table_id": row["table_id"],
        "device_id": device_id,
        "actor": actor,
        "case_id": row["case_id"],
        "kind": row["kind"],
        "quantity": row["quantity"],
        "effect": -amount if act == "void" else amount,
        "source": row["source"],
        "state": state,
        "is_late": row["is_late"],
        "pressed_at": row["pressed_at"],
        "recorded_at": to_millisecond(now),
    }
