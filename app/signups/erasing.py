"""Forget who one party is, at once and everywhere; what was counted stays counted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit import note_deed
from app.database import empty_log, event_scope, write
from app.outbox.owing import forget_mail
from app.signups.guest_mail import mail_about
from app.signups.models import LIVING, SEALED, SignUp, SignUpList
from app.signups.seats import offer_seats, take_off, touch_lists

NOTHING_LEFT: dict[str, object] = {
    **dict.fromkeys((*SEALED, "name_likeness", "email_likeness")),
    "language": "",
    **dict.fromkeys(("wants_news", "may_show_name", "shows_name", "is_possible_duplicate"), False),
    # What was taken off together is put back together, but nobody without a name.
    "deed": None,
}
"""What the columns hold that say anything of a person, once they are erased."""


def erase_sign_up(sign_up: SignUp, *, by: str, now: datetime) -> None:
    """Forget one sign-up; `by` is the organiser's opaque id, empty for the person's own wish.

    Whoever was still to come is taken off, and the next in line is asked. Their private link
    opens a page that says so, and does nothing more. Erased twice is no mistake.
    """
    with write(event_scope(sign_up.list.event_id)) as session:
        _erase(session, sign_up, by=by, now=now)
    empty_log()


def erase_person(sign_up: SignUp, *, now: datetime) -> None:
    """Forget a person at all of an event, by their own wish: whatever has the same address.

    Where the link proves no address, as on a screen, it is this one sign-up.
    """
    with write(event_scope(sign_up.list.event_id)) as session:
        for each in _list_own(session, sign_up):
            _erase(session, each, by="", now=now)
    empty_log()


def is_address_proven(sign_up: SignUp) -> bool:
    """Whether who holds the link reads its address: it was mailed there, and shown to nobody."""
    return sign_up.email_likeness is not None and not sign_up.link_was_shown


def _list_own(session: Session, sign_up: SignUp) -> list[SignUp]:
    if not is_address_proven(sign_up):
        return [sign_up]
    query = (
        select(SignUp)
        .join(SignUpList, SignUpList.id == SignUp.list_id)
        .where(
            SignUpList.event_id == sign_up.list.event_id,
            SignUp.email_likeness == sign_up.email_likeness,
        )
    )
    return list(session.execute(query.order_by(SignUp.id)).scalars())


def _erase(session: Session, sign_up: SignUp, *, by: str, now: datetime) -> None:
    if sign_up.is_erased:
        return
    strip_person(sign_up)
    forget_mail(session, about=mail_about(sign_up))
    if is_still_to_come(sign_up, now=now):
        take_off(sign_up, "cancelled", now=now, by=by)
        offer_seats(session, sign_up.list, now=now)
    touch_lists(session, sign_up.list.event_id)
    note_deed(
        session,
        actor=by or None,
        verb="sign_up_erased",
        thing="sign_up",
        thing_id=sign_up.public_id,
        now=now,
    )


def strip_person(sign_up: SignUp) -> None:
    """Take away everything a person said of themselves, and what they are found by."""
    for column, nothing in NOTHING_LEFT.items():
        setattr(sign_up, column, nothing)


def is_still_to_come(sign_up: SignUp, *, now: datetime) -> bool:
    """Whether a seat is kept for a party that is not there yet, or may still be found."""
    is_over = sign_up.list.event.is_over(now)
    return sign_up.state in LIVING and not sign_up.arrived and not is_over
