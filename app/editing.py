"""The second of two editors hears of the first, before anything is lost."""

from __future__ import annotations

from typing import Protocol

from flask_babel import gettext as _

from app.exceptions import Conflict


class Versioned(Protocol):
    """What people edit."""

    edit_version: int


def check_version(thing: Versioned | None, edit_version: int) -> None:
    """Raises Conflict, as `edited_meanwhile`; nothing there yet is version 0."""
    if (thing.edit_version if thing else 0) != edit_version:
        raise Conflict(
            _("Somebody else changed this while you were writing. Nothing of yours is saved yet."),
            error="edited_meanwhile",
        )


def change(thing: Versioned, fields: dict[str, object]) -> None:
    """Give a thing its new values, and say that it has changed."""
    for name, value in fields.items():
        setattr(thing, name, value)
    thing.edit_version += 1
