"""The server: granian around the front, in this very process, until it is told to stop.

Its embedded server needs no process beside this one (decision 10).
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from typing import Any, NoReturn

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server.embed import Server

from app.config import Settings
from app.front import Front


def granian_options(settings: Settings) -> dict[str, Any]:
    """What granian is told, however it serves."""
    return {
        "address": settings.host,
        "port": settings.port,
        "http": HTTPModes.http1,
        "websockets": False,
        "backpressure": settings.backpressure,
        "backlog": 4096,
        # No access log: who asked for what is nobody's business.
        "log_level": LogLevels.error,
    }


def serve(front: Front, settings: Settings) -> NoReturn:
    """Answer requests until SIGTERM, and those under way after it; then end this process.

    The last argument of the command is the file that ends when the keeper is gone.
    """
    tether = int(sys.argv[-1])
    threading.Thread(target=_end_with_keeper, args=(tether,), name="tether", daemon=True).start()
    asyncio.run(_serve(front, settings))
    sys.stdout.flush()
    # Not sys.exit: granian's threads, which still end, abort in a Python that is being torn down.
    os._exit(0)


async def _serve(front: Front, settings: Settings) -> None:
    server = Server(front, interface=Interfaces.RSGI, **granian_options(settings))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, server.stop)
    await server.serve()
    # The loop goes on meanwhile: who reads a big body asks it for the next piece.
    await asyncio.to_thread(front.finish)


def _end_with_keeper(tether: int) -> None:
    # Whatever is left behind would hold the port.
    os.read(tether, 1)
    os._exit(1)
