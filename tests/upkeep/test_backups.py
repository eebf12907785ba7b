"""A backup is whole though people write, holds no key, and is believed only when proven."""

from __future__ import annotations

import stat
import tarfile
import threading
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.database import SECTION, db, write
from app.letters.verify import verify_ledger
from app.upgrade import upgrade_database
from app.upkeep import backups, dumps
from app.upkeep.backups import back_up, back_up_daily, list_backups
from app.upkeep.cli import backup, restore
from app.upkeep.dumps import UpkeepFailed, find_program
from app.upkeep.queries import list_job_runs
from app.upkeep.restoring import restore as restore_backup
from tests import factories
from tests.upkeep.conftest import NOW, instance_of, put_back


def rows_of(table: str) -> list[str]:
    with db.engine.connect() as connection:
        return sorted(map(str, connection.execute(text(f"SELECT * FROM {table}"))))


def test_what_is_restored_elsewhere_is_the_same_to_the_last_row(any_app, archive, elsewhere):
    tables = ("entry", "event", "tally", "pulse", "audit", "campaign")
    before = {table: rows_of(table) for table in tables}
    put_back(elsewhere, archive)
    with elsewhere.app_context():
        assert {table: rows_of(table) for table in tables} == before
        assert upgrade_database(NOW) is None
        verdicts = list(verify_ledger())
        assert any(verdict.rows == 3 for verdict in verdicts)
        assert [fault for verdict in verdicts for fault in verdict.faults] == []
    assert (instance_of(elsewhere) / "pictures" / "amina.webp").read_bytes() == b"a portrait"


def test_a_restored_ledger_still_refuses_changes(archive, elsewhere):
    put_back(elsewhere, archive)
    with elsewhere.app_context(), pytest.raises(DBAPIError, match="append-only"), write(SECTION):
        db.session.execute(text("DELETE FROM entry"))


def test_a_backup_made_while_people_write_is_whole(any_app, letters, folder, elsewhere):
    case_id, event_id = letters.campaign.cases[0].id, letters.id
    has_begun, is_saved = threading.Event(), threading.Event()

    def log_until_saved() -> None:
        with any_app.app_context():
            event = db.session.get_one(type(letters), event_id)
            case = next(case for case in event.campaign.cases if case.id == case_id)
            for number in range(2000):
                factories.entry(event, case)
                if number == 20:
                    has_begun.set()
                if is_saved.is_set():
                    break

    writer = threading.Thread(target=log_until_saved)
    writer.start()
    has_begun.wait(30)
    saved = back_up(folder / "saved.tar.gz", now=NOW).file
    is_saved.set()
    writer.join()
    put_back(elsewhere, saved)
    db.session.rollback()
    written = rows_of("entry")
    with elsewhere.app_context():
        kept = rows_of("entry")
        assert 23 < len(kept) <= len(written)
        assert set(kept) <= set(written)
        assert [fault for verdict in verify_ledger() for fault in verdict.faults] == []


def test_the_key_is_not_in_it_and_it_is_for_its_owner_only(any_app, archive):
    key = (instance_of(any_app) / "secret.key").read_bytes()
    with tarfile.open(archive) as found:
        names = found.getnames()
        contents = [found.extractfile(name).read() for name in names]
    assert sorted(names)[1:] == ["manifest.json", "pictures/amina.webp"]
    assert sorted(names)[0].startswith("database.")
    assert not any(key in content for content in contents)
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600


def test_nothing_half_done_is_left_behind(any_app, archive, monkeypatch):
    def no_room(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backups, "write_archive", no_room)
    with pytest.raises(UpkeepFailed, match="No space left"):
        back_up(archive.parent / "second.tar.gz", now=NOW)
    left = {path.name for path in archive.parent.iterdir() if path.is_file() or "un" in path.name}
    assert left == {"saved.tar.gz"}


def test_a_file_that_is_there_is_never_written_over(app, folder):
    (folder / "mine").write_text("holiday pictures")
    with pytest.raises(UpkeepFailed, match="there already"):
        back_up(folder / "mine", now=NOW)
    assert (folder / "mine").read_text() == "holiday pictures"


def test_the_newest_ones_are_kept(app):
    keep = app.config["LETTERTALLY"].keep_backups
    for day in range(keep + 3):
        back_up_daily(NOW + timedelta(days=day))
    names = [file.name for file in list_backups()]
    assert len(names) == keep
    assert names[-1] == "lettertally-20261213T120000Z.tar.gz"


def test_a_missing_pg_dump_is_told_with_its_mend(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(dumps, "DEBIAN", tmp_path)
    with pytest.raises(UpkeepFailed, match="apt install postgresql-client"):
        find_program("pg_dump")


# What is there stays there


def test_a_section_that_is_there_is_not_written_over(any_app, archive):
    before = rows_of("entry")
    with pytest.raises(UpkeepFailed, match="here already"):
        restore_backup(archive, is_replacing=False, now=NOW)
    assert rows_of("entry") == before


def test_pictures_that_are_there_are_not_written_over(archive, elsewhere):
    (instance_of(elsewhere) / "pictures").mkdir()
    (instance_of(elsewhere) / "pictures" / "other.webp").touch()
    with pytest.raises(UpkeepFailed, match="here already"):
        put_back(elsewhere, archive)


@pytest.mark.sqlite
def test_told_plainly_what_is_there_is_set_aside_and_not_lost(app, folder):
    saved = back_up(folder / "saved.tar.gz", now=NOW).file
    factories.case()
    settings = app.config["LETTERTALLY"]
    db.session.remove()
    db.engine.dispose()
    restore_backup(saved, is_replacing=True, now=NOW)
    assert rows_of("campaign") == []
    aside = settings.instance / "set-aside-20261210T120000Z"
    assert (aside / "lettertally.db").exists()
    assert settings.sqlite_file.exists()


# The commands


@pytest.mark.sqlite
def test_the_commands_say_what_they_did(app, folder, make_app):
    done = app.test_cli_runner().invoke(backup, ["--to", str(folder)])
    assert done.exit_code == 0, done.output
    saved = next(folder.glob("*.tar.gz"))
    assert f"Backed up to {saved}" in done.output
    assert "The keys are not in it" in done.output
    for name in ("keys/", "secret.key"):
        assert str(app.config["LETTERTALLY"].instance / name).rstrip("/") in done.output
    elsewhere = make_app(folder / "elsewhere")
    with elsewhere.app_context():
        done = elsewhere.test_cli_runner().invoke(restore, [str(saved)])
    assert done.output.startswith("Restored the backup of ")


@pytest.mark.sqlite
def test_a_backup_made_elsewhere_takes_no_day_off_those_that_are_kept_here(app, folder):
    run = app.test_cli_runner().invoke
    assert run(backup, ["--to", str(folder)]).exit_code == 0
    assert [job.name for job in list_job_runs()] == []
    assert run(backup).exit_code == 0
    assert [job.name for job in list_job_runs()] == ["backup"]


def test_the_commands_say_no_in_one_line(app, folder):
    runner = app.test_cli_runner()
    (folder / "there").touch()
    for command, arguments in (
        (backup, ["--to", str(folder / "there")]),
        (backup, ["--to", str(folder / "no" / "such" / "folder")]),
        (restore, [str(folder / "nowhere")]),
        (restore, [str(folder / "nowhere"), "--replace"]),
    ):
        done = runner.invoke(command, arguments)
        assert done.exit_code == 1
        assert len(done.output.splitlines()) == 1
