"""What keeps a thread long is done by a few of them, and waits for its turn without one."""

from __future__ import annotations

import asyncio
import threading

import pytest

from app import front
from app.lanes import FULL
from tests.rsgi import PATIENCE, Sender, echo, post, serve


@pytest.mark.parametrize(("part", "at_once"), [(front.LANES, 2), (1, 8)])
def test_slow_big_bodies_hold_a_quarter_of_the_threads_and_the_rest_waits(
    monkeypatch, part, at_once
):
    # The control is a lane as broad as all threads: it lets all of them be held.
    monkeypatch.setattr(front, "LANES", part)
    reading, counting = [], threading.Semaphore(0)

    def read(environ, start_response):
        if environ["PATH_INFO"] == "/picture":
            reading.append(environ)
            counting.release()
        return echo(environ, start_response)

    async def talk(it):
        slow = [Sender(b"x" * 400_000, is_slow=True) for _ in range(12)]
        waiting = [asyncio.create_task(it.__rsgi__(post("/picture", 400_000), one)) for one in slow]
        for _ in range(at_once):
            await asyncio.to_thread(counting.acquire, timeout=PATIENCE)
        quick = asyncio.create_task(it.__rsgi__(post("/page", 3), Sender(b"a=1")))
        if at_once < 8:
            await quick
        assert (len(reading), quick.done()) == (at_once, at_once < 8)
        for one in slow:
            one.may_send.set()
        await asyncio.gather(quick, *waiting)
        assert {len(one.said[2]) for one in slow} == {400_000}

    serve(read, talk, threads=8)


@pytest.mark.parametrize("why", ["MOST_WAITING", "PASSWORD_PATIENCE"])
def test_who_finds_no_place_in_a_lane_is_told_so_by_the_application(monkeypatch, why):
    monkeypatch.setattr(front, why, 0)
    working, may_end = threading.Event(), threading.Event()

    def look_at_password(environ, start_response):
        start_response("429 Too Many" if FULL in environ else "200 OK", [])
        if FULL not in environ:
            working.set()
            may_end.wait(PATIENCE)
        return [b""]

    async def talk(it):
        first, second, third = Sender(), Sender(), Sender()
        one = asyncio.create_task(it.__rsgi__(post("/sign-in", 0), first))
        await asyncio.to_thread(working.wait, PATIENCE)
        await it.__rsgi__(post("/sign-in", 0), second)
        may_end.set()
        await one
        await it.__rsgi__(post("/sign-in", 0), third)
        assert [each.said[0] for each in (first, second, third)] == [200, 429, 200]

    looks = {"looks_at_password": lambda environ: environ["PATH_INFO"] == "/sign-in"}
    serve(look_at_password, talk, threads=4, **looks)


def test_a_place_in_a_lane_is_free_when_the_thread_is_done_not_when_its_asker_has_gone():
    working, may_end = threading.Semaphore(0), threading.Event()

    def look_at_password(environ, start_response):
        if is_password(environ):
            working.release()
            may_end.wait(PATIENCE)
        return echo(environ, start_response)

    def is_password(environ):
        return environ["PATH_INFO"] == "/sign-in"

    async def talk(it):
        gone = asyncio.create_task(it.__rsgi__(post("/sign-in", 0), Sender()))
        await asyncio.to_thread(working.acquire, timeout=PATIENCE)
        gone.cancel()
        next_one = asyncio.create_task(it.__rsgi__(post("/sign-in", 0), Sender()))
        # Threads take what they are asked in turn.
        await it.__rsgi__(post("/page", 3), Sender(b"a=1"))
        assert not working.acquire(blocking=False)
        may_end.set()
        await next_one

    serve(look_at_password, talk, threads=4, looks_at_password=is_password)
