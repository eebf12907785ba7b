"""Owe somebody a mail, in the transaction of its cause; and forget what is owed to one person."""

from __future__ import annotations

import json
import secrets
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import Session

from app import limits
from app.config import Settings
from app.keyring import SECTION, key_for
from app.outbox.models import DROPPED, PARKED, SENDING, WAITING, OwedMail
from app.outbox.writing import Mail

STRANGER_RATE = limits.Rate(burst=1, per_minute=1 / (24 * 60))
"""To an address that anybody may have typed: one mail a day."""


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
    is_stranger: bool = False,
) -> bool:
    """Write down a mail that is to be sent, inside the `write()` of its cause; False when not.

    `key` says what mail it is ("offer:ab12:3"): the same is owed once. `scope` names the data key
    that seals it, `about` is the opaque id by which it can be erased. While mail is off nothing is
    owed, so that nobody is sent last month's mail once it is on. To a stranger goes one a day.
    """
    if not is_mail_on() or session.scalar(select(exists().where(OwedMail.key == key))):
        return False
    if is_stranger and not _take_place_of_stranger(session, to, now):
        return False
    due_at = max(now, not_before or now)
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


def place_of(uid: str, column: str) -> str:
    """Where a part of a mail is sealed for."""
    return f"outbox_mail:{uid}:{column}"


def _drop(session: Session, which: ColumnElement[bool]) -> int:
    result: Any = session.execute(
        update(OwedMail)
        .where(which, OwedMail.state.in_((WAITING, SENDING, PARKED)))
        .values(state=DROPPED, reason="erased", sealed_to=None, sealed_content=None)
        .execution_options(synchronize_session=False)
    )
    return int(result.rowcount)


def _take_place_of_stranger(session: Session, to: str, now: datetime) -> bool:
    likeness = key_for(session, SECTION, now=now).likeness(to)
    wait = limits.take(session.connection(), f"stranger:{likeness}", STRANGER_RATE, now=now)
    return wait == 0
