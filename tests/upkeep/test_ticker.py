"""Jobs are done once each, whoever ticks and whatever the clock does; one's fault is its own."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text

from app import clock, ticker
from app.accounts.models import SignInSession
from app.database import SECTION, db, write
from app.limits import Rate, RateLimit, take
from app.ticker import JOBS, tick
from app.upkeep.actions import begin_job, end_job
from app.upkeep.backups import list_backups
from app.upkeep.models import Job, JobRun
from tests import factories
from tests.conftest import sign_in

NOW = datetime(2026, 12, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


class Counting:
    """A job that only notes when it was done."""

    def __init__(self) -> None:
        self.done: list[datetime] = []
        self.job = Job("count", HOUR, 5 * MINUTE, self.done.append)

    def tick(self, now: datetime) -> list[str]:
        return tick(now=now, jobs=(self.job,))


@pytest.fixture
def counting(any_app):
    return Counting()


def run_of(name: str) -> JobRun:
    db.session.rollback()
    return db.session.get_one(JobRun, name)


def fail(_now: datetime) -> None:
    raise ValueError("ana@example.org")


def test_a_job_is_done_at_once_and_then_when_its_time_has_come(counting):
    for minutes in (0, 1, 59, 60, 61, 119, 121):
        counting.tick(NOW + minutes * MINUTE)
    assert counting.done == [NOW, NOW + HOUR, NOW + 121 * MINUTE]


def test_of_many_processes_one_does_it(any_app, counting):
    def begin(_number: int) -> bool:
        with any_app.app_context():
            return begin_job(counting.job, now=NOW)

    with ThreadPoolExecutor(8) as crowd:
        assert sum(crowd.map(begin, range(24))) == 1


def test_who_crashed_is_waited_for_until_the_lease_runs_out(counting):
    begin_job(counting.job, now=NOW)
    assert run_of("count").is_under_way(now=NOW + 4 * MINUTE)
    later = Job("count", MINUTE, 5 * MINUTE, counting.done.append)
    assert tick(now=NOW + 4 * MINUTE, jobs=(later,)) == []
    assert tick(now=NOW + 6 * MINUTE, jobs=(later,)) == ["count"]


def test_a_clock_set_back_stops_nothing(counting):
    counting.tick(NOW + timedelta(days=400))
    assert counting.tick(NOW) == ["count"]
    assert counting.tick(NOW + MINUTE) == []
    assert counting.tick(NOW + HOUR) == ["count"]


def test_a_clock_set_back_while_somebody_is_at_it_ends_the_lease(counting):
    begin_job(counting.job, now=NOW + timedelta(days=400))
    assert counting.tick(NOW) == ["count"]


def test_a_clock_set_forward_does_a_job_once(counting):
    counting.tick(NOW)
    assert counting.tick(NOW + timedelta(days=400)) == ["count"]
    assert counting.tick(NOW + timedelta(days=400, minutes=1)) == []


def test_one_that_fails_stops_no_other_and_is_logged_without_a_word_of_anybodys(
    any_app, counting, caplog
):
    any_app.logger.addHandler(caplog.handler)
    bad = Job("bad", HOUR, HOUR, fail)
    assert tick(now=NOW, jobs=(bad, counting.job)) == ["count"]
    run = run_of("bad")
    assert (run.failure, run.failed_at, run.succeeded_at) == ("ValueError", NOW, None)
    lines = [any_app.logger.handlers[0].format(record) for record in caplog.records]
    assert any("job failed" in line and '"bad"' in line for line in lines)
    assert "ana@example.org" not in "".join(lines)
    assert caplog.records[-1].levelno == logging.ERROR


def test_one_that_failed_is_tried_again_within_the_hour(any_app):
    daily = Job("bad", timedelta(days=1), HOUR, fail)
    tick(now=NOW, jobs=(daily,))
    mended = daily._replace(run=lambda _now: None)
    assert tick(now=NOW + 59 * MINUTE, jobs=(mended,)) == []
    assert tick(now=NOW + 60 * MINUTE, jobs=(mended,)) == ["bad"]
    assert run_of("bad").failure is None
    assert tick(now=NOW + 3 * HOUR, jobs=(mended,)) == []


def test_addresses_and_sessions_that_are_over_are_forgotten(any_app):
    ana = factories.organiser()
    sign_in(any_app, ana)
    sign_in(any_app, ana)
    with write(SECTION) as session:
        old = session.execute(select(SignInSession).order_by(SignInSession.id)).scalars().first()
        old.last_seen_at = clock.now() - timedelta(days=3)
        take(session.connection(), "192.0.2.7", Rate(1, 1), now=clock.now() - timedelta(days=2))
    ticker.forget_expired(clock.now())
    assert db.session.execute(select(func.count(SignInSession.id))).scalar() == 1
    assert db.session.execute(select(func.count(RateLimit.key))).scalar() == 0


def test_a_broken_ledger_is_a_failure_that_admins_read(any_app):
    case = factories.case()
    factories.entry(factories.event(case.campaign, state="running"), case)
    verify = next(job for job in JOBS if job.name == "verify")
    assert tick(now=NOW, jobs=(verify,)) == ["verify"]
    with write(SECTION) as session:
        session.execute(text("UPDATE tally SET counted = counted + 1"))
    assert tick(now=NOW + timedelta(days=1), jobs=(verify,)) == []
    assert run_of("verify").failure == "1 numbers do not follow from the ledger."


def test_the_first_round_makes_the_first_backup(any_app):
    assert {"backup", "expiry", "verify"} <= set(tick(now=NOW))
    assert [file.name for file in list_backups()] == ["lettertally-20261210T120000Z.tar.gz"]
    assert {"backup", "expiry", "verify"}.isdisjoint(tick(now=NOW + MINUTE))


def test_the_command_does_one_round_and_says_what(app):
    runner = app.test_cli_runner()
    assert "backup" in runner.invoke(ticker.tick_once).output
    assert runner.invoke(ticker.tick_once).output == "Nothing was due.\n"


def test_ending_what_nobody_began_is_noted_all_the_same(any_app):
    """A backup made by hand counts as one."""
    end_job("backup", failure=None, now=NOW)
    assert run_of("backup").succeeded_at == NOW
