"""Put a backup back on an empty machine, after everything in it was checked."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import closing
from datetime import datetime
from pathlib import Path

from flask import current_app
from sqlalchemy import inspect
from sqlalchemy.exc import SQLAlchemyError

from app.config import ROOT, Settings
from app.database import db, sqlite_module
from app.keyring import note_all_unknown
from app.serving import Served, alone
from app.upkeep.archives import DATABASES, PICTURES, Manifest, sync, sync_folder, unpack
from app.upkeep.dumps import UpkeepFailed, engine_name, load_postgresql
from app.upkeep.set_aside import folder_for

SUFFIXES = ("", "-wal", "-shm", "-journal")


def restore(file: Path, *, is_replacing: bool, now: datetime) -> Manifest:
    """Put a backup's database and pictures in their places; raises UpkeepFailed.

    What is there stays there, unless `is_replacing` says plainly that it may be set aside.
    """
    settings: Settings = current_app.config["LETTERTALLY"]
    try:
        if not is_replacing:
            _check_empty(settings)
        with (
            alone(*settings.folders),
            tempfile.TemporaryDirectory(prefix=".restore-", dir=settings.instance) as folder,
        ):
            manifest = unpack(file, Path(folder))
            _check_fits(manifest)
            if is_replacing:
                _set_aside(settings, now)
            # Counted anew from here: what is restored next may name other keys.
            note_all_unknown(now=now)
            _put_database(Path(folder, DATABASES[manifest.engine]), settings, manifest)
            _put_pictures(Path(folder, PICTURES), settings.instance / PICTURES)
    except Served as error:
        raise UpkeepFailed(str(error)) from None
    except OSError as error:
        raise UpkeepFailed(f"{error.filename or settings.instance}: {error.strerror}.") from None
    except SQLAlchemyError as error:
        raise UpkeepFailed(f"The database cannot be reached ({type(error).__name__}).") from None
    return manifest


def _check_empty(settings: Settings) -> None:
    found: object = None
    if settings.sqlite_file is None:
        found = inspect(db.engine).get_table_names() and "the database"
    else:
        files = (Path(f"{settings.sqlite_file}{suffix}") for suffix in SUFFIXES)
        found = next((file for file in files if file.exists()), None)
    pictures = settings.instance / PICTURES
    if not found and pictures.is_dir() and any(pictures.iterdir()):
        found = pictures
    if found:
        raise UpkeepFailed(
            f"Something is here already ({found}), and a restore never writes over it. "
            "Name an empty folder in LETTERTALLY_INSTANCE, or say --replace to set it aside."
        )


def _check_fits(manifest: Manifest) -> None:
    known = sorted(file.name[:4] for file in (ROOT / "migrations" / "versions").glob("*.py"))
    if manifest.schema not in known:
        raise UpkeepFailed(
            f"This backup is of a newer Lettertally (schema {manifest.schema}) than this one "
            f"({known[-1]}): install the newer one first."
        )
    if manifest.engine != engine_name():
        names = {"sqlite": "a SQLite file", "postgresql": "PostgreSQL"}
        raise UpkeepFailed(
            f"This backup is of {names[manifest.engine]}, and LETTERTALLY_DATABASE_URL names "
            f"{names[engine_name()]}: letters are not carried over from one to the other."
        )


def _set_aside(settings: Settings, now: datetime) -> None:
    """Move what is there into a folder beside it, from where it can be had back for a while."""
    if settings.sqlite_file is None:
        if inspect(db.engine).get_table_names():
            raise UpkeepFailed(
                "On PostgreSQL make a new empty database and name it in LETTERTALLY_DATABASE_URL."
            )
        files = []
    else:
        files = [Path(f"{settings.sqlite_file}{suffix}") for suffix in SUFFIXES]
    aside = folder_for(now)
    for path in (*files, settings.instance / PICTURES):
        if path.exists():
            aside.mkdir(mode=0o700, exist_ok=True)
            shutil.move(path, aside / path.name)


def _put_database(dump: Path, settings: Settings, manifest: Manifest) -> None:
    if settings.sqlite_file is None:
        load_postgresql(dump)
        return
    _check_sqlite(dump, manifest)
    settings.sqlite_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Copied, because the database may be on another disk than the instance's folder.
    part = Path(f"{settings.sqlite_file}.part")
    with dump.open("rb") as source, part.open("wb") as target:
        shutil.copyfileobj(source, target)
        sync(target)
    part.chmod(0o600)
    os.rename(part, settings.sqlite_file)
    sync_folder(settings.sqlite_file.parent)


def _check_sqlite(file: Path, manifest: Manifest) -> None:
    sqlite = sqlite_module()
    try:
        with closing(sqlite.connect(f"{file.as_uri()}?mode=ro", uri=True)) as connection:
            connection.execute("PRAGMA trusted_schema=OFF")
            faults = connection.execute("PRAGMA quick_check(1)").fetchall()
            found = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    except sqlite.Error:
        faults, found = [], []
    if faults != [("ok",)] or found != [(manifest.schema,)]:
        raise UpkeepFailed("The database in this backup is damaged: use another backup.")


def _put_pictures(source: Path, target: Path) -> None:
    if source.is_dir():
        if target.is_dir():
            target.rmdir()
        os.rename(source, target)
        sync_folder(target.parent)
