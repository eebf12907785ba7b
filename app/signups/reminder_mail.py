"""Mail of the day itself: reminders of it, and thanks to those who came."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import String, cast, exists, func, literal, select
from sqlalchemy.orm import Session, aliased

from app.events.models import Event
from app.outbox.models import OwedMail
from app.signups.guest_mail import by_address, in_order, list_reachable, of_event, owe_mail
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


def mail_reminders(session: Session, the_list: SignUpList, due: Reminder, *, now: datetime) -> int:
    """Owe those with a seat a reminder of the day, once; how many are owed now.

    Whoever signed up after it fell due has read it all a moment ago.
    """
    event, count = the_list.event, 0
    for sign_up, to in list_reachable(session, list_unreminded(session, the_list, due)):
        like = of_event(event.id).where(SignUp.email_likeness == sign_up.email_likeness)
        own = list(session.execute(like).scalars())
        those = [one for one in own if one.state == "in" and due.is_for(one.list)]
        key = f"{_reminder_key(due, event.id)}{own[0].id}"
        last = max(due.until, *(one.list.hours[0] for one in those))
        until = last if due.kind == "today" else due.until
        count += owe_mail(session, due.kind, in_order(those), to, key, now, useful_until=until)
    return count


def list_unreminded(session: Session, the_list: SignUpList, due: Reminder) -> list[SignUp]:
    """Those with a seat and an address to whom this reminder is not owed yet."""
    like = aliased(SignUp)
    oldest = (
        select(func.min(like.id))
        .join(SignUpList, SignUpList.id == like.list_id)
        .where(
            SignUpList.event_id == the_list.event_id, like.email_likeness == SignUp.email_likeness
        )
        .correlate(SignUp)
        .scalar_subquery()
    )
    key = literal(_reminder_key(due, the_list.event_id)) + cast(oldest, String)
    query = select(SignUp).where(
        SignUp.list_id == the_list.id,
        SignUp.state == "in",
        SignUp.email.is_not(None),
        SignUp.created_at < due.since,
        ~exists().where(OwedMail.key == key),
    )
    return list(session.execute(query.order_by(SignUp.id)).scalars())


def mail_thanks(session: Session, event: Event, letters: int, *, now: datetime) -> int:
    """Owe those who came a word of thanks with the number of letters; how many they are."""
    came = of_event(event.id).where(SignUp.state == "in", SignUp.arrived > 0)
    return sum(
        owe_mail(
            session,
            "thanks",
            each.sign_ups,
            each.to,
            f"thanks:{event.id}:{each.oldest_id}",
            now,
            letters=letters,
        )
        for each in by_address(session, list(session.execute(came).scalars()))
    )


def _reminder_key(due: Reminder, event_id: int) -> str:
    return f"reminder:{event_id}:{due.kind}:{due.day_starts_at:%Y%m%d}:"
