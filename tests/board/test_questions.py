"""No page asks the database more because there is more to show."""

from __future__ import annotations

import pytest

from app import clock
from app.letters import actions
from tests import factories
from tests.board import asking
from tests.conftest import join, sign_in

MOST = 12
"""Queries of an ordinary page."""
PAGES = {
    "/": "nobody",
    "/events/": "nobody",
    "/events/lisbon/": "nobody",
    "/events/lisbon/live": "nobody",
    "/events/lisbon/hall": "nobody",
    "/events/lisbon/tally.json": "nobody",
    "/totals.json": "nobody",
    "/cases/": "nobody",
    "/table/": "phone",
    "/desk/": "organiser",
    "/desk/events/lisbon/": "organiser",
    "/desk/events/lisbon/letters": "organiser",
    "/desk/events/lisbon/tables": "organiser",
    "/section/cases": "admin",
    "/section/people": "admin",
    "/section/people/invitations": "admin",
    "/desk/events/lisbon/organisers": "organiser",
    "/account/": "organiser",
}


@pytest.fixture
def people(app, lisbon, table_1, nobody):
    """Who asks for which page."""
    return {
        "nobody": nobody,
        "phone": join(app, table_1),
        "organiser": sign_in(app, lisbon.organisers[0]),
        "admin": sign_in(app, factories.organiser(role="admin")),
    }


def count_questions(people) -> dict[str, int]:
    counts = {}
    for path, who in PAGES.items():
        with asking.queries() as asked:
            people[who].get(path, status=200)
        counts[path] = len(asked)
    return counts


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


def test_no_page_asks_more_when_there_is_more(people, campaign, lisbon, table_1, amina):
    phone, other = (factories.joined(factories.device(table_1)) for _ in range(2))
    for device in (phone, other):
        actions.log_letters(device, factories.press(amina), now=clock.now())
    people["phone"].press(status=200)
    few = count_questions(people)
    grow(campaign, lisbon, table_1)
    for case in lisbon.cases:
        people["phone"].press(case=case.slug, status=200)
    many = count_questions(people)
    assert many == few
    assert {path: n for path, n in many.items() if not 0 < n <= MOST} == {}


def test_a_press_asks_little_however_much_was_logged(people, campaign, lisbon, table_1, amina):
    people["phone"].press(status=200)
    with asking.queries() as few:
        people["phone"].press(status=200)
    grow(campaign, lisbon, table_1)
    with asking.queries() as many:
        people["phone"].press(status=200)
    assert len(few) == len(many) <= 4, many
