"""The shell's stage: an app on any public address, with routes that refuse and break on demand."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, abort, request

from app import create_app
from app.config import Settings
from app.database import db
from app.exceptions import Conflict, NotAllowed, NotFound, NotSignedIn, RuleBroken, TooMany
from app.setup import gate as setup_gate
from tests.page import PageClient

REFUSALS = {
    401: NotSignedIn("Nobody is known."),
    403: NotAllowed("Not you."),
    404: NotFound("Not here."),
    409: Conflict("Somebody was faster."),
    422: RuleBroken("Mend this.", field="quantity", error="too_many_letters"),
    429: TooMany("Not so fast.", retry_after=7),
}


@pytest.fixture
def make_shell(folder: Path, migrated_file: Path) -> Iterator[Callable[..., Flask]]:
    """An app as the environment asks for it (`public_url=…`), in this test's own folder."""
    made = []

    def make(**settings: str) -> Flask:
        shutil.copy(migrated_file, folder / migrated_file.name)
        environ = {f"LETTERTALLY_{name.upper()}": value for name, value in settings.items()}
        environ.setdefault("LETTERTALLY_PUBLIC_URL", "http://localhost")
        app = create_app(Settings.from_environ(environ | {"LETTERTALLY_INSTANCE": str(folder)}))
        app.extensions[setup_gate.DONE] = {"people", "section"}
        add_troubles(app)
        made.append(app)
        return app

    yield make
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def shell(make_shell: Callable[..., Flask]) -> Flask:
    """The app on http://localhost."""
    return make_shell()


@pytest.fixture
def secure_shell(make_shell: Callable[..., Flask]) -> Flask:
    """The app on https://letters.example.org."""
    return make_shell(public_url="https://letters.example.org")


@pytest.fixture
def stranger(shell: Flask) -> PageClient:
    """Somebody new."""
    return PageClient(shell)


def add_troubles(app: Flask) -> None:
    """Routes that answer with any status there is words for."""

    def refuse(status: int) -> str:
        raise REFUSALS[status]

    def stop(status: int) -> str:
        abort(status)

    def crash() -> str:
        secret = "ana@example.org"
        raise ValueError(f"a value that must not be logged: {secret}")

    def echo() -> list[str]:
        return sorted(request.form)

    every = ["GET", "POST"]
    app.add_url_rule("/refuse/<int:status>", "refuse", refuse, methods=every)
    app.add_url_rule("/stop/<int:status>", "stop", stop, methods=every)
    app.add_url_rule("/crash", "crash", crash, methods=every)
    app.add_url_rule("/echo", "echo", echo, methods=["POST"])
    app.add_url_rule("/row/<int:number>", "row", lambda number: [number])


@pytest.fixture
def logged(capsys: pytest.CaptureFixture[str]) -> Callable[[], list[dict[str, Any]]]:
    """What went to standard error since the last look, line by line."""

    def read() -> list[dict[str, Any]]:
        return [json.loads(line) for line in capsys.readouterr().err.splitlines()]

    return read
