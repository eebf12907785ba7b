"""Steps that several deeds share, each inside the deed's own `write()`; none of them commits."""

from __future__ import annotations

import re
import secrets
import unicodedata
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import Session

from app.accounts.access import hash_token
from app.accounts.browsers import Arrival
from app.accounts.links import mint
from app.accounts.mailing import forget_invitation_mail
from app.accounts.models import ROLES, Invitation, PasswordLink, SignInSession, User
from app.accounts.passwords import hash_password
from app.accounts.queries import normal_email
from app.audit import note_deed
from app.exceptions import Conflict, RuleBroken

INVITED_FOR = timedelta(days=30)
PASSWORD_LINK_FOR = timedelta(hours=24)


def prepare_user(*, email: str, name: str, role: str, password: str, now: datetime) -> User:
    """A person not yet on record; the slow hashing is done here, outside any lock.

    Raises RuleBroken (address, name, password).
    """
    assert role in ROLES
    email, name = check_email(email), check_name(name)
    return User(
        public_id=secrets.token_hex(8),
        email=email,
        name=name,
        role=role,
        password_hash=hash_password(password),
        is_active=True,
        created_at=now,
    )


def add_user(session: Session, user: User, *, actor: str | None, now: datetime) -> None:
    """Put a prepared person on record; the first admin is the owner.

    Raises Conflict when the address is taken.
    """
    if session.scalar(select(exists().where(User.email == user.email))):
        raise Conflict(_("Somebody with this e-mail address is here already."), field="email")
    if user.role == "admin" and not session.scalar(select(exists().where(User.role == "owner"))):
        user.role = "owner"
    session.add(user)
    session.flush()
    note_deed(session, actor=actor, verb="create", thing="user", thing_id=user.public_id, now=now)


def add_session(session: Session, user: User, *, arrival: Arrival, now: datetime) -> str:
    """Sign a person in; the new session's token, which is stored nowhere."""
    if arrival.replacing:
        end_sessions(session, SignInSession.token_hash == hash_token(arrival.replacing), now=now)
    token = secrets.token_urlsafe(32)
    user.last_seen_at = now
    session.add(
        SignInSession(
            user_id=user.id,
            token_hash=hash_token(token),
            created_at=now,
            last_seen_at=now,
            password_checked_at=now,
            **arrival.with_what._asdict(),
        )
    )
    note_user(session, user.public_id, "sign_in", actor=user.public_id, now=now)
    return token


def is_still(user: User, password_hash: str | None) -> bool:
    """Whether this person may sign in, and by the password that was looked at before the lock.

    Looking at one takes a while, in which another may be chosen, or access be ended.
    """
    return user.is_active and user.password_hash == password_hash


def end_sessions(session: Session, *which: ColumnElement[bool], now: datetime) -> int:
    """End the sessions that are so and live; how many there were."""
    result: Any = session.execute(
        update(SignInSession)
        .where(SignInSession.revoked_at.is_(None), *which)
        .values(revoked_at=now)
        .execution_options(synchronize_session=False)
    )
    return int(result.rowcount)


def end_password_links(session: Session, user_id: int, *, now: datetime) -> None:
    """Let no link that was handed out before choose this person's password any more."""
    session.execute(
        update(PasswordLink)
        .where(PasswordLink.user_id == user_id, PasswordLink.ended_at.is_(None))
        .values(ended_at=now)
        .execution_options(synchronize_session=False)
    )


def add_password_link(session: Session, user: User, *, now: datetime) -> PasswordLink:
    """A new link by which somebody may choose a password, once."""
    link = PasswordLink(
        user_id=user.id,
        created_at=now,
        expires_at=now + PASSWORD_LINK_FOR,
        **mint("password")._asdict(),
    )
    session.add(link)
    return link


def note_user(session: Session, public_id: str, verb: str, *, actor: str, now: datetime) -> None:
    """Note in the audit what was done to a person."""
    note_deed(session, actor=actor, verb=verb, thing="user", thing_id=public_id, now=now)


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


def add_invitation(
    session: Session, *, email: str, name: str, role: str, actor: str, now: datetime
) -> Invitation:
    """Ask somebody to join; address and name were checked, whoever is here already was not."""
    invitation = new_invitation(email=email, name=name, role=role, actor=actor, now=now)
    session.add(invitation)
    return invitation


def new_invitation(*, email: str, name: str, role: str, actor: str, now: datetime) -> Invitation:
    """The same, not yet on record."""
    return Invitation(
        email=email,
        name=name,
        role=role,
        invited_by=actor,
        created_at=now,
        expires_at=now + INVITED_FOR,
        **mint("invitation")._asdict(),
    )


def take_back_invitation(
    session: Session, invitation: Invitation, *, actor: str, now: datetime
) -> None:
    """Let its link open nothing any more."""
    invitation.revoked_at = now
    forget_invitation_mail(session, invitation)
    note_invitation(session, invitation, "take_back_invitation", actor=actor, now=now)


def take_back_links_of(session: Session, person: User, *, actor: str, now: datetime) -> None:
    """Let nobody who may do less from now on come back by an invitation that they could read.

    That is what they made and, of an admin, every invitation that makes an admin.
    """
    could_read = Invitation.invited_by == person.public_id
    if person.is_admin:
        could_read |= Invitation.role == "admin"
    waiting = Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None)
    query = select(Invitation).where(could_read, *waiting).order_by(Invitation.id)
    for invitation in session.execute(query).scalars():
        take_back_invitation(session, invitation, actor=actor, now=now)


def note_invitation(
    session: Session, invitation: Invitation, verb: str, *, actor: str | None, now: datetime
) -> None:
    """Note in the audit what became of an invitation."""
    note_deed(session, actor=actor, verb=verb, thing="invitation", thing_id=invitation.id, now=now)
