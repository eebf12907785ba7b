"""Serve the app with lanes as broad as all its threads: whatever is slow may hold every one."""

from __future__ import annotations

import os
import sys

from app import create_app, create_front, front
from app.server import serve


def main() -> None:
    front.LANES = 1
    app = create_app()
    # There is no keeper: its end of the tether is our own.
    tether, _end = os.pipe()
    sys.argv.append(str(tether))
    serve(create_front(app), app.config["LETTERTALLY"])


if __name__ == "__main__":
    main()
