"""Passwords: how they are hashed, and that looking takes the same work for everybody."""

from __future__ import annotations

import threading

from flask_babel import gettext as _
from werkzeug.security import check_password_hash, generate_password_hash

from app.exceptions import RuleBroken, TooMany

METHOD = "scrypt:32768:8:1"
"""32 MB and about a tenth of a second each, on the machines we run on."""
SHORTEST = 10
LONGEST = 200
AT_ONCE = 4
"""How many are worked on at once in a process: 128 MB at the most."""
PATIENCE = 10
"""Seconds to wait for one of those places."""

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
    return generate_password_hash(password, method=METHOD)


def is_password_of(password_hash: str | None, password: str) -> bool:
    """Whether the password is right; without a hash no, after the same work.

    Raises TooMany when the machine is busy with too many others'.
    """
    if not _places.acquire(timeout=PATIENCE):
        raise TooMany(_("Many people are signing in right now."), retry_after=PATIENCE)
    try:
        fits = check_password_hash(password_hash or NOBODYS_HASH, password[:LONGEST])
    finally:
        _places.release()
    return fits and password_hash is not None
