"""What is printed: the sheet that lies at the door, and the helpers' rota."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from app.events.models import Event
from app.folding import folded
from app.signups.models import LIVING, SEATED, SignUp, SignUpList
from app.signups.queries import Party, list_lists, list_parties

BLANKS = 3
"""Rows for more helpers where a list has no end."""
MOST_BLANKS = 12


class SheetRow(NamedTuple):
    """A row of the sign-in sheet with its number."""

    number: int
    sign_up: SignUp
    name: str
    list: SignUpList

    @property
    def is_waiting(self) -> bool:
        """Whether they had no seat."""
        return self.sign_up.state in ("asked", "waiting")

    @property
    def has_ended(self) -> bool:
        """Whether they were taken off since it was printed."""
        return self.sign_up.state not in LIVING


class Shift(NamedTuple):
    """A helpers' list on the rota: who does it, and how many places are free."""

    role: SignUpList
    names: list[str]
    blanks: int


def list_sheet(event: Event, *, printed_at: datetime) -> list[SheetRow]:
    """The sheet's rows by name, as they were when it was printed: their numbers stay the same.

    Whoever signed up since has none; whoever was taken off since keeps theirs.
    """
    known = {one.id: one for one in list_lists(event.id) if one.purpose != "home"}
    named = [
        (folded(person.name), one.id, one, person.name)
        for one, person in list_parties(event.id)
        if person is not None and one.list_id in known and _was_on(one, printed_at)
    ]
    return [
        SheetRow(number, one, name, known[one.list_id])
        for number, (_folded, _id, one, name) in enumerate(
            sorted(named, key=lambda row: row[:2]), 1
        )
    ]


def list_shifts(event: Event) -> list[Shift]:
    """The helpers' lists by time and role, with who has a place."""
    lists = [one for one in list_lists(event.id) if one.purpose == "helpers"]
    lists.sort(key=lambda one: (one.hours[0], one.title, one.id))
    parties = [each for each in list_parties(event.id) if each.sign_up.state in SEATED]
    return [_shift(one, [p for p in parties if p.sign_up.list_id == one.id]) for one in lists]


def _shift(the_list: SignUpList, parties: list[Party]) -> Shift:
    names = [
        f"{person.name} +{one.party_size - 1}" if one.party_size > 1 else person.name
        for one, person in parties
        if person is not None
    ]
    taken = sum(one.party_size for one, _person in parties)
    free = BLANKS if the_list.capacity is None else max(0, the_list.capacity - taken)
    return Shift(the_list, names, min(free, MOST_BLANKS))


def _was_on(one: SignUp, printed_at: datetime) -> bool:
    is_there = one.state in LIVING or (one.ended_at is not None and one.ended_at > printed_at)
    return is_there and not one.is_walk_in and one.created_at <= printed_at
