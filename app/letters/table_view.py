"""What a volunteer sees at a table: its cases, its counts, its last entries."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from app.campaigns.kinds import ALL_KINDS, DEFAULT_IN_FRONT, KINDS, Kind, kinds_named
from app.campaigns.models import Case
from app.database import db
from app.events.access import JoinedDevice
from app.events.models import Event, WritingTable
from app.letters.entries import ListedEntry, list_device_entries
from app.letters.queries import Count, Sums, get_sums, get_table_sums, get_version
from app.letters.rules import TAKE_BACK_WITHIN


class Card(NamedTuple):
    """A case to write for, and what was logged for it at this table."""

    case: Case
    here: Count


class OwnEntry(NamedTuple):
    """One of this device's last entries."""

    entry: ListedEntry
    case: Case
    kind: Kind
    can_be_taken_back: bool


class TableView(NamedTuple):
    """The whole table page but the choice of kind and stack."""

    event: Event
    table: WritingTable
    version: str
    event_count: Count
    here: Count
    cards: list[Card]
    entries: list[OwnEntry]
    front_kinds: list[Kind]
    other_kinds: list[Kind]


def get_version_at(device: JoinedDevice) -> str:
    """The live `v` of the device's event: whether its page is still true."""
    return get_version(device.event_id)


def get_table_view(device: JoinedDevice, *, now: datetime) -> TableView:
    """Everything that the table page shows, in a handful of queries."""
    event = db.session.get_one(Event, device.event_id)
    table = db.session.get_one(WritingTable, device.table_id)
    here = get_table_sums(event.id, table.id)
    front = kinds_named(event.kinds_in_front) or kinds_named(DEFAULT_IN_FRONT)
    return TableView(
        event=event,
        table=table,
        version=get_version(event.id),
        event_count=get_sums(event.id).counted,
        here=here.counted,
        cards=_cards(event, here),
        entries=_own_entries(device, now),
        front_kinds=front,
        other_kinds=[kind for kind in ALL_KINDS if kind not in front],
    )


def _cards(event: Event, here: Sums) -> list[Card]:
    return [Card(case, here.of_case(case.id)) for case in event.cases if case.state != "draft"]


def _own_entries(device: JoinedDevice, now: datetime) -> list[OwnEntry]:
    entries = list_device_entries(device.device_id)
    return [
        OwnEntry(
            entry,
            # In the session already, but for a case that the event has since let go.
            db.session.get_one(Case, entry.case_id),
            KINDS[entry.kind],
            not entry.is_taken_back and now - entry.recorded_at <= TAKE_BACK_WITHIN,
        )
        for entry in entries
    ]
