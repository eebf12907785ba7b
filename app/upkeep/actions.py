"""Begin and end a job that is done by itself, and ask for one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.audit import note_deed
from app.database import SECTION, write
from app.upkeep.models import Job, JobRun


def begin_job(job: Job, *, now: datetime) -> bool:
    """Take the job's lease if it is due; False when it is not, or somebody else was faster."""
    with write(SECTION) as session:
        run = _run_of(session, job.name, now=now)
        is_ours = run.is_due(job.every, now=now)
        if is_ours:
            run.started_at, run.held_until, run.asked_at = now, now + job.at_most, None
    return is_ours


def end_job(name: str, *, failure: str | None, now: datetime) -> None:
    """Note how a job went and give its lease back; `now` is when it began."""
    with write(SECTION) as session:
        run = _run_of(session, name, now=now)
        run.held_until = None
        run.failure = failure and failure[:200]
        if failure:
            run.failed_at = now
        else:
            run.succeeded_at = now


def ask_for_job(name: str, *, actor: str, now: datetime) -> None:
    """Have a job done at the next round."""
    with write(SECTION) as session:
        _run_of(session, name, now=now).asked_at = now
        note_deed(session, actor=actor, verb="ask_for", thing="job", thing_id=name, now=now)


def _run_of(session: Session, name: str, *, now: datetime) -> JobRun:
    run = session.get(JobRun, name)
    if run is None:
        run = JobRun(name=name, noticed_at=now)
        session.add(run)
    return run
