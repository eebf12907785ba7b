"""Remind those who are awaited: the day before, and on the day; and thank those who came."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from app.audit import note_deed
from app.database import db, event_scope, write
from app.events.models import Event
from app.exceptions import Conflict
from app.outbox.owing import is_mail_on
from app.signups.models import SignUpList
from app.signups.reminder_mail import Reminder, list_unreminded, mail_reminders, mail_thanks

TOO_FAR = timedelta(days=2)
IN_THE_MORNING_AT = time(7)
"""On both days: who has proven nothing is sent one mail in 24 hours, and shall hear both."""
BEFORE_THE_START = timedelta(hours=2)


def remind(*, now: datetime) -> int:
    """Owe what reminders are due, each once; how many are owed now."""
    if not is_mail_on():
        return 0
    near = (
        select(SignUpList)
        .join(Event, Event.id == SignUpList.event_id)
        .where(
            Event.cancelled_at.is_(None),
            Event.is_draft.is_(False),
            Event.state != "closed",
            Event.starts_at < now + TOO_FAR,
            Event.ends_at > now,
        )
    )
    lists = list(db.session.execute(near.order_by(SignUpList.id)).scalars())
    return sum(_remind(the_list, due, now) for the_list in lists for due in _due(the_list, now))


def thank(event: Event, *, letters: int, actor: str, now: datetime) -> int:
    """Thank by mail those who came, with how many letters were written; once. How many they are.

    Raises Conflict when it was done, or is too early.
    """
    with write(event_scope(event.id)) as session:
        if event.thanked_at is not None:
            raise Conflict(_("Everybody who came was thanked already."))
        if event.state != "closed":
            raise Conflict(_("Close the event first: then the number of letters is known."))
        count = mail_thanks(session, event, letters, now=now)
        event.thanked_at = now
        note_deed(
            session,
            actor=actor,
            verb="guests_thanked",
            thing="event",
            thing_id=event.id,
            now=now,
        )
    return count


def _due(the_list: SignUpList, now: datetime) -> Iterator[Reminder]:
    """Which reminder is due now; whoever writes at home gets the second alone, until it is over."""
    event = the_list.event
    starts_at, ends_at = the_list.hours
    day = starts_at.astimezone(event.zone).date()
    midnight = datetime.combine(day, time(), event.zone)
    morning = datetime.combine(day, IN_THE_MORNING_AT, event.zone)
    # Never before the day itself, though something begins in the small hours.
    morning = max(midnight, min(morning, starts_at - BEFORE_THE_START))
    eve = datetime.combine(day - timedelta(days=1), IN_THE_MORNING_AT, event.zone)
    is_home = the_list.purpose == "home"
    until = ends_at if is_home else starts_at
    if morning <= now < until:
        yield Reminder("today", midnight, since=morning, until=until)
    elif eve <= now < midnight and not is_home:
        yield Reminder("tomorrow", midnight, since=eve, until=midnight)


def _remind(the_list: SignUpList, due: Reminder, now: datetime) -> int:
    # Every minute of a day: without anything to do it keeps nobody else from writing.
    reminded = after = 0
    while some := list_unreminded(db.session(), the_list, due, after=after):
        last = some[-1].id
        with write(event_scope(the_list.event_id)) as session:
            reminded += mail_reminders(session, the_list, due, after=after, now=now)
        after = last
    return reminded
