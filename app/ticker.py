"""What happens by itself: every minute, in one process of however many there are.

Each job has a row that is its lease. The server looks every minute in a thread of its own
(`wsgi.py`); `./run tick` does one round, for cron.
"""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from app import clock, limits
from app.accounts.actions import forget_old_sessions
from app.accounts.password_wishes import fulfil_wishes
from app.database import SECTION, db, empty_log, write
from app.events.organiser_actions import forget_old_invitations
from app.hosts.actions import forget_old_offers
from app.letters.verify import verify_ledger
from app.outbox.actions import forget_old_mail
from app.outbox.sending import send_due
from app.signups.actions import expire_offers
from app.signups.cancelling import tell_cancelled
from app.signups.door_actions import forget_head_taps
from app.signups.moving import tell_moves
from app.signups.purging import delete_due_names
from app.signups.reminding import remind
from app.upkeep.actions import begin_job, end_job
from app.upkeep.backups import back_up_daily
from app.upkeep.dumps import UpkeepFailed
from app.upkeep.models import Job
from app.upkeep.queries import list_job_runs
from app.upkeep.set_aside import forget_old_set_aside
from app.upkeep.waking import wait_for_asking

EVERY_SECONDS = 60.0


def forget_expired(now: datetime) -> None:
    """Drop what has run out: an address or a session must not outlive its use."""
    with write(SECTION) as session:
        limits.forget_unused(session, now=now)
    forget_old_sessions(now=now)
    forget_old_offers(now=now)
    forget_old_invitations(now=now)
    forget_old_mail(now=now)
    forget_head_taps(now=now)


def prove_ledger(_now: datetime) -> None:
    """Prove that every number follows from the ledger; raises UpkeepFailed."""
    faults = sum(len(verdict.faults) for verdict in verify_ledger())
    db.session.rollback()
    if faults:
        raise UpkeepFailed(f"{faults} numbers do not follow from the ledger.")


def remind_guests(now: datetime) -> None:
    """Owe mail to those who are awaited tomorrow or today."""
    remind(now=now)


def tell_of_cancellations(now: datetime) -> None:
    """Owe mail to those of a large event who have not heard yet that it is cancelled."""
    tell_cancelled(now=now)


def tell_of_moves(now: datetime) -> None:
    """Owe mail to those whose event is at another time or place."""
    tell_moves(now=now)


def ask_the_next(now: datetime) -> None:
    """Let seats go whose offer nobody answered in time, and offer them to the next in line."""
    expire_offers(now=now)


def forget_names(now: datetime) -> None:
    """Delete the names whose time has come, here and in what a restore set aside.

    Nothing that was erased stays in SQLite's log.
    """
    try:
        delete_due_names(now=now)
    finally:
        empty_log()
    forget_old_set_aside(now=now)


JOBS = (
    Job("offers", timedelta(minutes=1), timedelta(minutes=2), ask_the_next),
    Job("names", timedelta(minutes=1), timedelta(minutes=10), forget_names),
    Job("cancellations", timedelta(minutes=1), timedelta(minutes=5), tell_of_cancellations),
    Job("moves", timedelta(minutes=1), timedelta(minutes=5), tell_of_moves),
    Job("reminders", timedelta(minutes=10), timedelta(minutes=5), remind_guests),
    Job("expiry", timedelta(minutes=10), timedelta(minutes=5), forget_expired),
    Job("passwords", timedelta(minutes=1), timedelta(minutes=5), fulfil_wishes),
    Job("mail", timedelta(minutes=1), timedelta(minutes=10), send_due),
    Job("backup", timedelta(days=1), timedelta(hours=2), back_up_daily),
    Job("verify", timedelta(days=1), timedelta(hours=2), prove_ledger),
)


def tick(*, now: datetime, jobs: tuple[Job, ...] = JOBS) -> list[str]:
    """Do every job that is due and that nobody else is at; the names of those done."""
    runs = {run.name: run for run in list_job_runs()}
    due = [job for job in jobs if job.name not in runs or runs[job.name].is_due(job.every, now=now)]
    # A transaction left open would keep SQLite's log from shrinking while a job runs.
    db.session.rollback()
    return [job.name for job in due if begin_job(job, now=now) and _do(job, now)]


def _do(job: Job, now: datetime) -> bool:
    failure = None
    try:
        job.run(now)
    except Exception as error:
        failure = str(error) if isinstance(error, UpkeepFailed) else type(error).__name__
        fields = {"fields": {"job": job.name}}
        current_app.logger.exception("job failed", extra=fields)
    db.session.rollback()
    end_job(job.name, failure=failure, now=now)
    return failure is None


def start(app: Flask) -> None:
    """Tick from now on, in a thread that ends with the process."""
    threading.Thread(target=_tick_for_ever, args=(app,), name="ticker", daemon=True).start()


def _tick_for_ever(app: Flask) -> None:
    # Waited by a clock that nobody sets: a jump of the other one neither hurries nor stops it.
    while True:
        wait_for_asking(EVERY_SECONDS)
        try:
            with app.app_context():
                tick(now=clock.now())
        except Exception:
            app.logger.exception("tick failed")


@click.command("tick")
@with_appcontext
def tick_once() -> None:
    """Do once what the server does every minute; for cron where no server runs."""
    done = tick(now=clock.now())
    click.echo(f"Done: {', '.join(done)}." if done else "Nothing was due.")
