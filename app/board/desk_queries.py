"""What the desk shows beside the live numbers: an organiser's events, and an event's tables."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from app.accounts.models import User
from app.board.queries import EventRow, list_event_rows
from app.events.models import Event
from app.events.queries import TableWithDevices, list_own_events, list_tables
from app.letters.models import NO_TABLE
from app.letters.queries import Count

SOON = timedelta(days=1)


class TableRow(NamedTuple):
    """A table on the desk: what was counted there and who logs."""

    seated: TableWithDevices
    counted: Count
    last_seen_at: datetime | None


class TableRows(NamedTuple):
    """The event's tables, and what was counted at none of them."""

    rows: list[TableRow]
    elsewhere: Count


def list_own_rows(user: User, *, region: str = "") -> list[EventRow]:
    """The user's events with their letters: running, upcoming, closed; of one region, if said."""
    events = list_own_events(user, region=region)
    return list_event_rows([*events.running, *events.upcoming, *events.closed])


def find_todays(rows: list[EventRow], *, now: datetime) -> EventRow | None:
    """The event that an organiser's day is about: running, or else starting within a day."""
    for row in rows:
        is_next = row.event.state == "upcoming" and row.event.starts_at <= now + SOON
        if row.event.is_running or is_next:
            return row
    return None


def list_table_rows(event: Event, counts: Mapping[int, Count], *, now: datetime) -> TableRows:
    """The event's tables with their letters and the last sign of life of their devices."""
    rows = [
        TableRow(
            seated,
            counts.get(seated.table.id, Count()),
            max((device.last_seen_at for device in seated.devices), default=None),
        )
        for seated in list_tables(event.id, now=now)
    ]
    return TableRows(rows, counts.get(NO_TABLE, Count()))
