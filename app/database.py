"""The database: engine settings, UTC times, and `write()`, the only way to change anything."""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import IntEnum
from operator import itemgetter
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Engine, MetaData, Update, event, func, select
from sqlalchemy.engine import URL, Connection, Dialect, make_url
from sqlalchemy.orm import DeclarativeBase, Session, registry
from sqlalchemy.types import TypeDecorator

from app.turns import PATIENCE, Turns

NAMING_CONVENTION = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

POOL_SIZE = 8
"""Connections per process. Threads beyond it wait their turn: writers are serial anyway."""
PATIENCE_MS, BRIEFLY_MS = 5000, 200
"""How long SQLite waits for another process's lock, and for readers when its log is emptied."""


LAST = "last"
"""Where a session keeps what `do_last` was told."""


class UTCDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime on both engines; a naive value is a bug and raises `ValueError`."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class _Base(DeclarativeBase):
    registry = registry(
        metadata=MetaData(naming_convention=NAMING_CONVENTION),
        type_annotation_map={datetime: UTCDateTime},
    )


db = SQLAlchemy(model_class=_Base)

if TYPE_CHECKING:

    class Model(_Base):
        """What every model derives from."""

        def __init__(self, **columns: Any) -> None: ...

else:
    Model = db.Model


class Area(IntEnum):
    """What a write may lock: the whole section, one campaign, or one event."""

    SECTION = 1
    CAMPAIGN = 2
    EVENT = 3


class Scope(NamedTuple):
    """The smallest thing whose rules a write re-checks; writes in one scope never overlap."""

    area: Area
    id: int = 0


SECTION = Scope(Area.SECTION)


def event_scope(event_id: int) -> Scope:
    """The scope of everything that belongs to one event."""
    return Scope(Area.EVENT, event_id)


def campaign_scope(campaign_id: int) -> Scope:
    """The scope of a season: its dates and cases."""
    return Scope(Area.CAMPAIGN, campaign_id)


@contextlib.contextmanager
def write(*scopes: Scope) -> Iterator[Session]:
    """Open the one kind of writing transaction, commit on exit, roll back on any exception.

    Whatever was read before is forgotten first (objects reload inside the lock), so the rule
    that the block re-checks is checked against the truth: a read's own deferred transaction
    cannot be upgraded on SQLite once somebody else has written, and fails whatever the timeout.
    """
    session = db.session()
    session.rollback()
    with _turn_to_write():
        connection = session.connection(execution_options={"writes": True})
        last: dict[tuple[str, int], Update] = {}
        session.info[LAST] = last
        try:
            if connection.dialect.name == "postgresql":
                # In one order, whoever asks for several: two never hold what the other wants.
                for area, number in sorted(scopes):
                    connection.execute(select(func.pg_advisory_xact_lock(int(area), number)))
            yield session
            session.flush()
            for _key, statement in sorted(last.items(), key=itemgetter(0)):
                session.execute(statement)
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            del session.info[LAST]


def do_last(session: Session, key: tuple[str, int], statement: Update) -> None:
    """Execute it as the last thing of this `write()`; once, however often its `key` is named.

    For a row in which writers of many scopes meet. Who takes it last waits for nothing while
    others wait for it, so that no two ever wait for each other.
    """
    session.info[LAST][key] = statement


@contextlib.contextmanager
def write_prepared(scope: Scope) -> Iterator[Connection]:
    """`write()` for prepared statements alone, on a connection without the ORM's session.

    The same lock, and committed as well when the block is left; the session's bookkeeping would
    cost a press more than all its statements. Anything but a `Prepared` fails on SQLite, because
    SQLAlchemy would begin anew. Raises TimeoutError, and NotCommitted when the commit failed.
    """
    if db.session.registry.has():
        db.session.rollback()
    engine = db.engine
    if engine.dialect.name == "sqlite":
        with _turns[engine].together() as connection:
            yield connection
        return
    with engine.connect() as connection:
        driver = connection.connection
        try:
            with contextlib.closing(driver.cursor()) as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s::int, %s::int)", scope)
            yield connection
            driver.commit()
        except BaseException:
            driver.rollback()
            raise


