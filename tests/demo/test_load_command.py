"""What the command tells, and when it refuses."""

from __future__ import annotations

import json
from importlib import import_module

import pytest
from sqlalchemy import func, select

from app.database import db
from app.letters.models import Entry
from tests import factories
from tests.page import ORIGIN


@pytest.fixture
def load(app):
    """Call the command with arguments."""
    return lambda *arguments: app.test_cli_runner().invoke(args=["demo", "load", *arguments])


def test_what_is_told_has_the_shape_that_programs_know(load):
    done = load("--json")
    assert done.exit_code == 0, done.output
    [line] = done.stdout.splitlines()
    facts = json.loads(line)
    assert facts.keys() == {"base_url", "admin", "organisers", "events"}
    assert facts["base_url"] == ORIGIN
    people = [facts["admin"], *facts["organisers"]]
    assert [person.keys() for person in people] == [{"email", "password"}] * 3
    assert [event["state"] for event in facts["events"]] == ["running", "upcoming", "closed"]
    for event in facts["events"]:
        assert event.keys() == {"slug", "state", "tables", "lists"}
        assert [table.keys() for table in event["tables"]] == (
            [{"name", "join_code"}] * len(event["tables"])
        )
    assert [len(event["tables"]) for event in facts["events"]] == [4, 2, 3]


def test_without_json_the_same_is_told_on_lines_that_a_person_can_read(load, monkeypatch):
    facts = {"events": [{"tables": [{"name": "Class 8 · art room"}]}]}
    monkeypatch.setattr(import_module("app.demo.cli"), "load_demo", lambda *, now: facts)
    done = load()
    assert len(done.stdout.splitlines()) > 5
    assert "Class 8 · art room" in done.stdout
    assert json.loads(done.stdout) == {"base_url": ORIGIN, **facts}


@pytest.mark.parametrize("make", [factories.campaign, factories.organiser])
def test_a_database_in_use_is_left_alone(load, make):
    make()
    done = load("--json")
    assert (done.exit_code, done.stdout) == (1, "")
    [line] = done.stderr.splitlines()
    assert "in use already" in line and "another folder" in line
    assert db.session.execute(select(func.count()).select_from(Entry)).scalar_one() == 0
