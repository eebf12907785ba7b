"""Requests come in without a thread, however slowly, and threads only ever work."""

from __future__ import annotations

import asyncio
import io
import itertools
import threading

import pytest
from flask import Flask, request

from app import bodies, front
from app.bodies import MOST_AWAITED
from app.front import Answer, environ_of
from tests.rsgi import PATIENCE, Sender, echo, post, scope_of, serve


def test_a_request_is_asked_of_the_application_with_its_whole_body():
    async def talk(it):
        sender = Sender(b"a=1&", b"b=2")
        await it.__rsgi__(post("/here", 7), sender)
        assert sender.said == (200, [("X-Path", "/here")], b"a=1&b=2")

    serve(echo, talk)


@pytest.mark.parametrize("how_many", [1, 100])
def test_slow_bodies_hold_no_thread(how_many):
    async def talk(it):
        slow = [Sender(b"a=1", is_slow=True) for _ in range(how_many)]
        waiting = [asyncio.create_task(it.__rsgi__(post("/slow", 3), one)) for one in slow]
        quick = Sender(b"b=2")
        await it.__rsgi__(post("/quick", 3), quick)
        assert quick.said[2] == b"b=2"
        assert all(one.said is None for one in slow)
        for one in slow:
            one.may_send.set()
        await asyncio.gather(*waiting)
        assert [one.said[2] for one in slow] == [b"a=1"] * how_many

    serve(echo, talk)


def test_a_body_that_never_ends_is_not_waited_for_for_ever(monkeypatch):
    monkeypatch.setattr(front, "PATIENCE", 0.01)

    async def talk(it):
        slow = Sender(b"a=1", is_slow=True)
        await it.__rsgi__(post("/slow", 3), slow)
        assert slow.said[0] == 408

    serve(echo, talk)


def test_a_big_body_is_read_piece_by_piece_by_the_thread_that_wants_it():
    piece = b"x" * 100_000

    async def talk(it):
        sender = Sender(*[piece] * 4)
        await it.__rsgi__(post("/picture", 400_000), sender)
        assert sender.said[2] == piece * 4

    assert MOST_AWAITED < 400_000
    serve(echo, talk)


@pytest.mark.parametrize(("breaks_off", "status"), [(True, 400), (False, 200)])
def test_half_of_a_big_form_is_never_taken_for_a_whole_one(breaks_off, status):
    flask = Flask("small")
    flask.config["MAX_CONTENT_LENGTH"] = 1_000_000
    flask.add_url_rule("/story", view_func=lambda: dict(request.form), methods=["POST"])

    async def talk(it):
        sender = Sender(b"story=half", breaks_off=breaks_off)
        form = ("content-type", "application/x-www-form-urlencoded")
        await it.__rsgi__(scope_of("POST", "/story", ("content-length", "400000"), form), sender)
        assert sender.said[0] == status

    serve(flask.wsgi_app, talk)


def test_a_big_body_that_trickles_for_ever_is_cut_off(monkeypatch):
    monkeypatch.setattr(bodies, "LONGEST", 0.05)
    flask = Flask("small")
    flask.config["MAX_CONTENT_LENGTH"] = 1_000_000_000
    flask.add_url_rule("/story", view_func=lambda: dict(request.form), methods=["POST"])

    async def talk(it):
        sender = Sender(*itertools.repeat(b"a", 300_000))
        form = ("content-type", "application/x-www-form-urlencoded")
        big = ("content-length", "900000000")
        await it.__rsgi__(scope_of("POST", "/story", big, form), sender)
        assert sender.said[0] == 400

    serve(flask.wsgi_app, talk)


def test_a_big_body_that_nobody_wants_is_left_unread():
    async def talk(it):
        sender = Sender(is_slow=True)
        await it.__rsgi__(post("/picture", 400_000), sender)
        assert sender.said[2] == b"no"

    def refuse(_environ, start_response):
        start_response("413 Content Too Large", [])
        return [b"no"]

    serve(refuse, talk)


