"""The order in which a write takes the rows that writers of many scopes meet in."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, event

SEASON, EVENT = "UPDATE campaign ", "UPDATE event "
TAKEN = "the season's row was taken"


def watched(engine: Engine) -> Engine:
    """The engine, on which a `write()` now fails that takes an event's row after the season's.

    On PostgreSQL one that goes the other way round than the rest waits for ever for whoever waits
    for it; SQLite would never show it.
    """
    event.listen(engine, "begin", lambda connection: connection.info.pop(TAKEN, None))
    event.listen(engine, "before_cursor_execute", _check)
    return engine


def _check(connection: Any, _cursor: Any, statement: str, *_others: Any) -> None:
    if not connection.get_execution_options().get("writes"):
        return
    if statement.startswith(SEASON):
        connection.info[TAKEN] = True
    elif statement.startswith(EVENT) and TAKEN in connection.info:
        raise AssertionError("an event's row was taken after the season's: see do_last()")
