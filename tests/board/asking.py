"""Which queries are asked of the database while something happens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from app.database import db


@contextmanager
def queries() -> Iterator[list[str]]:
    """The SELECTs of all connections, also of those that SQLAlchemy does not see; SQLite only."""
    asked: list[str] = []

    def note(sql: str) -> None:
        if sql.lstrip().upper().startswith("SELECT"):
            asked.append(sql)

    def listen(connection: Any, *_others: object) -> None:
        connection.set_trace_callback(note)

    # What the test itself has open is traced from its next checkout.
    db.session.rollback()
    event.listen(db.engine, "checkout", listen)
    try:
        yield asked
    finally:
        event.remove(db.engine, "checkout", listen)
        db.session.rollback()
        db.engine.dispose()
