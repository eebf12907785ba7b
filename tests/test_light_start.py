"""What a server keeps in memory from its start is only what every instance needs."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from app import create_app
from app.config import Settings

START = "import sys; from app import create_app; create_app(); print(*sys.modules)"


@pytest.mark.parametrize(
    "package",
    [
        "sqlalchemy.dialects.postgresql",
        "alembic",
        "smtplib",
        "cryptography",
        "segno",
        "PIL",
        "nh3",
        "markdown_it",
    ],
)
def test_a_server_on_sqlite_starts_without(loaded, package):
    assert package not in loaded


def test_the_question_what_is_loaded_has_an_answer(loaded):
    assert "sqlalchemy.dialects.sqlite" in loaded


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """The modules of an app that has just been made, in a process of its own."""
    environ = os.environ | {"LETTERTALLY_INSTANCE": str(tmp_path_factory.mktemp("instance"))}
    environ.pop("LETTERTALLY_DATABASE_URL", None)
    told = subprocess.run(
        [sys.executable, "-c", START],
        env=environ,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return set(told.stdout.split())


# Templates


@pytest.fixture
def upgraded(folder):
    """An instance folder as `./run` leaves it before the server starts."""
    command = [sys.executable, "-m", "flask", "--app", "app", "upgrade"]
    environ = os.environ | {"LETTERTALLY_INSTANCE": str(folder)}
    environ.pop("LETTERTALLY_DATABASE_URL", None)
    subprocess.run(command, env=environ, check=True, capture_output=True, timeout=60)
    return folder


def templates_compiled_by(app, monkeypatch):
    """Which templates an app compiles itself when it is asked for each of them."""
    compiled = []
    compile_one = app.jinja_env.compile

    def noting(source, name, filename):
        compiled.append(name)
        return compile_one(source, name, filename)

    monkeypatch.setattr(app.jinja_env, "compile", noting)
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
    return compiled


def test_a_server_finds_its_templates_compiled(upgraded, monkeypatch):
    settings = Settings.from_environ({"LETTERTALLY_INSTANCE": str(upgraded)})
    assert templates_compiled_by(create_app(settings), monkeypatch) == []


def test_without_that_it_would_compile_them_itself(folder, monkeypatch):
    settings = Settings.from_environ({"LETTERTALLY_INSTANCE": str(folder)})
    assert "base.html" in templates_compiled_by(create_app(settings), monkeypatch)
