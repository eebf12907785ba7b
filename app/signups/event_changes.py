"""Lists follow what becomes of their event, and its organiser hears of it."""

from __future__ import annotations

from datetime import datetime

from flask_babel import ngettext
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.editing import change
from app.events.local_times import Beginning, beginning_of, moved_along
from app.events.models import Event
from app.events.whereabouts import Whereabouts
from app.formatting import number
from app.signups.models import SignUpList
from app.signups.moving import note_move
from app.signups.seats import touch_lists


def follow_move(event: Event, *, before: Whereabouts, session: Session, now: datetime) -> str:
    """Take lists along and let guests hear of it; what the organiser is told."""
    moved = _move_hours(event, before.beginning, session, now)
    touch_lists(session, event.id)
    told = _tell_moved(moved), note_move(session, event, before, now=now)
    return " ".join(filter(None, told))


def confirm_each(event: Event, *, session: Session, now: datetime) -> str:
    """Let an organiser confirm each on the lists of what is now young people's; what they are told.

    A seat tells the hour and the place. Who has one keeps it.
    """
    unchecked = _lists_of(event).where(SignUpList.is_checked.is_(False))
    changed = session.execute(unchecked).scalars().all()
    if not changed:
        return ""
    for the_list in changed:
        change(the_list, {"is_checked": True})
    touch_lists(session, event.id)
    return ngettext(
        "Young people take part: from now on you confirm each who signs up on one list.",
        "Young people take part: from now on you confirm each who signs up on %(count)s lists.",
        len(changed),
        count=number(len(changed)),
    )


def _move_hours(event: Event, before: Beginning, session: Session, now: datetime) -> int:
    """Move hours of lists' own by the same distance, by the clocks; of how many lists.

    What has happened stays: a list that has opened or closed is not shut or opened by a move.
    Lists without hours of their own last as long as the event anyway.
    """
    after, moved = beginning_of(event), 0
    if after == before:
        return 0
    for the_list in session.execute(_lists_of(event)).scalars():
        hours = _hours_to_move(the_list, now)
        for name, moment in hours.items():
            setattr(the_list, name, moved_along(moment, before, after))
        if hours:
            the_list.edit_version += 1
            moved += 1
    return moved


def _hours_to_move(the_list: SignUpList, now: datetime) -> dict[str, datetime]:
    shift = {"starts_at": the_list.starts_at, "ends_at": the_list.ends_at}
    doors = {"opens_at": the_list.opens_at, "closes_at": the_list.closes_at}
    ahead = {name: moment for name, moment in doors.items() if moment and moment > now}
    return ahead | {name: moment for name, moment in shift.items() if moment}


def _tell_moved(moved: int) -> str:
    if not moved:
        return ""
    return ngettext(
        "The hours of one list moved along: look whether they are right.",
        "The hours of %(count)s lists moved along: look whether they are right.",
        moved,
        count=number(moved),
    )


def _lists_of(event: Event) -> Select[SignUpList]:
    of_event = select(SignUpList).where(SignUpList.event_id == event.id)
    return of_event.order_by(SignUpList.position, SignUpList.id)
