"""The rule of seats, in steps inside a deed's own `write()`: first come, first served.

A party has its seats together. Nobody gets a seat, or the offer of one, before somebody who has
waited longer: when the first in line needs four and two are free, the two wait with them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.events.models import Event
from app.signups.mailing import mail_confirmed, mail_offers
from app.signups.models import SEATED, SignUp, SignUpList

USUAL_OFFER = timedelta(hours=24)
OFFER_ON_THE_DAY = timedelta(hours=2)


def count_taken(session: Session, the_list: SignUpList) -> int:
    """How many seats are taken or offered."""
    seats = select(func.coalesce(func.sum(SignUp.party_size), 0))
    query = seats.where(SignUp.list_id == the_list.id, SignUp.state.in_(SEATED))
    return int(session.execute(query).scalar_one())


def count_free(session: Session, the_list: SignUpList) -> int | None:
    """How many seats are free, none below zero; None where there is no end of them."""
    if the_list.capacity is None:
        return None
    return max(0, the_list.capacity - count_taken(session, the_list))


def may_sit(session: Session, the_list: SignUpList, size: int) -> bool:
    """Whether a party that comes now has its seats at once: there are enough, and no line."""
    free = count_free(session, the_list)
    return free is None or (size <= free and first_in_line(session, the_list) is None)


def offer_seats(
    session: Session, the_list: SignUpList, *, now: datetime, asked: Collection[int] = ()
) -> list[SignUp]:
    """Offer what is free to those who have waited longest; who got an offer, in order.

    Call it after whatever may have freed a seat or moved the line. Those whose ids are among
    `asked` need no offer: when it is their turn they sit. Nothing is offered once the event is
    over or cancelled.
    """
    event = the_list.event
    is_over = now >= the_list.hours[1] or event.state == "closed" or event.is_cancelled
    session.flush()
    offered: list[SignUp] = []
    confirmed: list[SignUp] = []
    free = count_free(session, the_list)
    for first in _list_line(session, the_list, free):
        if free is not None:
            if first.party_size > free:
                break
            free -= first.party_size
        if first.id in asked:
            first.state = "in"
            confirmed.append(first)
        elif is_over:
            break
        else:
            first.state, first.offer_ends_at = "offered", offer_end(the_list, now=now)
            first.offers_made += 1
            offered.append(first)
    session.flush()
    mail_offers(session, offered, now=now)
    mail_confirmed(session, confirmed, now=now)
    return offered


def offer_end(the_list: SignUpList, *, now: datetime) -> datetime:
    """Until when an offer made now stands, at most until the shift or the event ends."""
    starts_at, ends_at = the_list.hours
    if the_list.offer_hours is not None:
        stands_for = timedelta(hours=the_list.offer_hours)
    else:
        # Within a day of the start the usual time would run out when it is too late for the next.
        is_late = now >= starts_at - USUAL_OFFER
        stands_for = OFFER_ON_THE_DAY if is_late else USUAL_OFFER
    return min(now + stands_for, ends_at)


def take_off(sign_up: SignUp, state: str, *, now: datetime, by: str = "") -> None:
    """End a sign-up: `cancelled`, `declined` or `lapsed`; its seats are free after a flush."""
    sign_up.ended_from, sign_up.state = sign_up.state, state
    sign_up.ended_at, sign_up.ended_by = now, by
    sign_up.offer_ends_at = None


def touch_lists(session: Session, event_id: int) -> None:
    """Let every screen that shows the event's lists or its door fetch them again."""
    session.execute(
        update(Event)
        .where(Event.id == event_id)
        .values(lists_version=Event.lists_version + 1)
        .execution_options(synchronize_session=False)
    )


def first_in_line(session: Session, the_list: SignUpList) -> SignUp | None:
    """Who has waited longest for a seat, of those whom the list can hold."""
    return next(iter(_list_line(session, the_list, 1)), None)


def _list_line(session: Session, the_list: SignUpList, most: int | None) -> Sequence[SignUp]:
    """The first `most` who wait, or all; no more of them than seats are free can be seated."""
    waiting = select(SignUp).where(SignUp.list_id == the_list.id, SignUp.state == "waiting")
    if the_list.capacity is not None:
        # Whom a smaller hall can no longer hold must not keep the others out.
        waiting = waiting.where(SignUp.party_size <= the_list.capacity)
    in_order = waiting.order_by(SignUp.queued_at, SignUp.id).limit(most)
    return session.execute(in_order).scalars().all()
