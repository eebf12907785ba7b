"""The demo as people start it: made once, kept when they ask, made anew when they do not."""

from __future__ import annotations

import json
import stat

import pytest


@pytest.mark.timeout(240)
def test_a_kept_demo_is_told_again_word_for_word_and_a_new_one_is_not(tree, run, tmp_path):
    # There is none yet that could be kept, so one is made.
    made = run(tree, "demo", "--json", "--load-only", "--keep")
    assert made.returncode == 0, made.stderr
    [line] = made.stdout.splitlines()
    kept = run(tree, "demo", "--json", "--load-only", "--keep")
    assert (kept.returncode, kept.stdout) == (0, made.stdout)
    assert run(tree, "verify").returncode == 0
    # Who may read it may sign in.
    assert stat.S_IMODE((tmp_path / "instance" / "demo.json").stat().st_mode) == 0o600

    anew = run(tree, "demo", "--json", "--load-only")
    assert anew.returncode == 0, anew.stderr
    first, second = json.loads(line), json.loads(anew.stdout)
    assert first["base_url"] == second["base_url"]
    assert first["admin"]["email"] == second["admin"]["email"]
    assert first["admin"]["password"] != second["admin"]["password"]
