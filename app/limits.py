"""Atomic limits: one statement takes a place or says how long to wait."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import BigInteger, Connection, String, bindparam, case, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.database import Model
from app.prepared import Prepared


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


_FREE_AT = RateLimit.__table__.c.free_at_ms
SLACK_MS = 60_000
"""How much older a `now` may be than the last taker's: that of a request which was overtaken."""
# A key is never busier than a whole burst from now, unless the clock was set back since.
_MOST = bindparam("latest", type_=BigInteger) + bindparam("interval") + SLACK_MS
_LATER = case((_FREE_AT.between(bindparam("now"), _MOST), _FREE_AT), else_=bindparam("now"))
_TAKE = Prepared(
    lambda insert: (
        insert(RateLimit.__table__)
        .values(key=bindparam("key"), free_at_ms=bindparam("first"))
        .on_conflict_do_update(
            index_elements=["key"],
            set_={"free_at_ms": _LATER + bindparam("interval")},
            where=bindparam("latest") >= _LATER,
        )
        .returning(_FREE_AT)
    )
)
_WHEN_FREE = Prepared(select(_FREE_AT).where(RateLimit.__table__.c.key == bindparam("key")))


def take(connection: Connection, key: str, rate: Rate, *, now: datetime) -> int:
    """Take one place of `key`; 0 when there was one, else the seconds until there will be.

    Exactly `burst` of any number of simultaneous callers get through, in any number of
    processes: the condition is part of the UPDATE. Call it inside `write()`.
    """
    now_ms = _milliseconds(now)
    latest = now_ms + (rate.burst - 1) * rate.interval_ms
    taken = _TAKE.run(
        connection,
        key=key,
        now=now_ms,
        first=now_ms + rate.interval_ms,
        interval=rate.interval_ms,
        latest=latest,
    )
    if taken:
        return 0
    free_at: int = _WHEN_FREE.run(connection, key=key)[0][0]
    return max(1, math.ceil((free_at - latest) / 1000))


def wait_for(connection: Connection, key: str, rate: Rate, *, now: datetime) -> int:
    """The seconds until `key` has a place again, 0 when it has one now; takes none."""
    latest = _milliseconds(now) + (rate.burst - 1) * rate.interval_ms
    found = _WHEN_FREE.run(connection, key=key)
    free_at: int = found[0][0] if found else 0
    if not latest < free_at <= latest + rate.interval_ms + SLACK_MS:
        return 0
    return max(1, math.ceil((free_at - latest) / 1000))


def is_used(connection: Connection, key: str, *, now: datetime) -> bool:
    """Whether any place of `key` is taken at the moment."""
    found = _WHEN_FREE.run(connection, key=key)
    return bool(found) and found[0][0] > _milliseconds(now)


def forget_unused(session: Session, *, now: datetime) -> None:
    """Drop keys whose limit has long been free again; an address must not outlive its use."""
    day_ago = _milliseconds(now - timedelta(days=1))
    session.execute(delete(RateLimit).where(RateLimit.free_at_ms < day_ago))


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
