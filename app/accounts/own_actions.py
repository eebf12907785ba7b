"""What a person does about their own account: name, language, password."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from app.accounts.enrolling import (
    check_name,
    end_password_links,
    end_sessions,
    is_still,
    note_user,
)
from app.accounts.models import SignInSession, User
from app.accounts.passwords import hash_password, is_password_of
from app.accounts.people_access import get_open_password_link
from app.database import SECTION, write
from app.exceptions import Conflict, NotSignedIn, RuleBroken


def edit_own_account(user: User, *, name: str, language: str | None, edit_version: int) -> None:
    """Change one's name and language; raises RuleBroken (name), Conflict (older version)."""
    name = check_name(name)
    with write(SECTION):
        if user.edit_version != edit_version:
            raise Conflict(
                _("This was changed elsewhere meanwhile. Look at it, then save again."),
                error="edited_meanwhile",
            )
        user.name, user.language = name, language
        user.edit_version += 1


def change_own_password(
    own: SignInSession, *, password: str, new_password: str, now: datetime
) -> None:
    """Choose another password; every other session of this person ends.

    Raises RuleBroken (the present one is wrong, the new one too short), TooMany; and when it
    happened meanwhile Conflict (it was changed elsewhere), NotSignedIn (this session was ended).
    """
    user = own.user
    present_hash, session_id = user.password_hash, own.id
    if not is_password_of(present_hash, password):
        raise RuleBroken(
            _("That is not your present password. Try again."),
            field="password",
            error="wrong_password",
        )
    new_hash = _hash_new(new_password)
    with write(SECTION) as session:
        if own.revoked_at is not None:
            raise NotSignedIn(_("Please sign in first."))
        if not is_still(user, present_hash):
            raise Conflict(_("Your password was changed elsewhere meanwhile. Sign in again."))
        user.password_hash = new_hash
        own.password_checked_at = now
        others = SignInSession.user_id == user.id, SignInSession.id != session_id
        end_sessions(session, *others, now=now)
        end_password_links(session, user.id, now=now)
        note_user(session, user.public_id, "change_password", actor=user.public_id, now=now)


def choose_new_password(token: str, *, new_password: str, now: datetime) -> None:
    """Choose a password by an admin's link, which is used up; every session ends.

    Raises NotFound (the link is dead), RuleBroken (too short).
    """
    get_open_password_link(token, now=now)
    new_hash = _hash_new(new_password)
    with write(SECTION) as session:
        user = get_open_password_link(token, now=now).user
        user.password_hash = new_hash
        end_sessions(session, SignInSession.user_id == user.id, now=now)
        end_password_links(session, user.id, now=now)
        note_user(session, user.public_id, "choose_password", actor=user.public_id, now=now)


def _hash_new(password: str) -> str:
    try:
        return hash_password(password)
    except RuleBroken as refusal:
        refusal.field = "new_password"
        raise
