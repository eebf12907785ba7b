"""Hosts, the events they held, and offers to hold one."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, ForeignKey, String, Table, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Model, db
from app.events.models import Event

hosting = Table(
    "hosting",
    db.metadata,
    Column("event_id", ForeignKey("event.id"), primary_key=True),
    Column("host_id", ForeignKey("host.id"), nullable=False, index=True),
)


class Host(Model):
    """A school, a library, a group … that holds events, in one year and the next."""

    __tablename__ = "host"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(16))
    size: Mapped[int | None]
    """How many people it can bring together, roughly."""
    town: Mapped[str] = mapped_column(String(80), default="", server_default="")
    region: Mapped[str] = mapped_column(String(80), default="")
    """One of the section's, or empty."""
    contact: Mapped[str] = mapped_column(String(300), default="")
    """Whom to ask there, as an admin wrote it down."""
    created_at: Mapped[datetime]
    edit_version: Mapped[int] = mapped_column(default=1)

    events: Mapped[list[Event]] = relationship(
        secondary=hosting, order_by="Event.starts_at.desc(), Event.id"
    )


class Offer(Model):
    """Somebody who wants to hold an event; their words are forgotten some time after the answer."""

    __tablename__ = "offer"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'approved', 'declined')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    email: Mapped[str] = mapped_column(String(254))
    held_by: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(16))
    size: Mapped[int | None]
    town: Mapped[str] = mapped_column(String(80))
    wished_on: Mapped[date]
    wish: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    decided_at: Mapped[datetime | None]
    decline_reason: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime]
