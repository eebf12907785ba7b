"""What organisers see of their lists: everybody in order, narrowed, and what needs somebody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, select

from app.database import db
from app.events.models import Event
from app.folding import folded
from app.outbox.models import SENDING, SENT, WAITING, OwedMail
from app.signups.mailing import offer_key
from app.signups.models import LIVING, SEATED, SignUp, SignUpList
from app.signups.queries import Party, Seats, count_seats, list_lists, list_parties, people
from app.signups.wording import list_title

SHOWN_STATES: dict[str, tuple[str, ...]] = {
    "": LIVING,
    "asked": ("asked",),
    "waiting": ("waiting", "offered"),
    "in": ("in",),
    "twice": LIVING,
    "ended": ("lapsed", "cancelled", "declined"),
}
"""What the list may be narrowed to, and which states of a sign-up that is."""
TIME_TO_ANSWER = timedelta(hours=1)
"""Whom the mail about a seat leaves less is called."""
MOST_ROWS = 400
"""On one page; whoever has more looks for somebody by name."""


class Wanted(NamedTuple):
    """What the list is narrowed to."""

    text: str = ""
    list_id: int | None = None
    state: str = ""

    @property
    def query(self) -> dict[str, object]:
        """The same for an address, without what is not asked."""
        said = {"q": self.text, "list": self.list_id, "state": self.state}
        return {name: value for name, value in said.items() if value}


class Row(NamedTuple):
    """A party as the desk shows it."""

    party: Party
    place: int | None
    """In the line of those who wait."""
    also_on: tuple[str, ...] = ()
    """Titles of shifts at the same time with somebody who is called the same."""


class ListView(NamedTuple):
    """A list, how full it is, and whoever is to be shown of it."""

    the_list: SignUpList
    seats: Seats
    rows: list[Row]
    opening: str
    """`open`, `soon` or `closed`."""
    is_empty: bool
    """Whether nobody is on it, nor ever was."""

    @property
    def over(self) -> int:
        """How many people more than seats."""
        return max(0, self.seats.taken - (self.seats.capacity or self.seats.taken))


class DeskView(NamedTuple):
    """An event's lists."""

    lists: list[ListView]
    to_call: list[Party]
    """Who may have a seat, and whom no mail tells so in time: called, they still may take it."""
    found: int
    """How many parties match."""
    newest: int
    """The id of the newest of all."""
    is_cut: bool
    has_locked: bool
    """Whether there are names that cannot be read (any more)."""


class Fullness(NamedTuple):
    """How many people have a seat, of how many."""

    taken: int
    capacity: int | None


def read_desk(event: Event, wanted: Wanted, *, now: datetime) -> DeskView:
    """The event's lists with their parties, as far as `wanted` narrows them."""
    lists = list_lists(event.id)
    seats = count_seats(lists)
    parties = list_parties(event.id)
    places, shifts = _places(parties), _shifts_of(lists, parties)
    kept = [party for party in parties if _matches(party, wanted)]
    by_list: dict[int, list[Row]] = defaultdict(list)
    for party in kept:
        one = party.sign_up
        by_list[one.list_id].append(Row(party, places.get(one.id), _clashes(one, shifts)))
    peopled = {party.sign_up.list_id for party in parties}
    views, left = [], MOST_ROWS
    for each in lists:
        rows = sorted(by_list[each.id], key=_order)[: max(0, left)]
        left -= len(rows)
        is_empty = each.id not in peopled
        views.append(ListView(each, seats[each.id], rows, each.opening(now), is_empty))
    return DeskView(
        [view for view in views if wanted.list_id in (None, view.the_list.id)],
        _list_to_call(parties),
        len(kept),
        max((party.sign_up.id for party in parties), default=0),
        len(kept) > MOST_ROWS,
        any(party.is_locked for party in parties),
    )


def list_matching(event: Event, wanted: Wanted, *, up_to: int) -> list[str]:
    """The public ids of all that match and were there when the page was drawn."""
    return [
        party.sign_up.public_id
        for party in list_parties(event.id)
        if party.sign_up.id <= up_to and _matches(party, wanted)
    ]


