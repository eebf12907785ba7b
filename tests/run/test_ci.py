"""The script that decides what may land: it fails when tests fail, and when none ran."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / ".ci" / "run"
PASSED = "===== 12 passed, 1 skipped in 3.21s ====="


@pytest.fixture
def decide(tmp_path):
    """Let the script judge made-up runs: what `./run test OPTION` says, and its exit code."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(SCRIPT, tmp_path / ".ci")
    tools = tmp_path / "tools"
    tools.mkdir()
    # They count as installed, so that the script installs nothing here.
    for name in ("chromium", "git", "initdb"):
        write_program(tools / name, "true")

    def judge(**said: tuple[str, int]) -> int:
        cases = [
            f'"test {f"--{kind}" if kind != "plain" else ""}") echo "{line}"; exit {code} ;;'
            for kind, (line, code) in said.items()
        ]
        write_program(tmp_path / "run", f'case "test ${{2:-}}" in {" ".join(cases)} esac')
        environ = {"PATH": f"{tools}:/usr/local/bin:/usr/bin:/bin"}
        return subprocess.run([tmp_path / ".ci" / "run"], env=environ, timeout=50).returncode

    return judge


def write_program(file: Path, text: str) -> None:
    file.write_text(f"#!/bin/bash\n{text}\n")
    file.chmod(0o755)


def test_three_passing_kinds_may_land(decide):
    assert decide(plain=(PASSED, 0), postgres=(PASSED, 0), browser=(PASSED, 0)) == 0


@pytest.mark.parametrize("kind", ["plain", "postgres", "browser"])
@pytest.mark.parametrize(
    "outcome",
    [
        pytest.param((PASSED, 1), id="a failing check"),
        pytest.param(("no tests ran in 0.01s", 5), id="no test collected"),
        pytest.param(("12 skipped in 0.01s", 0), id="every test skipped"),
        pytest.param(("", 0), id="silence"),
    ],
)
def test_one_kind_that_did_not_pass_is_enough_to_refuse(decide, kind, outcome):
    good = {"plain": (PASSED, 0), "postgres": (PASSED, 0), "browser": (PASSED, 0)}
    assert decide(**good | {kind: outcome}) == 1
