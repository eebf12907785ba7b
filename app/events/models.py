"""Writing events, their tables, and the devices that joined a table."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.campaigns.models import Campaign, Case
from app.database import Model, db

EVENT_STATES = ("upcoming", "running", "closed")
PRESETS = ("class", "group", "stall", "day")
"""What sort of event it is, which decides what its form asks: a school class, a group, a stall in
the street, a marathon of 24 hours."""
LOGGED_BY = ("volunteer", "writer")
"""Whether one person at a table logs for all, or each writer logs with their own phone."""
USUAL_DAYS, MOST_DAYS = 30, 180
"""After an event's end its names are kept so long unless somebody says otherwise, at most."""

event_case = Table(
    "event_case",
    db.metadata,
    Column("event_id", ForeignKey("event.id"), primary_key=True),
    Column("case_id", ForeignKey("case_file.id"), primary_key=True, index=True),
)

event_organiser = Table(
    "event_organiser",
    db.metadata,
    Column("event_id", ForeignKey("event.id"), primary_key=True),
    Column("user_id", ForeignKey("user_account.id"), primary_key=True, index=True),
)

event_invitation = Table(
    "event_invitation",
    db.metadata,
    Column("event_id", ForeignKey("event.id"), primary_key=True),
    Column("invitation_id", ForeignKey("invitation.id"), primary_key=True, index=True),
)
"""Which event somebody runs with others once they have said yes."""

event_handover = Table(
    "event_handover",
    db.metadata,
    Column("event_id", ForeignKey("event.id"), primary_key=True),
    Column("next_event_id", ForeignKey("event.id"), nullable=False, index=True),
)


