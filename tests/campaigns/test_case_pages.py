"""What the page and the card of a case tell somebody who sits down to write."""

from __future__ import annotations

import pytest

from tests import factories

ADDRESS = "Ministry of Justice\n1 Example Street\nSarhan"
WHOLE = {
    "slug": "nour",
    "name": "Nour",
    "summary": "a teacher",
    "story": "# Ceiling\n\nShe wrote a **poem**.",
    "what_is_asked": "Her release.",
    "key_points": "- She is 34.\n\n* She may have no paper.",
    "sample_lines": "I read about a poem.",
    "targets": [
        {
            "key": "abc",
            "name": "Ms Leyla Darwan",
            "role": "Minister",
            "postal_address": ADDRESS,
            "salutation": "Dear Minister",
        },
        {
            "key": "def",
            "name": "",
            "role": "The Prosecutor",
            "postal_address": "",
            "salutation": "",
        },
    ],
    "copies_to": "Embassy one\nStreet 1\n\nEmbassy two",
    "solidarity_address": "Nour\nPrison, Wing C",
    "languages": ["en", "fr"],
    "social_handles": "@free_nour",
    "sources": "The ruling: https://example.org/ruling.\nA friend’s word",
    "from_age": 12,
    "mention_charges": "no",
    "religious_card": "yes",
}


@pytest.fixture
def nour(campaign):
    return factories.case(campaign, **WHOLE)


def test_the_page_says_what_to_write_and_to_whom(nobody, nour):
    page = nobody.get("campaigns.show_case", slug="nour", status=200)
    assert page.names("section[aria-labelledby=story] h3") == ["Ceiling"]
    assert page.names("section[aria-labelledby=story] strong") == ["poem"]
    addresses = page.names("section[aria-labelledby=your-letter] address")
    assert "Ms Leyla Darwan" in addresses[0]
    assert "1 Example Street" in addresses[0]
    assert "The Prosecutor" in addresses[1]
    assert len(addresses) == 4
    words = page.words("#case")
    for said in (
        "Begin with: Dear Minister",
        "She may have no paper.",
        "I read about a poem.",
        "Letters are read in: English and French.",
        "Do not mention the charges.",
        "Not yet 18? Never give your own address",
        "from age 12",
        "@free_nour",
    ):
        assert said in words
    assert "- She" not in words


def test_sources_are_links_that_give_nothing_away(nobody, nour):
    page = nobody.get("campaigns.show_case", slug="nour")
    link = page.one("section[aria-labelledby=sources] a")
    assert (link.get("href"), link.text) == ("https://example.org/ruling", "The ruling")
    assert link.get("rel") == "noopener noreferrer"
    assert "A friend’s word" in page.words("section[aria-labelledby=sources]")


def test_a_case_with_a_name_and_a_country_alone_has_a_page_and_a_card(nobody, campaign):
    factories.case(campaign, slug="bare", name="Su", country="Menduri")
    page = nobody.get("campaigns.show_case", slug="bare", status=200)
    assert page.names("#case h2") == []
    nobody.get("campaigns.case_card", slug="bare", status=200)


def test_a_paused_case_shows_no_address_any_more(nobody, nour):
    factories.change(nour, state="paused", pause_reason="She is free!")
    page = nobody.get("campaigns.show_case", slug="nour")
    assert not page.select("address")
    assert "do not post them" in page.words("#case .notice")
    card = nobody.get("campaigns.case_card", slug="nour").words("#table-card")
    assert "She is free!" in card
    assert "Ministry" not in card


def test_the_card_has_a_code_that_leads_to_the_page(nobody, nour):
    page = nobody.get("campaigns.case_card", slug="nour", status=200)
    words = page.words("#table-card")
    for said in ("Nour", "Her release.", "She is 34.", "Dear Minister", "1 Example Street"):
        assert said in words
    assert page.select("#table-card .qr svg")
    assert "localhost/" in words


def test_young_people_have_a_card_of_their_own(nobody, nour):
    factories.change(nour, sender_address="yes")
    assert "Give your address" in nobody.get("campaigns.case_card", slug="nour").words(
        "#table-card"
    )
    page = nobody.get("campaigns.case_card", slug="nour", query={"young": "1"})
    assert "Give no return address." in page.words("#table-card")


def test_a_draft_has_no_card(nobody, nour):
    factories.change(nour, state="draft")
    nobody.get("campaigns.case_card", slug="nour", status=404)


def test_a_portrait_is_shown_with_its_words_and_credit(nobody, nour):
    name = factories.portrait(nour)
    factories.change(nour, portrait_alt="Nour, laughing", portrait_credit="A. Friend")
    page = nobody.get("campaigns.show_case", slug="nour")
    assert page.one("#case img").get("alt") == "Nour, laughing"
    assert "Picture: A. Friend" in page.words("#case")
    in_list = nobody.get("campaigns.list_cases").one("#case-nour img")
    assert (in_list.get("alt"), in_list.get("width")) == ("", "160")
    answer = nobody.get("campaigns.show_picture", name=name, status=200)
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in answer.headers
    nobody.get("campaigns.show_picture", name="x.webp", status=404)
