"""An upgrade that is killed anywhere is done by the next start, from every older schema."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import flask_migrate
import pytest

from app import clock
from app.config import ROOT
from app.database import db
from app.letters import actions
from app.upgrade import connect_alembic
from tests import factories
from tests.migrations.test_numbering import REVISIONS


@pytest.fixture
def older_ones(app, tmp_path):
    """A database with letters, as each older release would have left it."""
    case = factories.case()
    event = factories.event(case.campaign, state="running", organisers=[factories.organiser()])
    device = factories.joined(factories.device(factories.table(event)))
    log = actions.log_letters(device, factories.press(case, quantity=9), now=clock.now())
    actions.take_back(device, log.op, op=log.op.replace("-", "_"), now=clock.now())
    factories.entry(event, case, quantity=4)
    connect_alembic(app)
    file = app.config["LETTERTALLY"].sqlite_file
    for script in reversed(REVISIONS[:-1]):
        db.session.remove()
        flask_migrate.downgrade(revision=script.revision)
        db.engine.dispose()
        shutil.copy(file, tmp_path / f"{script.revision}.db")
    return tmp_path


def interrupt(folder, *how: str) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.migrations.interrupted", str(folder), *how],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.sqlite
@pytest.mark.timeout(300)
def test_an_upgrade_killed_anywhere_is_whole_after_the_next(older_ones):
    told = interrupt(older_ones)
    assert told["faults"] == []
    assert told["killed"] > len(REVISIONS), "hardly any was killed on its way"


@pytest.mark.sqlite
@pytest.mark.timeout(300)
def test_half_a_step_is_noticed(older_ones):
    """The control: every statement by itself, so that a kill leaves a step half done."""
    for file in sorted(older_ones.glob("*.db"))[2:]:
        file.unlink()
    assert interrupt(older_ones, "--torn")["faults"]
