"""Sign in, sign out, stay signed in; and make the people who may."""

from __future__ import annotations

import re
import secrets
import unicodedata
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy.orm import Session

from app import limits
from app.accounts.access import IDLE_FOR, SIGNED_IN_FOR, hash_token
from app.accounts.models import ROLES, SignInSession, User
from app.accounts.passwords import hash_password, is_password_of
from app.accounts.queries import find_user_by_email, normal_email
from app.audit import note_deed
from app.database import SECTION, write
from app.exceptions import Conflict, NotFound, RuleBroken, TooMany

PERSON_RATE = limits.Rate(burst=10, per_minute=5)
"""Tries for one address from one network."""
NETWORK_RATE = limits.Rate(burst=60, per_minute=60)
"""Tries from one network: a hall full of organisers behind one address stays below it."""
SEEN_EVERY = timedelta(minutes=1)


def take_try(*, person_key: str, network_key: str, now: datetime) -> None:
    """Count one try to sign in; raises TooMany when this person or this network had enough.

    It runs out for whoever tries, from where they try: nobody can lock a person out.
    """
    with write(SECTION) as session:
        waits = (
            limits.take(session.connection(), network_key, NETWORK_RATE, now=now),
            limits.take(session.connection(), person_key, PERSON_RATE, now=now),
        )
        limits.forget_unused(session, now=now)
    if max(waits):
        raise TooMany(_("Too many tries. Wait a little, then try again."), retry_after=max(waits))


def sign_in(email: str, password: str, *, replacing: str | None, now: datetime) -> str:
    """A new session's token for whoever this is; raises RuleBroken, alike for every reason.

    `replacing` is the token this browser came with: its session ends.
    """
    user = find_user_by_email(email)
    if not is_password_of(user.password_hash if user else None, password) or user is None:
        raise RuleBroken(
            _("E-mail and password do not belong together. Check both and try again."),
            field="password",
            error="wrong_password",
        )
    user_id, public_id = user.id, user.public_id
    token = secrets.token_urlsafe(32)
    with write(SECTION) as session:
        if replacing:
            _revoke(session, SignInSession.token_hash == hash_token(replacing), now=now)
        session.add(
            SignInSession(
                user_id=user_id,
                token_hash=hash_token(token),
                created_at=now,
                last_seen_at=now,
                password_checked_at=now,
            )
        )
        note_deed(
            session, actor=public_id, verb="sign_in", thing="user", thing_id=public_id, now=now
        )
    return token


def confirm_password(own: SignInSession, password: str, *, now: datetime) -> None:
    """Note that the person typed their password again; raises RuleBroken when it is wrong."""
    session_id = own.id
    if not is_password_of(own.user.password_hash, password):
        raise RuleBroken(
            _("That is not your password. Try again."), field="password", error="wrong_password"
        )
    with write(SECTION) as session:
        session.execute(
            update(SignInSession)
            .where(SignInSession.id == session_id)
            .values(password_checked_at=now)
        )


def sign_out(token: str, *, now: datetime) -> None:
    """End the session of this token: the cookie, and every copy of it, is worth nothing now."""
    with write(SECTION) as session:
        _revoke(session, SignInSession.token_hash == hash_token(token), now=now)


def sign_out_there(user: User, session_id: int, *, now: datetime) -> None:
    """End one of a person's own sessions; raises NotFound when it is not theirs."""
    user_id = user.id
    with write(SECTION) as session:
        if not _revoke(
            session, SignInSession.id == session_id, SignInSession.user_id == user_id, now=now
        ):
            raise NotFound(_("You are not signed in there any more."))


def sign_out_everywhere(user: User, *, now: datetime) -> None:
    """End all of a person's sessions, this one too."""
    user_id, public_id = user.id, user.public_id
    with write(SECTION) as session:
        _revoke(session, SignInSession.user_id == user_id, now=now)
        note_deed(
            session,
            actor=public_id,
            verb="sign_out_everywhere",
            thing="user",
            thing_id=public_id,
            now=now,
        )


def note_seen(own: SignInSession, *, now: datetime) -> None:
    """Keep the session from going idle; written at most once a minute."""
    if now - own.last_seen_at < SEEN_EVERY:
        return
    session_id = own.id
    with write(SECTION) as session:
        session.execute(
            update(SignInSession).where(SignInSession.id == session_id).values(last_seen_at=now)
        )


def forget_old_sessions(*, now: datetime) -> None:
    """Drop sessions that cannot come back to life, a day after they ended."""
    day_ago = now - timedelta(days=1)
    with write(SECTION) as session:
        session.execute(
            delete(SignInSession).where(
                or_(
                    SignInSession.created_at < day_ago - SIGNED_IN_FOR,
                    SignInSession.last_seen_at < day_ago - IDLE_FOR,
                    SignInSession.revoked_at < day_ago,
                )
            )
        )


def create_user(
    *, email: str, name: str, role: str, password: str, actor: str | None, now: datetime
) -> User:
    """Put a person on record; the first admin is the owner.

    Raises RuleBroken (address, name, password), Conflict (the address is taken).
    """
    assert role in ROLES
    email, name = check_email(email), check_name(name)
    password_hash = hash_password(password)
    user = User(
        public_id=secrets.token_hex(8),
        email=email,
        name=name,
        role=role,
        password_hash=password_hash,
        is_active=True,
        created_at=now,
    )
    with write(SECTION) as session:
        if session.scalar(select(exists().where(User.email == email))):
            raise Conflict(_("Somebody with this e-mail address is here already."), field="email")
        if role == "admin" and not session.scalar(select(exists().where(User.role == "owner"))):
            user.role = "owner"
        session.add(user)
        note_deed(
            session, actor=actor, verb="create", thing="user", thing_id=user.public_id, now=now
        )
    return user


def check_email(email: str) -> str:
    """The address in its one spelling; raises RuleBroken when it cannot be one."""
    email = normal_email(email)
    if len(email) > 254 or not re.fullmatch(r"[^\s@\x00-\x1f]+@[^\s@\x00-\x1f]+", email):
        raise RuleBroken(
            _("This is no e-mail address: it needs an @ and no spaces."),
            field="email",
            error="bad_email",
        )
    return email


def check_name(name: str) -> str:
    """The name without stray spaces; raises RuleBroken when it is empty or too long."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= 80 or any(unicodedata.category(mark) == "Cc" for mark in name):
        raise RuleBroken(_("Give a name of 1 to 80 characters."), field="name", error="bad_name")
    return name


def _revoke(session: Session, *which: object, now: datetime) -> int:
    result = session.execute(
        update(SignInSession)
        .where(SignInSession.revoked_at.is_(None), *which)  # type: ignore[arg-type]
        .values(revoked_at=now)
    )
    return int(result.rowcount)  # type: ignore[attr-defined]
