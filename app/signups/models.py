"""Sign-up lists of events, and the parties on them; whatever says who they are is locked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Model
from app.events.models import Event

PURPOSES = ("guests", "helpers", "home")
"""Come and write; a helper's role and shift; a promise to write at home."""
ASKABLE = ("email", "language", "access_needs", "note")
"""What a list may ask besides a name and how many people come."""
SEALED = ("name", "email", "access_needs", "note")
"""Columns of a sign-up that are locked with the event's key."""
STATES = ("asked", "waiting", "offered", "in", "lapsed", "cancelled", "declined")
"""Waits for the organiser's yes · waits for a seat · may have one · has one · did not answer the
offer in time · taken off by the guest or an organiser · the organiser said no."""
SEATED = ("in", "offered")
"""Who takes seats away from the others."""
LIVING = ("asked", "waiting", "offered", "in")


class SignUpList(Model):
    """A list of an event; what may be on it and how many."""

    __tablename__ = "sign_up_list"
    __table_args__ = (
        CheckConstraint("purpose IN ('guests', 'helpers', 'home')", name="purpose"),
        CheckConstraint("capacity BETWEEN 1 AND 100000", name="capacity"),
        CheckConstraint("party_limit BETWEEN 1 AND 200", name="party_limit"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(8))
    title: Mapped[str] = mapped_column(String(80), default="")
    """A helper's role, or a name of the organiser's own; empty for the usual words."""
    starts_at: Mapped[datetime | None]
    """Of a shift; empty for the whole event."""
    ends_at: Mapped[datetime | None]
    capacity: Mapped[int | None]
    """People, not parties; None for as many as come."""
    party_limit: Mapped[int] = mapped_column(default=6)
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    """None for the end of its hours."""
    asks: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Of `ASKABLE`, in its order."""
    offer_hours: Mapped[int | None]
    """How long an offer stands; None for the usual: 24 hours, 2 on the day."""
    is_checked: Mapped[bool] = mapped_column(default=False)
    """Whether an organiser confirms each before it has a seat."""
    shows_seats: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    edit_version: Mapped[int] = mapped_column(default=1)

    event: Mapped[Event] = relationship()
    sign_ups: Mapped[list[SignUp]] = relationship(
        order_by="SignUp.queued_at, SignUp.id", back_populates="list"
    )

    @property
    def hours(self) -> tuple[datetime, datetime]:
        """From when until when people are wanted: a shift's own hours, else the event's."""
        return self.starts_at or self.event.starts_at, self.ends_at or self.event.ends_at

    def opening(self, now: datetime) -> str:
        """Whether people may sign up: `open`, `soon`, or `closed` for good."""
        event = self.event
        is_over = event.state == "closed" or now >= (self.closes_at or self.hours[1])
        if event.is_cancelled or event.is_draft or event.names_deleted_at or is_over:
            return "closed"
        return "soon" if self.opens_at is not None and now < self.opens_at else "open"


class SignUp(Model):
    """A party on a list: who, how many, whether they have a seat, how many have come."""

    __tablename__ = "sign_up"
    __table_args__ = (
        CheckConstraint(
            "state IN ('asked', 'waiting', 'offered', 'in', 'lapsed', 'cancelled', 'declined')",
            name="state",
        ),
        CheckConstraint("party_size BETWEEN 1 AND 200", name="party_size"),
        CheckConstraint("arrived BETWEEN 0 AND party_size", name="arrived"),
        Index("ix_sign_up_list_id_queued_at", "list_id", "queued_at"),
        Index("ix_sign_up_list_id_email_likeness", "list_id", "email_likeness"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("sign_up_list.id"))
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    """Random and opaque; also what the locked columns are bound to."""
    nonce: Mapped[str] = mapped_column(String(32))
    """What the private link is worked out from, with the app's secret (`accounts.links`)."""
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    link_was_shown: Mapped[bool] = mapped_column(default=False)
    """Whether the link was on the screen of whoever signed up, and so proves no address."""
    is_proven: Mapped[bool] = mapped_column(default=False)
    """Whether something was done by a link that only its address was sent."""
    state: Mapped[str] = mapped_column(String(9))
    party_size: Mapped[int] = mapped_column(default=1)
    arrived: Mapped[int] = mapped_column(default=0)
    """How many of the party have come."""
    arrived_at: Mapped[datetime | None]
    """When the first of them did."""

    name: Mapped[bytes | None] = mapped_column(LargeBinary)
    """None once the person was erased."""
    email: Mapped[bytes | None] = mapped_column(LargeBinary)
    access_needs: Mapped[bytes | None] = mapped_column(LargeBinary)
    note: Mapped[bytes | None] = mapped_column(LargeBinary)
    name_likeness: Mapped[str | None] = mapped_column(String(64))
    email_likeness: Mapped[str | None] = mapped_column(String(64))

    language: Mapped[str] = mapped_column(String(12), default="")
    """In which mail is written to them; empty for the event's."""
    wants_news: Mapped[bool] = mapped_column(default=False)
    may_show_name: Mapped[bool] = mapped_column(default=False)
    """Whether they agreed to their first name on the public list …"""
    shows_name: Mapped[bool] = mapped_column(default=False)
    """… and an organiser put it there."""
    is_possible_duplicate: Mapped[bool] = mapped_column(default=False)
    is_walk_in: Mapped[bool] = mapped_column(default=False)

    created_at: Mapped[datetime]
    queued_at: Mapped[datetime]
    """The place in the line: first come, first served."""
    offer_ends_at: Mapped[datetime | None]
    offers_made: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None]
    """When it was cancelled, declined or lapsed."""
    ended_by: Mapped[str] = mapped_column(String(16), default="")
    """Opaque id of the organiser who took it off; empty for the guest or the clock."""
    deed: Mapped[str | None] = mapped_column(String(32), index=True)
    """What took it off together with others, by which all of it is undone."""
    ended_from: Mapped[str] = mapped_column(String(9), default="")
    """Its state before it ended, to which undoing leads back."""

    list: Mapped[SignUpList] = relationship(back_populates="sign_ups")

    @property
    def is_erased(self) -> bool:
        """Whether nothing is left of who they are; the party still counts."""
        return self.name is None


class HeadTap(Model):
    """A tap that counted heads at a door: sent again, because its answer was lost, it is known."""

    __tablename__ = "head_tap"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), primary_key=True)
    op: Mapped[str] = mapped_column(String(16), primary_key=True)


class UntoldMove(Model):
    """An event is at another time or place, and its guests have not been written to yet."""

    __tablename__ = "untold_move"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), primary_key=True)
    moved_at: Mapped[datetime] = mapped_column(index=True)
    """The last time."""
    before: Mapped[list[str]] = mapped_column(JSON)
    """Its whereabouts as the guests know them."""


class PrintedSheet(Model):
    """The order of a sign-in sheet when it was printed: a number on paper means the same for good.

    Names cannot say it later: whoever is erased has none. It goes when the names are deleted.
    """

    __tablename__ = "printed_sheet"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    printed_at: Mapped[datetime]
    parties: Mapped[list[str]] = mapped_column(JSON)
    """Public ids of sign-ups, by name as it then was."""
