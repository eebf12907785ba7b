"""Owe somebody a mail, in the transaction of its cause; and forget what is owed to one person."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import Session

from app.config import Settings
from app.keyring import SECTION, key_for
from app.outbox.models import DROPPED, PARKED, SENDING, WAITING, OwedMail
from app.outbox.writing import Mail

NOTHING_LEFT: dict[str, None] = dict.fromkeys(("sealed_to", "sealed_content", "stranger"))
"""What the columns hold that say anything of a person, once a mail is settled."""


def is_mail_on() -> bool:
    """Whether mail can be sent; otherwise links are shown on screen."""
    settings: Settings = current_app.config["LETTERTALLY"]
    return settings.smtp_url is not None


def owe(
    session: Session,
    *,
    key: str,
    kind: str,
    to: str,
    mail: Mail,
    scope: str,
    about: str,
    language: str,
    now: datetime,
    not_before: datetime | None = None,
    useful_until: datetime | None = None,
    is_stranger: bool = False,
    replaces: Collection[str] = (),
) -> bool:
    """Write down a mail that is to be sent, inside the `write()` of its cause; False when not.

    `key` says what mail it is ("offer:ab12:3"): the same is owed once. `scope` names the data key
    that seals it, `about` is the opaque id by which it can be erased. While mail is off nothing is
    owed, so that nobody is sent last month's mail once it is on. To a stranger, whose address
    anybody may have typed, one mail a day is sent; the others wait for their day, as long as they
    are of use. It says all that those about `replaces` would say that still wait for such a day.
    """
    if not is_mail_on() or session.scalar(select(exists().where(OwedMail.key == key))):
        return False
    due_at = max(now, not_before or now)
    if useful_until is not None and useful_until <= due_at:
        return False
    waits_for_a_day = OwedMail.stranger.is_not(None)
    _drop(session, OwedMail.about.in_(replaces), waits_for_a_day, reason="withdrawn")
    keeper, uid = key_for(session, scope, now=now), secrets.token_hex(16)
    session.add(
        OwedMail(
            key=key,
            uid=uid,
            kind=kind,
            scope=scope,
            about=about,
            language=language,
            sealed_to=keeper.seal(to, at=place_of(uid, "to")),
            sealed_content=keeper.seal(json.dumps(mail), at=place_of(uid, "content")),
            owed_at=due_at,
            due_at=due_at,
            useful_until=useful_until,
            stranger=_likeness(session, to, now) if is_stranger else None,
        )
    )
    session.flush()
    return True


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
    return key_for(session, SECTION, now=now).address_likeness(to)
