"""Owe somebody a mail, in the transaction of its cause; and forget what is owed to one person."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from flask import current_app
from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.orm import Session

from app.config import Settings
from app.keyring import SECTION, Keeper, key_for
from app.outbox.models import DROPPED, PARKED, SENDING, WAITING, OwedMail
from app.outbox.writing import Mail

_Row = dict[str, object]
AT_ONCE = 500
"""How many mails one statement is about: thousands would fill the memory."""
NOTHING_LEFT: dict[str, None] = dict.fromkeys(("sealed_to", "sealed_content", "stranger"))
"""What the columns hold that say anything of a person, once a mail is settled."""


def is_mail_on() -> bool:
    """Whether mail can be sent; otherwise links are shown on screen."""
    settings: Settings = current_app.config["LETTERTALLY"]
    return settings.smtp_url is not None


class NewMail(NamedTuple):
    """A mail that is to be owed, to whom it goes, and what is known of it.

    `key` says what mail it is ("offer:ab12:3"): the same is owed once. `scope` names the data key
    that seals it, `about` is the opaque id by which it can be erased. It says all that those about
    `replaces` would say that still wait for a stranger's day.
    """

    key: str
    kind: str
    to: str
    mail: Mail
    scope: str
    about: str
    language: str
    not_before: datetime | None = None
    useful_until: datetime | None = None
    is_stranger: bool = False
    replaces: Collection[str] = ()


def owe_all(session: Session, mails: Iterable[NewMail], *, now: datetime) -> int:
    """Write down mails that are to be sent, inside the `write()` of their cause; how many.

    As few statements for thousands as for one. While mail is off nothing is owed, so that nobody
    is sent last month's mail once it is on. To a stranger, whose address anybody may have typed,
    one mail a day is sent; the others wait for their day, as long as they are of use.
    """
    owed, waiting = 0, iter(mails if is_mail_on() else ())
    while some := list(islice(waiting, AT_ONCE)):
        owed += _owe_some(session, some, now)
    return owed


def owe(session: Session, *, now: datetime, **what: Any) -> bool:
    """The same for one, of which `NewMail` says what may be said; False when it is not owed."""
    return owe_all(session, [NewMail(**what)], now=now) == 1


def _owe_some(session: Session, mails: Sequence[NewMail], now: datetime) -> int:
    useful = {
        new.key: new
        for new in mails
        if new.useful_until is None or new.useful_until > _due_at(new, now)
    }
    known = set(session.scalars(select(OwedMail.key).where(OwedMail.key.in_(useful))))
    fresh = [new for new in useful.values() if new.key not in known]
    if not fresh:
        return 0
    replaced = OwedMail.about.in_([about for new in fresh for about in new.replaces])
    _drop(session, replaced, OwedMail.stranger.is_not(None), reason="withdrawn")
    keepers = {scope: key_for(session, scope, now=now) for scope in {new.scope for new in fresh}}
    strangers = _likenesses(session, {new.to for new in fresh if new.is_stranger}, now)
    rows = [_row(new, keepers[new.scope], strangers, now) for new in fresh]
    session.execute(insert(OwedMail), rows)
    return len(fresh)


def _row(new: NewMail, keeper: Keeper, strangers: dict[str, str], now: datetime) -> _Row:
    uid, due_at = secrets.token_hex(16), _due_at(new, now)
    return {
        "key": new.key,
        "uid": uid,
        "kind": new.kind,
        "scope": new.scope,
        "about": new.about,
        "language": new.language,
        "sealed_to": keeper.seal(new.to, at=place_of(uid, "to")),
        "sealed_content": keeper.seal(json.dumps(new.mail), at=place_of(uid, "content")),
        "owed_at": due_at,
        "due_at": due_at,
        "useful_until": new.useful_until,
        "stranger": strangers[new.to] if new.is_stranger else None,
    }


def _due_at(new: NewMail, now: datetime) -> datetime:
    return max(now, new.not_before or now)


def forget_mail(session: Session, *, about: str) -> int:
    """Send nothing more of what is owed to one person, and forget it; how many mails it was.

    Inside `write()`. A mail that is on its way at this very moment may still arrive.
    """
    return _drop(session, OwedMail.about == about)


def forget_mail_in(session: Session, *, scope: str) -> int:
    """The same for everything that one key seals, as that of an event's names."""
    return _drop(session, OwedMail.scope == scope)


def withdraw(session: Session, abouts: Collection[str], *, kind: str) -> int:
    """Do not send what still waits about these, of one kind; how many mails it was."""
    waiting = OwedMail.state == WAITING, OwedMail.kind == kind
    return _drop(session, OwedMail.about.in_(abouts), *waiting, reason="withdrawn")


def release(session: Session, *, scope: str, to: str, about: str, now: datetime) -> None:
    """Send at once what one scope owes to an address that is no stranger's any more.

    But for what is `about` what they are looking at.
    """
    is_known = OwedMail.about == about, OwedMail.stranger.is_not(None)
    _drop(session, *is_known, reason="withdrawn")
    session.execute(
        update(OwedMail)
        .where(OwedMail.scope == scope, OwedMail.stranger == _likeness(session, to, now))
        .values(stranger=None, owed_at=now, due_at=now)
        .execution_options(synchronize_session=False)
    )


def place_of(uid: str, column: str) -> str:
    """Where a part of a mail is sealed for."""
    return f"outbox_mail:{uid}:{column}"


def _drop(session: Session, *which: ColumnElement[bool], reason: str = "erased") -> int:
    result: Any = session.execute(
        update(OwedMail)
        .where(*which, OwedMail.state.in_((WAITING, SENDING, PARKED)))
        .values(state=DROPPED, reason=reason, **NOTHING_LEFT)
        .execution_options(synchronize_session=False)
    )
    return int(result.rowcount)


def _likeness(session: Session, to: str, now: datetime) -> str:
    return _likenesses(session, [to], now)[to]


def _likenesses(session: Session, addresses: Collection[str], now: datetime) -> dict[str, str]:
    keeper = key_for(session, SECTION, now=now) if addresses else None
    return {to: keeper.address_likeness(to) for to in addresses} if keeper else {}
