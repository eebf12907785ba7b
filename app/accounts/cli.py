"""`./run create-admin`: the first person who may sign in, and any admin after them."""

from __future__ import annotations

import sys

import click
from flask.cli import with_appcontext

from app.accounts import actions
from app.accounts.passwords import SHORTEST
from app.clock import now
from app.exceptions import Refusal


@click.command("create-admin")
@click.option("--email", help="The address to sign in with.")
@click.option("--name", help="The name that others here see.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@with_appcontext
def create_admin(email: str | None, name: str | None, password_stdin: bool) -> None:
    """Make an admin of the section; asks for whatever is not given."""
    email = email or click.prompt("E-mail")
    name = name or click.prompt("Name")
    password = read_password(password_stdin)
    try:
        user = actions.create_user(
            email=email, name=name, role="admin", password=password, actor=None, now=now()
        )
    except Refusal as refusal:
        raise click.ClickException(refusal.message) from None
    click.echo(f"{user.name} may now sign in as {user.email} ({user.role}).")


def read_password(is_on_stdin: bool) -> str:
    """The first line of standard input, or what is typed twice, unseen."""
    if is_on_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    words = f"Password (at least {SHORTEST} characters)"
    return str(click.prompt(words, hide_input=True, confirmation_prompt="The same once more"))
