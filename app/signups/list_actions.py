"""Make lists, change them, put them in order, close them, take them away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.audit import note_deed
from app.database import event_scope, write
from app.editing import change, check_version
from app.events.models import Event
from app.exceptions import Conflict, RuleBroken
from app.signups.list_copies import copy_of
from app.signups.models import ASKABLE, SignUp, SignUpList
from app.signups.seats import count_taken, offer_seats, touch_lists

MOST_LISTS = 60
USUAL_SEATS = {"class": 30, "group": 40}
"""Of a guest list made by one press; a stall and a marathon take whoever comes."""


class ListFields(NamedTuple):
    """What an organiser says of a list; moments are in UTC."""

    purpose: str
    title: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    capacity: int | None = None
    party_limit: int = 6
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    asks: tuple[str, ...] = ()
    offer_hours: int | None = None
    is_checked: bool = False
    shows_seats: bool = True


def usual_guest_list(event: Event) -> ListFields:
    """What most events want of their guests."""
    return ListFields(
        "guests",
        capacity=USUAL_SEATS.get(event.preset),
        asks=ASKABLE,
        is_checked=event.has_young_people,
    )


def add_lists(
    event: Event, lists: Sequence[ListFields], *, actor: str, now: datetime
) -> list[SignUpList]:
    """Put lists up, behind those that are there; raises RuleBroken (hours, too many)."""
    with write(event_scope(event.id)) as session:
        last = select(func.max(SignUpList.position)).where(SignUpList.event_id == event.id)
        place = (session.execute(last).scalar() or 0) + 1
        count = select(func.count()).where(SignUpList.event_id == event.id)
        if session.execute(count).scalar_one() + len(lists) > MOST_LISTS:
            raise RuleBroken(
                _("An event has at most %(most)s lists.", most=MOST_LISTS), field="title"
            )
        made = [
            SignUpList(
                event_id=event.id, position=place + number, created_at=now, **_columns(event, one)
            )
            for number, one in enumerate(lists)
        ]
        session.add_all(made)
        session.flush()
        for one in made:
            _note(session, one, "sign_up_list_added", actor, now)
        touch_lists(session, event.id)
    return made


def edit_list(
    the_list: SignUpList, fields: ListFields, *, edit_version: int, actor: str, now: datetime
) -> int:
    """Change a list; how many people more than seats there are on it now.

    Nobody loses a seat; more seats are offered to those who wait. Raises Conflict, RuleBroken.
    """
    with write(event_scope(the_list.event_id)) as session:
        check_version(the_list, edit_version)
        change(the_list, _columns(the_list.event, fields))
        offer_seats(session, the_list, now=now)
        over = (
            max(0, count_taken(session, the_list) - the_list.capacity) if the_list.capacity else 0
        )
        _note(session, the_list, "sign_up_list_edited", actor, now)
        touch_lists(session, the_list.event_id)
    return over


def copy_list(the_list: SignUpList, *, actor: str, now: datetime) -> SignUpList:
    """The same list once more, without its sign-ups, right behind it."""
    with write(event_scope(the_list.event_id)) as session:
        lists = _in_order(session, the_list.event_id)
        if len(lists) >= MOST_LISTS:
            raise Conflict(_("An event has at most %(most)s lists.", most=MOST_LISTS))
        copy = copy_of(the_list, the_list.event_id, now=now)
        session.add(copy)
        lists.insert(lists.index(the_list) + 1, copy)
        _number(lists)
        session.flush()
        _note(session, copy, "sign_up_list_added", actor, now)
        touch_lists(session, the_list.event_id)
    return copy


def move_list(the_list: SignUpList, *, is_up: bool) -> None:
    """One place up or down; at the end of the row it is no mistake."""
    with write(event_scope(the_list.event_id)) as session:
        lists = _in_order(session, the_list.event_id)
        place = lists.index(the_list)
        other = place + (-1 if is_up else 1)
        if 0 <= other < len(lists):
            lists[place], lists[other] = lists[other], lists[place]
        _number(lists)
        touch_lists(session, the_list.event_id)


def remove_list(the_list: SignUpList, *, actor: str, now: datetime) -> None:
    """Take an empty list away; raises Conflict when anybody was ever on it."""
    with write(event_scope(the_list.event_id)) as session:
        anybody = select(SignUp.id).where(SignUp.list_id == the_list.id).limit(1)
        if session.execute(anybody).first() is not None:
            raise Conflict(_("Somebody is on this list, or was. Close it instead."))
        _note(session, the_list, "sign_up_list_removed", actor, now)
        touch_lists(session, the_list.event_id)
        session.delete(the_list)


def shut_list(the_list: SignUpList, *, is_shut: bool, actor: str, now: datetime) -> None:
    """Take no more sign-ups from now on, or take them again until the event ends."""
    with write(event_scope(the_list.event_id)) as session:
        # Shut before it opens, or opened before it was to be: what was planned is void.
        is_early = the_list.opening(now) == "soon"
        closes_at = now if is_shut else the_list.closes_at if is_early else None
        opens_at = None if is_early else the_list.opens_at
        change(the_list, {"closes_at": closes_at, "opens_at": opens_at})
        verb = "sign_up_list_closed" if is_shut else "sign_up_list_opened"
        _note(session, the_list, verb, actor, now)
        touch_lists(session, the_list.event_id)


def _columns(event: Event, fields: ListFields) -> dict[str, object]:
    for first, last in (("starts_at", "ends_at"), ("opens_at", "closes_at")):
        begins, ends = getattr(fields, first), getattr(fields, last)
        if begins and ends and ends <= begins:
            raise RuleBroken(
                _("The end must come after the start."), field=last.removesuffix("_at")
            )
    asks = [] if event.has_young_people else [one for one in ASKABLE if one in fields.asks]
    columns = fields._asdict() | {"asks": asks}
    if _is_whole_event(event, fields):
        # So it lasts as long as its event also when that is moved.
        columns |= {"starts_at": None, "ends_at": None}
    return columns


def _is_whole_event(event: Event, fields: ListFields) -> bool:
    hours = (fields.starts_at, fields.ends_at)
    # Forms tell minutes.
    return hours == tuple(
        at.replace(second=0, microsecond=0) for at in (event.starts_at, event.ends_at)
    )


def _in_order(session: Session, event_id: int) -> list[SignUpList]:
    of_event = select(SignUpList).where(SignUpList.event_id == event_id)
    found = session.execute(of_event.order_by(SignUpList.position, SignUpList.id))
    return list(found.scalars())


def _number(lists: Sequence[SignUpList]) -> None:
    for place, one in enumerate(lists, 1):
        one.position = place


def _note(session: Session, the_list: SignUpList, verb: str, actor: str, now: datetime) -> None:
    note_deed(session, actor=actor, verb=verb, thing="sign_up_list", thing_id=the_list.id, now=now)
