"""What everybody may know of an event."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app import clock
from app.events.queries import list_own_events
from tests import factories

HOURS = {
    "starts_at": datetime(2026, 12, 10, 12, tzinfo=UTC),
    "ends_at": datetime(2026, 12, 11, 12, tzinfo=UTC),
}


def test_events_stand_in_the_order_in_which_people_ask(nobody, campaign):
    factories.event(campaign, title="Over", state="closed")
    factories.event(campaign, title="Later", starts_at=datetime(2099, 1, 2, tzinfo=UTC))
    factories.event(campaign, title="Soon", starts_at=datetime(2099, 1, 1, tzinfo=UTC))
    factories.event(campaign, title="On", state="running")
    page = nobody.get("board.list_events", status=200)
    assert page.names("#events h2") == ["Now", "Coming up", "Before"]
    assert page.names("#events h3") == ["On", "Soon", "Later", "Over"]


def test_private_events_rehearsals_and_letters_from_home_are_on_no_list(nobody, campaign):
    factories.event(campaign, title="Kitchen", is_private=True)
    factories.event(campaign, title="Dry run", is_rehearsal=True)
    page = nobody.get("board.list_events", status=200)
    assert "No events yet" in page.words("#events")
    nobody.get("board.show_event", slug="home-2026", status=404)


def test_events_of_a_past_season_are_on_no_list(nobody, campaign):
    past = factories.campaign(slug="2025", locked_at=campaign.created_at)
    factories.event(past, title="Last year")
    assert "Last year" not in nobody.get("board.list_events").text


def test_without_a_campaign_the_list_says_so(nobody):
    page = nobody.get("board.list_events", status=200)
    assert "still preparing" in page.words("#events")


def test_an_event_says_what_when_and_where(nobody, campaign):
    factories.event(
        campaign,
        slug="arla",
        title="Ärla writes",
        place="Reading room",
        description="Come in.\n\nStay.",
        time_zone="Europe/Stockholm",
        **HOURS,
    )
    page = nobody.get("board.show_event", slug="arla", status=200)
    facts = page.words("dl.facts")
    assert "Thursday, 10 December 2026, 13:00 to Friday, 11 December 2026, 13:00" in facts
    assert "Stockholm time" in facts
    assert "Reading room" in facts
    assert page.names("article h3") == ["Amina Farsi", "Ilyas Danko"]
    assert "Come in." in page.words("main")


@pytest.mark.parametrize("endpoint", ["board.list_events", "board.show_event"])
def test_young_people_s_place_and_hour_are_on_no_public_page(nobody, campaign, endpoint):
    event = factories.event(
        campaign, slug="school", place="Classroom 8", has_young_people=True, **HOURS
    )
    where = {"slug": event.slug} if endpoint == "board.show_event" else {}
    for htmx in (False, True):
        text = nobody.get(endpoint, **where, htmx=htmx, status=200).text
        assert "Classroom 8" not in text
        assert "12:00" not in text
        assert "T12" not in text
        assert "10" in text


def test_a_private_event_is_known_by_its_link_alone_and_kept_from_search(nobody, campaign):
    factories.event(campaign, slug="k7m2q9x4w8", title="Kitchen", is_private=True)
    page = nobody.get("board.show_event", slug="k7m2q9x4w8", status=200)
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert page.one("meta[name=robots]").get("content") == "noindex"


def test_a_public_event_may_be_found(nobody, porto):
    page = nobody.get("board.show_event", slug="porto", status=200)
    assert "X-Robots-Tag" not in page.headers
    assert not page.select("meta[name=robots]")


@pytest.mark.parametrize(
    ("state", "shown"), [("running", "Watch it live"), ("closed", "What was written")]
)
def test_an_event_with_letters_leads_to_its_board(nobody, campaign, state, shown):
    factories.event(campaign, slug="here", state=state)
    page = nobody.get("board.show_event", slug="here", status=200)
    (link,) = [a for a in page.select(".page-title a") if shown in "".join(a.itertext())]
    assert link.get("href") == "/events/here/live"


@pytest.mark.parametrize(
    ("state", "pace"), [("upcoming", None), ("running", "every 2s"), ("closed", "every 60s")]
)
def test_an_event_s_page_counts_with_its_tables_once_people_write(nobody, campaign, state, pace):
    event = factories.event(campaign, slug="here", state=state)
    factories.entry(event, event.cases[0], quantity=3)
    page = nobody.get("board.show_event", slug="here", status=200)
    shown = page.select("#tally")
    assert [root.get("hx-trigger") for root in shown] == ([pace] if pace else [])
    assert ("live.js" in page.text) == bool(shown)
    if state == "running":
        assert page.words("#tally .total") == "3"


def test_a_cancelled_event_counts_nothing(nobody, campaign):
    factories.event(campaign, slug="here", state="running", cancelled_at=clock.now())
    assert not nobody.get("board.show_event", slug="here", status=200).select("#tally")


def test_the_count_of_young_people_s_event_tells_no_hour(nobody, campaign):
    event = factories.event(campaign, slug="here", state="running", has_young_people=True)
    factories.entry(event, event.cases[0])
    page = nobody.get("board.show_event", slug="here", status=200)
    assert "as of" in page.words("#tally")
    assert not page.select("#tally time")


def test_a_draft_case_is_not_named_on_its_event(nobody, campaign):
    draft = factories.case(campaign, name="Not Yet", state="draft")
    factories.event(campaign, slug="here", cases=[draft])
    assert "Not Yet" not in nobody.get("board.show_event", slug="here", status=200).text


def test_an_unknown_event_is_not_found(nobody, campaign):
    nobody.get("board.show_event", slug="nowhere", status=404)
    nobody.get("board.show_event", slug="nowhere", htmx=True, status=404)


def test_organisers_see_their_own_events_and_admins_all(app, lisbon, porto):
    ana, admin = lisbon.organisers[0], factories.organiser(role="admin")
    assert [event.slug for event in list_own_events(ana).running] == ["lisbon"]
    assert list_own_events(ana).upcoming == []
    assert [event.slug for event in list_own_events(admin).upcoming] == ["porto"]
