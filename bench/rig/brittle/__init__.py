"""Two faults to plant in an app, which whoever throws rubbish must find by themselves."""

from __future__ import annotations

import os
import signal

from flask import Flask, request


def plant(app: Flask) -> None:
    """Add a route that breaks on any page that is no number, and one that ends the process."""
    plant_breaking(app)
    app.add_url_rule("/brittle/gone", "gone", _go)


def plant_breaking(app: Flask) -> None:
    """Add the first of them alone, where the process is one's own."""
    app.add_url_rule("/brittle", "brittle", _break, methods=["GET", "POST"])


def _break() -> str:
    return str(int(request.args.get("page", "1")))


def _go() -> str:
    os.kill(os.getpid(), signal.SIGKILL)
    return "never said"
