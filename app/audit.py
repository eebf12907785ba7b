"""Who did what when: append-only, opaque ids only, no personal data."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.database import Model


class AuditRow(Model):
    """One deed; triggers refuse UPDATE and DELETE."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    happened_at: Mapped[datetime]
    actor: Mapped[str | None] = mapped_column(String(16))
    """Opaque id of the user; empty when the machine did it by itself."""
    verb: Mapped[str] = mapped_column(String(40))
    thing: Mapped[str] = mapped_column(String(40))
    """What kind of thing was acted on: event, table, device, case …"""
    thing_id: Mapped[str] = mapped_column(String(80))


def note_deed(
    session: Session, *, actor: str | None, verb: str, thing: str, thing_id: object, now: datetime
) -> None:
    """Add one row to the audit, inside the `write()` of the deed itself."""
    session.add(
        AuditRow(happened_at=now, actor=actor, verb=verb, thing=thing, thing_id=str(thing_id))
    )
