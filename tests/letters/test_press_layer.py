"""Presses wait for their turn outside Flask, and are answered after their common commit."""

from __future__ import annotations

import io
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from app import database, turns
from app.clock import now
from app.database import db
from app.letters.press_layer import BIGGEST, PATH, PressLayer
from app.letters.queries import get_sums
from app.letters.verify import verify_ledger
from tests import factories
from tests.conftest import join

# PostgreSQL has its own way to let writers take turns.
pytestmark = pytest.mark.sqlite


@pytest.fixture
def my_turns(app):
    return database._turns[db.engine]


class Asked:
    """Something like Flask that notes what it is asked."""

    def __init__(self, answer=lambda environ: b"ok"):
        self.answer = answer
        self.bodies = []

    def __call__(self, environ, start_response):
        self.bodies.append(environ["wsgi.input"].read())
        start_response("200 OK", [("X-Said", "once")])
        return [self.answer(environ)]


def post(body=b"op=1", **changes):
    return {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": PATH,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        **changes,
    }


def ask(layer, environ):
    said = []
    body = b"".join(layer(environ, lambda *line: said.append(line)))
    return said, body


@pytest.mark.parametrize(
    "changes",
    [
        {"REQUEST_METHOD": "GET"},
        {"PATH_INFO": "/join"},
        {"CONTENT_LENGTH": ""},
        {"CONTENT_LENGTH": "-1"},
        {"CONTENT_LENGTH": str(BIGGEST + 1)},
    ],
)
def test_whatever_is_no_press_needs_no_turn(my_turns, changes):
    flask = Asked(lambda environ: b"mine" if my_turns.is_mine else b"free")
    said, body = ask(PressLayer(flask, my_turns), post(**changes))
    assert body == b"free"
    assert said == [("200 OK", [("X-Said", "once")])]


def test_a_press_is_asked_in_its_turn_with_its_whole_body(my_turns):
    flask = Asked(lambda environ: b"mine" if my_turns.is_mine else b"free")
    said, body = ask(PressLayer(flask, my_turns), post(b"op=1&case=ana"))
    assert body == b"mine"
    assert flask.bodies == [b"op=1&case=ana"]
    assert said == [("200 OK", [("X-Said", "once")])]
    assert not my_turns.is_mine


def test_a_slow_sender_holds_no_turn(my_turns):
    never_sent = threading.Event()

    class Slow(io.BytesIO):
        def read(self, *size):
            never_sent.wait(30)
            return super().read(*size)

    layer = PressLayer(Asked(), my_turns)
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(ask, layer, post(**{"wsgi.input": Slow(b"op=1")}))
        assert ask(layer, post())[1] == b"ok"
        assert not slow.done()
        never_sent.set()
        assert slow.result(30)[1] == b"ok"


def test_an_error_in_flask_gives_the_turn_back(my_turns):
    def break_down(_environ):
        raise LookupError

    with pytest.raises(LookupError):
        ask(PressLayer(Asked(break_down), my_turns), post())
    assert ask(PressLayer(Asked(), my_turns), post())[1] == b"ok"


@pytest.fixture
def press_together(app, my_turns):
    """All of these press while somebody else has the turn, and are answered after it."""

    def press_together(*phones):
        with ThreadPoolExecutor(len(phones)) as pool:
            with my_turns.alone():
                answers = [pool.submit(phone.press) for phone in phones]
                pause = threading.Event()
                for _ in range(3000):
                    if my_turns._joiners == len(phones):
                        break
                    pause.wait(0.01)
            return [answer.result(30) for answer in answers]

    return press_together


@pytest.fixture
def commits(monkeypatch):
    """The shared transactions that were committed, in their order."""
    done = []
    commit = turns._SharedTransaction.commit

    def note(shared):
        commit(shared)
        done.append(shared)

    monkeypatch.setattr(turns._SharedTransaction, "commit", note)
    return done


def test_phones_that_press_together_share_a_commit_and_each_gets_its_own_total(
    app, table_1, lisbon, press_together, commits
):
    answers = press_together(*(join(app, table_1) for _ in range(4)))
    assert [answer.status for answer in answers] == [200] * 4
    assert sorted(answer.json["event_total"] for answer in answers) == [1, 2, 3, 4]
    assert len(commits) == 1
    assert get_sums(lisbon.id).counted.total == 4


def test_presses_whose_common_commit_fails_are_asked_again_and_counted_once(
    app, table_1, lisbon, press_together, monkeypatch
):
    commit, failures = turns._SharedTransaction.commit, [OSError("the disk is full")]

    def fail_once(shared):
        if failures and shared._writers:
            shared._failure = failures.pop()
        commit(shared)

    monkeypatch.setattr(turns._SharedTransaction, "commit", fail_once)
    answers = press_together(*(join(app, table_1) for _ in range(3)))
    assert not failures
    assert [answer.status for answer in answers] == [200] * 3
    assert get_sums(lisbon.id).counted.total == 3
    assert [verdict.faults for verdict in verify_ledger() if verdict.faults] == []


def test_a_refused_press_leaves_the_others_of_its_commit_alone(
    app, table_1, lisbon, press_together, commits
):
    welcome, signed_off = join(app, table_1), join(app, table_1)
    factories.change(table_1.devices[-1], revoked_at=now())
    statuses = {answer.status for answer in press_together(welcome, signed_off)}
    assert statuses == {200, 403}
    assert get_sums(lisbon.id).counted.total == 1
    assert len(commits) == 1
