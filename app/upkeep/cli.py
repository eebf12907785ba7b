"""`./run backup` and `./run restore`: the whole section in one file, and back."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from app.clock import now
from app.upkeep.actions import end_job
from app.upkeep.backups import back_up
from app.upkeep.dumps import UpkeepFailed
from app.upkeep.restoring import restore as restore_backup
from app.upkeep.set_aside import KEPT, forget_set_aside

KEYS = (
    "The keys are not in it: keep a copy of {folder}/keys/ somewhere else, and not beside the "
    "backups. Without it nobody can read the names of those who signed up, ever again. "
    "Without {folder}/secret.key everybody signs in again, and tables join again."
)


@click.command("backup")
@click.option("--to", type=click.Path(path_type=Path), help="The file to make, or its folder.")
@with_appcontext
def backup(to: Path | None) -> None:
    """Back up the database and the pictures, also while people write."""
    from flask import current_app

    moment = now()
    try:
        made = back_up(to, now=moment)
    except UpkeepFailed as error:
        raise click.ClickException(str(error)) from None
    # One that is made elsewhere stands in for none of those that are kept here.
    if to is None:
        note_as_todays(moment)
    folder = current_app.config["LETTERTALLY"].instance
    click.echo(
        f"Backed up to {made.file}: {made.size / 1e6:.1f} MB, the database "
        f"(schema {made.manifest.schema}) and {made.manifest.picture_count} pictures."
    )
    click.echo(KEYS.format(folder=folder))


def note_as_todays(moment: datetime) -> None:
    """The server need not make another today."""
    try:
        end_job("backup", failure=None, now=moment)
    except SQLAlchemyError:
        click.echo("The database has an older schema: `./run` upgrades it.", err=True)


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--replace", is_flag=True, help="Set aside what is there, instead of refusing to go on."
)
@with_appcontext
def restore(file: Path, replace: bool) -> None:
    """Put a backup back on an empty machine; stop Lettertally first."""
    try:
        manifest = restore_backup(file, is_replacing=replace, now=now())
    except UpkeepFailed as error:
        raise click.ClickException(str(error)) from None
    click.echo(
        f"Restored the backup of {manifest.made_at}: the database (schema {manifest.schema}) "
        f"and {manifest.picture_count} pictures."
    )
    if replace:
        click.echo(
            f"What was here before can be had back for {KEPT.days} days and is then deleted, with "
            "the keys to its names. To delete it at once: ./run forget-set-aside"
        )


@click.command("forget-set-aside")
@click.confirmation_option(prompt="Letters and names from before a restore are gone then. Go on?")
@with_appcontext
def forget() -> None:
    """Delete for good what a restore has set aside, and the keys to its names."""
    gone = forget_set_aside(now=now())
    click.echo(f"Deleted for good. Folders: {len(gone.folders)}, keys to names: {len(gone.keys)}.")
