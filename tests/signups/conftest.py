"""Guests who fill in forms at once, as no test could wait; and a mail server for them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app import machines
from bench.rig.post_office import PostOffice
from tests.outbox.conftest import turn_on


@pytest.fixture
def at_once(monkeypatch):
    """Nobody has to wait between looking at a form and sending it."""
    monkeypatch.setattr(machines, "LEAST", timedelta(0))


@pytest.fixture
def office(any_app):
    """A mail server that takes everything."""
    with PostOffice() as office:
        turn_on(any_app, office.url)
        yield office
