"""One demo, made once, for everybody who only looks at it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from flask import Flask

from app.database import db
from app.demo.load import DATA, load_demo
from app.events.access import get_public_event
from app.events.models import Event

NOW = datetime(2026, 12, 10, 9, 12, 34, tzinfo=UTC)
"""A morning in the middle of a real marathon."""


class Demo(NamedTuple):
    """The app that the demo was loaded into, when, and what the loader told."""

    app: Flask
    now: datetime
    facts: dict[str, Any]

    @property
    def events(self) -> dict[str, Event]:
        """The events by their state: there is one of each."""
        return {told["state"]: get_public_event(told["slug"]) for told in self.facts["events"]}


@pytest.fixture(scope="session")
def loaded(workshop: Path, migrated_file: Path, make_app: Callable[..., Flask]) -> Iterator[Demo]:
    """The demo of a December morning."""
    folder = workshop / "demo"
    folder.mkdir(mode=0o700)
    shutil.copy(migrated_file, folder / migrated_file.name)
    app = make_app(folder)
    with app.app_context():
        facts = load_demo(now=NOW)
        db.session.remove()
    yield Demo(app, NOW, facts)
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def demo(loaded: Demo) -> Iterator[Demo]:
    """The same, inside an app context of the test's own."""
    with loaded.app.app_context():
        yield loaded
        db.session.remove()


@pytest.fixture
def told() -> dict[str, Any]:
    """The words of the campaign and its events, as they are written down."""
    found: dict[str, Any] = json.loads((DATA / "campaign.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture
def told_cases() -> list[dict[str, Any]]:
    """The words of the cases, as they are written down."""
    found: list[dict[str, Any]] = json.loads((DATA / "cases.json").read_text(encoding="utf-8"))
    return found
