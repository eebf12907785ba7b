"""Whatever anybody sends to any address, the answer is one of ours, and never that we broke.

`./run bench rubbish` throws fifty thousand at the shipped server; here are some, at the app itself.
"""

from __future__ import annotations

import io
import random
import re
import sys
import traceback
from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.test import run_wsgi_app

from app.letters.verify import verify_ledger
from bench.rig.brittle import plant_breaking
from bench.rig.rubbish import ROLES, Ask, Rubbish
from tests import factories
from tests.conftest import join, sign_in
from tests.page import PageClient, in_clean_context

MANY = 700
SEED = 20_261_210


class Thrower:
    """Sends rubbish as somebody of each role; whoever was signed out by it is replaced."""

    def __init__(self, world, lisbon, table_1) -> None:
        self.app, self.lisbon, self.table_1 = world.app, lisbon, table_1
        self.people = {role: self.come(role) for role in ROLES}
        self.rubbish = Rubbish(self.app.url_map, random.Random(SEED), host="localhost")
        self.broken: dict[str, str] = {}
        """The first request of each mishap."""
        for role in ROLES:
            self.rubbish.explore(lambda path, role=role: self.fetch(self.people[role], path))

    def come(self, role: str) -> PageClient:
        if role == "nobody":
            return PageClient(self.app)
        if role == "device":
            return join(self.app, self.table_1)
        person = factories.organiser(role=role)
        if role == "organiser":
            factories.change(self.lisbon, organisers=[*self.lisbon.organisers, person])
        return sign_in(self.app, person)

    def fetch(self, person: PageClient, path: str) -> tuple[int, str, bytes]:
        answer = in_clean_context(lambda: person.browser.get(path, buffered=True))
        return answer.status_code, answer.mimetype, answer.data

    def throw(self, asks: Iterator[Ask], many: int) -> set[str]:
        """The rules that so many requests reached."""
        reached = set()
        for ask, _number in zip(asks, range(many), strict=False):
            status = in_clean_context(lambda ask=ask: self.send(ask))
            if status in (303, 401, 403):
                self.people[ask.role] = self.come(ask.role)
            if status >= 500:
                self.broken.setdefault(f"{status} at {ask.rule}", str(ask))
            elif status < 400:
                reached.add(ask.rule)
        return reached

    def send(self, ask: Ask) -> int:
        kept = self.people[ask.role].browser._cookies.values()
        cookies = "; ".join(f"{cookie.key}={cookie.value}" for cookie in kept)
        try:
            answer = run_wsgi_app(self.app.wsgi_app, environ_of(ask, cookies), buffered=True)
        except Exception:
            told = traceback.format_exc(limit=-8).rstrip()
            self.broken.setdefault(told.splitlines()[-1][:60], f"{ask}\n{told}")
            return 0
        return int(answer[1][:3])


def environ_of(ask: Ask, cookies: str) -> dict[str, Any]:
    """The request as the server hands it to the WSGI application."""
    path, _, query = ask.target.decode("latin-1").partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": ask.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": re.sub("%([0-9a-fA-F]{2})", lambda found: chr(int(found[1], 16)), path),
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": str(len(ask.body)),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(ask.body),
        "wsgi.errors": sys.stderr,
        "wsgi.version": (1, 0),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in [*ask.headers, ("Cookie", cookies.encode())]:
        key = name.upper().replace("-", "_")
        key = key if key == "CONTENT_TYPE" else f"HTTP_{key}"
        said = value.decode("latin-1")
        joint = "; " if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{joint}{said}" if key in environ else said
    return environ


@pytest.fixture
def thrower(world, lisbon, table_1):
    return Thrower(world, lisbon, table_1)


@pytest.mark.timeout(240)
@pytest.mark.sqlite
# Werkzeug leaves the uploads of a form that was cut short to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_no_rubbish_breaks_anything(thrower):
    asks = thrower.rubbish.asks(lambda role: thrower.people[role].csrf_token())
    reached = thrower.throw(asks, MANY)
    assert not thrower.broken, "\n\n".join(thrower.broken.values())
    assert len(reached) > 30, sorted(reached)
    assert [verdict.faults for verdict in verify_ledger() if verdict.faults] == []


@pytest.mark.sqlite
def test_a_route_that_breaks_is_noticed(world, lisbon, table_1):
    """The control of the test above: it need not be told where to look."""
    sound = {rule.rule for rule in world.app.url_map.iter_rules()}
    plant_breaking(world.app)
    thrower = Thrower(world, lisbon, table_1)
    thrower.rubbish.rules = [rule for rule in thrower.rubbish.rules if rule.rule not in sound]
    thrower.throw(thrower.rubbish.asks(lambda role: thrower.people[role].csrf_token()), 60)
    assert any("ValueError" in each for each in thrower.broken)
