"""An app in which nobody is on record, that leads everybody to the setup."""

from __future__ import annotations

import pytest
from flask import Flask

from app import clock
from app.setup import actions, gate


@pytest.fixture
def empty(app: Flask) -> Flask:
    """The app as it is on a server's first day."""
    app.extensions[gate.DONE] = set()
    return app


@pytest.fixture
def code(empty: Flask) -> str:
    """What the terminal says."""
    return actions.renew_code(now=clock.now())
