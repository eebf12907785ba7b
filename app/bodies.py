"""Bodies of requests: small ones are awaited in the loop, big ones by the thread that reads."""

from __future__ import annotations

import asyncio
import io
import time
from typing import Any

MOST_AWAITED = 256 * 1024
"""Bytes of a body that are awaited; a bigger one is read by the thread that wants to have it."""
PATIENCE = 60.0
"""Seconds for a body that is awaited, and for each piece of a bigger one."""
LONGEST = 600.0
"""Seconds for the whole of a bigger one: the biggest file, 31 MB, at half a megabit a second."""


async def gather(protocol: Any) -> io.BytesIO:
    """A body that did not say how big it is; raises OverflowError when it is too big to await."""
    body = io.BytesIO()
    async for piece in protocol:
        if body.tell() + len(piece) > MOST_AWAITED:
            raise OverflowError
        body.write(piece)
    body.seek(0)
    return body


class Pieces(io.RawIOBase):
    """A body for a thread to read, which waits for each piece as it comes."""

    def __init__(self, protocol: Any, loop: asyncio.AbstractEventLoop) -> None:
        self._began_at: float | None = None
        self._pieces = protocol.__aiter__()
        self._loop = loop
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """At least one byte, or none at the end.

        Raises ConnectionError when the sender has gone or stopped: half of a form is no form.
        """
        # Its time in the lane does not count.
        self._began_at = self._began_at or time.monotonic()
        while not self._rest:
            left = self._began_at + LONGEST - time.monotonic()
            coming = asyncio.run_coroutine_threadsafe(self._next(), self._loop)
            try:
                piece = coming.result(min(PATIENCE, left))
            except (TimeoutError, RuntimeError) as fault:
                # So granian says that the sender has gone.
                coming.cancel()
                raise ConnectionError("the body has not come whole") from fault
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    async def _next(self) -> bytes | None:
        # Not anext() with a default, which ends Python when the iterator is granian's.
        try:
            piece: bytes = await self._pieces.__anext__()
        except StopAsyncIteration:
            return None
        return piece
