"""Anybody reads the cases that the section shows, and no draft."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from app.campaigns.queries import find_campaign
from app.database import db
from tests import factories


def test_everybody_sees_the_cases_in_their_order(nobody, campaign):
    factories.case(campaign, name="First of all", position=0)
    page = nobody.get("campaigns.list_cases", status=200)
    assert page.names("ul.grid h3") == ["First of all", "Amina Farsi", "Ilyas Danko"]


def test_a_draft_is_on_no_public_page(nobody, campaign):
    factories.case(campaign, slug="secret", name="Not Yet", state="draft")
    assert "Not Yet" not in nobody.get("campaigns.list_cases").text
    nobody.get("campaigns.show_case", slug="secret", status=404)


def test_a_paused_case_says_stop_on_the_list_and_on_its_page(nobody, campaign):
    factories.case(
        campaign, slug="freed", name="Free Now", state="paused", pause_reason="She is free!"
    )
    assert "stop writing" in nobody.get("campaigns.list_cases").words("#case-freed")
    page = nobody.get("campaigns.show_case", slug="freed", status=200)
    assert "Please stop writing for this case. She is free!" in page.words("main")


def test_the_case_page_tells_the_story_and_the_rules(nobody, campaign):
    factories.case(
        campaign,
        slug="nour",
        name="Nour",
        summary="a teacher",
        story="First <b>part</b>.\r\n\r\nSecond part.",
        what_is_asked="Her release.",
        mention_charges="no",
        religious_card="yes",
    )
    page = nobody.get("campaigns.show_case", slug="nour", status=200)
    assert page.names("section[aria-labelledby=story] p") == ["First <b>part</b>.", "Second part."]
    assert "Her release." in page.words("main")
    assert page.names("li.rule-no") == ["Do not mention the charges."]
    assert len(page.select("ul.rules li")) == 2


def test_before_there_is_a_campaign_the_pages_say_so(nobody):
    page = nobody.get("campaigns.list_cases", status=200)
    assert "The cases are not public yet" in page.words("main")
    assert "Lettertally" in page.words("title")
    nobody.get("campaigns.show_case", slug="anything", status=404)


def test_only_the_newest_open_season_is_the_current_one(app, campaign):
    older = factories.campaign(slug="2025", locked_at=campaign.created_at)
    assert older.id > campaign.id
    assert find_campaign().slug == "2026"


@pytest.mark.parametrize("endpoint", ["campaigns.list_cases", "campaigns.show_case"])
def test_htmx_gets_the_fragment_alone(nobody, campaign, endpoint):
    slug = {} if endpoint.endswith("cases") else {"slug": "amina"}
    assert nobody.get(endpoint, **slug, htmx=True, status=200).text.lstrip().startswith("<")


def test_every_page_bears_the_section_s_name_after_one_small_query(nobody, campaign):
    # What languages it offers is asked now and then, and not each time.
    nobody.get("campaigns.list_cases", htmx=True)
    asked = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    page = nobody.get("campaigns.list_cases", status=200)
    assert page.text.count("Letters of Lusitania") > 1
    assert sum("FROM section" in statement for statement in asked) == 1


def test_a_fragment_asks_nothing_about_the_section(nobody, campaign):
    asked = []
    # Which languages the section offers is known from another answer.
    nobody.get("campaigns.list_cases", htmx=True, status=200)
    event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    nobody.get("campaigns.list_cases", htmx=True, status=200)
    assert asked
    assert not any("FROM section" in statement for statement in asked)
