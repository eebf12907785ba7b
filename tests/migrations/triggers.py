"""The triggers of a database, read from the database itself."""

from __future__ import annotations

from sqlalchemy import Connection, text

QUERIES = {
    "sqlite": "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY 1, 2",
    "postgresql": (
        "SELECT c.relname, t.tgname, pg_get_triggerdef(t.oid) FROM pg_trigger t "
        "JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND t.tgenabled = 'O' "
        "ORDER BY 1, 2"
    ),
}


def list_triggers(connection: Connection) -> list[tuple[str, str, str]]:
    """Table, name and definition of each trigger that is switched on."""
    rows = connection.execute(text(QUERIES[connection.dialect.name]))
    return [(row[0], row[1], row[2]) for row in rows]


def drop_triggers(connection: Connection, table: str) -> None:
    """Take the triggers off a table, as only somebody with the database in hand can."""
    for on_table, name, _ in list_triggers(connection):
        if on_table == table:
            where = f" ON {table}" if connection.dialect.name == "postgresql" else ""
            connection.execute(text(f"DROP TRIGGER {name}{where}"))
