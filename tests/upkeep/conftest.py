"""A section with letters and a picture, and an empty machine of the same kind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from app.config import Settings
from app.database import db
from app.upkeep.archives import Manifest
from app.upkeep.backups import back_up
from app.upkeep.restoring import restore
from tests import factories, postgresql

NOW = datetime(2026, 12, 10, 12, tzinfo=UTC)


@pytest.fixture
def letters(any_app):
    """An event with a few rows in its ledger, one case with a picture."""
    case = factories.case()
    event = factories.event(case.campaign, state="running")
    for quantity in (9, 4, 1):
        factories.entry(event, case, quantity=quantity)
    pictures = instance_of(any_app) / "pictures"
    pictures.mkdir()
    (pictures / "amina.webp").write_bytes(b"a portrait")
    return event


@pytest.fixture
def archive(any_app, letters, folder) -> Path:
    """A backup of it."""
    return back_up(folder / "saved.tar.gz", now=NOW).file


@pytest.fixture
def elsewhere(any_app, folder, make_app) -> Iterator[Flask]:
    """Another machine, where nothing is yet."""
    with any_app.app_context():
        is_sqlite = db.engine.dialect.name == "sqlite"
    if is_sqlite:
        yield from _on(make_app(folder / "elsewhere"))
    else:
        with postgresql.fresh_database() as (_name, url):
            yield from _on(make_app(folder / "elsewhere", url))


def _on(app: Flask) -> Iterator[Flask]:
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def instance_of(app: Flask) -> Path:
    """The app's own folder."""
    settings: Settings = app.config["LETTERTALLY"]
    return settings.instance


def put_back(app: Flask, archive: Path) -> Manifest:
    """Restore a backup on that machine."""
    with app.app_context():
        return restore(archive, is_replacing=False, now=NOW)
