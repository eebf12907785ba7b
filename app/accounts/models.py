"""Users, their sessions, and the links that let somebody in once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Model

ROLES = ("owner", "admin", "organiser")
INVITED_AS = ("admin", "organiser")
"""An owner is made by an owner, from somebody who is here."""


class User(Model):
    """Somebody who signs in: an organiser, or an admin of the section."""

    __tablename__ = "user_account"
    __table_args__ = (CheckConstraint("role IN ('owner', 'admin', 'organiser')", name="role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    """Random and opaque: the only trace of a person in the ledger and the audit."""
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    role: Mapped[str] = mapped_column(String(16))
    password_hash: Mapped[str] = mapped_column(String(255))
    language: Mapped[str | None] = mapped_column(String(12))
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime | None]
    """To the minute; sessions that have ended are forgotten, this is not."""
    edit_version: Mapped[int] = mapped_column(default=1)

    # What Flask-Login asks of a user.
    is_authenticated = True
    is_anonymous = False

    def get_id(self) -> str:
        """Flask-Login's handle; opaque."""
        return self.public_id

    @property
    def is_admin(self) -> bool:
        """Whether they run the section; the owner is the first of the admins."""
        return self.role in ("owner", "admin")


class SignInSession(Model):
    """One signed-in browser; only the hash of its cookie is kept."""

    __tablename__ = "sign_in_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    password_checked_at: Mapped[datetime]
    """When the password was last typed; dangerous actions ask for a fresh one."""
    revoked_at: Mapped[datetime | None]
    browser: Mapped[str] = mapped_column(String(20), default="", server_default="")
    """The browser's family and system at sign-in; no version, no address."""
    system: Mapped[str] = mapped_column(String(20), default="", server_default="")

    user: Mapped[User] = relationship()


class Invitation(Model):
    """Somebody asked to join; its link works once, for 30 days, until it is taken back."""

    __tablename__ = "invitation"
    __table_args__ = (CheckConstraint("role IN ('admin', 'organiser')", name="role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    name: Mapped[str] = mapped_column(String(80))
    role: Mapped[str] = mapped_column(String(16))
    nonce: Mapped[str] = mapped_column(String(32))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    invited_by: Mapped[str] = mapped_column(String(16))
    """Opaque id of whoever made the link that is open now."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    def is_open(self, now: datetime) -> bool:
        """Whether its link still lets somebody in."""
        return self.accepted_at is None and self.revoked_at is None and now < self.expires_at


class PasswordLink(Model):
    """Lets a person who forgot theirs choose a new password, once, within a day."""

    __tablename__ = "password_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    nonce: Mapped[str] = mapped_column(String(32))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    """When it was used, or another took its place."""

    user: Mapped[User] = relationship()


class PasswordWish(Model):
    """Somebody typed an address and wants a new password; whose it is the ticker finds out.

    So the answer takes as long for an address that is known as for one that is not.
    """

    __tablename__ = "password_wish"

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True)
    sealed_email: Mapped[bytes] = mapped_column(LargeBinary)
    asked_at: Mapped[datetime]
