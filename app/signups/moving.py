"""An event is at another time or place: those who are to come hear of it, once it has settled.

What they hear is said when they are written to: lists that an organiser mends meanwhile, guests
who cancel, and a second move are all in it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import ColumnElement, and_, distinct, func, or_, select
from sqlalchemy.orm import Session

from app.database import db, event_scope, write
from app.events.models import Event
from app.events.whereabouts import Whereabouts, whereabouts_of
from app.formatting import number
from app.outbox.owing import is_mail_on
from app.signups.guest_mail import of_event
from app.signups.mailing import mail_moved
from app.signups.models import LIVING, SignUp, SignUpList, UntoldMove

SETTLES_IN = timedelta(minutes=15)
"""How long an organiser may correct it, before anybody is written to …"""
SOON = timedelta(hours=3)
"""… but for those who would leave home before they read it."""


def note_move(session: Session, event: Event, before: Whereabouts, *, now: datetime) -> str:
    """Let those who are to come hear of a move; what its organiser is told of that.

    Inside the `write()` that moves it. Nobody hears of a rehearsal, nor of one that is cancelled.
    """
    move = session.get(UntoldMove, event.id)
    if move is not None and move.before == whereabouts_of(event).likeness:
        session.delete(move)
        return _("It is again when and where it was: nobody is written to.")
    addresses, silent = _count_guests(session, event)
    if addresses and move is None:
        session.add(UntoldMove(event_id=event.id, before=before.likeness, moved_at=now))
    elif move is not None:
        move.moved_at = now
    is_past = event.is_cancelled or event.is_over(now)
    return "" if is_past else " ".join(_told(addresses, silent))


def tell_moves(*, now: datetime) -> int:
    """Owe mail about the moves that have settled; to how many addresses."""
    settled = select(UntoldMove.event_id).join(Event, Event.id == UntoldMove.event_id)
    found = db.session.execute(settled.where(_has_settled(now)).order_by(UntoldMove.event_id))
    return sum(_tell_move(event_id, now) for event_id in list(found.scalars()))


def _tell_move(event_id: int, now: datetime) -> int:
    with write(event_scope(event_id)) as session:
        event = session.get_one(Event, event_id)
        of_event = select(UntoldMove).join(Event, Event.id == UntoldMove.event_id)
        still = of_event.where(UntoldMove.event_id == event_id, _has_settled(now))
        move = session.execute(still).scalar_one_or_none()
        if move is None:
            return 0
        session.delete(move)
        if event.is_cancelled or event.is_rehearsal or event.is_over(now):
            return 0
        return mail_moved(session, event, since=move.moved_at, now=now)


def _has_settled(now: datetime) -> ColumnElement[bool]:
    begins_soon = and_(Event.starts_at <= now + SOON, Event.ends_at > now)
    return or_(UntoldMove.moved_at <= now - SETTLES_IN, begins_soon)


def _count_guests(session: Session, event: Event) -> tuple[int, int]:
    """How many addresses can be written to, and how many sign-ups cannot."""
    to_come = of_event(event.id).where(
        SignUp.state.in_(LIVING), SignUp.name.is_not(None), SignUpList.purpose != "home"
    )
    counts = func.count(distinct(SignUp.email_likeness)), func.count(), func.count(SignUp.email)
    row = session.execute(to_come.order_by(None).with_only_columns(*counts)).one()
    addresses, everybody, with_address = map(int, row)
    if not is_mail_on() or event.is_rehearsal:
        return 0, everybody
    return addresses, everybody - with_address


def _told(addresses: int, silent: int) -> list[str]:
    told = []
    if addresses:
        told.append(
            ngettext(
                "We write to one address about it within a quarter of an hour; "
                "until then you can correct it.",
                "We write to %(count)s addresses about it within a quarter of an hour; "
                "until then you can correct it.",
                addresses,
                count=number(addresses),
            )
        )
        if silent:
            told.append(_("Those who gave no address are not written to: tell them."))
    elif silent:
        told.append(_("Those who signed up are not written to: tell them."))
    return told
