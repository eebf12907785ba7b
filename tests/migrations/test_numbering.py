"""Migrations are numbered in one row, and the head stands in a file."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

from alembic.script import ScriptDirectory

FOLDER = Path(__file__).parents[2] / "migrations"
SCRIPTS = ScriptDirectory(str(FOLDER))
REVISIONS = list(reversed(list(SCRIPTS.walk_revisions())))


def test_there_is_one_head_and_the_file_names_it():
    # Two branches that each add a migration conflict in this file, instead of after the merge.
    assert SCRIPTS.get_heads() == [(FOLDER / ".current-head").read_text().strip()]


def test_revisions_are_numbered_from_one_in_order():
    assert [script.revision for script in REVISIONS] == [
        f"{number:04}" for number in range(1, len(REVISIONS) + 1)
    ]
    assert all(after.down_revision == before.revision for before, after in pairwise(REVISIONS))


def test_files_carry_their_number_and_what_they_do():
    for file in (FOLDER / "versions").glob("*.py"):
        assert re.fullmatch(r"\d{4}_[a-z0-9_]+\.py", file.name)
        assert f'revision = "{file.name[:4]}"' in file.read_text()


def test_no_migration_recreates_a_table_behind_its_triggers():
    # Batch mode copies a table anew: its triggers are lost, and cascades empty its children.
    for file in (FOLDER / "versions").glob("*.py"):
        text = file.read_text()
        assert not re.search(r"batch_alter_table\(\s*[\"'](entry|event|audit)[\"']", text)
        assert "ondelete" not in text.lower()
