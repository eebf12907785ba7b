"""Wake this process's ticker, so that what somebody asked for begins at once."""

from __future__ import annotations

import threading

_asked = threading.Event()


def wake_ticker() -> None:
    """End the ticker's wait, if it waits in this process; elsewhere a minute passes first."""
    _asked.set()


def wait_for_asking(seconds: float) -> None:
    """Wait until somebody asks, at most so long."""
    _asked.wait(seconds)
    _asked.clear()
