"""What all stories share: nobody waits for a poll's 200 milliseconds."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime

import pytest

from app import clock
from app.board import poll


@pytest.fixture(autouse=True)
def fresh_polls(monkeypatch: pytest.MonkeyPatch) -> None:
    """A poll looks the version up each time."""
    monkeypatch.setattr(poll, "FRESH_FOR", 0.0)


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Make it a certain moment for everything that asks what time it is."""
    ask = clock.now
    places = [
        module
        for name, module in list(sys.modules.items())
        if name.startswith("app.") and getattr(module, "now", None) is ask
    ]

    def at(moment: datetime) -> None:
        for module in places:
            monkeypatch.setattr(module, "now", lambda: moment)

    return at