class Event(Model):
    """A writing event at a place and time, and the head of its ledger."""

    __tablename__ = "event"
    __table_args__ = (
        CheckConstraint("state IN ('upcoming', 'running', 'closed')", name="state"),
        Index("ix_event_campaign_id_starts_at", "campaign_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    place: Mapped[str] = mapped_column(String(200), default="")
    preset: Mapped[str] = mapped_column(String(8), default="group")
    held_by: Mapped[str] = mapped_column(String(120), default="")
    """Who holds it, as guests read it: a school, a library, a group."""
    address: Mapped[str] = mapped_column(String(300), default="")
    town: Mapped[str] = mapped_column(String(80), default="", server_default="")
    """By which guests find it."""
    region: Mapped[str] = mapped_column(String(80), default="", server_default="")
    """One of the section's, or empty; guests do not see it."""
    online_link: Mapped[str] = mapped_column(String(500), default="")
    languages: Mapped[str] = mapped_column(String(120), default="")
    """Those spoken there, in the organiser's own words."""
    language: Mapped[str] = mapped_column(String(12), default="", server_default="")
    """What its screens and posters speak unless a reader wishes another; empty for no one's."""
    what_to_bring: Mapped[str] = mapped_column(String(200), default="")
    access: Mapped[list[str]] = mapped_column(JSON, default=list)
    """What makes it easy to come, of `app.events.wording.ACCESS`."""
    access_notes: Mapped[str] = mapped_column(String(500), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    time_zone: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(8), default="upcoming")
    opened_at: Mapped[datetime | None]
    """The first opening: a press claimed before it waits for a check."""
    closed_at: Mapped[datetime | None]
    """The last close, empty again while the event is reopened."""
    report_submitted_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str] = mapped_column(String(300), default="")
    goal: Mapped[int | None]
    """Letters hoped for."""
    people: Mapped[int | None]
    """Writers who came, as the organiser says; never derived from letters."""
    kinds_in_front: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Wire names of up to four kinds that the table page shows without *More*."""
    logged_by: Mapped[str] = mapped_column(String(9), default="volunteer")
    is_draft: Mapped[bool] = mapped_column(default=False)
    """Made for an organiser who has not looked it through yet: on no list, never opened."""
    is_shut: Mapped[bool] = mapped_column(default=False)
    """Whether no new phone may join its tables; those that joined go on."""
    is_rehearsal: Mapped[bool] = mapped_column(default=False)
    is_private: Mapped[bool] = mapped_column(default=False)
    has_young_people: Mapped[bool] = mapped_column(default=False)
    is_written_at_home: Mapped[bool] = mapped_column(default=False)
    """The campaign's one built-in event for letters from home; never listed, never opened."""
    live_version: Mapped[int] = mapped_column(default=1)
    """Moves with whatever the event's live fragments show."""
    lists_version: Mapped[int] = mapped_column(default=1, server_default="1")
    """Moves with whatever its sign-up lists and its door show."""
    keeps_names_days: Mapped[int] = mapped_column(
        default=USUAL_DAYS, server_default=str(USUAL_DAYS)
    )
    """How many days after its end the names on its lists are deleted."""
    names_deleted_at: Mapped[datetime | None]
    counts_heads: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether the door counts heads alone, without names."""
    head_count: Mapped[int] = mapped_column(default=0, server_default="0")
    thanked_at: Mapped[datetime | None]
    """When everybody who came was thanked by mail."""
    chain_seq: Mapped[int] = mapped_column(default=0)
    """How many rows the event's ledger has."""
    chain_head: Mapped[str] = mapped_column(String(64), default="0" * 64)
    """SHA-256 of the ledger's last row; zeros before the first."""
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    edit_version: Mapped[int] = mapped_column(default=1)
    """Calendars count an event's changes by it, too."""

    campaign: Mapped[Campaign] = relationship()
    cases: Mapped[list[Case]] = relationship(
        secondary=event_case, order_by="Case.position, Case.id"
    )
    organisers: Mapped[list[User]] = relationship(
        secondary=event_organiser, order_by="User.name, User.id"
    )
    tables: Mapped[list[WritingTable]] = relationship(
        order_by="WritingTable.position, WritingTable.id", back_populates="event"
    )

    next_event: Mapped[Event | None] = relationship(
        secondary=event_handover,
        primaryjoin=lambda: Event.id == event_handover.c.event_id,
        secondaryjoin=lambda: Event.id == event_handover.c.next_event_id,
    )
    """The event of the next time zone, which goes on when this one ends."""

    @property
    def is_cancelled(self) -> bool:
        """Whether it will not be held."""
        return self.cancelled_at is not None

    @property
    def is_unlisted(self) -> bool:
        """Whether only those who have its link may find it."""
        return self.is_private or self.is_draft or self.is_rehearsal

    @property
    def zone(self) -> ZoneInfo:
        """The zone its hours are told in."""
        return ZoneInfo(self.time_zone)

    def is_over(self, now: datetime) -> bool:
        """Whether it is closed, or its hours have passed."""
        return self.state == "closed" or now >= self.ends_at

    @property
    def is_running(self) -> bool:
        """Whether letters pressed now count."""
        return self.state == "running"


class WritingTable(Model):
    """A table at an event; who holds its code may log letters there."""

    __tablename__ = "writing_table"
    __table_args__ = (CheckConstraint("seats BETWEEN 1 AND 200", name="seats"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    position: Mapped[int] = mapped_column(default=0)
    join_code: Mapped[str] = mapped_column(String(8), unique=True)
    seats: Mapped[int] = mapped_column(default=8)
    """How many live devices may be joined at once."""
    created_at: Mapped[datetime]
    edit_version: Mapped[int] = mapped_column(default=1)

    event: Mapped[Event] = relationship(back_populates="tables")
    devices: Mapped[list[Device]] = relationship(
        order_by="Device.number, Device.id", back_populates="table"
    )


class Device(Model):
    """A phone or tablet that joined a table; only the hash of its cookie is kept."""

    __tablename__ = "device"

    id: Mapped[int] = mapped_column(primary_key=True)
    table_id: Mapped[int] = mapped_column(ForeignKey("writing_table.id"), index=True)
    number: Mapped[int]
    """Counts from one at its table, so that people can say which phone they mean."""
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    joined_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    """To the minute: a press does not rewrite it every time."""
    revoked_at: Mapped[datetime | None]

    table: Mapped[WritingTable] = relationship(back_populates="devices")
