"""Which queries are asked of the database while something happens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import event

from app.database import db

BY_ITSELF = re.compile(r"SELECT (1$|pg_)")
"""What is asked on PostgreSQL to see that a connection lives, and to lock."""


@contextmanager
def queries() -> Iterator[list[str]]:
    """The SELECTs of all connections, also of those that SQLAlchemy does not see."""
    asked: list[str] = []

    def note(sql: str) -> None:
        if sql.lstrip().upper().startswith("SELECT") and not BY_ITSELF.match(sql):
            asked.append(sql)

    class NotingCursor(psycopg.Cursor[Any]):
        def execute(self, query: Any, *others: Any, **how: Any) -> Any:
            note(str(query))
            return super().execute(query, *others, **how)

    def listen(connection: Any, *_others: object) -> None:
        if db.engine.dialect.name == "sqlite":
            connection.set_trace_callback(note)
        else:
            connection.cursor_factory = NotingCursor

    # What the test itself has open is traced from its next checkout.
    db.session.rollback()
    event.listen(db.engine, "checkout", listen)
    try:
        yield asked
    finally:
        event.remove(db.engine, "checkout", listen)
        db.session.rollback()
        db.engine.dispose()
