"""Make a backup while people write; keep the newest ones."""

from __future__ import annotations

import os
import platform
import re
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from app.config import Settings
from app.upkeep import dumps
from app.upkeep.archives import PICTURES, Manifest, sync_folder, write_archive
from app.upkeep.dumps import UpkeepFailed

STEM, MADE_AT, ENDING = "lettertally-", "%Y%m%dT%H%M%SZ", ".tar.gz"
NAME = re.compile(rf"{STEM}\d{{8}}T\d{{6}}Z{re.escape(ENDING)}")
UNFINISHED = ".unfinished-backup-"
STALE = 86_400
"""Seconds after which what an interrupted backup left behind is swept away."""


class Backup(NamedTuple):
    """A backup that was made."""

    file: Path
    size: int
    manifest: Manifest


def backups_folder() -> Path:
    """Where backups are kept that nobody named a place for."""
    settings: Settings = current_app.config["LETTERTALLY"]
    return settings.instance / "backups"


def back_up(to: Path | None, *, now: datetime) -> Backup:
    """Write a new backup to `to`, or among the section's own; raises UpkeepFailed.

    It is whole or not there: it gets its name when the disk has all of it.
    """
    try:
        return _back_up(_target(to, now), now=now)
    except OSError as error:
        raise UpkeepFailed(
            f"The backup could not be written to {error.filename or to or backups_folder()}: "
            f"{error.strerror}."
        ) from None
    except SQLAlchemyError as error:
        raise UpkeepFailed(f"The database could not be copied ({type(error).__name__}).") from error


def _target(to: Path | None, now: datetime) -> Path:
    name = f"{STEM}{now:{MADE_AT}}{ENDING}"
    if to is None:
        backups_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        return backups_folder() / name
    target = to.absolute() / name if to.is_dir() else to.absolute()
    if target.exists():
        raise UpkeepFailed(f"{target} is there already: name a new file.")
    return target


def _back_up(target: Path, *, now: datetime) -> Backup:
    settings: Settings = current_app.config["LETTERTALLY"]
    schema = dumps.schema_of_database()
    if schema is None:
        raise UpkeepFailed("There is nothing to back up yet.")
    with tempfile.TemporaryDirectory(prefix=UNFINISHED, dir=target.parent) as folder:
        dump, archive = Path(folder, "database"), Path(folder, "archive")
        dumps.dump_database(dump)
        engine = dumps.engine_name()
        manifest = write_archive(
            archive,
            dump,
            settings.instance / PICTURES,
            engine=engine,
            schema=schema,
            now=now,
            engine_version=dumps.engine_version(),
            python=platform.python_version(),
        )
        size = archive.stat().st_size
        os.rename(archive, target)
        sync_folder(target.parent)
    return Backup(target, size, manifest)


def list_backups() -> list[Path]:
    """The section's own backups, the newest first."""
    folder = backups_folder()
    files = folder.iterdir() if folder.is_dir() else iter(())
    return sorted((file for file in files if NAME.fullmatch(file.name)), reverse=True)


def newest_backup_at() -> datetime | None:
    """When the newest backup that is still among the section's own was made."""
    for file in list_backups():
        return datetime.strptime(file.name, f"{STEM}{MADE_AT}{ENDING}").replace(tzinfo=UTC)
    return None


def back_up_daily(now: datetime) -> None:
    """Make today's backup, then drop those beyond the number to keep."""
    settings: Settings = current_app.config["LETTERTALLY"]
    back_up(None, now=now)
    for file in list_backups()[settings.keep_backups :]:
        file.unlink()
    for leftover in backups_folder().glob(f"{UNFINISHED}*"):
        if now.timestamp() - leftover.stat().st_mtime > STALE:
            shutil.rmtree(leftover)
