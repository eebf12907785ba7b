"""One mail to one address about its sign-ups at one event: to whom, in which words, owed once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, String, cast, exists, func, literal, select
from sqlalchemy.orm import Session, aliased

from app.events.models import Event
from app.keyring import Keeper, event_keys, find_key
from app.languages import usual_language
from app.outbox.models import DROPPED, OwedMail
from app.outbox.owing import NewMail, is_mail_on, owe_all
from app.signups.mail_writing import MailWriter
from app.signups.models import LIVING, SignUp, SignUpList
from app.signups.sealing import read_person
from app.signups.visits import may_know_place

AT_ONCE = 50
"""How many of those who may be a whole school are told in one transaction."""


class GuestMail(NamedTuple):
    """One mail to one address about these, the first of which it is found by."""

    key: str
    to: str
    sign_ups: Sequence[SignUp]
    useful_until: datetime | None = None


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


def list_own(
    session: Session, event_id: int, sign_ups: Sequence[SignUp]
) -> dict[str | None, list[SignUp]]:
    """All of the event with the addresses of these, the oldest first."""
    likenesses = {each.email_likeness for each in sign_ups}
    found: dict[str | None, list[SignUp]] = defaultdict(list)
    like = of_event(event_id).where(SignUp.email_likeness.in_(likenesses))
    for each in session.execute(like).scalars():
        found[each.email_likeness].append(each)
    return found


def is_unowed(event_id: int, key: str) -> ColumnElement[bool]:
    """Whether a sign-up's address is owed no mail yet of this key, which its oldest id ends."""
    like = aliased(SignUp)
    oldest = (
        select(func.min(like.id))
        .join(SignUpList, SignUpList.id == like.list_id)
        .where(SignUpList.event_id == event_id, like.email_likeness == SignUp.email_likeness)
        .correlate(SignUp)
        .scalar_subquery()
    )
    return ~exists().where(OwedMail.key == literal(key) + cast(oldest, String))


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


def list_owed(session: Session, kind: str, sign_ups: Sequence[SignUp]) -> set[str]:
    """Of these, by `mail_about`, who were sent a mail of this kind, or will be."""
    owed = select(OwedMail.about).where(
        OwedMail.kind == kind,
        OwedMail.state != DROPPED,
        OwedMail.about.in_([mail_about(each) for each in sign_ups]),
    )
    return set(session.execute(owed).scalars())


def owe_guests(
    session: Session,
    kind: str,
    mails: Sequence[GuestMail],
    *,
    now: datetime,
    letters: int = 0,
    not_before: datetime | None = None,
    is_repeat: bool = False,
) -> int:
    """Owe each its mail; how many are owed now. What they say alike is written once for all."""
    if not mails or not is_mail_on():
        return 0
    event = mails[0].sign_ups[0].list.event
    writer, proven = MailWriter(kind, letters=letters), _list_proven(session, event, mails)

    def written(mail: GuestMail) -> NewMail:
        first = mail.sign_ups[0]
        language = first.language or event.language or usual_language()
        return NewMail(
            key=mail.key,
            kind=kind,
            to=mail.to,
            mail=writer.write(mail.sign_ups, language=language),
            scope=event_keys(event.id),
            about=mail_about(first),
            language=language,
            not_before=not_before,
            useful_until=mail.useful_until or _useful_until(kind, mail.sign_ups),
            is_stranger=first.email_likeness not in proven or is_repeat,
            replaces=[mail_about(each) for each in mail.sign_ups],
        )

    return owe_all(session, map(written, mails), now=now)


def _list_proven(session: Session, event: Event, mails: Sequence[GuestMail]) -> set[str | None]:
    """Whose likenesses something was done by, through a link that only their address was sent.

    Of other events it cannot be known: there the likeness of the same address is another.
    """
    proof = of_event(event.id).where(SignUp.is_proven).order_by(None).distinct()
    if len(mails) == 1:
        proof = proof.where(SignUp.email_likeness == mails[0].sign_ups[0].email_likeness)
    return set(session.scalars(proof.with_only_columns(SignUp.email_likeness)))


def _useful_until(kind: str, sign_ups: Sequence[SignUp]) -> datetime | None:
    if kind == "thanks":
        return None
    ends = [each.offer_ends_at or each.list.hours[1] for each in sign_ups]
    return max(ends)
