"""What was done by itself, and who did what when."""

from __future__ import annotations

from sqlalchemy import select

from app.database import db
from app.upkeep.models import JobRun


def list_job_runs() -> list[JobRun]:
    """How each job went the last time, by name."""
    return list(db.session.execute(select(JobRun).order_by(JobRun.name)).scalars())
