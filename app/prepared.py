"""Statements compiled once per engine and run on the transaction's own cursor: the hot path's.

SQLAlchemy spends several times what SQLite does on each execution; a press runs eight. A
`Prepared` statement keeps its SQL, its parameters' order and the types' converters, and nothing
else: no ORM, no result objects, just tuples.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, Dialect, Executable
from sqlalchemy.sql import Select

Converter = Callable[[Any], Any]
Row = tuple[Any, ...]


class _Compiled(NamedTuple):
    sql: str
    constants: dict[str, Any]
    positions: list[str] | None
    """The parameters' names in order; None where the driver takes them by name."""
    into: dict[str, Converter]
    out_of: list[tuple[int, Converter]]


class Prepared:
    """One statement, or one per dialect when it is built from the dialect's own `insert`."""

    def __init__(self, build: Executable | Callable[[Any], Executable]) -> None:
        self._build = build
        self._compiled: dict[str, _Compiled] = {}

    def run(self, connection: Connection, **params: Any) -> list[Row]:
        """Execute inside the connection's transaction; the rows, empty when there are none."""
        compiled = self._compiled.get(connection.dialect.name) or self._compile(connection.dialect)
        cursor = connection.connection.cursor()
        try:
            cursor.execute(compiled.sql, _bound(compiled, params))
            rows = list(cursor.fetchall()) if cursor.description else []
        finally:
            cursor.close()
        return [_converted(row, compiled.out_of) for row in rows] if compiled.out_of else rows

    def run_many(self, connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
        """Execute once for each of `rows`, which gives nothing back."""
        compiled = self._compiled.get(connection.dialect.name) or self._compile(connection.dialect)
        cursor = connection.connection.cursor()
        try:
            cursor.executemany(compiled.sql, [_bound(compiled, row) for row in rows])
        finally:
            cursor.close()

    def _compile(self, dialect: Dialect) -> _Compiled:
        built = self._build
        statement: Any = built(_insert_of(dialect)) if callable(built) else built
        sql = statement.compile(dialect=dialect)
        into = {name: _bind_converter(bind, dialect) for name, bind in sql.binds.items()}
        compiled = _Compiled(
            sql=str(sql),
            constants={name: value for name, value in sql.params.items() if value is not None},
            positions=list(sql.positiontup) if sql.positional else None,
            into={name: convert for name, convert in into.items() if convert is not None},
            out_of=_result_converters(statement, dialect),
        )
        self._compiled[dialect.name] = compiled
        return compiled


def _insert_of(dialect: Dialect) -> Any:
    # Both engines' packages at once would cost 2 MB of memory.
    return importlib.import_module(f"sqlalchemy.dialects.{dialect.name}").insert


def _bound(compiled: _Compiled, params: Mapping[str, Any]) -> Any:
    values = {**compiled.constants, **params}
    for name, convert in compiled.into.items():
        values[name] = convert(values[name])
    if compiled.positions is None:
        return values
    return [values[name] for name in compiled.positions]


def _converted(row: Row, out_of: list[tuple[int, Converter]]) -> Row:
    values = list(row)
    for index, convert in out_of:
        values[index] = convert(values[index])
    return tuple(values)


def _bind_converter(bind: Any, dialect: Dialect) -> Converter | None:
    converter: Converter | None = bind.type.dialect_impl(dialect).bind_processor(dialect)
    return converter


def _result_converters(statement: Any, dialect: Dialect) -> list[tuple[int, Converter]]:
    if isinstance(statement, Select):
        columns = statement.column_descriptions
    else:
        columns = statement.returning_column_descriptions
    types = [column["type"] for column in columns]
    converters = [kind.dialect_impl(dialect).result_processor(dialect, None) for kind in types]
    return [(index, convert) for index, convert in enumerate(converters) if convert is not None]
