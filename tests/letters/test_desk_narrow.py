"""Narrowing the organiser's list: by what an entry is, when it was pressed, what became of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app import clock
from tests import factories
from tests.letters.test_desk_mend import LIST, all_of, mend


@pytest.mark.parametrize(
    ("query", "quantities"),
    [
        ("", [7, 5, 3, 2]),
        ("case=amina", [5, 3, 2]),
        ("kind=email", [7]),
        ("source=tap", [2]),
        ("source=desk&state=counted", [7, 5]),
        ("table=0", [7, 5]),
        ("table={table}", [3, 2]),
        ("device={device}", [2]),
        ("state=taken-back", [3]),
        ("state=waiting", []),
        ("state=late", []),
        ("since={before}", [7, 5, 3, 2]),
        ("until={before}", []),
        ("since={began}&until={now}", [7, 5, 3, 2]),
        ("case=amina&kind=email", []),
    ],
)
def test_the_list_is_narrowed(ana, bea, lisbon, table_1, amina, ilyas, query, quantities):
    began = clock.now().astimezone(lisbon.zone)
    bea.press(quantity="2", status=200)
    gone = factories.entry(lisbon, amina, quantity=3, table_id=table_1.id)
    factories.entry(lisbon, amina, quantity=5)
    factories.entry(lisbon, ilyas, quantity=7, kind="email")
    mend(ana, "take-back", gone.op, status=303)
    local = clock.now().astimezone(lisbon.zone)
    path = f"{LIST}?{query}".format(
        table=table_1.id,
        device=table_1.devices[0].id,
        before=f"{began - timedelta(days=1):%Y-%m-%dT%H:%M}",
        began=f"{began:%Y-%m-%dT%H:%M}",
        now=f"{local:%Y-%m-%dT%H:%M}",
    )
    for how in ({}, {"htmx": True}):
        page = ana.get(path, status=200, **how)
        shown = [int(c.text.split()[0]) for c in page.select("tbody td.num")]
        assert shown == quantities
        entries = f"{len(quantities)} {'entry' if len(quantities) == 1 else 'entries'}"
        said = ["".join(p.itertext()) for p in page.select("#matching")]
        expected = entries if query else "counted: 7 letters and 7 other actions"
        assert [expected in words for words in said] == ([True] if quantities else [])
    assert ("Nothing matches" in page.words("#entries")) is (not quantities)


@pytest.mark.parametrize(
    "query",
    [
        "table=999",
        "table=x",
        "case=nobody",
        "kind=telegram",
        "state=odd",
        "source=import",
        "device=1e9",
        "since=yesterday",
        "until=2026-13-01T00:00",
        "since=2026-03-29T01:30",
        "since=2026-10-25T01:30",
    ],
)
def test_a_question_that_makes_no_sense_is_told_at_its_field(ana, lisbon, amina, query):
    factories.entry(lisbon, amina)
    for how in ({}, {"htmx": True}):
        page = ana.get(f"{LIST}?{query}", status=422, **how)
        assert page.select("#form-errors")
        assert not page.select("tbody tr")
    mend(ana, "take-back", query=f"?{query}", status=422, **all_of(lisbon))
    assert lisbon.chain_seq == 1


def test_pages_of_a_narrowed_list_stay_narrow(ana, lisbon, amina, ilyas):
    for _ in range(51):
        factories.entry(lisbon, amina)
    factories.entry(lisbon, ilyas)
    page = ana.get(f"{LIST}?case=amina")
    assert "51 entries" in page.words("#matching")
    earlier = [a.get("href") for a in page.select("#entries a") if "before=" in a.get("href", "")]
    page = ana.get(earlier[0])
    assert len(page.select("tbody tr")) == 1
    assert "51 entries" in page.words("#matching")
