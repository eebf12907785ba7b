"""Lanes: what keeps a thread long is done by a few of them, and waits for its turn without one.

Files that come slowly and passwords, which are slow on purpose (decision 13).
"""

from __future__ import annotations

import asyncio

FULL = "lettertally.full"
"""In a request's environ: its lane had no place for it; the seconds until it may try again."""


class Lane:
    """So many at once, in the order in which they came; belongs to one event loop."""

    def __init__(self, width: int, *, most_waiting: int, patience: float) -> None:
        self.patience = patience
        self._most_waiting = most_waiting
        self._waiting = 0
        self._places = asyncio.Semaphore(width)

    async def enter(self) -> bool:
        """Wait for a place; False when too many wait already, or when it took too long."""
        if self._places.locked() and self._waiting >= self._most_waiting:
            return False
        self._waiting += 1
        try:
            async with asyncio.timeout(self.patience):
                return await self._places.acquire()
        except TimeoutError:
            return False
        finally:
            self._waiting -= 1

    def leave(self) -> None:
        """Let the next one in."""
        self._places.release()
