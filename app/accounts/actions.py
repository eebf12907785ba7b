"""Sign in, sign out, stay signed in; and make the first people who may."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, or_, update

from app import limits
from app.accounts.access import IDLE_FOR, SIGNED_IN_FOR, hash_token
from app.accounts.browsers import UNSEEN, Arrival
from app.accounts.enrolling import (
    add_session,
    add_user,
    end_sessions,
    is_still,
    note_user,
    prepare_user,
)
from app.accounts.models import SignInSession, User
from app.accounts.passwords import is_password_of
from app.accounts.queries import find_user_by_email
from app.database import SECTION, write
from app.exceptions import NotFound, RuleBroken, TooMany

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


def sign_in(
    email: str,
    password: str,
    *,
    arrival: Arrival = UNSEEN,
    now: datetime,
) -> str:
    """A new session's token for whoever this is; raises RuleBroken, alike for every reason."""
    user = find_user_by_email(email)
    password_hash = user.password_hash if user else None
    wrong = RuleBroken(
        _("E-mail and password do not belong together. Check both and try again."),
        field="password",
        error="wrong_password",
    )
    if not is_password_of(password_hash, password) or user is None:
        raise wrong
    with write(SECTION) as session:
        if not is_still(user, password_hash):
            raise wrong
        token = add_session(session, user, arrival=arrival, now=now)
    return token


def confirm_password(own: SignInSession, password: str, *, now: datetime) -> None:
    """Note that the person typed their password again; raises RuleBroken when it is wrong."""
    user, password_hash, session_id = own.user, own.user.password_hash, own.id
    wrong = RuleBroken(
        _("That is not your password. Try again."), field="password", error="wrong_password"
    )
    if not is_password_of(password_hash, password):
        raise wrong
    with write(SECTION) as session:
        if not is_still(user, password_hash):
            raise wrong
        session.execute(
            update(SignInSession)
            .where(SignInSession.id == session_id)
            .values(password_checked_at=now)
        )


def sign_out(token: str, *, now: datetime) -> None:
    """End the session of this token: the cookie, and every copy of it, is worth nothing now."""
    with write(SECTION) as session:
        end_sessions(session, SignInSession.token_hash == hash_token(token), now=now)


def sign_out_there(user: User, session_id: int, *, now: datetime) -> None:
    """End one of a person's own sessions; raises NotFound when it is not theirs."""
    user_id = user.id
    with write(SECTION) as session:
        if not end_sessions(
            session, SignInSession.id == session_id, SignInSession.user_id == user_id, now=now
        ):
            raise NotFound(_("You are not signed in there any more."))


def sign_out_everywhere(user: User, *, now: datetime) -> None:
    """End all of a person's sessions, this one too."""
    user_id, public_id = user.id, user.public_id
    with write(SECTION) as session:
        end_sessions(session, SignInSession.user_id == user_id, now=now)
        note_user(session, public_id, "sign_out_everywhere", actor=public_id, now=now)


def note_seen(own: SignInSession, *, now: datetime) -> None:
    """Keep the session from going idle; written at most once a minute."""
    if now - own.last_seen_at < SEEN_EVERY:
        return
    session_id, user_id = own.id, own.user_id
    with write(SECTION) as session:
        session.execute(
            update(SignInSession).where(SignInSession.id == session_id).values(last_seen_at=now)
        )
        session.execute(update(User).where(User.id == user_id).values(last_seen_at=now))


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
    user = prepare_user(email=email, name=name, role=role, password=password, now=now)
    with write(SECTION) as session:
        add_user(session, user, actor=actor, now=now)
    return user
