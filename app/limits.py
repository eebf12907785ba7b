"""Atomic limits: one statement takes a place or says how long to wait."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import BigInteger, String, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.database import Model, insert_for


class Rate(NamedTuple):
    """At most `burst` at once, and `per_minute` in the long run."""

    burst: int
    per_minute: float

    @property
    def interval_ms(self) -> int:
        """What one costs."""
        return round(60_000 / self.per_minute)


class RateLimit(Model):
    """When a key will be unused again: the whole state of a limit (GCRA, ITU-T I.371)."""

    __tablename__ = "rate_limit"

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    free_at_ms: Mapped[int] = mapped_column(BigInteger)
    """Milliseconds since 1970 at which the key's whole burst is free again."""


def take(session: Session, key: str, rate: Rate, *, now: datetime) -> int:
    """Take one place of `key`; 0 when there was one, else the seconds until there will be.

    Exactly `burst` of any number of simultaneous callers get through, in any number of
    processes: the condition is part of the UPDATE. Call it inside `write()`.
    """
    now_ms = _milliseconds(now)
    interval = rate.interval_ms
    latest = now_ms + (rate.burst - 1) * interval
    free_at = RateLimit.__table__.c.free_at_ms
    insert = insert_for(session)(RateLimit)
    base = _later_of(free_at, now_ms)
    taken = session.execute(
        insert.values(key=key, free_at_ms=now_ms + interval)
        .on_conflict_do_update(
            index_elements=["key"],
            set_={"free_at_ms": base + interval},
            where=base <= latest,
        )
        .returning(RateLimit.free_at_ms)
    ).scalar()
    if taken is not None:
        return 0
    row = session.get_one(RateLimit, key)
    return max(1, -(-(row.free_at_ms - latest) // 1000))


def forget_unused(session: Session, *, now: datetime) -> None:
    """Drop keys whose limit has long been free again; an address must not outlive its use."""
    day_ago = _milliseconds(now - timedelta(days=1))
    session.execute(delete(RateLimit).where(RateLimit.free_at_ms < day_ago))


def _later_of(column, now_ms: int):  # type: ignore[no-untyped-def]
    from sqlalchemy import case

    return case((column > now_ms, column), else_=now_ms)


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
