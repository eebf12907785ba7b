"""What an admin does about mail that was parked; and what is forgotten by and by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, update
from sqlalchemy.sql.dml import Update

from app import limits
from app.audit import note_deed
from app.database import SECTION, write
from app.exceptions import TooMany
from app.outbox.models import DROPPED, PARKED, SENT, OwedMail

TRY_RATE = limits.Rate(burst=5, per_minute=2)
READABLE_FOR = timedelta(days=30)
"""How long a parked mail can still be sent; then nobody waits for it any more."""
KEPT_FOR = timedelta(days=180)
"""How long is remembered that a mail was sent, so that it is not sent again."""


def send_again(ids: Sequence[int] | None, *, actor: str, now: datetime) -> int:
    """Try parked mails as if for the first time, these or all (None); how many they are."""
    anew = {"state": "waiting", "tries": 0, "due_at": now, "settled_at": None, "reason": ""}
    readable = _parked(ids).where(OwedMail.sealed_content.is_not(None)).values(anew)
    with write(SECTION) as session:
        count = _done(session.execute(readable))
        note_deed(session, actor=actor, verb="mail_again", thing="mail", thing_id=count, now=now)
    return count


def drop(ids: Sequence[int] | None, *, actor: str, now: datetime) -> int:
    """Give parked mails up, these or all (None), and forget them; how many they are."""
    gone = {"state": DROPPED, "settled_at": now, "sealed_to": None, "sealed_content": None}
    with write(SECTION) as session:
        count = _done(session.execute(_parked(ids).values(gone)))
        note_deed(session, actor=actor, verb="mail_dropped", thing="mail", thing_id=count, now=now)
    return count


def count_try(*, actor: str, now: datetime) -> None:
    """Note that somebody tries whether mail works; raises TooMany."""
    with write(SECTION) as session:
        wait = limits.take(session.connection(), f"try-mail:{actor}", TRY_RATE, now=now)
        if not wait:
            note_deed(session, actor=actor, verb="mail_tried", thing="mail", thing_id=1, now=now)
    if wait:
        raise TooMany(_("Too many tries. Wait a little, then try again."), retry_after=wait)


def forget_old_mail(*, now: datetime) -> None:
    """Give up what was parked a month ago, and forget half a year later that it was."""
    old = OwedMail.settled_at < now - READABLE_FOR
    gone = {"state": DROPPED, "settled_at": now, "sealed_to": None, "sealed_content": None}
    settled = OwedMail.state.in_((SENT, DROPPED)), OwedMail.owed_at < now - KEPT_FOR
    with write(SECTION) as session:
        session.execute(_parked(None).where(old).values(gone))
        session.execute(delete(OwedMail).where(*settled))


def _parked(ids: Sequence[int] | None) -> Update:
    chosen = update(OwedMail).where(OwedMail.state == PARKED)
    chosen = chosen if ids is None else chosen.where(OwedMail.id.in_(ids))
    return chosen.execution_options(synchronize_session=False)


def _done(result: Any) -> int:
    return int(result.rowcount)
