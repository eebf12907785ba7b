"""Passwords: how they are hashed, and that looking takes the same work for everybody."""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _
from werkzeug.security import check_password_hash, generate_password_hash

from app.database import db
from app.exceptions import RuleBroken, TooMany

METHOD = "scrypt:32768:8:1"
"""32 MB and about a tenth of a second each, on the machines we run on."""
SHORTEST = 10
LONGEST = 200
AT_ONCE = 2
"""How many are worked on at once in a process: 64 MB at the most."""
PATIENCE = 10
"""Seconds to wait for one of those places; whole crowds wait in the front's lane instead."""
ASKED_FOR = re.compile(
    r"/(sign-in|setup|account/(new-)?password|(invitations|new-password)/[^/]+/)"
)
"""Where passwords are sent to."""

NOBODYS_HASH = (
    "scrypt:32768:8:1$iVm7pdd7Zs3pQjjs$"
    "493d2bf7f68978d7c28ddadd3ecc38935b66c4c7e7514d441a7747350af2f03e"
    "fb3bec2246b32dc7c438bc9004596d1eb53071cb381d0be6eec1f504226f66d1"
)
"""What an unknown person's password is compared with; no password is known to lead to it."""

_places = threading.BoundedSemaphore(AT_ONCE)


def hash_password(password: str) -> str:
    """What is stored of a password; raises RuleBroken when it is too short or too long."""
    if len(password) < SHORTEST:
        raise RuleBroken(
            _("The password needs at least %(count)s characters.", count=SHORTEST),
            field="password",
            error="weak_password",
        )
    if len(password) > LONGEST:
        raise RuleBroken(
            _("The password can have %(count)s characters at the most.", count=LONGEST),
            field="password",
            error="weak_password",
        )
    with _place():
        return generate_password_hash(password, method=METHOD)


def is_password_of(password_hash: str | None, password: str) -> bool:
    """Whether the password is right; without a hash no, after the same work.

    Raises TooMany when the machine is busy with too many others'.
    """
    with _place():
        fits = check_password_hash(password_hash or NOBODYS_HASH, password[:LONGEST])
    return fits and password_hash is not None


def are_asked_for(environ: dict[str, Any]) -> bool:
    """Whether a request may bring a password to be looked at or hashed."""
    is_sent = environ["REQUEST_METHOD"] == "POST"
    return is_sent and ASKED_FOR.fullmatch(environ["PATH_INFO"]) is not None


@contextlib.contextmanager
def _place() -> Iterator[None]:
    # Nobody who waits or works here holds a connection; what was read is read anew afterwards.
    db.session.rollback()
    if not _places.acquire(timeout=PATIENCE):
        raise TooMany(
            _("Many people are doing this right now. Wait a moment, then try again."),
            retry_after=PATIENCE,
        )
    try:
        yield
    finally:
        _places.release()
