"""Serve the app as most web servers would: each request holds a thread while it comes in."""

from __future__ import annotations

import os

from granian.constants import Interfaces
from granian.server import Server

from app.config import Settings
from app.server import granian_options

USUAL_THREADS = 64


def main() -> None:
    options = granian_options(Settings.from_environ(os.environ))
    Server("wsgi:app", interface=Interfaces.WSGI, blocking_threads=USUAL_THREADS, **options).serve()


if __name__ == "__main__":
    main()
