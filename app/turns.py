"""Whose turn it is to write on SQLite, and one commit for those who waited for theirs together.

SQLite lets one write at a time. Left to itself it lets the others sleep, ever longer, and look
again, and everybody waits for the disk alone. Here a process's writers queue instead, and one who
finds others waiting leaves its transaction open to them: the last one commits for all. Nobody is
told that their press is logged before that commit.
"""

from __future__ import annotations

import contextlib
import threading
import weakref
from collections.abc import Iterator
from typing import Any, cast

from sqlalchemy import Connection, Engine

MOST_TOGETHER = 32
"""Writers who share one commit: as many as wait no longer for each other than for a disk."""
PATIENCE = 20
"""Seconds after which waiting for a turn or a connection has become a fault."""


class NotCommitted(Exception):
    """What this writer wrote was not committed, though its own statements were right."""


class Turns:
    """The writers of one process on one SQLite file."""

    def __init__(self, engine: Engine) -> None:
        # Held weakly: turns are kept per engine, and would keep every engine of a test run.
        self._engine: Engine = weakref.proxy(engine)
        self._turn = threading.Lock()
        self._owner: int | None = None
        self._counting = threading.Lock()
        self._joiners = 0
        """Who waits for a turn and will commit, or pass on, a transaction that is left open."""
        self._shared: _SharedTransaction | None = None
        self._used: _SharedTransaction | None = None
        """What the owner of the turn has begun or joined, and must wait for."""

    @property
    def is_mine(self) -> bool:
        """Whether it is this thread's turn."""
        return self._owner == threading.get_ident()

    @contextlib.contextmanager
    def hold(self) -> Iterator[None]:
        """This thread's turn, for whatever it writes within, `together` or `alone`.

        What was written together is committed when the block has been left, and no earlier.
        Raises TimeoutError, and NotCommitted when that commit failed.
        """
        if self.is_mine:
            yield
            return
        self._take()
        try:
            yield
        finally:
            used = self._leave()
        if used is not None:
            used.wait()

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else in this process writes meanwhile; what others wrote is committed before."""
        with self.hold():
            self._commit()
            yield

    @contextlib.contextmanager
    def together(self) -> Iterator[Connection]:
        """A connection inside a transaction that others may share.

        It is committed before the block, or the turn around it, is left behind. An exception
        undoes what this block wrote and nothing else. Raises what `hold` raises.
        """
        with self.hold():
            shared = self._open()
            with shared.part():
                yield shared.connection

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """The same connection for who only reads in a turn that it has."""
        yield self._open().connection

    def _take(self) -> None:
        with self._counting:
            self._joiners += 1
        is_taken = self._turn.acquire(timeout=PATIENCE)
        with self._counting:
            self._joiners -= 1
            # Who left a transaction open meanwhile relies on this thread.
            is_taken = is_taken or self._turn.acquire(blocking=False)
        if not is_taken:
            raise TimeoutError("the database was busy for too long")
        self._owner = threading.get_ident()
        self._used = None

    def _open(self) -> _SharedTransaction:
        if self._shared is None:
            self._shared = _SharedTransaction(self._engine)
        self._used = self._shared
        return self._shared

    def _leave(self) -> _SharedTransaction | None:
        """Pass the turn on, or commit; the transaction that this thread must still wait for."""
        shared, used = self._shared, self._used
        with self._counting:
            if shared is None or (self._joiners and shared.may_grow):
                self._pass_on()
                return used
        try:
            self._commit()
        finally:
            self._pass_on()
        return used

    def _pass_on(self) -> None:
        self._owner = None
        self._turn.release()

    def _commit(self) -> None:
        shared, self._shared = self._shared, None
        if shared is not None:
            shared.commit()


class _SharedTransaction:
    """Several writers' statements, one after the other, on their way to one commit."""

    def __init__(self, engine: Engine) -> None:
        self.connection = engine.connect()
        self._driver = cast(Any, self.connection.connection.driver_connection)
        self._cursor = self._driver.cursor()
        self._writers = 0
        self._is_over = threading.Event()
        self._failure: BaseException | None = None
        try:
            self._cursor.execute("BEGIN IMMEDIATE")
        except BaseException:
            self.connection.close()
            raise

    @property
    def may_grow(self) -> bool:
        """Whether one more writer may join."""
        return self._failure is None and self._writers < MOST_TOGETHER

    @contextlib.contextmanager
    def part(self) -> Iterator[None]:
        """One writer's statements; an exception undoes these alone."""
        self._writers += 1
        self._cursor.execute("SAVEPOINT part")
        try:
            yield
            self._cursor.execute("RELEASE part")
        except BaseException as error:
            self._undo_part(error)
            raise

    def commit(self) -> None:
        """Commit what all wrote, and let them know; whether it went well, `wait` tells."""
        try:
            if self._failure is None:
                self._check_is_open()
                self._driver.commit()
        except BaseException as error:
            self._failure = error
        finally:
            # Handed back to the pool, a connection rolls back whatever is left open.
            self.connection.close()
            self._is_over.set()

    def wait(self) -> None:
        """Until it is committed; raises NotCommitted."""
        self._is_over.wait()
        if self._failure is not None:
            raise NotCommitted from self._failure

    def _check_is_open(self) -> None:
        # Even reading can fail in such a way that SQLite undoes the whole transaction, and then
        # the driver's commit is content with having nothing to do.
        if not self._driver.in_transaction:
            raise NotCommitted

    def _undo_part(self, error: BaseException) -> None:
        if not self._driver.in_transaction:
            # A full disk, for one, makes SQLite itself undo the whole transaction.
            self._failure = error
            return
        try:
            self._cursor.execute("ROLLBACK TO part")
            self._cursor.execute("RELEASE part")
        except BaseException as worse:
            self._failure = worse
