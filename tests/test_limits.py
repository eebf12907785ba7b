"""A limit of n lets exactly n through, whoever asks, however many at once."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from multiprocessing.synchronize import Barrier

from flask import Flask
from sqlalchemy import func, select

from app.config import Settings
from app.database import SECTION, db, engine_options, prepare_engine, read_prepared, write
from app.limits import Rate, RateLimit, forget_unused, take, wait_for

NOW = datetime(2026, 12, 10, 12, tzinfo=UTC)
TAKERS = 200
PROCESSES = 8
all_ready: Barrier


def take_one(key: str, rate: Rate, now: datetime = NOW) -> int:
    with write(SECTION) as session:
        return take(session.connection(), key, rate, now=now)


def take_in_another_process(url: str, burst: int, times: int) -> list[int]:
    """Several takes on an engine of the process's own, once all are ready; waits in seconds."""
    app = Flask("taker")
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(url)
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
        all_ready.wait()
        waits = [take_one("door", Rate(burst, 1)) for _ in range(times)]
        db.session.remove()
        db.engine.dispose()
    return waits


def wait_for_each_other(barrier: Barrier) -> None:
    global all_ready
    all_ready = barrier


def test_exactly_ten_of_two_hundred_at_once_get_through(any_app):
    settings: Settings = any_app.config["LETTERTALLY"]
    how = (settings.database_url, 10, TAKERS // PROCESSES)
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload([__name__])
    barrier = processes.Barrier(PROCESSES)
    with ProcessPoolExecutor(
        PROCESSES, processes, initializer=wait_for_each_other, initargs=(barrier,)
    ) as crowd:
        taken = [crowd.submit(take_in_another_process, *how) for _ in range(PROCESSES)]
        waits = [wait for result in taken for wait in result.result()]
    assert len(waits) == TAKERS
    assert waits.count(0) == 10
    assert all(wait >= 1 for wait in waits if wait)


def test_a_place_comes_free_as_time_passes(any_app):
    rate = Rate(burst=3, per_minute=6)
    assert [take_one("door", rate) for _ in range(4)] == [0, 0, 0, 10]
    assert take_one("door", rate, NOW + timedelta(seconds=9)) == 1
    assert take_one("door", rate, NOW + timedelta(seconds=10)) == 0
    assert take_one("door", rate, NOW + timedelta(seconds=10)) == 10


def test_whoever_waits_as_long_as_told_gets_in(any_app):
    rate = Rate(burst=2, per_minute=7)
    now = NOW
    for _ in range(10):
        wait = take_one("door", rate, now)
        now += timedelta(seconds=wait)
        assert wait == 0 or take_one("door", rate, now) == 0


def test_in_the_long_run_only_the_rate_gets_through(any_app):
    rate = Rate(burst=5, per_minute=60)
    seconds = range(120)
    got_in = sum(
        take_one("door", rate, NOW + timedelta(seconds=second)) == 0
        for second in seconds
        for _ in range(2)
    )
    assert got_in == rate.burst + len(seconds) - 1


def test_a_refusal_costs_nothing(any_app):
    rate = Rate(burst=1, per_minute=60)
    assert take_one("door", rate) == 0
    for _ in range(50):
        assert take_one("door", rate) == 1
    assert take_one("door", rate, NOW + timedelta(seconds=1)) == 0


def test_keys_do_not_know_each_other(any_app):
    rate = Rate(burst=1, per_minute=1)
    assert [take_one(key, rate) for key in ("ana", "bea", "ana")] == [0, 0, 60]


def test_requests_that_overtake_each_other_win_nothing(any_app):
    rate = Rate(burst=3, per_minute=60)
    a_moment_ago = NOW - timedelta(milliseconds=40)
    assert [take_one("door", rate) for _ in range(3)] == [0, 0, 0]
    assert all(take_one("door", rate, moment) for moment in (a_moment_ago, NOW) * 5)
    with read_prepared() as connection:
        assert wait_for(connection, "door", rate, now=a_moment_ago)


def test_a_clock_set_back_an_hour_locks_nobody_out_for_an_hour(any_app):
    rate = Rate(burst=2, per_minute=60)
    assert [take_one("door", rate) for _ in range(3)] == [0, 0, 1]
    an_hour_ago = NOW - timedelta(hours=1)
    assert [take_one("door", rate, an_hour_ago) for _ in range(3)] == [0, 0, 1]


def test_keys_long_unused_are_forgotten(any_app):
    take_one("old", Rate(1, 60), NOW - timedelta(days=2))
    take_one("new", Rate(1, 60), NOW)
    with write(SECTION) as session:
        forget_unused(session, now=NOW)
    assert list(db.session.execute(select(RateLimit.key)).scalars()) == ["new"]
    assert db.session.execute(select(func.count()).select_from(RateLimit)).scalar_one() == 1
