"""Mail to people on lists, owed in the transaction of its cause; nothing while mail is off.

An address that is on several lists of an event hears once of what is about the event. One that
nobody has proven to be theirs is a stranger's: one mail a day goes to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.events.models import Event
from app.outbox.owing import withdraw
from app.signups.guest_mail import (
    GuestMail,
    Reachable,
    by_address,
    list_living,
    list_owed,
    list_reachable,
    mail_about,
    owe_guests,
)
from app.signups.models import SignUp


def mail_confirmation(
    session: Session, sign_up: SignUp, to: str, *, is_repeat: bool, now: datetime
) -> bool:
    """Owe the private link to an address that anybody may have typed.

    Nothing that was typed stands in it. When it `is_repeat`ed for the same sign-up it is one mail a
    day, also once the address is proven.
    """
    key = f"confirmation:{sign_up.public_id}:{now:%Y%m%d%H%M}"
    mail = GuestMail(key, to, [sign_up])
    return owe_guests(session, "confirmation", [mail], now=now, is_repeat=is_repeat) == 1


def offer_key(sign_up: SignUp) -> str:
    """What the mail about a seat that is offered now is owed under."""
    return f"offer:{sign_up.public_id}:{sign_up.offers_made}"


def mail_offers(session: Session, offered: Sequence[SignUp], *, now: datetime) -> None:
    """Owe each of those who were offered a seat the news of it."""
    reachable = list_reachable(session, offered)
    mails = [GuestMail(offer_key(sign_up), to, [sign_up]) for sign_up, to in reachable]
    owe_guests(session, "offer", mails, now=now)


def mail_confirmed(session: Session, seated: Sequence[SignUp], *, now: datetime) -> None:
    """Owe those whom an organiser said yes to the news of it, once, with a calendar file."""
    # Who had a seat and is put back into it has no news, but that of `mail_put_back`.
    news = [each for each in seated if each.ended_from != "in"]
    mails = [
        GuestMail(f"confirmed:{sign_up.public_id}", to, [sign_up])
        for sign_up, to in list_reachable(session, news)
    ]
    owe_guests(session, "confirmation", mails, now=now)


def mail_ended(
    session: Session,
    ended: Sequence[SignUp],
    *,
    now: datetime,
    not_before: datetime | None = None,
) -> None:
    """Owe those who lost their place, not by their own wish, the news of it."""
    mails = [
        GuestMail(f"ended:{sign_up.public_id}:{sign_up.ended_at:%Y%m%d%H%M%S}", to, [sign_up])
        for sign_up, to in list_reachable(session, ended)
        if not sign_up.list.event.is_cancelled and sign_up.list.event.state != "closed"
    ]
    owe_guests(session, "ended", mails, now=now, not_before=not_before)


def mail_put_back(session: Session, back: Sequence[SignUp], *, now: datetime) -> None:
    """Do not say that they were taken off; or owe those who heard it the news of where they are."""
    withdraw(session, [mail_about(each) for each in back], kind="ended")
    heard = list_owed(session, "ended", back)
    mails = [
        GuestMail(f"put_back:{sign_up.public_id}:{now:%Y%m%d%H%M%S}", to, [sign_up])
        for sign_up, to in list_reachable(session, back)
        if sign_up.state != "offered" and mail_about(sign_up) in heard
    ]
    owe_guests(session, "confirmation", mails, now=now)


def mail_moved(session: Session, event: Event, *, since: datetime, now: datetime) -> int:
    """Owe those who are to come the news of when and where it is now; to how many addresses.

    Whoever signed up `since` has read it, and who writes at home goes nowhere. What still waits
    of an earlier move is not sent.
    """
    to_come = [
        each
        for each in list_living(session, event)
        if each.list.purpose != "home" and each.created_at < since
    ]
    withdraw(session, [mail_about(each) for each in to_come], kind="moved")
    mails = [
        _about_event(event, "moved", each)._replace(useful_until=event.ends_at)
        for each in by_address(session, to_come)
    ]
    return owe_guests(session, "moved", mails, now=now)


def mail_reinstated(session: Session, event: Event, *, now: datetime) -> None:
    """Owe those who were to hear that the event is cancelled the news that it is held after all."""
    living = list_living(session, event)
    heard = list_owed(session, "cancellation", living)
    told = [
        each
        for each in by_address(session, living)
        if any(mail_about(one) in heard for one in each.sign_ups)
    ]
    abouts = [mail_about(one) for each in told for one in each.sign_ups]
    withdraw(session, abouts, kind="cancellation")
    mails = [_about_event(event, "reinstated", each) for each in told]
    owe_guests(session, "reinstated", mails, now=now)


def _about_event(event: Event, kind: str, address: Reachable) -> GuestMail:
    key = f"{kind}:{event.id}:{address.oldest_id}:{event.edit_version}"
    return GuestMail(key, address.to, address.sign_ups)
