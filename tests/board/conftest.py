"""What tests of live numbers share: letters logged at will, a set time, Flask on its own."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask

from app import clock
from app.campaigns.models import Case
from app.events.models import Event, WritingTable
from app.letters import actions
from app.letters.actions import Receipt
from tests import factories
from tests.page import PageClient

Log = Callable[..., Receipt]


@pytest.fixture
def log(app: Flask) -> Log:
    """Log at an event's desk: `log(lisbon, amina, 12, kind="email", age_ms=60_000)`."""

    def at(
        event: Event,
        case: Case,
        quantity: int = 1,
        *,
        at: WritingTable | None = None,
        **press: object,
    ) -> Receipt:
        return actions.log_at_desk(
            event,
            factories.press(case, quantity=quantity, **press),
            table_id=at.id if at else None,
            actor="somebody",
            now=clock.now(),
        )

    return at


@pytest.fixture
def flask_alone(app: Flask, monkeypatch: pytest.MonkeyPatch) -> PageClient:
    """Asks Flask itself, which knows of a letter at once."""
    monkeypatch.setattr(app, "wsgi_app", app.wsgi_app.flask)
    return PageClient(app)


@pytest.fixture(autouse=True)
def _no_pressure(monkeypatch: pytest.MonkeyPatch) -> None:
    """However busy this machine is, the server's pace is the usual one."""
    monkeypatch.setattr(importlib.import_module("app.board.routes"), "monotonic", lambda: 0.0)


@pytest.fixture
def set_time(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Make it a certain moment for the board's pages and for the poll layer in front of them."""
    # By its full name: in the package itself `board` is the blueprint.
    routes = importlib.import_module("app.board.routes")

    def at(moment: datetime) -> None:
        monkeypatch.setattr(routes, "now", lambda: moment)
        monkeypatch.setattr(clock, "now", lambda: moment)

    return at


@pytest.fixture
def same_minute(set_time: Callable[[datetime], None]) -> None:
    """What is drawn to the minute is compared within one, also when the test meets its end."""
    set_time(clock.now())