@pytest.mark.parametrize(("pieces", "status"), [(3, 413), (2, 200)])
def test_a_body_that_does_not_say_its_size_may_be_as_big_as_one_that_is_awaited(pieces, status):
    async def talk(it):
        sender = Sender(*[b"x" * (MOST_AWAITED // 2)] * pieces)
        await it.__rsgi__(scope_of("POST", "/", ("transfer-encoding", "chunked")), sender)
        assert sender.said[0] == status

    serve(echo, talk)


def test_an_application_that_breaks_is_answered_500_and_asked_again(capsys):
    def break_once(environ, start_response):
        if environ["PATH_INFO"] == "/break":
            raise LookupError
        return echo(environ, start_response)

    async def talk(it):
        broken, fine = Sender(), Sender(b"a=1")
        await it.__rsgi__(post("/break", 0), broken)
        await it.__rsgi__(post("/fine", 3), fine)
        assert (broken.said[0], fine.said[0]) == (500, 200)

    serve(break_once, talk)
    assert "LookupError" in capsys.readouterr().err


def test_somebody_who_has_gone_is_told_nothing_and_hinders_nobody():
    working, may_end = threading.Event(), threading.Event()

    def work(environ, start_response):
        working.set()
        may_end.wait(PATIENCE)
        return echo(environ, start_response)

    async def talk(it):
        gone, next_one = Sender(b"a=1"), Sender(b"b=2")
        task = asyncio.create_task(it.__rsgi__(post("/", 3), gone))
        await asyncio.to_thread(working.wait, PATIENCE)
        task.cancel()
        may_end.set()
        await it.__rsgi__(post("/", 3), next_one)
        assert (gone.said, next_one.said[2]) == (None, b"b=2")

    serve(work, talk)


class Known:
    """Polls whose answer is in memory once somebody has been asked."""

    def __init__(self):
        self.answer = None

    def find(self, path, query, host, encodings):
        assert (path, query, host) == ("/tally", "v=1", "here")
        return self.answer


def test_a_crowd_s_poll_is_asked_once_and_then_answered_from_memory():
    known = Known()
    asked = []

    def draw(environ, start_response):
        asked.append(environ["PATH_INFO"])
        known.answer = Answer("200 OK", [], b"3 letters")
        start_response("200 OK", [])
        return [b"3 letters"]

    async def talk(it):
        crowd = [Sender() for _ in range(50)]
        await asyncio.gather(*(it.__rsgi__(scope_of("GET", "/tally"), one) for one in crowd))
        assert {one.said[2] for one in crowd} == {b"3 letters"}

    serve(draw, talk, threads=8, polls=known)
    assert asked == ["/tally"]


class Together:
    """Notes which presses came together; the first ones wait for `may_go`."""

    def __init__(self):
        self.may_go = threading.Event()
        self.batches = []

    def is_press(self, environ):
        return environ["PATH_INFO"] == "/press"

    def answer_together(self, environs):
        self.may_go.wait(PATIENCE)
        bodies = [environ["wsgi.input"].read() for environ in environs]
        self.batches.append(len(bodies))
        if b"bad" in bodies:
            raise LookupError
        return [Answer("200 OK", [], body) for body in bodies]


def test_presses_that_wait_are_asked_together_and_each_gets_its_own_answer():
    presses = Together()

    async def talk(it):
        phones = [Sender(b"%d" % number) for number in range(40)]
        answers = [asyncio.create_task(it.__rsgi__(post("/press", 2), one)) for one in phones]
        other = Sender(b"a=1")
        await it.__rsgi__(post("/page", 3), other)
        assert other.said[2] == b"a=1"
        presses.may_go.set()
        await asyncio.gather(*answers)
        assert [one.said[2] for one in phones] == [b"%d" % number for number in range(40)]

    serve(echo, talk, presses=presses)
    assert sum(presses.batches) == 40
    assert len(presses.batches) <= 3


def test_presses_go_on_after_some_that_broke(capsys):
    presses = Together()
    presses.may_go.set()

    async def talk(it):
        bad, good = Sender(b"bad"), Sender(b"one")
        await it.__rsgi__(post("/press", 3), bad)
        await it.__rsgi__(post("/press", 3), good)
        assert (bad.said[0], good.said[0]) == (500, 200)

    serve(echo, talk, presses=presses)
    assert "LookupError" in capsys.readouterr().err


def test_headers_are_written_as_wsgi_writes_them():
    scope = scope_of(
        "POST",
        "/caf\u00e9",
        ("content-type", "text/plain"),
        ("x-forwarded-for", "1.1.1.1"),
        ("x-forwarded-for", "2.2.2.2"),
        ("x_forwarded_for", "6.6.6.6"),
        ("cookie", "a=1"),
        ("cookie", "b=2"),
    )
    environ = environ_of(scope, None)
    assert environ["CONTENT_TYPE"] == "text/plain"
    assert environ["HTTP_X_FORWARDED_FOR"] == "1.1.1.1,2.2.2.2"
    assert environ["HTTP_COOKIE"] == "a=1; b=2"
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/caf\u00e9"
    assert (environ["REMOTE_ADDR"], environ["SERVER_PORT"]) == ("10.0.0.7", "8000")
    assert environ_of(scope_of("GET", "/"), None)["HTTP_HOST"] == "here"


@pytest.mark.parametrize(
    ("client", "address"), [("[2001:db8::7]:5000", "2001:db8::7"), ("[::1]:5000", "::1")]
)
def test_a_client_by_ipv6_has_an_address_that_can_be_read(client, address):
    scope = scope_of("GET", "/")
    scope.client = client
    assert environ_of(scope, io.BytesIO())["REMOTE_ADDR"] == address


def test_raw_letters_in_path_and_query_are_bytes_as_wsgi_has_them():
    scope = scope_of("GET", "/é")
    scope.query_string = "q=မြန်"
    environ = environ_of(scope, io.BytesIO())
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/é"
    assert environ["QUERY_STRING"].encode("latin-1").decode() == "q=မြန်"
