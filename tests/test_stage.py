"""The stage itself: fixtures, factories and the page client do what the other tests rely on."""

from __future__ import annotations

from app.letters.queries import get_sums
from tests import factories


def test_the_cast_is_there(any_app):
    event = factories.event(state="running")
    factories.case(event.campaign)
    assert get_sums(event.id).count.letters == 0


def test_a_logged_entry_counts(app, lisbon, amina, ana, carlos, bea, admin, nobody):
    factories.entry(lisbon, amina, quantity=12)
    assert get_sums(lisbon.id).count.letters == 12
