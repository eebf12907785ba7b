"""Upgrading a database: newer ones are refused, older ones copied before they change."""

from __future__ import annotations

import errno
import os
import shutil
import stat
from contextlib import closing

import pytest
from sqlalchemy import text

from app import catalogues, clock
from app.config import ROOT
from app.database import db, sqlite_module
from app.serving import Served, hold
from app.upgrade import NewerDatabase, database_revision, upgrade, upgrade_database
from app.upkeep import dumps
from app.upkeep.restoring import restore
from tests import postgresql

ON_POSTGRESQL = pytest.mark.skipif(
    not postgresql.SERVER_URL, reason="about PostgreSQL's own ways: ./run test --postgres"
)

NEXT = '''
"""A revision that this test has made up."""
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{head}"

def upgrade():
    op.create_table("invented", sa.Column("id", sa.Integer(), primary_key=True))

def downgrade():
    op.drop_table("invented")
'''


@pytest.fixture
def backups(app):
    return app.config["LETTERTALLY"].instance / "backups"


@pytest.fixture
def code_of_tomorrow(app, tmp_path, monkeypatch):
    """The app's code with one migration more."""
    shutil.copytree(ROOT / "migrations", tmp_path / "migrations")
    head = database_revision()
    (tmp_path / "migrations" / "versions" / "9999_invented.py").write_text(NEXT.format(head=head))
    monkeypatch.setattr("app.upgrade.ROOT", tmp_path)
    return head


def test_a_database_that_is_up_to_date_is_left_alone(app, backups):
    assert upgrade_database(clock.now()) is None
    assert not backups.exists()


def test_a_database_is_never_upgraded_beneath_its_server(app, code_of_tomorrow, backups):
    held = hold(app.config["LETTERTALLY"].instance)
    with pytest.raises(Served, match="stop that server"):
        upgrade_database(clock.now())
    assert database_revision() == code_of_tomorrow
    assert not backups.exists()
    os.close(held)
    upgrade_database(clock.now())
    assert database_revision() == "9999"


@pytest.mark.sqlite
def test_an_upgrade_brings_the_new_schema_and_keeps_a_copy_of_the_old(code_of_tomorrow, backups):
    copy = upgrade_database(clock.now())
    assert database_revision() == "9999"
    db.session.execute(text("SELECT count(*) FROM invented"))
    assert copy.parent == backups
    with closing(sqlite_module().connect(copy)) as old:
        assert old.execute("SELECT version_num FROM alembic_version").fetchall() == [
            (code_of_tomorrow,)
        ]
        assert old.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.mark.sqlite
def test_the_copy_holds_what_was_committed_a_moment_before(code_of_tomorrow):
    # Still in the write-ahead log: a copy of the .db file alone would miss it.
    db.session.execute(text("CREATE TABLE note (words TEXT)"))
    db.session.execute(text("INSERT INTO note VALUES ('just now')"))
    db.session.commit()
    copy = upgrade_database(clock.now())
    with closing(sqlite_module().connect(copy)) as old:
        assert old.execute("SELECT words FROM note").fetchall() == [("just now",)]


@pytest.mark.sqlite
def test_the_copy_is_for_its_owner_only(code_of_tomorrow):
    copy = upgrade_database(clock.now())
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert stat.S_IMODE(copy.parent.stat().st_mode) == 0o700


@pytest.mark.sqlite
def test_who_was_killed_at_the_copy_and_starts_again_at_once_gets_one(code_of_tomorrow, backups):
    now = clock.now()
    backups.mkdir()
    part = backups / f"before-upgrade-from-{code_of_tomorrow}-{now:%Y%m%dT%H%M%S}Z.part"
    part.write_bytes(b"half of")
    part.with_suffix(".db").write_bytes(b"one made a moment ago")
    copy = upgrade_database(now)
    assert [copy] == list(backups.iterdir())
    with closing(sqlite_module().connect(copy)) as old:
        assert old.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


# On PostgreSQL: the copy is a backup


@ON_POSTGRESQL
def test_postgresql_is_copied_before_too_and_the_copy_restores(code_of_tomorrow, make_app, folder):
    db.session.execute(text("CREATE TABLE note (words TEXT)"))
    db.session.execute(text("INSERT INTO note VALUES ('just now')"))
    db.session.commit()
    copy = upgrade_database(clock.now())
    assert database_revision() == "9999"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with postgresql.fresh_database() as (_name, url):
        elsewhere = make_app(folder / "elsewhere", url)
        with elsewhere.app_context():
            assert restore(copy, is_replacing=False, now=clock.now()).schema == code_of_tomorrow
            assert database_revision() == code_of_tomorrow
            assert db.session.execute(text("SELECT words FROM note")).scalar() == "just now"
            db.session.remove()
            db.engine.dispose()


@pytest.fixture(params=["missing", "failing"])
def no_pg_dump(request, monkeypatch, tmp_path):
    """A machine whose pg_dump is not there, or does not like this server."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(dumps, "DEBIAN", tmp_path)
    if request.param == "failing":
        words = "echo 'pg_dump: error: aborting because of server version mismatch' >&2; exit 1"
        (tmp_path / "pg_dump").write_text(f"#!/bin/sh\n{words}\n")
        (tmp_path / "pg_dump").chmod(0o700)


@ON_POSTGRESQL
def test_without_a_copy_nothing_is_upgraded_and_one_line_says_what_to_do(
    app, code_of_tomorrow, no_pg_dump, backups
):
    done = app.test_cli_runner().invoke(upgrade)
    assert done.exit_code == 1
    assert len(done.output.splitlines()) == 1
    assert "pg_dump" in done.output
    assert done.output.endswith("without one: ./run upgrade --without-copy\n")
    assert database_revision() == code_of_tomorrow
    assert list(backups.iterdir()) == []


@ON_POSTGRESQL
def test_who_says_so_upgrades_without_a_copy(app, code_of_tomorrow, no_pg_dump, backups):
    done = app.test_cli_runner().invoke(upgrade, ["--without-copy"])
    assert done.exit_code == 0, done.output
    assert database_revision() == "9999"
    assert not backups.exists()


# What cannot be upgraded


@pytest.fixture
def newer_database(app):
    db.session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    db.session.commit()


def test_a_newer_database_is_refused_and_left_alone(newer_database, backups):
    with pytest.raises(NewerDatabase, match="newer Lettertally .schema 9999."):
        upgrade_database(clock.now())
    assert database_revision() == "9999"
    assert not backups.exists()


def test_the_command_refuses_a_newer_database_in_one_line(app, newer_database):
    result = app.test_cli_runner().invoke(upgrade)
    assert result.exit_code == 1
    assert len(result.output.splitlines()) == 1


@pytest.mark.sqlite
def test_a_damaged_file_is_told_in_one_line(app):
    settings = app.config["LETTERTALLY"]
    db.session.remove()
    db.engine.dispose()
    settings.sqlite_file.write_bytes(b"not a database at all, whatever it is")
    done = app.test_cli_runner().invoke(upgrade)
    assert done.exit_code == 1
    assert done.output == "Error: The database cannot be opened: file is not a database\n"


def test_a_full_disk_is_told_in_one_line(app, monkeypatch):
    def fail(_instance):
        raise OSError(errno.ENOSPC, "No space left on device", "/srv/words")

    monkeypatch.setattr(catalogues, "compile_catalogues", fail)
    done = app.test_cli_runner().invoke(upgrade)
    assert done.exit_code == 1
    assert done.output == "Error: Cannot write to /srv/words: No space left on device.\n"
