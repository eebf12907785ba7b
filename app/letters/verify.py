"""The proof behind every number: tally = effects, pulse = tally, chains unbroken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import select

from app.database import db
from app.letters.ledger import ENTRY, EVENT, GENESIS, PULSE, TALLY, chain_after, minute_of
from app.letters.models import NO_TABLE


class Verdict(NamedTuple):
    """What was found out about one event's ledger; no `faults` means it is proven."""

    slug: str
    rows: int
    counted: int
    head: str
    faults: list[str]


def verify_ledger() -> Iterator[Verdict]:
    """Check every event from its first row; one verdict each, in the order they were made.

    Letters may be logged meanwhile: everything is read as of one moment.
    """
    db.session.rollback()
    # SQLite's readers see one moment anyway, and know no other level that fits.
    if db.engine.dialect.name == "postgresql":
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    events = db.session.execute(select(EVENT).order_by(EVENT.c.id)).all()
    for event in events:
        yield _verify_event(event.id, event.slug, event.chain_seq, event.chain_head)


def _verify_event(event_id: int, slug: str, chain_seq: int, chain_head: str) -> Verdict:
    faults: list[str] = []
    tally: Counter[tuple[object, ...]] = Counter()
    pulse: Counter[tuple[int, int]] = Counter()
    seq, chain = 0, GENESIS
    rows = db.session.execute(
        select(ENTRY)
        .where(ENTRY.c.event_id == event_id)
        .order_by(ENTRY.c.seq)
        .execution_options(yield_per=1000)
    )
    for row in rows.mappings():
        seq += 1
        chain = chain_after(chain, row)
        if row["seq"] != seq or row["chain"] != chain:
            faults.append(f"row {row['seq']}: the chain is broken, or a row before it is gone")
            seq, chain = row["seq"], row["chain"]
        table_id = row["table_id"] or NO_TABLE
        tally[table_id, row["case_id"], row["kind"], row["source"]] += row["effect"]
        pulse[table_id, minute_of(row["pressed_at"])] += row["effect"]
    if (seq, chain) != (chain_seq, chain_head):
        faults.append(f"the ledger ends at row {seq}, its head says {chain_seq}")
    faults += _differences("tally", tally, _stored_tally(event_id))
    faults += _differences("pulse", pulse, _stored_pulse(event_id))
    return Verdict(slug, seq, sum(tally.values()), chain, faults)


def _stored_tally(event_id: int) -> Counter[tuple[object, ...]]:
    rows = db.session.execute(
        select(TALLY).where(TALLY.c.event_id == event_id).order_by(*TALLY.primary_key.columns)
    ).all()
    return Counter({(r.table_id, r.case_id, r.kind, r.source): r.counted for r in rows})


def _stored_pulse(event_id: int) -> Counter[tuple[int, int]]:
    rows = db.session.execute(
        select(PULSE).where(PULSE.c.event_id == event_id).order_by(*PULSE.primary_key.columns)
    ).all()
    return Counter({(r.table_id, r.minute): r.counted for r in rows})


def _differences(name: str, proven: Counter[Any], stored: Counter[Any]) -> list[str]:
    return [
        f"{name} {key}: stored {stored[key]}, the ledger says {proven[key]}"
        for key in sorted(proven.keys() | stored.keys(), key=str)
        if proven[key] != stored[key]
    ]
