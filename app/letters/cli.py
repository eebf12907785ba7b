"""`./run verify`: prove the count."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from app.letters.verify import verify_ledger


@click.command("verify")
@with_appcontext
def verify() -> None:
    """Prove that every number shown follows from the ledger; exit code 1 when one does not."""
    faults = 0
    for verdict in verify_ledger():
        click.echo(
            f"{verdict.slug}: {verdict.rows} rows, {verdict.counted} counted, "
            f"head {verdict.head[:16]}"
        )
        for fault in verdict.faults:
            click.echo(f"  FAULT {fault}", err=True)
        faults += len(verdict.faults)
    if faults:
        raise click.exceptions.Exit(1)
    click.echo("The ledger is whole: tally, pulse and chains agree with every row.")
