"""Seats left on the list of events follow what is done, and the clock."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app import clock
from app.events.actions import close_event, open_event
from tests import factories, lists

HOUR = timedelta(hours=1)


@pytest.fixture
def guests(porto):
    """Porto's list of guests, with ten seats."""
    return lists.sign_up_list(porto)


def test_the_list_of_events_follows_slowly_and_is_silent_while_nothing_changed(nobody, guests):
    page = nobody.get("board.list_events", q="porto")
    events = page.one("#events")
    assert events.get("hx-trigger") == "every 30s"
    assert page.one("[data-pause-seats]").get("hidden") is not None
    current = events.get("hx-get")
    assert nobody.get(current, htmx=True).status == 204
    lists.sign_up(guests, "Zsazsa", party_size=3)
    fresh = nobody.get(current, htmx=True, status=200)
    assert "7 seats left" in fresh.words("#event-porto")
    assert "Zsazsa" not in fresh.text and fresh.select("#event-lisbon") == []
    assert fresh.one("#events").get("hx-get") != current
    # Whoever opens that address is shown the page.
    assert nobody.get(fresh.one("#events").get("hx-get"), status=200).one("h1") is not None


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({"opens_at": HOUR}, {"opens_at": -HOUR}, True),
        ({"closes_at": HOUR}, {"closes_at": -HOUR}, False),
    ],
    ids=["opens", "closes"],
)
def test_the_list_of_events_hears_when_a_list_opens_or_closes_by_its_hour(
    nobody, porto, guests, before, after, told
):
    def strike(hours) -> None:
        # As if the clock had gone on: nothing else about the list is touched.
        factories.change(guests, **{name: clock.now() + by for name, by in hours.items()})

    strike(before)
    page = nobody.get("board.list_events")
    current = page.one("#events").get("hx-get")
    assert ("seats left" in page.words("#event-porto")) is not told
    assert nobody.get(current, htmx=True).status == 204
    strike(after)
    fresh = nobody.get(current, htmx=True, status=200)
    assert ("seats left" in fresh.words("#event-porto")) is told


def test_the_list_of_events_hears_when_an_event_is_opened_and_closed(nobody, porto, guests):
    at = nobody.get("board.list_events").one("#events").get("hx-get")
    for deed in (open_event, close_event):
        deed(porto, actor="x", now=clock.now())
        fresh = nobody.get(at, htmx=True, status=200)
        at = fresh.one("#events").get("hx-get", at)
    assert "seats left" not in fresh.words("#event-porto")


def test_a_list_of_events_that_tells_no_seats_asks_for_none(nobody, lisbon):
    page = nobody.get("board.list_events")
    assert page.select("#event-lisbon") and page.one("#events").get("hx-get") is None


def test_the_list_of_events_says_how_many_seats_are_left(nobody, porto, lisbon, guests):
    lists.sign_up(guests, party_size=4)
    lists.sign_up_list(porto, purpose="helpers", title="Counter", capacity=50)
    assert "6 seats left" in nobody.get("board.list_events").words("#event-porto")
    lists.sign_up(guests, party_size=6)
    page = nobody.get("board.list_events")
    assert "full" in page.words("#event-porto")
    assert "full" not in page.words("#event-lisbon")
