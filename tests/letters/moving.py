"""Move letters in tests as the desk does."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from app import clock
from app.events.models import Event
from app.letters import bulk_actions
from app.letters.entries import Choice, Filter


def move_entry(at: Event, log_op: str, **overrides: Any) -> str | None:
    """Move an entry: `case` (its slug), `kind`, `op`, `now`. The op of its new log, if it moved."""
    how = {"case": None, "kind": None, "op": str(uuid4()), "actor": "x", "now": clock.now()}
    choice = Choice((log_op,), Filter(), 0, is_all=False)
    outcome = bulk_actions.move_entries(at, choice, **how | overrides)
    return outcome.deed.rows[1]["op"] if outcome.deed else None
