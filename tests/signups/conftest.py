"""Guests who fill in forms at once, as no test could wait."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app import machines


@pytest.fixture
def at_once(monkeypatch):
    """Nobody has to wait between looking at a form and sending it."""
    monkeypatch.setattr(machines, "LEAST", timedelta(0))
