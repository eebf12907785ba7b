"""The list of people to invite, out of a spreadsheet; and their links, for one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.enrolling import check_email, check_name
from app.accounts.invitation_actions import Wanted
from app.accounts.links import outside, token_of
from app.accounts.models import Invitation
from app.exceptions import RuleBroken
from app.formatting import moment
from app.spreadsheets import Column, Row, read_each, write_rows

MOST = 2_000
COLUMNS = (
    Column(
        "email",
        ("e-mail", "email", "mail", "e-mail address", "email address", "address", _l("E-mail")),
    ),
    Column(
        "name",
        ("name", "full name", "organiser", "contact", _l("Name")),
        is_required=False,
        is_one_line=True,
    ),
    Column("role", ("role", _l("Role")), is_required=False),
)
ROLES = {"": "organiser", "organiser": "organiser", "organizer": "organiser", "admin": "admin"}


def read_wanted(data: bytes) -> list[Wanted]:
    """Whom the list asks to invite; raises RuleBroken (no list), BadRows (naming each row)."""
    return read_each(data, COLUMNS, _read, most=MOST)


def _read(row: Row) -> Wanted:
    email = check_email(row.cells["email"])
    name = check_name(row.cells["name"] or email.partition("@")[0])
    role = ROLES.get(row.cells["role"].casefold())
    if role is None:
        raise RuleBroken(_("The role can be “organiser” or “admin”, or empty."), field="role")
    return Wanted(email, name, role, row.number)


def link_of(invitation: Invitation) -> str:
    """The whole address that the invited person opens."""
    token = token_of("invitation", invitation.nonce)
    return outside(url_for("accounts.invited", token=token))


def write_links(invitations: Iterable[Invitation]) -> bytes:
    """A spreadsheet of who gets which link, to be merged into letters or mail."""
    return write_rows(
        (_("Name"), _("E-mail"), _("Role"), _("Link"), _("Works until")), _rows(invitations)
    )


def _rows(invitations: Iterable[Invitation]) -> Iterator[tuple[str, ...]]:
    for one in invitations:
        yield one.name, one.email, one.role, link_of(one), moment(one.expires_at)
