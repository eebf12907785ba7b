"""The ledger's immutable rows, and the sums kept beside them in the same transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Model

ACTS = ("log", "void", "restore", "count", "recount")
SOURCES = ("tap", "sheet", "desk", "report", "recount", "import")
NO_TABLE = 0
"""Stands for "no table" in the sums' keys, where NULLs would never meet each other."""


class Entry(Model):
    """One row of the ledger; triggers on both engines refuse UPDATE and DELETE.

    `act` says what the row does: `log` adds letters, `void` takes back, `restore` puts back,
    `count` lets a held row in, `recount` carries the difference of a later count. A row that
    answers another refers to the *end* of that row's chain of acts, and `refers_to` is unique, so
    each row is answered once. It copies the log's table, case, kind, source, quantity and
    `pressed_at`, so that sums by any of them stay right without looking back.
    """

    __tablename__ = "entry"
    __table_args__ = (
        CheckConstraint("quantity > 0 OR act = 'recount'", name="quantity"),
        CheckConstraint("act IN ('log', 'void', 'restore', 'count', 'recount')", name="act"),
        CheckConstraint(
            "source IN ('tap', 'sheet', 'desk', 'report', 'recount', 'import')", name="source"
        ),
        CheckConstraint("state IN ('counted', 'held')", name="state"),
        UniqueConstraint("op"),
        UniqueConstraint("refers_to"),
        UniqueConstraint("event_id", "seq"),
        Index(
            "ix_entry_held",
            "event_id",
            # PostgreSQL's is partial, too; to say so here would load its dialect, 2 MB, on SQLite.
            sqlite_where=text("state = 'held'"),
        ),
        Index("ix_entry_log_op_seq", "log_op", "seq"),
        Index("ix_entry_device_id_seq", "device_id", "seq"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    op: Mapped[str] = mapped_column(String(36))
    """UUID, minted by the client per press: the same op is the same press."""
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    seq: Mapped[int]
    """Counts from one within the event."""
    table_id: Mapped[int | None] = mapped_column(ForeignKey("writing_table.id"))
    device_id: Mapped[int | None] = mapped_column(ForeignKey("device.id"))
    actor: Mapped[str | None] = mapped_column(String(16))
    """Opaque id of the organiser who did it; empty for a table's own press."""
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    kind: Mapped[str] = mapped_column(String(24))
    quantity: Mapped[int]
    act: Mapped[str] = mapped_column(String(8))
    refers_to: Mapped[str | None] = mapped_column(ForeignKey("entry.op"))
    log_op: Mapped[str] = mapped_column(String(36))
    """The op of the log row that this chain of acts began with; a log names itself."""
    effect: Mapped[int]
    """Signed contribution to the tally; the sum of effects *is* the tally."""
    source: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(8))
    """`held` rows are seen but not counted until a `count` row answers them."""
    is_late: Mapped[bool] = mapped_column(default=False)
    pressed_at: Mapped[datetime]
    """When the log was pressed, by the client's measured age, to the millisecond."""
    recorded_at: Mapped[datetime]
    chain: Mapped[str] = mapped_column(String(64))
    """SHA-256 over the previous row's chain and this row's canonical bytes."""


class Tally(Model):
    """Counted sums by everything the screens ask for; derived from entry, kept with it."""

    __tablename__ = "tally"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), primary_key=True)
    table_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(24), primary_key=True)
    source: Mapped[str] = mapped_column(String(8), primary_key=True)
    counted: Mapped[int]


class Pulse(Model):
    """Counted sums by the minute of the press; derived from entry, kept with it."""

    __tablename__ = "pulse"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), primary_key=True)
    minute: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Minutes since 1970, UTC."""
    table_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    counted: Mapped[int]
