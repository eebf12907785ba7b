"""Each mail that is owed, and how the mail server was the last time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Model

WAITING, SENDING, SENT, PARKED, DROPPED = STATES = (
    *("waiting", "sending", "sent", "parked", "dropped"),
)


class OwedMail(Model):
    """One mail to one address; to whom and what it says is sealed, and gone once it is settled."""

    __tablename__ = "outbox_mail"
    __table_args__ = (
        CheckConstraint(
            "state IN ('waiting', 'sending', 'sent', 'parked', 'dropped')", name="state"
        ),
        Index("ix_outbox_mail_state_due_at", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    """What this mail is; the same is never owed twice."""
    uid: Mapped[str] = mapped_column(String(32), unique=True)
    """Random: the Message-ID, which stays the same whenever it is tried again."""
    kind: Mapped[str] = mapped_column(String(40))
    scope: Mapped[str] = mapped_column(String(40))
    """Whose data key seals it."""
    about: Mapped[str] = mapped_column(String(80), index=True)
    """Opaque id of the person it goes to, so that it can be erased with them."""
    language: Mapped[str] = mapped_column(String(12))
    sealed_to: Mapped[bytes | None] = mapped_column(LargeBinary)
    sealed_content: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(8), default=WAITING)
    owed_at: Mapped[datetime]
    """From when it should be on its way."""
    due_at: Mapped[datetime]
    """When it is tried next."""
    useful_until: Mapped[datetime | None]
    """From when it would tell nobody anything; then it is not sent any more."""
    stranger: Mapped[str | None] = mapped_column(String(64), index=True)
    """Likeness of its address while nobody has proven that; None once its day has come."""
    held_until: Mapped[datetime | None]
    """While it is being sent: when whoever is at it is taken for dead."""
    settled_at: Mapped[datetime | None]
    """When it was sent, parked or dropped."""
    tries: Mapped[int] = mapped_column(default=0)
    """Its own failures; those of the server are not counted here."""
    code: Mapped[int | None]
    """What the mail server answered the last time."""
    reason: Mapped[str] = mapped_column(String(16), default="")
    """Why it was parked or dropped: a key of `wording.REASONS`."""


class MailServerState(Model):
    """The one row about the server: since when it fails, and when it is asked again."""

    __tablename__ = "outbox_server"

    id: Mapped[int] = mapped_column(primary_key=True)
    down_since: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None]
    code: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(16), default="")
    succeeded_at: Mapped[datetime | None]
    """When it last took a mail."""
