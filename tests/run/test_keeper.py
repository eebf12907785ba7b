"""Whoever keeps the server running: it comes back after a crash, and ends when it is told to."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time

import pytest

from app.config import ROOT

PATIENCE = 30
SERVER = """
import os, signal, sys
from pathlib import Path

log = Path("started")
with log.open("a") as file:
    file.write(f"{os.getpid()}\\n")
times = len(log.read_text().splitlines())
"""
CRASH_ONCE = "if times == 1: os.kill(os.getpid(), signal.SIGKILL)\n"
LIVE = "os.read(int(sys.argv[-1]), 1)\n"
KEEP = (
    # As in a terminal, whatever the tests themselves were started with.
    "import signal, sys, keeper; signal.signal(signal.SIGHUP, signal.SIG_DFL); {told}; "
    "sys.exit(keeper.Keeper(sys.argv[1:]).keep())"
)


@pytest.fixture
def keep(tmp_path):
    """Keep a server of such code running, with the keeper told otherwise about its patience."""
    with contextlib.ExitStack() as stack:

        def start(code: str, first: str = "", told: str = "pass") -> subprocess.Popen[bytes]:
            file = tmp_path / "server.py"
            file.write_text(first + SERVER + code)
            command = [sys.executable, "-c", KEEP.format(told=told), sys.executable, str(file)]
            environ = {"PYTHONPATH": str(ROOT / "app")}
            keeper = stack.enter_context(subprocess.Popen(command, cwd=tmp_path, env=environ))
            stack.callback(keeper.kill)
            return keeper

        yield start


@pytest.fixture
def started(tmp_path):
    """The process numbers of all the servers that were started, once there are so many."""

    def wait(many: int) -> list[int]:
        log, deadline = tmp_path / "started", time.monotonic() + PATIENCE
        while not log.exists() or log.read_text().count("\n") < many:
            assert time.monotonic() < deadline
        return [int(line) for line in log.read_text().split()]

    return wait


def test_a_server_that_crashed_is_started_again_and_can_be_stopped(keep, started):
    keeper = keep(CRASH_ONCE + LIVE, told="keeper.SECONDS_OF_LIFE = 0")
    first, second = started(2)
    assert first != second
    keeper.terminate()
    assert keeper.wait(PATIENCE) == 0
    assert len(started(2)) == 2


def test_a_server_that_crashes_at_once_is_given_up(keep, started):
    keeper = keep("raise SystemExit(3)", told=f"keeper.SECONDS_OF_LIFE = {PATIENCE}")
    assert keeper.wait(PATIENCE) == 1
    assert len(started(1)) == 1


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_server_that_is_stopped_and_does_not_end_is_killed(keep, started, how):
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    keeper = keep(LIVE, first=deaf, told="keeper.SECONDS_TO_FINISH = 1")
    started(1)
    keeper.send_signal(how)
    assert keeper.wait(PATIENCE) == 0


def test_the_server_learns_that_its_keeper_was_killed(keep, started, tmp_path):
    keeper = keep(LIVE + "Path('alone').touch()\n")
    started(1)
    keeper.kill()
    deadline = time.monotonic() + PATIENCE
    while not (tmp_path / "alone").exists():
        assert time.monotonic() < deadline


def test_in_the_background_of_a_script_it_can_be_interrupted_all_the_same(keep, started):
    keeper = keep(LIVE, told="signal.signal(signal.SIGINT, signal.SIG_IGN)")
    started(1)
    keeper.send_signal(signal.SIGINT)
    assert keeper.wait(PATIENCE) == 0


def test_with_nohup_it_outlives_its_terminal(keep, started):
    ignored = "signal.signal(signal.SIGHUP, signal.SIG_IGN)"
    keeper = keep(LIVE, told=f"{ignored}; keeper.SECONDS_OF_LIFE = 0")
    (server,) = started(1)
    keeper.send_signal(signal.SIGHUP)
    # Whoever was told to stop would not start it again.
    os.kill(server, signal.SIGKILL)
    started(2)
    keeper.terminate()
    assert keeper.wait(PATIENCE) == 0
