"""Users and their sessions; a session is a row, so that it can be revoked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Model

ROLES = ("owner", "admin", "organiser")


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

    user: Mapped[User] = relationship()
