"""A server holds its folders, so that no command takes the database away beneath it.

By a lock that ends with the process, however it ends: nothing is left behind to clear up.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path


class Served(Exception):
    """A server has this folder; the message is a sentence for whoever typed a command."""


def hold(folder: Path) -> int:
    """Say that this folder is served, for as long as what is returned is open.

    Waits while somebody is alone in it: what is half put back must not be served.
    """
    held = os.open(folder, os.O_RDONLY)
    # Some network drives know no locks: people may be served from there all the same.
    with suppress(OSError):
        fcntl.flock(held, fcntl.LOCK_SH)
    return held


@contextmanager
def alone(*folders: Path) -> Iterator[None]:
    """Let no server begin in these folders meanwhile; raises Served when one is there."""
    with ExitStack() as stack:
        for folder in folders:
            asked = os.open(folder, os.O_RDONLY)
            stack.callback(os.close, asked)
            with suppress(OSError):
                try:
                    fcntl.flock(asked, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    raise Served(f"{folder} is being served: stop that server first.") from None
        yield


def is_served(folder: Path) -> bool:
    """Whether a server holds it now."""
    try:
        with alone(folder):
            return False
    except Served:
        return True
