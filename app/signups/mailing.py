"""Mail to people on lists, owed in the transaction of its cause; nothing while mail is off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import exists, literal, select
from sqlalchemy.orm import Session

from app.events.models import Event
from app.events.wording import full_address, public_address, public_place, public_when
from app.formatting import number
from app.keyring import Keeper, event_keys, find_key
from app.languages import usual_language
from app.outbox.models import OwedMail
from app.outbox.owing import is_mail_on, owe
from app.outbox.writing import write_mail
from app.signups.guest_queries import count_place
from app.signups.guest_wording import state_in_words, when_of_list
from app.signups.models import LIVING, SignUp, SignUpList
from app.signups.sealing import read_person
from app.signups.visits import calendar_for, may_know_place, private_link


class Words:
    """What a mail says, asked for while it is written, in the language of whoever reads it."""

    def __init__(self, kind: str, sign_up: SignUp, *, letters: int = 0) -> None:
        self.kind, self.sign_up, self.letters = kind, sign_up, letters
        self.list = sign_up.list
        self.event = sign_up.list.event

    @property
    def subject(self) -> str:
        """One line, which begins with what it is about."""
        title = self.event.title
        return {
            "confirmation": _("Your sign-up: %(event)s", event=title),
            "offer": _("A seat is free for you: %(event)s", event=title),
            "cancellation": _("Cancelled: %(event)s", event=title),
            "tomorrow": _("Tomorrow: %(event)s", event=title),
            "today": _("Today: %(event)s", event=title),
            "thanks": _("Thank you: %(event)s", event=title),
        }[self.kind]

    @property
    def lead(self) -> str:
        """What has happened, and what to do."""
        if self.kind == "thanks":
            return ngettext(
                "Thank you for coming! Together we wrote %(letters)s letter.",
                "Thank you for coming! Together we wrote %(letters)s letters.",
                self.letters,
                letters=number(self.letters),
            )
        if self.kind == "cancellation":
            return " ".join((_("This event is cancelled."), self.event.cancel_reason)).strip()
        if self.kind in ("tomorrow", "today"):
            return self._reminder()
        return state_in_words(self.sign_up, count_place(self.sign_up))

    @property
    def act(self) -> str:
        """What the one button says."""
        return _("Take or decline the seat") if self.kind == "offer" else _("See or change it")

    @property
    def facts(self) -> list[str]:
        """When and where, as much as this person may know; nothing once it is over."""
        if self.kind in ("cancellation", "thanks") or self.list.purpose == "home":
            return []
        event = self.event
        if may_know_place(self.sign_up):
            said = [when_of_list(self.list), event.place, full_address(event), event.online_link]
        else:
            said = [public_when(event), public_place(event), public_address(event)]
        return [fact for fact in said if fact]

    @property
    def link(self) -> str:
        """The private one."""
        return private_link(self.sign_up)

    def _reminder(self) -> str:
        if self.list.purpose == "home":
            return _("You wanted to write at home: today is the day. Paper and pen will do.")
        if self.kind == "today":
            return _("We see you today. Cannot come? Say so by the link: others wait for a seat.")
        return _("We see you tomorrow. Cannot come? Say so by the link: others wait for a seat.")


def mail_about(sign_up: SignUp) -> str:
    """By what the mails that are owed to a party are found again."""
    return f"sign_up:{sign_up.public_id}"


def mail_confirmation(session: Session, sign_up: SignUp, to: str, *, now: datetime) -> bool:
    """Owe the private link to an address that anybody may have typed: at most one a day.

    Nothing that was typed stands in it.
    """
    key = f"confirmation:{sign_up.public_id}:{now:%Y%m%d%H%M}"
    calendar = _calendar_of(sign_up)
    return _owe(session, "confirmation", sign_up, to, key, now, calendar=calendar, is_stranger=True)


def mail_offers(session: Session, offered: Sequence[SignUp], *, now: datetime) -> None:
    """Owe each of those who were offered a seat the news of it."""
    for sign_up, to in _reachable(session, offered):
        key = f"offer:{sign_up.public_id}:{sign_up.offers_made}"
        _owe(session, "offer", sign_up, to, key, now)


def mail_confirmed(session: Session, seated: Sequence[SignUp], *, now: datetime) -> None:
    """Owe those whom an organiser said yes to the news of it, once, with a calendar file."""
    for sign_up, to in _reachable(session, seated):
        key = f"confirmed:{sign_up.public_id}"
        _owe(session, "confirmation", sign_up, to, key, now, calendar=_calendar_of(sign_up))


def mail_cancellation(session: Session, event: Event, *, now: datetime) -> None:
    """Owe everybody who was to come the news that the event is not held."""
    for sign_up, to in _reachable(session, _on_lists(session, event, LIVING)):
        key = f"cancellation:{sign_up.public_id}:{event.edit_version}"
        _owe(session, "cancellation", sign_up, to, key, now)


def mail_reminders(
    session: Session, the_list: SignUpList, kind: str, *, since: datetime, now: datetime
) -> int:
    """Owe those with a seat a reminder, `tomorrow` or `today`, once; how many are owed now.

    Whoever signed up after it fell due, at `since`, has read it all a moment ago.
    """
    reachable = _reachable(session, list_unreminded(session, the_list, kind, since=since))
    return sum(
        _owe(session, kind, each, to, f"reminder:{each.public_id}:{kind}", now)
        for each, to in reachable
    )


def list_unreminded(
    session: Session, the_list: SignUpList, kind: str, *, since: datetime
) -> list[SignUp]:
    """Those with a seat and an address to whom this reminder is not owed yet."""
    key = literal("reminder:") + SignUp.public_id + literal(f":{kind}")
    query = select(SignUp).where(
        SignUp.list_id == the_list.id,
        SignUp.state == "in",
        SignUp.email.is_not(None),
        SignUp.created_at < since,
        ~exists().where(OwedMail.key == key),
    )
    return list(session.execute(query.order_by(SignUp.id)).scalars())


def mail_thanks(session: Session, event: Event, letters: int, *, now: datetime) -> int:
    """Owe those who came a word of thanks with the number of letters; how many they are."""
    came = [each for each in _on_lists(session, event, ("in",)) if each.arrived]
    return sum(
        _owe(session, "thanks", each, to, f"thanks:{each.public_id}", now, letters=letters)
        for each, to in _reachable(session, came)
    )


def _calendar_of(sign_up: SignUp) -> str:
    has_seat = may_know_place(sign_up) and sign_up.list.purpose != "home"
    return calendar_for(sign_up) if has_seat else ""


def _on_lists(session: Session, event: Event, states: tuple[str, ...]) -> list[SignUp]:
    query = (
        select(SignUp)
        .join(SignUpList, SignUpList.id == SignUp.list_id)
        .where(SignUpList.event_id == event.id, SignUp.state.in_(states))
    )
    return list(session.execute(query.order_by(SignUp.id)).scalars())


def _reachable(session: Session, sign_ups: Sequence[SignUp]) -> list[tuple[SignUp, str]]:
    """Those who gave an address, while mail is on and their names can be read."""
    if not is_mail_on() or not sign_ups:
        return []
    keeper: Keeper | None = find_key(session, event_keys(sign_ups[0].list.event_id))
    people = ((each, read_person(each, keeper)) for each in sign_ups if each.email is not None)
    return [(each, person.email) for each, person in people if person is not None]


def _owe(
    session: Session,
    kind: str,
    sign_up: SignUp,
    to: str,
    key: str,
    now: datetime,
    *,
    calendar: str = "",
    letters: int = 0,
    is_stranger: bool = False,
) -> bool:
    event = sign_up.list.event
    language = sign_up.language or event.language or usual_language()
    words = Words(kind, sign_up, letters=letters)
    mail = write_mail("signups/guest_mail", language=language, calendar=calendar, words=words)
    return owe(
        session,
        key=key,
        kind=kind,
        to=to,
        mail=mail,
        scope=event_keys(event.id),
        about=mail_about(sign_up),
        language=language,
        now=now,
        is_stranger=is_stranger,
    )
