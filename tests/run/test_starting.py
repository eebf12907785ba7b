"""The launcher at work: help, a private folder, a server that comes and goes."""

from __future__ import annotations

import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.serving import is_served

ROOT = Path(__file__).parents[2]
PATIENCE = 30


def test_help_says_every_command_and_needs_nothing_installed(bare_tree, run):
    done = run(bare_tree, "--help", prt="even with a wrong setting")
    assert done.returncode == 0
    for command in ("--lan", "demo", "create-admin", "verify", "test", "bench", "install"):
        assert f"./run {command}" in done.stdout
    assert not (bare_tree / ".venv").exists()


def test_the_launcher_may_be_run_as_it_is_unpacked():
    assert os.access(ROOT / "run", os.X_OK)


def test_what_it_makes_is_for_its_owner_only(tree, run, tmp_path):
    done = run(tree, "verify")
    assert done.returncode == 0, done.stderr
    instance = tmp_path / "instance"
    made = [instance, *instance.rglob("*")]
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in made}
    assert {"lettertally.db", "secret.key"} <= {path.name for path in made}
    assert {modes[path] for path in made if path.is_dir()} == {0o700}
    assert {modes[path] for path in made if path.is_file()} == {0o600}


@pytest.mark.usefixtures("is_prepared")
def test_the_commands_of_the_app_are_passed_on_with_their_exit_code(tree, run):
    done = run(tree, "nonsense")
    assert done.returncode == 2
    assert "No such command 'nonsense'" in done.stderr
    assert "Usage: ./run" in done.stderr


@pytest.mark.usefixtures("is_prepared")
def test_who_says_so_upgrades_without_a_copy(tree, run, tmp_path):
    assert run(tree, "db", "downgrade").returncode == 0
    done = run(tree, "upgrade", "--without-copy")
    assert (done.returncode, done.stderr) == (0, "")
    assert not (tmp_path / "instance" / "backups").exists()
    newest = (ROOT / "migrations" / ".current-head").read_text().strip()
    assert run(tree, "db", "current").stdout.startswith(newest)


@pytest.mark.parametrize(
    ("version", "is_faulty"), [((3, 40, 1), True), ((3, 51, 3), False)], ids=["faulty", "mended"]
)
def test_a_server_on_a_sqlite_with_the_wal_fault_says_so(environ, tmp_path, version, is_faulty):
    module = tmp_path / "fakes" / "pysqlite3" / "dbapi2.py"
    module.parent.mkdir(parents=True)
    (module.parent / "__init__.py").touch()
    module.write_text(f"from sqlite3 import *\nsqlite_version_info = {version}\n")
    python_path = {"PYTHONPATH": f"{tmp_path / 'fakes'}:{ROOT}"}
    started = subprocess.run(
        [sys.executable, "-c", "import wsgi"],
        env=environ | python_path,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert started.returncode == 0, started.stderr
    assert ("rollback journal" in started.stderr) is is_faulty


@pytest.fixture
def server(tree, environ, is_prepared):
    """A started server that answers."""
    with subprocess.Popen(
        [sys.executable, str(tree / "run")], env=environ, stdout=subprocess.PIPE, text=True
    ) as launcher:
        try:
            wait_until(launcher, lambda: answers(environ))
            yield launcher
        finally:
            launcher.kill()


@pytest.mark.usefixtures("is_prepared")
def test_it_serves_its_own_app_from_whatever_folder_it_is_called(tree, environ, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "wsgi.py").write_text("raise SystemExit('somebody else')")
    command = [sys.executable, str(tree / "run")]
    with subprocess.Popen(command, env=environ, cwd=elsewhere) as launcher:
        try:
            wait_until(launcher, lambda: answers(environ))
        finally:
            launcher.kill()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_is_serves_there_and_stops_cleanly(server, environ, how):
    server.send_signal(how)
    said, _ = server.communicate(timeout=PATIENCE)
    assert f"http://localhost:{environ['LETTERTALLY_PORT']}" in said
    assert server.returncode == 0
    assert not answers(environ)


def test_while_nobody_is_here_it_tells_a_code_for_the_setup(server, environ):
    server.send_signal(signal.SIGTERM)
    said, _ = server.communicate(timeout=PATIENCE)
    address = f"http://localhost:{environ['LETTERTALLY_PORT']}/setup"
    assert re.search(rf"{address}\?code=[A-Z2-9]{{4}}-[A-Z2-9]{{4}}-[A-Z2-9]{{4}}\n", said)


def test_a_launcher_that_is_killed_takes_its_worker_along(server, environ):
    server.kill()
    server.wait()
    deadline = time.monotonic() + PATIENCE
    while answers(environ):
        assert time.monotonic() < deadline, "the worker holds the port"


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_server_holds_its_folder_for_as_long_as_it_lives(server, tmp_path, how):
    assert is_served(tmp_path / "instance")
    server.send_signal(how)
    server.wait()
    # A launcher that is killed takes its server along, a moment later.
    deadline = time.monotonic() + PATIENCE
    while is_served(tmp_path / "instance"):
        assert how == signal.SIGKILL
        assert time.monotonic() < deadline, "the worker holds the folder"


def test_a_second_start_is_refused_while_the_first_goes_on(server, tree, run, environ):
    assert "in use" in run(tree).stderr
    assert answers(environ)


def wait_until(process, is_so) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline, "it does not answer"
        try:
            process.wait(timeout=0.05)
        except subprocess.TimeoutExpired:
            continue
        pytest.fail("it ended")


def answers(environ) -> bool:
    """Whether the port answers a request at all, whatever the answer is."""
    address = ("127.0.0.1", int(environ["LETTERTALLY_PORT"]))
    try:
        with socket.create_connection(address, timeout=PATIENCE) as client:
            client.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            return client.recv(12).startswith(b"HTTP/1.1")
    except OSError:
        return False
