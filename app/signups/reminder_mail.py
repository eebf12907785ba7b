"""Mail of the day itself: reminders of it, and thanks to those who came."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.events.models import Event
from app.signups.guest_mail import (
    AT_ONCE,
    GuestMail,
    by_address,
    in_order,
    is_unowed,
    list_own,
    list_reachable,
    of_event,
    owe_guests,
)
from app.signups.models import SignUp, SignUpList


class Reminder(NamedTuple):
    """One that is due for a list."""

    kind: str
    """`tomorrow` or `today`."""
    day_starts_at: datetime
    """The day on which people are awaited, by the event's own clocks."""
    since: datetime
    until: datetime

    def is_for(self, the_list: SignUpList) -> bool:
        """Whether it may speak of this list, too: whoever writes at home gets `today` alone."""
        begins = the_list.hours[0]
        is_that_day = self.day_starts_at <= begins < self.day_starts_at + timedelta(days=1)
        return is_that_day and (self.kind == "today" or the_list.purpose != "home")


def mail_reminders(
    session: Session, the_list: SignUpList, due: Reminder, *, after: int, now: datetime
) -> int:
    """Owe those with a seat a reminder of the day, once; how many are owed now.

    It is the next of them, behind the id `after`: presses do not wait for a whole school's mail.
    Whoever signed up after it fell due has read it all a moment ago.
    """
    reachable = list_reachable(session, list_unreminded(session, the_list, due, after=after))
    all_own = list_own(session, the_list.event_id, [sign_up for sign_up, _to in reachable])
    mails = []
    for sign_up, to in reachable:
        own = all_own[sign_up.email_likeness]
        those = [one for one in own if one.state == "in" and due.is_for(one.list)]
        key = f"{_reminder_key(due, the_list.event_id)}{own[0].id}"
        last = max(due.until, *(one.list.hours[0] for one in those))
        until = last if due.kind == "today" else due.until
        mails.append(GuestMail(key, to, in_order(those), until))
    return owe_guests(session, due.kind, mails, now=now)


def list_unreminded(
    session: Session, the_list: SignUpList, due: Reminder, *, after: int
) -> list[SignUp]:
    """The next of those with a seat and an address to whom this reminder is not owed yet."""
    query = select(SignUp).where(
        SignUp.list_id == the_list.id,
        SignUp.id > after,
        SignUp.state == "in",
        SignUp.email.is_not(None),
        SignUp.created_at < due.since,
        is_unowed(the_list.event_id, _reminder_key(due, the_list.event_id)),
    )
    return list(session.execute(query.order_by(SignUp.id).limit(AT_ONCE)).scalars())


def mail_thanks(session: Session, event: Event, letters: int, *, now: datetime) -> int:
    """Owe those who came a word of thanks with the number of letters; how many they are."""
    came = of_event(event.id).where(SignUp.state == "in", SignUp.arrived > 0)
    mails = [
        GuestMail(f"thanks:{event.id}:{each.oldest_id}", each.to, each.sign_ups)
        for each in by_address(session, list(session.execute(came).scalars()))
    ]
    return owe_guests(session, "thanks", mails, now=now, letters=letters)


def _reminder_key(due: Reminder, event_id: int) -> str:
    return f"reminder:{event_id}:{due.kind}:{due.day_starts_at:%Y%m%d}:"