@contextlib.contextmanager
def read_prepared() -> Iterator[Connection]:
    """A connection on which prepared statements read what is committed.

    The session's own where it has one open: a thread that holds one connection and waits for a
    second can wait for ever.
    """
    turns = turns_to_write()
    if turns and turns.is_mine:
        with turns.reading() as connection:
            yield connection
    elif db.session.registry.has() and db.session().in_transaction():
        yield db.session.connection()
    else:
        with db.engine.connect() as connection:
            yield connection


def empty_log() -> bool:
    """Let nothing that was deleted be read in SQLite's write-ahead log; False to try again later.

    Deleted rows are overwritten in the database's file, but the log keeps the pages as they were
    until it is emptied, and it cannot be while somebody reads in it. Ends the session's own
    reading. PostgreSQL has no such file.
    """
    db.session.rollback()
    if db.engine.dialect.name != "sqlite":
        return True
    with _turn_to_write(), contextlib.closing(db.engine.raw_connection()) as connection:
        cursor: Any = connection.cursor()
        try:
            # Others cannot write while this waits for a reader.
            cursor.execute(f"PRAGMA busy_timeout={BRIEFLY_MS}")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            is_busy, *_pages = cursor.fetchone()
            return not is_busy
        finally:
            cursor.execute(f"PRAGMA busy_timeout={PATIENCE_MS}")


_turns: WeakKeyDictionary[Engine, Turns] = WeakKeyDictionary()


def turns_to_write() -> Turns | None:
    """On SQLite this process's writers take turns; None on PostgreSQL, which has its locks."""
    return _turns.get(db.engine)


def _turn_to_write() -> contextlib.AbstractContextManager[None]:
    turns = turns_to_write()
    return turns.alone() if turns else contextlib.nullcontext()


def sqlite_module() -> ModuleType:
    """The newest SQLite at hand: the bundled wheels come before the interpreter's own."""
    for name in ("pysqlite3.dbapi2", "sqlcipher3.dbapi2"):
        with contextlib.suppress(ImportError):
            return importlib.import_module(name)
    return importlib.import_module("sqlite3")


def has_wal_fault(version: tuple[int, ...]) -> bool:
    """Whether this SQLite can corrupt a file when two connections reset the WAL at once.

    Versions 3.7.0 to 3.51.2 do, but for the fixed 3.44.6 and 3.50.7 (https://sqlite.org/wal.html).
    """
    if version >= (3, 51, 3) or version < (3, 7, 0):
        return False
    fixed_branches = {(3, 44): 6, (3, 50): 7}
    first_fixed = fixed_branches.get((version[0], version[1]))
    return first_fixed is None or version[2] < first_fixed


def journal_mode() -> str:
    """`wal`, or `delete` (slower, safe) where the SQLite at hand has the WAL-reset fault."""
    return "delete" if has_wal_fault(sqlite_module().sqlite_version_info) else "wal"


def engine_options(url: str | URL) -> dict[str, Any]:
    """How to open `url`: pool and driver; the rest is set on each connection."""
    options: dict[str, Any] = {
        "pool_size": POOL_SIZE,
        "max_overflow": 0,
        "pool_timeout": PATIENCE,
        # Parameters may be names; an error must not carry them into a log.
        "hide_parameters": True,
    }
    if make_url(url).get_backend_name() == "sqlite":
        return options | {"module": sqlite_module()}
    return options | {"pool_pre_ping": True}


def prepare_engine(engine: Engine) -> None:
    """Hang the engine settings on a new engine; call once per engine."""
    if engine.dialect.name == "sqlite":
        _turns[engine] = Turns(engine)
        event.listen(engine, "connect", _set_sqlite_pragmas)
        event.listen(engine, "begin", _begin_sqlite)


def _set_sqlite_pragmas(connection: Any, _record: object) -> None:
    # The driver must not open transactions by itself: _begin_sqlite says which kind it is.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={PATIENCE_MS}",
        f"journal_mode={journal_mode()}",
        # NORMAL loses acknowledged letters in a power cut.
        "synchronous=FULL",
        "foreign_keys=ON",
        # Without it INSERT OR REPLACE deletes a ledger row behind the triggers' back.
        "recursive_triggers=ON",
        "secure_delete=ON",
        "trusted_schema=OFF",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
