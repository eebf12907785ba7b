"""What a server keeps in memory from its start is only what every instance needs."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

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
