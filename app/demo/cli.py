"""`./run demo`: the command that makes the invented marathon."""

from __future__ import annotations

import json

import click
from flask import current_app
from flask.cli import AppGroup

from app.clock import now
from app.config import Settings
from app.demo.load import load_demo
from app.exceptions import Refusal

demo = AppGroup("demo", help="An invented marathon, to try everything on.")


@demo.command("load")
@click.option("--json", "is_for_a_program", is_flag=True, help="Tell it on one line.")
def load(is_for_a_program: bool) -> None:
    """Make the demo in an empty database, and tell as JSON who may sign in and join."""
    settings: Settings = current_app.config["LETTERTALLY"]
    try:
        facts = {"base_url": settings.public_url, **load_demo(now=now())}
    except Refusal as refusal:
        raise click.ClickException(refusal.message) from None
    indent = None if is_for_a_program else 2
    click.echo(json.dumps(facts, ensure_ascii=is_for_a_program, indent=indent))
