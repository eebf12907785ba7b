"""What is in the outbox, told without an address or a word of any mail."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, select

from app.database import db
from app.outbox.models import PARKED, SENDING, SENT, WAITING, OwedMail

DAY = timedelta(days=1)


class KindOfMail(NamedTuple):
    """How many mails of a kind stand how."""

    kind: str
    waiting: int
    later: int
    """Not to be sent before an hour to come."""
    sent: int
    """Within a day."""
    parked: int


def list_kinds_of_mail(*, now: datetime) -> list[KindOfMail]:
    """Each kind there is, by name."""
    is_later = (OwedMail.state == WAITING) & (OwedMail.owed_at > now)
    is_old = (OwedMail.state == SENT) & (OwedMail.settled_at <= now - DAY)
    rows = db.session.execute(
        select(OwedMail.kind, OwedMail.state, is_later, func.count())
        .where(OwedMail.state.in_((WAITING, SENDING, SENT, PARKED)), ~is_old)
        .group_by(OwedMail.kind, OwedMail.state, is_later)
        .order_by(OwedMail.kind)
    )
    counts: Counter[tuple[str, str]] = Counter()
    for kind, state, later, count in rows:
        counts[kind, "later" if later else WAITING if state == SENDING else state] += count
    kinds = sorted({kind for kind, _ in counts})
    columns = (WAITING, "later", SENT, PARKED)
    return [KindOfMail(kind, *(counts[kind, column] for column in columns)) for kind in kinds]


def list_sent_hours(*, now: datetime) -> list[tuple[datetime, int]]:
    """The hours of the last day in which mail was sent, and how much; the latest first."""
    times = db.session.execute(
        select(OwedMail.settled_at)
        .where(OwedMail.state == SENT, OwedMail.settled_at > now - DAY)
        .order_by(OwedMail.settled_at)
    ).scalars()
    hours = Counter(at.replace(minute=0, second=0, microsecond=0) for at in times if at)
    return sorted(hours.items(), reverse=True)


def list_parked(*, most: int) -> list[OwedMail]:
    """Mails that are not tried any more until somebody says so, the latest first."""
    return list(
        db.session.execute(
            select(OwedMail)
            .where(OwedMail.state == PARKED)
            .order_by(OwedMail.settled_at.desc(), OwedMail.id.desc())
            .limit(most)
        ).scalars()
    )


def count_parked() -> int:
    """How many there are."""
    return db.session.scalar(select(func.count()).where(OwedMail.state == PARKED)) or 0


def find_oldest_waiting(*, now: datetime) -> datetime | None:
    """Since when the mail that has waited for longest should be on its way."""
    return db.session.scalar(
        select(func.min(OwedMail.owed_at)).where(
            OwedMail.state.in_((WAITING, SENDING)), OwedMail.owed_at <= now
        )
    )
