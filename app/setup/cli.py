"""`./run setup-code`: the code that the first visitor types."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from app.clock import now
from app.exceptions import Conflict
from app.setup import actions
from app.setup.queries import has_people


@click.command("setup-code")
@click.option("--if-needed", is_flag=True, help="Say nothing when Lettertally is set up.")
@with_appcontext
def setup_code(if_needed: bool) -> None:
    """Make a new code for setting up Lettertally; the one before ends."""
    if if_needed and has_people():
        return
    try:
        code = actions.renew_code(now=now())
    except Conflict as refusal:
        raise click.ClickException(refusal.message) from None
    address = current_app.config["LETTERTALLY"].public_url
    click.echo("Nobody is here yet. To set up Lettertally, open this page in a browser:")
    click.echo(f"  {address}/setup?code={code}")
    click.echo(f"or type the code {code} there. It works once.")
