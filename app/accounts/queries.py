"""Who is on record, and where they are signed in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app.accounts.access import IDLE_FOR, SIGNED_IN_FOR
from app.accounts.models import SignInSession, User
from app.database import db


def find_user_by_email(email: str) -> User | None:
    """The person with this address, whatever its case, if they may still sign in."""
    return db.session.execute(
        select(User).where(User.email == normal_email(email), User.is_active)
    ).scalar_one_or_none()


def list_live_sessions(user: User, *, now: datetime) -> list[SignInSession]:
    """Where a person is signed in, the latest seen first."""
    return list(
        db.session.execute(
            select(SignInSession)
            .where(
                SignInSession.user_id == user.id,
                SignInSession.revoked_at.is_(None),
                SignInSession.last_seen_at > now - IDLE_FOR,
                SignInSession.created_at > now - SIGNED_IN_FOR,
            )
            .order_by(SignInSession.last_seen_at.desc(), SignInSession.id.desc())
        ).scalars()
    )


def normal_email(email: str) -> str:
    """One spelling for each address: people do not remember their own capitals."""
    return email.strip().lower()
