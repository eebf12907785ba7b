"""All names of an event deleted for good, when their time has come or an organiser says so.

The key goes first, so that whatever stops this half-way leaves nothing to be read, and what says
*deleted* is written last, together with the emptied rows. Done again it goes on from anywhere.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple

from flask_babel import ngettext
from sqlalchemy import String, cast, delete, literal, select, update
from sqlalchemy.orm import Session

from app.audit import note_deed
from app.database import db, empty_log, event_scope, write
from app.events.models import Event
from app.exceptions import RuleBroken
from app.formatting import number
from app.keyring import EVENT, DataKey, destroy_key, event_keys, list_destroyed
from app.outbox.owing import forget_mail_in
from app.signups.erasing import NOTHING_LEFT
from app.signups.models import PrintedSheet, SignUp, SignUpList
from app.signups.seats import touch_lists

OVERTIME = timedelta(days=1)
"""How long names stay at the door of an event that goes on after its end."""


class NamesKept(NamedTuple):
    """How it stands with the names on an event's lists."""

    due_on: date
    """The day they are deleted, by the calendar of the event's place …"""
    days_left: int
    """… and how far off it is; 0 on the day."""
    deleted_at: datetime | None
    is_used: bool
    """Whether it has had any list."""


def names_due_at(event: Event) -> datetime:
    """When the names on an event's lists are deleted."""
    return event.ends_at + timedelta(days=event.keeps_names_days)


def keep_promise(event: Event, *, session: Session) -> None:
    """Nobody's name stays longer than they read when they signed up; raises RuleBroken."""
    named = select(SignUp.id).join(SignUpList, SignUpList.id == SignUp.list_id)
    named = named.where(SignUpList.event_id == event.id, SignUp.name.is_not(None))
    if session.execute(named.limit(1)).first() is not None:
        days = event.keeps_names_days
        raise RuleBroken(
            ngettext(
                "Who is on the lists was told that names are deleted one day after the event. "
                "It can be sooner, not later.",
                "Who is on the lists was told that names are deleted %(days)s days after the "
                "event. It can be sooner, not later.",
                days,
                days=number(days),
            ),
            field="keeps_names_days",
            error="names_promised",
        )


def names_kept(event: Event, *, now: datetime) -> NamesKept:
    """How it stands with an event's names, without a question."""
    due, today = (each.astimezone(event.zone).date() for each in (names_due_at(event), now))
    return NamesKept(
        due_on=due,
        days_left=max(0, (due - today).days),
        deleted_at=event.names_deleted_at,
        # Whatever happens on its lists moves that number.
        is_used=event.names_deleted_at is not None or event.lists_version > 1,
    )


def delete_names(event: Event, *, by: str, now: datetime) -> None:
    """Delete an event's names now; `by` is the organiser's opaque id, empty for the clock.

    How many came stays. Its lists and its door take nobody's name any more. Deleted twice is no
    mistake. Names that were deleted before a backup was put back go the same way again.
    """
    with write(event_scope(event.id)) as session:
        destroy_key(session, event_keys(event.id), now=now)
        _empty_rows(session, event.id)
        forget_mail_in(session, scope=event_keys(event.id))
        if event.names_deleted_at is None:
            event.names_deleted_at = now
            note_deed(
                session,
                actor=by or None,
                verb="names_deleted",
                thing="event",
                thing_id=event.id,
                now=now,
            )
        touch_lists(session, event.id)
    empty_log()


def delete_due_names(*, now: datetime) -> int:
    """Delete the names whose time has come, and those whose key was destroyed; of how many events.

    One that fails keeps no other from being done; the last failure is raised afterwards.
    """
    done, failure = 0, None
    for event_id in list_due(now=now):
        try:
            delete_names(db.session.get_one(Event, event_id), by="", now=now)
            done += 1
        except Exception as error:
            failure = error
    if failure is not None:
        raise failure
    return done


def list_due(*, now: datetime) -> list[int]:
    """The events whose names are to be deleted now."""
    destroyed = list_destroyed()
    query = (
        select(Event.id, Event.ends_at, Event.keeps_names_days, Event.state, DataKey.key_id)
        .join(DataKey, DataKey.scope == literal(EVENT) + cast(Event.id, String))
        .where(DataKey.destroyed_at.is_(None))
        .order_by(Event.ends_at, Event.id)
    )
    return [
        row.id
        for row in db.session.execute(query)
        if row.key_id in destroyed or now >= _due_at(row.ends_at, row.keeps_names_days, row.state)
    ]


def _due_at(ends_at: datetime, keeps_days: int, state: str) -> datetime:
    overtime = OVERTIME if state == "running" else timedelta()
    return ends_at + timedelta(days=keeps_days) + overtime


def _empty_rows(session: Session, event_id: int) -> None:
    lists = select(SignUpList.id).where(SignUpList.event_id == event_id)
    session.execute(
        update(SignUp)
        .where(SignUp.list_id.in_(lists))
        .values(**NOTHING_LEFT)
        .execution_options(synchronize_session=False)
    )
    # The order of names says something of them.
    session.execute(delete(PrintedSheet).where(PrintedSheet.event_id == event_id))
