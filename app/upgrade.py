"""Bring database and words to this code's: refuse a newer schema, copy before a change.

Alembic is loaded for commands only: it would cost a server a tenth of its memory and start.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import DatabaseError

from app import catalogues, clock
from app.compiled_templates import compile_templates
from app.config import ROOT, Settings
from app.database import db
from app.serving import Served, alone
from app.upkeep.backups import back_up, backups_folder
from app.upkeep.dumps import UpkeepFailed, dump_sqlite


def init_app(app: Flask) -> None:
    """Offer `upgrade`, and `db` for whoever writes migrations."""
    app.cli.add_command(upgrade)
    if click.get_current_context(silent=True) is not None:
        connect_alembic(app)


def connect_alembic(app: Flask) -> None:
    """Make Flask-Migrate know this app's database and migrations."""
    from flask_migrate import Migrate

    Migrate(app, db, directory=str(ROOT / "migrations"))


@click.command("upgrade")
@click.option("--without-copy", is_flag=True, help="Keep no copy of the database as it was.")
@with_appcontext
def upgrade(without_copy: bool) -> None:
    """Bring database, words and templates up to this code; the database after a copy."""
    settings: Settings = current_app.config["LETTERTALLY"]
    try:
        catalogues.compile_catalogues(settings.instance)
        compile_templates(current_app)
        copy = upgrade_database(clock.now(), is_copied=not without_copy)
    except (NewerDatabase, Served) as error:
        raise click.ClickException(str(error)) from None
    except UpkeepFailed as error:
        why = str(error).rstrip(".")
        raise click.ClickException(
            f"Nothing was upgraded, because no copy could be made before: {why}. "
            "Mend that, or go on without one: ./run upgrade --without-copy"
        ) from None
    except DatabaseError as error:
        raise click.ClickException(
            f"The database cannot be opened: {str(error.orig).splitlines()[0]}"
        ) from None
    except OSError as error:
        raise click.ClickException(
            f"Cannot write to {error.filename or settings.instance}: {error.strerror}."
        ) from None
    if copy:
        click.echo(f"Copied the database to {copy} before the upgrade.", err=True)


class NewerDatabase(Exception):
    """The database was upgraded by newer code, which this code cannot undo."""


def upgrade_database(now: datetime, *, is_copied: bool = True) -> Path | None:
    """Upgrade to the newest schema; the copy that was kept of a database that changes.

    Raises NewerDatabase, Served and UpkeepFailed while nothing has changed yet.
    """
    import flask_migrate
    from alembic.script import ScriptDirectory

    if "migrate" not in current_app.extensions:
        connect_alembic(current_app)
    script = ScriptDirectory(str(ROOT / "migrations"))
    newest = script.get_current_head()
    revision = database_revision()
    if revision == newest:
        return None
    if revision is not None and revision not in {step.revision for step in script.walk_revisions()}:
        raise NewerDatabase(
            f"The database is of a newer Lettertally (schema {revision}) than this one "
            f"({newest}): start the newer one, or restore an older backup."
        )
    if revision is None:
        flask_migrate.upgrade()
        return None
    settings: Settings = current_app.config["LETTERTALLY"]
    with alone(*settings.folders):
        copy = copy_database(revision, now) if is_copied else None
        flask_migrate.upgrade()
    return copy


def database_revision() -> str | None:
    """The schema's revision, or None for an empty database."""
    from alembic.migration import MigrationContext

    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def copy_database(revision: str, now: datetime) -> Path:
    """Keep a copy among the backups, right also while it is being written to.

    A SQLite file's is a file to put in its place, PostgreSQL's a backup to restore.
    """
    settings: Settings = current_app.config["LETTERTALLY"]
    folder = backups_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"before-upgrade-from-{revision}-{now:%Y%m%dT%H%M%S}Z"
    if settings.sqlite_file is None:
        return back_up(folder / f"{name}.tar.gz", now=now).file
    # Whoever is killed meanwhile leaves no half of a copy under a whole one's name.
    for left_over in folder.glob("before-upgrade-*.part"):
        left_over.unlink()
    unfinished = folder / f"{name}.part"
    dump_sqlite(unfinished)
    return unfinished.replace(folder / f"{name}.db")
