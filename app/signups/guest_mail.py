"""One mail to one address about its sign-ups at one event: to whom, in which words, owed once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from app.events.models import Event
from app.keyring import Keeper, event_keys, find_key
from app.languages import usual_language
from app.outbox.models import DROPPED, OwedMail
from app.outbox.owing import is_mail_on, owe
from app.outbox.writing import write_mail
from app.signups.mail_words import Words
from app.signups.models import LIVING, SignUp, SignUpList
from app.signups.sealing import read_person
from app.signups.visits import calendar_for, may_know_place

WITH_CALENDAR = ("confirmation", "moved")
"""What whoever has a seat puts into a calendar, where a later file replaces the earlier."""


class Reachable(NamedTuple):
    """An address and its sign-ups, those with a seat first."""

    to: str
    sign_ups: list[SignUp]

    @property
    def oldest_id(self) -> int:
        """What stays the same for this address, and says nothing of it."""
        return min(each.id for each in self.sign_ups)


def mail_about(sign_up: SignUp) -> str:
    """By what the mails that are owed to a party are found again."""
    return f"sign_up:{sign_up.public_id}"


def of_event(event_id: int) -> Select[SignUp]:
    """All sign-ups of an event, the oldest first."""
    query = select(SignUp).join(SignUpList, SignUpList.id == SignUp.list_id)
    return query.where(SignUpList.event_id == event_id).order_by(SignUp.id)


def list_living(session: Session, event: Event) -> list[SignUp]:
    """Those who are to come, or wait to."""
    living = of_event(event.id).where(SignUp.state.in_(LIVING))
    return list(session.execute(living).scalars())


def list_reachable(session: Session, sign_ups: Sequence[SignUp]) -> list[tuple[SignUp, str]]:
    """Those who gave an address, while mail is on and their names can be read."""
    if not is_mail_on() or not sign_ups:
        return []
    keeper: Keeper | None = find_key(session, event_keys(sign_ups[0].list.event_id))
    people = ((each, read_person(each, keeper)) for each in sign_ups if each.email is not None)
    return [(each, person.email) for each, person in people if person is not None]


def by_address(session: Session, sign_ups: Sequence[SignUp]) -> list[Reachable]:
    """Each address once, in the order in which they signed up."""
    found: dict[str | None, Reachable] = {}
    for sign_up, to in list_reachable(session, sign_ups):
        found.setdefault(sign_up.email_likeness, Reachable(to, [])).sign_ups.append(sign_up)
    return [each._replace(sign_ups=in_order(each.sign_ups)) for each in found.values()]


def in_order(sign_ups: list[SignUp]) -> list[SignUp]:
    """Those who come before those who write at home or wait, the earliest first."""
    return sorted(
        sign_ups,
        key=lambda one: (
            one.list.purpose == "home",
            not may_know_place(one),
            one.list.hours[0],
            one.id,
        ),
    )


def is_owed(session: Session, kind: str, sign_up: SignUp) -> bool:
    """Whether they were sent such a mail, or will be."""
    owed = exists().where(OwedMail.about == mail_about(sign_up), OwedMail.kind == kind)
    return bool(session.scalar(select(owed.where(OwedMail.state != DROPPED))))


def owe_mail(
    session: Session,
    kind: str,
    sign_ups: Sequence[SignUp],
    to: str,
    key: str,
    now: datetime,
    *,
    letters: int = 0,
    not_before: datetime | None = None,
    useful_until: datetime | None = None,
    is_repeat: bool = False,
) -> bool:
    """Owe an address one mail about these, the first of which it is found by; False when not."""
    first = sign_ups[0]
    event = first.list.event
    language = first.language or event.language or usual_language()
    words = Words(kind, sign_ups, letters=letters)
    seats = [each for each in sign_ups if may_know_place(each) and each.list.purpose != "home"]
    calendar = calendar_for(*seats) if kind in WITH_CALENDAR and seats else ""
    mail = write_mail("signups/guest_mail", language=language, calendar=calendar, words=words)
    return owe(
        session,
        key=key,
        kind=kind,
        to=to,
        mail=mail,
        scope=event_keys(event.id),
        about=mail_about(first),
        language=language,
        now=now,
        not_before=not_before,
        useful_until=useful_until or _useful_until(kind, sign_ups),
        is_stranger=not _is_proven(session, first) or is_repeat,
        replaces=[mail_about(each) for each in sign_ups],
    )


def _is_proven(session: Session, sign_up: SignUp) -> bool:
    """Whether something was done at this event by a link that only this address was sent.

    Of other events it cannot be known: there the likeness of the same address is another.
    """
    proof = of_event(sign_up.list.event_id).where(
        SignUp.email_likeness == sign_up.email_likeness, SignUp.is_proven
    )
    return session.scalar(proof.with_only_columns(SignUp.id).limit(1)) is not None


def _useful_until(kind: str, sign_ups: Sequence[SignUp]) -> datetime | None:
    if kind == "thanks":
        return None
    ends = [each.offer_ends_at or each.list.hours[1] for each in sign_ups]
    return max(ends)
