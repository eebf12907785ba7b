"""A server holds its folder, so that no command takes the database away beneath it.

By a lock that ends with the process, however it ends: nothing is left behind to clear up.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path


def hold(folder: Path) -> int:
    """Say that this folder is served, for as long as what is returned is open."""
    held = os.open(folder, os.O_RDONLY)
    # Some network drives know no locks: people may be served from there all the same.
    with suppress(OSError):
        fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
    return held


def is_served(folder: Path) -> bool:
    """Whether a server holds it now."""
    asked = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(asked, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(asked)
    return False
