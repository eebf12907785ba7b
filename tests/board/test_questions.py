"""A press asks the database no more because more was logged before."""

from __future__ import annotations

from app import clock
from app.letters import actions
from tests import factories
from tests.board import asking


def grow(campaign, lisbon, table_1) -> None:
    """Twelve cases, thirty more events, ten more tables with phones, and letters everywhere."""
    cases = [*lisbon.cases, *(factories.case(campaign) for _ in range(10))]
    factories.change(lisbon, cases=cases)
    tables = [table_1, *(factories.table(lisbon) for _ in range(10))]
    for table in tables:
        device = factories.joined(factories.device(table))
        for case in cases[:5]:
            actions.log_letters(device, factories.press(case), now=clock.now())
    for _ in range(10):
        factories.change(lisbon, organisers=[*lisbon.organisers, factories.organiser()])
        factories.invitation(event=lisbon)
    for state in ("running", "upcoming", "closed") * 10:
        event = factories.event(campaign, state=state, organisers=lisbon.organisers)
        factories.entry(event, cases[0], quantity=9)


def test_a_press_asks_little_however_much_was_logged(bea, campaign, lisbon, table_1):
    bea.press(status=200)
    with asking.queries() as few:
        bea.press(status=200)
    grow(campaign, lisbon, table_1)
    with asking.queries() as many:
        bea.press(status=200)
    assert len(few) == len(many) <= 4, many
