"""Millions of letters, written straight into a database as the app would have written them.

Rows, chain, tally, pulse and heads are all there and `./run verify` proves them; only the press by
press is left out, since it would take an hour. Run as `python -m bench.rig.fill`.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from bench.rig.server import ROOT, environment_for

KINDS = ("handwritten_letter", "signed_letter", "postcard", "email")
HELD_AN_EVENT = 3
TAKEN_BACK = 100
"""One in so many is taken back."""
CHUNK = 20_000
INDEXES = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'entry' AND sql"
FAST = ("synchronous=OFF", "cache_size=-1000000", "temp_store=MEMORY", "wal_autocheckpoint=20000")


class Place(NamedTuple):
    """Where the letters of one event come from."""

    event_id: int
    tables: list[int]
    devices: dict[int, list[int]]
    """By table."""
    cases: list[int]


class Sums:
    """What is kept beside the rows."""

    def __init__(self) -> None:
        self.tally: Counter[tuple[int, int, str, str]] = Counter()
        self.pulse: Counter[tuple[int, int]] = Counter()
        self.seq = 0
        self.chain = ""

    def add(self, row: dict[str, Any]) -> None:
        """Count a row that was made."""
        of = row["table_id"], row["case_id"], row["kind"], row["source"]
        self.tally[of] += row["effect"]
        self.pulse[row["table_id"], row["pressed_at"] // 60_000] += row["effect"]


def fill(folder: Path, *, entries: int, minutes: int) -> None:
    """Fill every running event of an instance, in a process of its own; no server may run."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.rig.fill"],
        cwd=ROOT,
        env=environment_for(folder),
        input=json.dumps({"entries": entries, "minutes": minutes}),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SystemExit(f"The ledger could not be filled:\n{done.stderr[-2000:]}")


def make_rows(place: Place, count: int, minutes: int, now: datetime, sums: Sums) -> Iterator[Any]:
    """Letters spread evenly over tables, minutes, cases and kinds; each with its chain."""
    from app.letters.ledger import CHAINED, GENESIS, chain_after

    sums.chain = GENESIS
    opened_ms = int((now - timedelta(minutes=minutes)).timestamp()) * 1000
    columns = (*CHAINED, "chain")
    for number in range(count):
        # Every minute of every table has a letter, however few letters there are.
        table = place.tables[number % len(place.tables)]
        minute = number * minutes // count
        when = opened_ms + minute * 60_000 + number % 60_000
        is_held = number < HELD_AN_EVENT
        op = new_op()
        log = {
            "event_id": place.event_id,
            "op": op,
            "act": "log",
            "refers_to": None,
            "log_op": op,
            "table_id": table,
            "device_id": place.devices[table][number % len(place.devices[table])],
            "actor": None,
            "case_id": place.cases[number % len(place.cases)],
            "kind": KINDS[number % len(KINDS)],
            "quantity": 1,
            "effect": 0 if is_held else 1,
            "source": "tap",
            "state": "held" if is_held else "counted",
            "is_late": False,
            "pressed_at": when,
            "recorded_at": when,
        }
        rows = [log]
        if number % TAKEN_BACK == TAKEN_BACK - 1:
            void = {"op": new_op(), "act": "void", "refers_to": op, "effect": -log["effect"]}
            rows.append(log | void)
        for row in rows:
            sums.seq += 1
            row["seq"] = sums.seq
            sums.chain = row["chain"] = chain_after(sums.chain, row)
            sums.add(row)
            yield [stored(name, row[name]) for name in columns]


def stored(name: str, value: Any) -> Any:
    """A value as the app's columns keep it."""
    if name in ("pressed_at", "recorded_at"):
        moment = datetime.fromtimestamp(value / 1000, UTC)
        return f"{moment:%Y-%m-%d %H:%M:%S.%f}"
    return value


def new_op() -> str:
    """A random UUID, without the class around it."""
    digits = f"{random.getrandbits(128):032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def fill_event(cursor: Any, place: Place, count: int, minutes: int, now: datetime) -> None:
    """One event's rows and sums."""
    from app.letters.ledger import CHAINED

    columns = (*CHAINED, "chain")
    insert = f"INSERT INTO entry ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
    sums = Sums()
    cursor.execute("BEGIN")
    cursor.executemany(insert, make_rows(place, count, minutes, now, sums))
    tally = [(place.event_id, *key, counted) for key, counted in sums.tally.items()]
    cursor.executemany(
        "INSERT INTO tally (event_id, table_id, case_id, kind, source, counted) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        tally,
    )
    pulse = [(place.event_id, *key, counted) for key, counted in sums.pulse.items()]
    cursor.executemany(
        "INSERT INTO pulse (event_id, table_id, minute, counted) VALUES (?, ?, ?, ?)", pulse
    )
    opened = stored("pressed_at", int((now - timedelta(minutes=minutes)).timestamp()) * 1000)
    cursor.execute(
        "UPDATE event SET chain_seq = ?, chain_head = ?, opened_at = ?, starts_at = ?, "
        "live_version = live_version + ? WHERE id = ?",
        (sums.seq, sums.chain, opened, opened, sums.seq, place.event_id),
    )
    cursor.execute("COMMIT")


def places(cursor: Any) -> list[Place]:
    """The running events with their tables, devices and cases."""

    def column(query: str, *parameters: int) -> list[int]:
        return [row[0] for row in cursor.execute(query, parameters).fetchall()]

    found = []
    for event in column("SELECT id FROM event WHERE state = 'running' ORDER BY id"):
        tables = column("SELECT id FROM writing_table WHERE event_id = ? ORDER BY id", event)
        devices = {
            table: column("SELECT id FROM device WHERE table_id = ? ORDER BY id", table)
            for table in tables
        }
        cases = column("SELECT case_id FROM event_case WHERE event_id = ? ORDER BY 1", event)
        found.append(Place(event, tables, devices, cases))
    return found


def main() -> None:
    asked = json.load(sys.stdin)
    from app import create_app
    from app.clock import now
    from app.database import db

    with create_app().app_context():
        connection = db.engine.raw_connection()
        cursor = connection.cursor()
        for pragma in FAST:
            cursor.execute(f"PRAGMA {pragma}")
        indexes = cursor.execute(INDEXES).fetchall()
        for name, _sql in indexes:
            cursor.execute(f"DROP INDEX {name}")
        events = places(cursor)
        for place in events:
            fill_event(cursor, place, asked["entries"] // len(events), asked["minutes"], now())
        for _name, sql in indexes:
            cursor.execute(sql)
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


if __name__ == "__main__":
    main()
