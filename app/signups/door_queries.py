"""What the door shows: who is expected, who is here, and who is called like what was typed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from app.events.models import Event
from app.folding import folded
from app.signups.models import LIVING, SignUp, SignUpList
from app.signups.queries import list_lists, list_parties

PARTS = re.compile(r"[-']+")
ARTICLE = "ال"


class Guest(NamedTuple):
    """A party as the door knows it."""

    sign_up: SignUp
    name: str
    key: str
    """By which it is found."""

    @property
    def is_waiting(self) -> bool:
        """Whether it has no seat yet."""
        return self.sign_up.state in ("asked", "waiting")


class Door(NamedTuple):
    """Everybody who may come, by name, and how many of them are here; of whom was erased the
    number alone."""

    lists: list[SignUpList]
    guests: list[Guest]
    arrived: int
    expected: int
    is_nameless: bool
    """The names are deleted, or cannot be read: heads alone can be counted."""

    def on_list(self, list_id: int | None) -> list[Guest]:
        """Those of one list, or all."""
        return [one for one in self.guests if list_id in (None, one.sign_up.list_id)]


def read_door(event: Event) -> Door:
    """The event's door; those who promised to write at home are not expected there."""
    lists = [one for one in list_lists(event.id) if one.purpose != "home"]
    known = {one.id for one in lists}
    parties = [each for each in list_parties(event.id) if each.sign_up.list_id in known]
    coming = [each for each in parties if each.sign_up.state in LIVING]
    guests = [
        Guest(each.sign_up, each.person.name, key_of(each.person.name))
        for each in coming
        if each.person is not None
    ]
    return Door(
        lists,
        sorted(guests, key=lambda one: (folded(one.name), one.sign_up.id)),
        sum(each.sign_up.arrived for each in coming),
        sum(each.sign_up.party_size for each in coming if each.sign_up.state == "in"),
        is_nameless=event.names_deleted_at is not None or any(each.is_locked for each in coming),
    )


def find_usual_list(lists: Sequence[SignUpList]) -> SignUpList | None:
    """Where a walk-in goes if nobody says otherwise: the first list of guests, else the first."""
    return next((one for one in lists if one.purpose == "guests"), lists[0] if lists else None)


def key_of(name: str) -> str:
    """A name's words folded, and again without what stands before a hyphen or an Arabic article."""
    whole = folded(name)
    words = PARTS.sub(" ", whole).split()
    bare = [word.removeprefix(ARTICLE) for word in words if len(word) > len(ARTICLE) + 1]
    more = [word for word in dict.fromkeys([*words, *bare]) if f" {word}" not in f" {whole}"]
    return " ".join([whole, *more])


def find_called(keys: Sequence[str], typed: str) -> list[bool]:
    """Which of them have every typed word at the start of one of theirs; else, somewhere inside.

    The browser does the same while somebody types (`static/js/door.js`).
    """
    words = folded(typed).split()
    starting = [all(f" {word}" in f" {key}" for word in words) for key in keys]
    return starting if any(starting) else [all(word in key for word in words) for key in keys]
