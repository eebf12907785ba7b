"""An event is cancelled: whoever was to come hears of it, fifty at a time.

The first are owed their mail with the cancellation. That it is cancelled owes the others theirs: a
server that is stopped in between goes on where it was, and no press waits for a whole school.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import db, event_scope, write
from app.events.models import Event
from app.outbox.models import OwedMail
from app.outbox.owing import is_mail_on
from app.signups.guest_mail import (
    AT_ONCE,
    GuestMail,
    in_order,
    is_unowed,
    list_own,
    list_reachable,
    of_event,
    owe_guests,
)
from app.signups.models import LIVING, SignUp


def mail_cancellation(session: Session, event: Event, *, now: datetime, after: int = 0) -> int:
    """Owe the next who were to come, behind the id `after`, the news; to how many addresses."""
    untold = _list_untold(session, event, after=after)
    addresses = {one.email_likeness: to for one, to in list_reachable(session, untold)}
    own = list_own(session, event.id, untold)
    mails = []
    for likeness, to in addresses.items():
        living = [one for one in own[likeness] if one.state in LIVING]
        mails.append(GuestMail(f"{_key(event)}{own[likeness][0].id}", to, in_order(living)))
    return owe_guests(session, "cancellation", mails, now=now)


def tell_cancelled(*, now: datetime) -> int:
    """Owe the others of cancelled events the news; to how many addresses.

    Where the first of them heard it: while mail was off nobody did, and nobody does later.
    """
    if not is_mail_on():
        return 0
    cancelled = select(Event).where(Event.cancelled_at.is_not(None), Event.ends_at > now)
    events = list(db.session.execute(cancelled.order_by(Event.id)).scalars())
    begun = [event.id for event in events if _has_begun(event)]
    return sum(_tell_others(event_id, now) for event_id in begun)


def _tell_others(event_id: int, now: datetime) -> int:
    told = after = 0
    event = db.session.get_one(Event, event_id)
    while event.is_cancelled and (some := _list_untold(db.session(), event, after=after)):
        last = some[-1].id
        with write(event_scope(event_id)) as session:
            if event.is_cancelled:
                told += mail_cancellation(session, event, now=now, after=after)
        after = last
    return told


def _has_begun(event: Event) -> bool:
    owed = select(OwedMail.id).where(OwedMail.key.startswith(_key(event))).limit(1)
    return db.session.scalar(owed) is not None


def _list_untold(session: Session, event: Event, *, after: int) -> list[SignUp]:
    untold = of_event(event.id).where(
        SignUp.id > after,
        SignUp.state.in_(LIVING),
        SignUp.email.is_not(None),
        is_unowed(event.id, _key(event)),
    )
    return list(session.execute(untold.limit(AT_ONCE)).scalars())


def _key(event: Event) -> str:
    return f"cancellation:{event.id}:{event.cancelled_at:%Y%m%d%H%M%S%f}:"
