"""Mail to people on lists, owed in the transaction of its cause; nothing while mail is off.

An address that is on several lists of an event hears once of what is about the event. One that
nobody has proven to be theirs is a stranger's: one mail a day goes to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Select, String, cast, exists, func, literal, select
from sqlalchemy.orm import Session, aliased

from app.events.models import Event
from app.keyring import Keeper, event_keys, find_key
from app.languages import usual_language
from app.outbox.models import DROPPED, OwedMail
from app.outbox.owing import is_mail_on, owe, withdraw
from app.outbox.writing import write_mail
from app.signups.mail_words import Words
from app.signups.models import LIVING, SignUp, SignUpList
from app.signups.sealing import read_person
from app.signups.visits import calendar_for, may_know_place


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


def mail_confirmation(
    session: Session, sign_up: SignUp, to: str, *, is_repeat: bool, now: datetime
) -> bool:
    """Owe the private link to an address that anybody may have typed.

    Nothing that was typed stands in it. When it `is_repeat`ed for the same sign-up it is one mail a
    day, also once the address is proven.
    """
    key = f"confirmation:{sign_up.public_id}:{now:%Y%m%d%H%M}"
    return _owe(session, "confirmation", [sign_up], to, key, now, is_repeat=is_repeat)


def mail_offers(session: Session, offered: Sequence[SignUp], *, now: datetime) -> None:
    """Owe each of those who were offered a seat the news of it."""
    for sign_up, to in _reachable(session, offered):
        key = f"offer:{sign_up.public_id}:{sign_up.offers_made}"
        _owe(session, "offer", [sign_up], to, key, now)


def mail_confirmed(session: Session, seated: Sequence[SignUp], *, now: datetime) -> None:
    """Owe those whom an organiser said yes to the news of it, once, with a calendar file."""
    # Who had a seat and is put back into it has no news, but that of `mail_put_back`.
    for sign_up, to in _reachable(session, [each for each in seated if each.ended_from != "in"]):
        _owe(session, "confirmation", [sign_up], to, f"confirmed:{sign_up.public_id}", now)


def mail_ended(
    session: Session,
    ended: Sequence[SignUp],
    *,
    now: datetime,
    not_before: datetime | None = None,
) -> None:
    """Owe those who lost their place, not by their own wish, the news of it."""
    for sign_up, to in _reachable(session, ended):
        event = sign_up.list.event
        if not event.is_cancelled and event.state != "closed":
            key = f"ended:{sign_up.public_id}:{sign_up.ended_at:%Y%m%d%H%M%S}"
            _owe(session, "ended", [sign_up], to, key, now, not_before=not_before)


def mail_put_back(session: Session, back: Sequence[SignUp], *, now: datetime) -> None:
    """Do not say that they were taken off; or owe those who heard it the news of where they are."""
    withdraw(session, [mail_about(each) for each in back], kind="ended")
    for sign_up, to in _reachable(session, back):
        if sign_up.state != "offered" and _is_owed(session, "ended", sign_up):
            key = f"put_back:{sign_up.public_id}:{now:%Y%m%d%H%M%S}"
            _owe(session, "confirmation", [sign_up], to, key, now)


def mail_cancellation(session: Session, event: Event, *, now: datetime) -> None:
    """Owe everybody who was to come the news that the event is not held."""
    for each in _by_address(session, _living(session, event)):
        key = f"cancellation:{event.id}:{each.oldest_id}:{event.edit_version}"
        _owe(session, "cancellation", each.sign_ups, each.to, key, now)


def mail_reinstated(session: Session, event: Event, *, now: datetime) -> None:
    """Owe those who were to hear that the event is cancelled the news that it is held after all."""
    for each in _by_address(session, _living(session, event)):
        if any(_is_owed(session, "cancellation", one) for one in each.sign_ups):
            withdraw(session, [mail_about(one) for one in each.sign_ups], kind="cancellation")
            key = f"reinstated:{event.id}:{each.oldest_id}:{event.edit_version}"
            _owe(session, "reinstated", each.sign_ups, each.to, key, now)


def mail_reminders(session: Session, the_list: SignUpList, due: Reminder, *, now: datetime) -> int:
    """Owe those with a seat a reminder of the day, once; how many are owed now.

    Whoever signed up after it fell due has read it all a moment ago.
    """
    event, count = the_list.event, 0
    for sign_up, to in _reachable(session, list_unreminded(session, the_list, due)):
        like = _of_event(event.id).where(SignUp.email_likeness == sign_up.email_likeness)
        own = list(session.execute(like).scalars())
        those = [one for one in own if one.state == "in" and due.is_for(one.list)]
        key = f"{_reminder_key(due, event.id)}{own[0].id}"
        last = max(due.until, *(one.list.hours[0] for one in those))
        until = last if due.kind == "today" else due.until
        count += _owe(session, due.kind, _in_order(those), to, key, now, useful_until=until)
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
    came = _of_event(event.id).where(SignUp.state == "in", SignUp.arrived > 0)
    return sum(
        _owe(
            session,
            "thanks",
            each.sign_ups,
            each.to,
            f"thanks:{event.id}:{each.oldest_id}",
            now,
            letters=letters,
        )
        for each in _by_address(session, list(session.execute(came).scalars()))
    )


def _of_event(event_id: int) -> Select[SignUp]:
    of_event = select(SignUp).join(SignUpList, SignUpList.id == SignUp.list_id)
    return of_event.where(SignUpList.event_id == event_id).order_by(SignUp.id)


def _living(session: Session, event: Event) -> list[SignUp]:
    living = _of_event(event.id).where(SignUp.state.in_(LIVING))
    return list(session.execute(living).scalars())


def _reachable(session: Session, sign_ups: Sequence[SignUp]) -> list[tuple[SignUp, str]]:
    """Those who gave an address, while mail is on and their names can be read."""
    if not is_mail_on() or not sign_ups:
        return []
    keeper: Keeper | None = find_key(session, event_keys(sign_ups[0].list.event_id))
    people = ((each, read_person(each, keeper)) for each in sign_ups if each.email is not None)
    return [(each, person.email) for each, person in people if person is not None]


def _by_address(session: Session, sign_ups: Sequence[SignUp]) -> list[Reachable]:
    """Each address once, in the order in which they signed up."""
    found: dict[str | None, Reachable] = {}
    for sign_up, to in _reachable(session, sign_ups):
        found.setdefault(sign_up.email_likeness, Reachable(to, [])).sign_ups.append(sign_up)
    return [each._replace(sign_ups=_in_order(each.sign_ups)) for each in found.values()]


def _in_order(sign_ups: list[SignUp]) -> list[SignUp]:
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


def _reminder_key(due: Reminder, event_id: int) -> str:
    return f"reminder:{event_id}:{due.kind}:{due.day_starts_at:%Y%m%d}:"


def _is_owed(session: Session, kind: str, sign_up: SignUp) -> bool:
    """Whether they were sent such a mail, or will be."""
    owed = exists().where(OwedMail.about == mail_about(sign_up), OwedMail.kind == kind)
    return bool(session.scalar(select(owed.where(OwedMail.state != DROPPED))))


def _is_proven(session: Session, sign_up: SignUp) -> bool:
    """Whether something was done at this event by a link that only this address was sent.

    Of other events it cannot be known: there the likeness of the same address is another.
    """
    proof = _of_event(sign_up.list.event_id).where(
        SignUp.email_likeness == sign_up.email_likeness, SignUp.is_proven
    )
    return session.scalar(proof.with_only_columns(SignUp.id).limit(1)) is not None


def _useful_until(kind: str, sign_ups: Sequence[SignUp]) -> datetime | None:
    if kind == "thanks":
        return None
    ends = [each.offer_ends_at or each.list.hours[1] for each in sign_ups]
    return max(ends)


def _owe(
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
    first = sign_ups[0]
    event = first.list.event
    language = first.language or event.language or usual_language()
    words = Words(kind, sign_ups, letters=letters)
    has_seat = may_know_place(first) and first.list.purpose != "home"
    calendar = calendar_for(first) if kind == "confirmation" and has_seat else ""
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
