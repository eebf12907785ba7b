"""Tell a code, count the guesses at it, and make the owner for whoever knows it."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete

from app import limits
from app.accounts.browsers import Arrival
from app.accounts.enrolling import add_session, add_user, prepare_user
from app.audit import note_deed
from app.campaigns.slugs import random_word
from app.database import SECTION, write
from app.exceptions import Conflict, RuleBroken, TooMany
from app.setup.models import SetupCode
from app.setup.queries import find_code_hash, has_people

PARTS, PART = 3, 4
"""Twelve characters: fifty-nine bits, and easily read off a screen."""
GUESSES = limits.Rate(burst=20, per_minute=10)
"""For all the world together: nobody is locked out for long, and nobody gets anywhere."""


def renew_code(*, now: datetime) -> str:
    """A new code, for whoever reads the terminal; the one before is worth nothing any more.

    Raises Conflict once somebody is on record.
    """
    code = "-".join(random_word(PART) for _part in range(PARTS)).upper()
    with write(SECTION) as session:
        _check_nobody_is_here()
        session.execute(delete(SetupCode))
        session.add(SetupCode(code_hash=hash_code(code), created_at=now))
    return code


def take_guess(*, now: datetime) -> None:
    """Count one guess at the code; raises TooMany when there were enough for now."""
    with write(SECTION) as session:
        wait = limits.take(session.connection(), "setup-code", GUESSES, now=now)
    if wait:
        raise TooMany(_("Too many tries. Wait a little, then try again."), retry_after=wait)


def make_owner(
    code: str, *, email: str, name: str, password: str, arrival: Arrival, now: datetime
) -> str:
    """Put the first admin on record and sign them in; their session's token.

    Raises Conflict (somebody was faster), RuleBroken (code, address, name, password).
    """
    check_code(code)
    user = prepare_user(email=email, name=name, role="owner", password=password, now=now)
    with write(SECTION) as session:
        _check_nobody_is_here()
        check_code(code)
        session.execute(delete(SetupCode))
        add_user(session, user, actor=None, now=now)
        token = add_session(session, user, arrival=arrival, now=now)
        note_deed(
            session,
            actor=user.public_id,
            verb="set_up",
            thing="section",
            thing_id=user.public_id,
            now=now,
        )
    return token


def check_code(code: str) -> None:
    """Raises RuleBroken unless this is the code told last; compared in constant time."""
    if not hmac.compare_digest(hash_code(code), find_code_hash() or ""):
        raise RuleBroken(
            _("This is not the code. It stands in the terminal where Lettertally was started."),
            field="code",
            error="wrong_code",
        )


def hash_code(code: str) -> str:
    """What is stored of a code, however it was typed: case, spaces and hyphens do not matter."""
    typed = "".join(mark for mark in code.upper() if mark.isalnum())
    return hashlib.sha256(typed.encode()).hexdigest()


def _check_nobody_is_here() -> None:
    if has_people():
        raise Conflict(_("Lettertally is set up already. Sign in instead."), error="set_up_already")