def count_guests(event: Event) -> Fullness | None:
    """How full the event's guest lists are together, in one question; None without any."""
    query = (
        select(SignUpList.capacity, people(SignUp.state.in_(SEATED)))
        .outerjoin(SignUp, SignUp.list_id == SignUpList.id)
        .where(SignUpList.event_id == event.id, SignUpList.purpose == "guests")
        .group_by(SignUpList.id, SignUpList.capacity)
    )
    rows = [(capacity, int(taken or 0)) for capacity, taken in db.session.execute(query)]
    if not rows:
        return None
    ends = [capacity for capacity, _taken in rows if capacity is not None]
    total = sum(ends) if len(ends) == len(rows) else None
    return Fullness(sum(taken for _capacity, taken in rows), total)


def count_deed(event: Event, deed: str) -> int:
    """How many were taken off by this deed and still are."""
    query = (
        select(func.count(SignUp.id))
        .join(SignUpList, SignUpList.id == SignUp.list_id)
        .where(SignUpList.event_id == event.id, SignUp.deed == deed)
    )
    return int(db.session.execute(query).scalar_one())


def _list_to_call(parties: Iterable[Party]) -> list[Party]:
    offered = [party for party in parties if party.sign_up.state == "offered"]
    if not offered:
        return []
    told = select(OwedMail.key, OwedMail.state, OwedMail.due_at).where(
        OwedMail.key.in_([offer_key(party.sign_up) for party in offered]),
        OwedMail.state.in_((SENDING, SENT, WAITING)),
    )
    mails = {mail.key: mail for mail in db.session.execute(told)}
    return [party for party in offered if not _hears(party.sign_up, mails)]


def _hears(one: SignUp, mails: Mapping[str, Any]) -> bool:
    """Whether the mail about its offer has gone, or goes while there is time to answer it."""
    mail = mails.get(offer_key(one))
    if mail is None or one.offer_ends_at is None:
        return False
    return mail.state != WAITING or mail.due_at <= one.offer_ends_at - TIME_TO_ANSWER


def _matches(party: Party, wanted: Wanted) -> bool:
    one = party.sign_up
    if one.state not in SHOWN_STATES[wanted.state] or wanted.list_id not in (None, one.list_id):
        return False
    if wanted.state == "twice" and not one.is_possible_duplicate:
        return False
    if not wanted.text:
        return True
    return party.person is not None and folded(wanted.text) in folded(" ".join(party.person))


def _places(parties: Iterable[Party]) -> dict[int, int]:
    places: dict[int, int] = {}
    lines: dict[int, int] = defaultdict(int)
    for party in parties:
        if party.sign_up.state == "waiting":
            lines[party.sign_up.list_id] += 1
            places[party.sign_up.id] = lines[party.sign_up.list_id]
    return places


def _order(row: Row) -> tuple[int, float]:
    """What needs somebody first, then the line in its order, then the newest of those who come."""
    one = row.party.sign_up
    if one.state in ("asked", "offered", "waiting"):
        return ("asked", "offered", "waiting").index(one.state), one.queued_at.timestamp()
    last = one.ended_at if one.ended_at and one.state != "in" else one.queued_at
    return 3, -last.timestamp()


Shift = tuple[SignUpList, datetime, datetime]


def _shifts_of(lists: Iterable[SignUpList], parties: Iterable[Party]) -> Mapping[str, list[Shift]]:
    """The shifts of each likeness, of those who help."""
    hours = {one.id: (one, *one.hours) for one in lists if one.purpose == "helpers"}
    shifts: dict[str, list[Shift]] = defaultdict(list)
    for party in parties:
        one = party.sign_up
        likeness = one.email_likeness or one.name_likeness
        if likeness and one.list_id in hours and one.state in LIVING:
            shifts[likeness].append(hours[one.list_id])
    return shifts


def _clashes(one: SignUp, shifts: Mapping[str, list[Shift]]) -> tuple[str, ...]:
    theirs = shifts.get(one.email_likeness or one.name_likeness or "", ())
    own = [shift for shift in theirs if shift[0].id == one.list_id]
    if not own or one.state not in LIVING:
        return ()
    _list, starts, ends = own[0]
    others = (each for each in theirs if each[0].id != one.list_id)
    return tuple(list_title(each[0]) for each in others if each[1] < ends and starts < each[2])
