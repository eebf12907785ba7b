"""What the launcher says when it cannot do what was asked: one line, exit code 1."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from app.serving import hold

# Runs the launcher as an interpreter would that is older or has less than this one.
PRETENDING = """
import importlib.util, runpy, sys
find_spec = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name in {missing} else find_spec(name, *rest)
sys.version_info = {version}
sys.argv = ["run"]
runpy.run_path({launcher!r}, run_name="__main__")
"""


def assert_refused(done: subprocess.CompletedProcess[str], *words: str) -> None:
    assert done.returncode == 1, done.stderr
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1, done.stderr
    for word in words:
        assert word in done.stderr


@pytest.fixture
def pretend(bare_tree, environ):
    """Start the launcher on another Python than the one we have."""

    def start(version=sys.version_info, missing=()):
        code = PRETENDING.format(
            version=tuple(version), missing=set(missing) or "()", launcher=str(bare_tree / "run")
        )
        command = [sys.executable, "-c", code]
        return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=50)

    return start


@pytest.mark.parametrize("version", [(3, 6, 15), (3, 10, 13)])
def test_an_old_python_is_named_with_the_one_it_takes(pretend, version):
    assert_refused(pretend(version=version), "3.11 or newer", f"this is 3.{version[1]}")


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_missing_venv_module_is_answered_with_the_package_to_install(pretend, module):
    assert_refused(pretend(missing=[module]), "apt install python3-venv")


def test_a_mistyped_setting_is_refused_before_anything_is_made(bare_tree, run):
    before = sorted(bare_tree.iterdir())
    assert_refused(run(bare_tree, prt="8001"), "LETTERTALLY_PRT", "did you mean LETTERTALLY_PORT?")
    assert sorted(bare_tree.iterdir()) == before


def test_a_wrong_value_is_refused_before_anything_is_made(bare_tree, run):
    before = sorted(bare_tree.iterdir())
    assert_refused(run(bare_tree, time_zone="Lisbon"), "LETTERTALLY_TIME_ZONE must be a time zone")
    assert sorted(bare_tree.iterdir()) == before


def test_a_port_in_use_is_answered_with_the_setting_that_changes_it(tree, run):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        assert_refused(run(tree, port=port), port, "in use", "LETTERTALLY_PORT")
        assert_refused(run(tree, "demo", port=port), port, "in use", "LETTERTALLY_PORT")


def test_an_address_of_another_machine_is_answered_with_the_setting(tree, run):
    assert_refused(run(tree, host="203.0.113.9"), "no address of this machine", "LETTERTALLY_HOST")


def test_a_folder_that_cannot_be_made_is_answered_with_the_setting(tree, run, tmp_path):
    (tmp_path / "file").touch()
    folder = str(tmp_path / "file" / "instance")
    assert_refused(run(tree, instance=folder), folder, "LETTERTALLY_INSTANCE")


def test_a_damaged_key_is_refused(tree, run, tmp_path):
    (tmp_path / "instance").mkdir()
    for content in (b"short", bytes(range(128, 256))):
        (tmp_path / "instance" / "secret.key").write_bytes(content)
        assert_refused(run(tree), "secret.key is damaged")


def test_a_database_in_no_folder_is_answered_with_its_own_setting(tree, run, tmp_path):
    nowhere = tmp_path / "nowhere"
    done = run(tree, database_url=f"sqlite:///{nowhere}/letters.db")
    assert_refused(done, str(nowhere), "LETTERTALLY_DATABASE_URL")


def test_opening_to_the_network_listens_on_every_address(tree, run):
    with socket.create_server(("0.0.0.0", 0)) as other:
        port = str(other.getsockname()[1])
        done = run(tree, "--lan", port=port, public_url="http://desk.local")
        assert_refused(done, f"port {port} of 0.0.0.0")


def test_a_demo_never_replaces_a_database_that_is_none(tree, run, tmp_path):
    (tmp_path / "instance").mkdir()
    database = tmp_path / "instance" / "lettertally.db"
    database.write_bytes(b"a section's letters")
    assert_refused(run(tree, "demo", "--load-only"), "is no demo")
    assert database.read_bytes() == b"a section's letters"


def make_desk(folder, *, email, mark):
    """A database with somebody who signs in, beside what an earlier demo has left."""
    folder.mkdir()
    (folder / "demo.json").write_text("{}")
    with closing(sqlite3.connect(folder / "lettertally.db")) as database, database:
        database.execute("CREATE TABLE user_account (email TEXT)")
        database.execute("INSERT INTO user_account VALUES (?)", (email,))
        database.execute(f"PRAGMA application_id = {mark}")


def test_a_demo_never_replaces_a_desk_that_bears_no_mark_of_a_demo(tree, run, launcher, tmp_path):
    make_desk(tmp_path / "instance", email="ana@example.org", mark=0)
    before = (tmp_path / "instance" / "lettertally.db").read_bytes()
    assert_refused(run(tree, "demo", "--load-only"), "is no demo", "empty folder")
    assert (tmp_path / "instance" / "lettertally.db").read_bytes() == before


def test_a_demo_never_replaces_one_where_somebody_real_signs_in(tree, run, launcher, tmp_path):
    make_desk(tmp_path / "instance", email="ana@section.test", mark=launcher.DEMO_MARK)
    assert_refused(run(tree, "demo", "--load-only"), "is no demo")


@pytest.mark.timeout(120)
def test_a_demo_never_replaces_one_that_is_served(tree, run, launcher, tmp_path):
    make_desk(tmp_path / "instance", email="ana@example.org", mark=launcher.DEMO_MARK)
    held = hold(tmp_path / "instance")
    assert_refused(run(tree, "demo", "--load-only"), "is being served", "stop that server")
    os.close(held)
    assert run(tree, "demo", "--load-only").returncode == 0


def test_a_demo_never_goes_into_a_postgresql(tree, run):
    done = run(tree, "demo", "--load-only", database_url="postgresql://localhost/letters")
    assert_refused(done, "LETTERTALLY_DATABASE_URL")


def test_a_demo_that_shall_stay_needs_a_folder(tree, run):
    assert_refused(run(tree, "demo", "--load-only", instance=""), "LETTERTALLY_INSTANCE")


def test_an_unknown_demo_option_is_answered_with_those_there_are(tree, run):
    assert_refused(run(tree, "demo", "--jsno"), "--jsno", "--json, --keep, --load-only")


def test_an_unknown_benchmark_is_refused(tree, run):
    assert_refused(run(tree, "bench", "nonsense"), "Say what to measure")
