"""What is printed: the sheet that lies at the door, and the helpers' rota."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select

from app.database import db
from app.events.models import Event
from app.folding import folded
from app.signups.models import LIVING, SEATED, PrintedSheet, SignUp, SignUpList
from app.signups.queries import Party, list_lists, list_parties

BLANKS = 3
"""Rows for more helpers where a list has no end."""
MOST_BLANKS = 12


class SheetRow(NamedTuple):
    """A row of the sign-in sheet with its number."""

    number: int
    sign_up: SignUp
    name: str
    """Empty once they were erased."""
    list: SignUpList

    @property
    def is_erased(self) -> bool:
        """Whether they deleted their data since it was printed."""
        return self.sign_up.is_erased

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


def order_now(event: Event) -> list[str]:
    """Who stands on a sheet that is printed now, by name: the public ids."""
    named = [
        (folded(person.name), one.id, one.public_id)
        for one, person in list_parties(event.id)
        if person is not None
        and one.list.purpose != "home"
        and one.state in LIVING
        and not one.is_walk_in
    ]
    return [public_id for _name, _id, public_id in sorted(named)]


def find_printed(event: Event, printed_id: int | None) -> PrintedSheet | None:
    """A sheet of this event, by what its code says; without that, the last that was printed."""
    query = select(PrintedSheet).where(PrintedSheet.event_id == event.id)
    if printed_id is not None:
        query = query.where(PrintedSheet.id == printed_id)
    return db.session.execute(query.order_by(PrintedSheet.id.desc()).limit(1)).scalar()


def list_sheet(event: Event, printed: PrintedSheet) -> list[SheetRow]:
    """The sheet's rows under the numbers that were printed.

    Whoever signed up since has none; whoever was taken off or erased since keeps theirs.
    """
    parties = {each.sign_up.public_id: each for each in list_parties(event.id)}
    rows = []
    for number, public_id in enumerate(printed.parties, 1):
        party = parties.get(public_id)
        if party is not None and not party.is_locked:
            name = party.person.name if party.person else ""
            rows.append(SheetRow(number, party.sign_up, name, party.sign_up.list))
    return rows


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
