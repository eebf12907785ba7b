"""Admins tell what became of a case, and everybody may read it; a quote only with a yes."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from sqlalchemy import select

from app.audit import AuditRow
from app.database import db
from app.outcomes.models import Outcome
from app.outcomes.queries import list_good_news, list_news, list_outcomes
from tests import factories

ATOM = "{http://www.w3.org/2005/Atom}"
OLDER = {
    "case_id": "",
    "name": "Femi Peters",
    "country": "Gambia",
    "campaign_year": "2010",
    "year": "2010",
    "month": "12",
    "day": "10",
    "change": "released_early",
    "headline": "Released early.",
    "is_public": "y",
}


@pytest.mark.parametrize(
    "day",
    [
        {"year": "2099", "month": "", "day": ""},
        {"year": "2099", "month": "5", "day": "28"},
    ],
)
def test_what_is_still_to_come_is_no_outcome(admin, day):
    answer = admin.post("outcomes.new_outcome", OLDER | day, status=422)
    assert "still to come" in answer.words("#year-error")


def links_of(page):
    """Where everything on a page leads."""
    return {link.get("href") for link in page.select("a")}


def test_an_older_case_is_told_by_name_country_and_year(admin, nobody):
    answer = admin.post("outcomes.new_outcome", OLDER, status=303)
    assert answer.location == "/section/outcomes"
    news = nobody.get("outcomes.good_news", status=200).words("#good-news")
    for words in ("2010", "Femi Peters", "Gambia", "released early", "10 December 2010"):
        assert words in news
    [deed] = db.session.execute(select(AuditRow).where(AuditRow.verb == "outcome_told")).scalars()
    assert (deed.thing, "Femi" in deed.thing_id) == ("outcome", False)


def test_a_case_of_ours_tells_its_outcome_on_its_own_page_too(admin, nobody, amina):
    sent = OLDER | {"case_id": str(amina.id), "headline": "Home again."}
    admin.post("outcomes.new_outcome", sent, status=303)
    assert "Home again." in nobody.get("campaigns.show_case", slug="amina").words("#what-became")
    link = nobody.get("outcomes.good_news").one(".news-item h3 a")
    assert (link.get("href"), link.text) == ("/cases/amina/", amina.name)


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ({"year": "2015", "month": "5", "day": "28"}, "28 May 2015"),
        ({"year": "2015", "month": "5", "day": ""}, "May 2015"),
        ({"year": "2015", "month": "", "day": ""}, "2015"),
        ({"year": "", "month": "", "day": ""}, ""),
    ],
)
def test_a_date_is_as_exact_as_it_is_known(admin, nobody, when, words):
    admin.post("outcomes.new_outcome", OLDER | when, status=303)
    times = nobody.get("outcomes.good_news").names(".news-item time")
    assert times == ([words] if words else [])


@pytest.mark.parametrize(
    ("field", "changes", "mend"),
    [
        ("name", {"name": ""}, "Choose a case above, or give the name."),
        ("country", {"country": ""}, "Say which country."),
        ("headline", {"headline": ""}, "Say in a few words what happened."),
        ("change", {"change": "saved"}, "Choose one from the list."),
        ("day", {"month": "2", "day": "30"}, "That month has no such day."),
        ("month", {"month": ""}, "Choose the month as well."),
        ("year", {"year": "", "month": "", "day": "", "campaign_year": ""}, "Give the year"),
        ("sources", {"sources": "http://"}, "This is no whole web address"),
        ("case_id", {"case_id": "999"}, "Choose one from the list."),
        ("text", {"text": "x" * 10_001}, "Use at most 10000 characters."),
    ],
)
def test_bad_input_names_the_field_and_the_mend(admin, field, changes, mend):
    for htmx in (False, True):
        answer = admin.post("outcomes.new_outcome", OLDER | changes, htmx=htmx, status=422)
        assert mend in answer.words(f"#{field}-error")
    assert list_outcomes() == []


def test_a_quote_is_shown_with_their_yes_and_never_without(nobody, amina):
    outcome = factories.outcome(amina, quote="I read each letter.", quote_by="Amina")
    pages = {"outcomes.good_news": {}, "campaigns.show_case": {"slug": "amina"}}
    for endpoint, values in pages.items():
        assert "each letter" not in nobody.get(endpoint, **values).text
        factories.change(outcome, quote_agreed=True)
        assert "each letter" in nobody.get(endpoint, **values).words(".quote")
        factories.change(outcome, quote_agreed=False)


def test_what_is_hidden_is_nowhere_and_an_empty_page_is_not_there(nobody, amina):
    factories.outcome(amina, is_public=False)
    nobody.get("outcomes.good_news", status=404)
    nobody.get("outcomes.good_news_feed", status=404)
    assert nobody.get("campaigns.show_case", slug="amina").select("#what-became") == []
    assert "/good-news/" not in links_of(nobody.get("board.home"))


def test_a_section_may_keep_good_news_to_itself(nobody, amina):
    factories.outcome(amina)
    assert "/good-news/" in links_of(nobody.get("outcomes.good_news", status=200))
    factories.change(factories.section(), shows_good_news=False)
    nobody.get("outcomes.good_news", status=404)
    page = nobody.get("campaigns.show_case", slug="amina", status=200)
    assert page.select("#what-became") == []
    assert "/good-news/" not in links_of(page)


def test_a_setback_is_told_and_is_no_good_news(app):
    factories.outcome(change="setback")
    good = factories.outcome(year=2011)
    assert len(list_news()) == 2
    assert list_good_news(most=3) == [good]


def test_the_latest_stand_first(any_app):
    year, day, month = (
        factories.outcome(year=2024, month=m, day=d) for m, d in ((None, None), (5, 2), (5, None))
    )
    old = factories.outcome(year=None, month=None, day=None, campaign_year=2019)
    assert [o.id for o in list_news()] == [o.id for o in (day, month, year, old)]


def test_hostile_words_stay_words(nobody):
    evil = "<script>alert(1)</script>"
    factories.outcome(
        name=evil,
        headline=evil,
        text=f"{evil} [x](javascript:alert(1))",
        sources="javascript:alert(1)\nhttps://example.org/x",
    )
    page = nobody.get("outcomes.good_news", status=200)
    assert "<script>alert" not in page.text
    assert [a.get("href") for a in page.select(".news-sources a")] == ["https://example.org/x"]
    assert all("javascript" not in (a.get("href") or "") for a in page.select("a"))


def test_the_second_editor_sees_both_versions(admin):
    outcome = factories.outcome()
    page = admin.get("outcomes.edit_outcome", outcome_id=outcome.id)
    admin.submit(page, "form.form", headline="First.")
    late = admin.submit(page, "form.form", headline="Second.")
    assert late.status == 409
    assert "First." in late.words("#clash")
    assert "Second." in late.words("#clash")
    assert admin.submit(late, "form.form").status == 303
    assert db.session.get(Outcome, outcome.id).headline == "Second."


def test_an_outcome_can_be_taken_away_for_good(admin):
    outcome_id = factories.outcome(quote="mine").id
    admin.post("outcomes.remove_outcome", {}, outcome_id=outcome_id, status=303)
    assert list_outcomes() == []
    admin.get("outcomes.edit_outcome", outcome_id=outcome_id, status=404)


def test_the_feed_is_atom_with_ids_that_stay(nobody, amina):
    outcome = factories.outcome(amina, quote="not for feeds", text="**Free** at last & home")
    answer = nobody.get("outcomes.good_news_feed", status=200)
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(answer.text)
    address = f"http://localhost/good-news/#outcome-{outcome.id}"
    assert feed.tag == f"{ATOM}feed"
    assert all(feed.find(f"{ATOM}{name}") is not None for name in ("id", "title", "updated"))
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None
    entry = feed.find(f"{ATOM}entry")
    assert entry.find(f"{ATOM}id").text == address
    assert "<strong>Free</strong>" in entry.find(f"{ATOM}content").text
    assert "not for feeds" not in answer.text
    factories.change(outcome, headline="Told otherwise.")
    again = ElementTree.fromstring(nobody.get("outcomes.good_news_feed").text)
    assert again.find(f"{ATOM}entry/{ATOM}id").text == address
