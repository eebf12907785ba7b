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
from app.upkeep.dumps import dump_sqlite


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
@with_appcontext
def upgrade() -> None:
    """Bring the database to this code's schema, and compile new words and templates.

    A SQLite file is copied first.
    """
    settings: Settings = current_app.config["LETTERTALLY"]
    catalogues.compile_catalogues(settings.instance)
    compile_templates(current_app)
    try:
        copy = upgrade_database(clock.now())
    except NewerDatabase as error:
        raise click.ClickException(str(error)) from None
    except DatabaseError as error:
        raise click.ClickException(
            f"The database cannot be opened: {str(error.orig).splitlines()[0]}"
        ) from None
    if copy:
        click.echo(f"Copied the database to {copy} before the upgrade.", err=True)


class NewerDatabase(Exception):
    """The database was upgraded by newer code, which this code cannot undo."""


def upgrade_database(now: datetime) -> Path | None:
    """Upgrade to the newest schema; the copy that was kept of a SQLite file that changes."""
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
    settings: Settings = current_app.config["LETTERTALLY"]
    has_file = revision is not None and settings.sqlite_file is not None
    copy = copy_database(settings.instance / "backups", f"{revision}", now) if has_file else None
    flask_migrate.upgrade()
    return copy


def database_revision() -> str | None:
    """The schema's revision, or None for an empty database."""
    from alembic.migration import MigrationContext

    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def copy_database(folder: Path, revision: str, now: datetime) -> Path:
    """Write a whole copy of the SQLite database, right also while it is being written to."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    copy = folder / f"before-upgrade-from-{revision}-{now:%Y%m%dT%H%M%S}Z.db"
    # Whoever is killed meanwhile leaves no half of a copy under a whole one's name.
    for left_over in folder.glob("before-upgrade-*.part"):
        left_over.unlink()
    unfinished = copy.with_suffix(".part")
    dump_sqlite(unfinished)
    return unfinished.replace(copy)
