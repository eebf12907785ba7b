"""A list once more, empty: at the same event, or at a copy of the event."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.events.local_times import beginning_of, moved_along
from app.events.models import Event
from app.signups.models import SignUpList

SAID = (
    *("purpose", "title", "starts_at", "ends_at", "capacity", "party_limit", "opens_at"),
    *("closes_at", "asks", "offer_hours", "is_checked", "shows_seats", "position"),
)
HOURS = ("starts_at", "ends_at", "opens_at", "closes_at")


def copy_of(the_list: SignUpList, event_id: int, *, now: datetime) -> SignUpList:
    """A new row with everything that was said of a list, and nobody on it."""
    said = {name: getattr(the_list, name) for name in SAID}
    return SignUpList(event_id=event_id, created_at=now, **said)


def copy_lists(event: Event, *, copy: Event, session: Session, now: datetime) -> None:
    """Give a copied event the same lists, at the same hours of its own days."""
    of_event = select(SignUpList).where(SignUpList.event_id == event.id)
    before, after = beginning_of(event), beginning_of(copy)
    query = of_event.order_by(SignUpList.position, SignUpList.id)
    for the_list in session.execute(query).scalars():
        made = copy_of(the_list, copy.id, now=now)
        for name in HOURS:
            moment = getattr(the_list, name)
            setattr(made, name, moment and moved_along(moment, before, after))
        if made.closes_at and made.closes_at >= copy.ends_at:
            # Closed when all was over: that is what happens by itself.
            made.closes_at = None
        session.add(made)
