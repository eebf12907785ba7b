"""What the demo's screens show is what its ledger says."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.campaigns.kinds import LETTER_KINDS
from app.database import db
from app.letters.models import Entry
from tests.page import PageClient


@pytest.fixture
def anybody(demo):
    """Somebody who looks at the demo without signing in."""
    return PageClient(demo.app)


def letters_of(*event_ids: int) -> int:
    """The letters that the ledger's rows come to."""
    rows = select(func.sum(Entry.effect)).where(
        Entry.event_id.in_(event_ids), Entry.kind.in_(LETTER_KINDS)
    )
    return db.session.execute(rows).scalar_one() or 0


@pytest.mark.parametrize("state", ["running", "upcoming", "closed"])
def test_an_event_s_tally_is_the_sum_of_its_ledger(demo, anybody, state):
    event = demo.events[state]
    tally = anybody.get(f"/events/{event.slug}/tally.json").json
    assert tally["letters"] == letters_of(event.id)
    assert tally["total"] == tally["letters"] + tally["other"] == sum(tally["kinds"].values())
    assert sum(case["total"] for case in tally["cases"]) == tally["total"]


def test_the_season_s_tally_is_the_sum_of_all_ledgers(demo, anybody):
    totals = anybody.get("/totals.json").json
    assert totals["letters"] == letters_of(*(event.id for event in demo.events.values())) > 0
    assert totals["goal"] > totals["letters"]


def test_every_public_page_of_the_demo_is_there(demo, anybody):
    slugs = [event.slug for event in demo.events.values()]
    paths = [f"/events/{slug}/{page}" for slug in slugs for page in ("", "live", "hall")]
    for path in ["/", "/cases/", "/events/", *paths]:
        assert anybody.get(path).status == 200, path
