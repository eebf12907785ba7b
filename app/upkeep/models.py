"""Jobs that are done by themselves: when, by whom at the moment, and how it went."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Model

TRY_AGAIN_AFTER = timedelta(hours=1)
"""A job that failed does not wait for its next turn, unless that comes sooner."""
SLACK = timedelta(minutes=2)
"""How far ahead of this machine's clock another one's may be."""


class Job(NamedTuple):
    """Something to be done every so often."""

    name: str
    every: timedelta
    at_most: timedelta
    """After so long whoever began it is taken for dead, and somebody else may begin anew."""
    run: Callable[[datetime], object]


class JobRun(Model):
    """A job's only row; whoever moves `started_at` inside `write()` does the job."""

    __tablename__ = "job_run"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    noticed_at: Mapped[datetime]
    """When the job was first heard of: a young section owes no backup yet."""
    asked_at: Mapped[datetime | None]
    """Somebody wants it done now."""
    started_at: Mapped[datetime | None]
    held_until: Mapped[datetime | None]
    """When the lease of whoever is at it runs out; None when nobody is."""
    succeeded_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    failure: Mapped[str | None] = mapped_column(String(200))
    """What went wrong the last time, without a word of anybody's; None when nothing did."""

    def is_under_way(self, *, now: datetime) -> bool:
        """Whether somebody's lease on it still runs; a clock that was set back ends it, too."""
        if self.held_until is None or self.started_at is None:
            return False
        return self.started_at <= now + SLACK and now < self.held_until

    def is_due(self, every: timedelta, *, now: datetime) -> bool:
        """Whether it should begin now; a start in the future was noted by a wrong clock."""
        if self.is_under_way(now=now):
            return False
        if self.started_at is None or self.asked_at is not None or self.started_at > now + SLACK:
            return True
        pause = min(every, TRY_AGAIN_AFTER) if self.failure else every
        return now - self.started_at >= pause
