"""What a volunteer sees at a table: its cases, its counts, its last entries."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from app.campaigns.kinds import DEFAULT_IN_FRONT, MOST_IN_FRONT, Kind, letters_in
from app.campaigns.models import Case
from app.campaigns.own_kinds import digest_of_kinds, kinds_by_name, list_chosen_kinds
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
    letter_kinds: frozenset[str]
    """What the season counts as letters."""
    kinds_called: str
    """Another one as soon as the section calls its kinds otherwise."""

    @property
    def kinds(self) -> list[Kind]:
        """All that can be chosen here."""
        return [*self.front_kinds, *self.other_kinds]


def get_version_at(device: JoinedDevice) -> str:
    """The live `v` of the device's event: whether its page is still true."""
    return get_version(device.event_id)


def get_table_view(device: JoinedDevice, *, now: datetime) -> TableView:
    """Everything that the table page shows, in a handful of queries."""
    event = db.session.get_one(Event, device.event_id)
    table = db.session.get_one(WritingTable, device.table_id)
    here = get_table_sums(event.id, table.id)
    chosen = list_chosen_kinds()
    front = _in_front(chosen, event.kinds_in_front)
    return TableView(
        event=event,
        table=table,
        version=get_version(event.id),
        event_count=get_sums(event.id).counted,
        here=here.counted,
        cards=_cards(event, here),
        entries=_own_entries(device, now),
        front_kinds=front,
        other_kinds=[kind for kind in chosen if kind not in front],
        letter_kinds=letters_in(event.campaign.letter_kinds),
        kinds_called=digest_of_kinds(),
    )


def _in_front(chosen: list[Kind], names: list[str]) -> list[Kind]:
    """Those that the event chose, as far as the section still has them; never none."""
    for wanted in (names, DEFAULT_IN_FRONT):
        front = [kind for kind in chosen if kind.name in wanted]
        if front:
            return front
    return chosen[:MOST_IN_FRONT]


def _cards(event: Event, here: Sums) -> list[Card]:
    return [Card(case, here.of_case(case.id)) for case in event.cases if case.state != "draft"]


def _own_entries(device: JoinedDevice, now: datetime) -> list[OwnEntry]:
    entries = list_device_entries(device.device_id)
    kinds = kinds_by_name()
    return [
        OwnEntry(
            entry,
            # In the session already, but for a case that the event has since let go.
            db.session.get_one(Case, entry.case_id),
            kinds[entry.kind],
            not entry.is_taken_back and now - entry.recorded_at <= TAKE_BACK_WITHIN,
        )
        for entry in entries
    ]
