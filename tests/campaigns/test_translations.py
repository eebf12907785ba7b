"""A case in another language: written by admins, read by whoever speaks it, marked where not."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.campaigns.models import CaseText
from app.campaigns.telling import told
from app.database import db
from tests import factories

FRENCH = {
    "summary": "une enseignante",
    "story": "Elle a **écrit** un poème.",
    "key_points": "Elle a 34 ans.",
    "salutations-abc": "Madame la Ministre,",
}
TARGET = {
    "key": "abc",
    "name": "Ms Darwan",
    "role": "Minister",
    "postal_address": "Street 1",
    "salutation": "Dear Minister",
}


@pytest.fixture
def nour(campaign):
    return factories.case(
        campaign,
        slug="nour",
        name="Nour",
        summary="a teacher",
        story="She wrote a poem.",
        what_is_asked="Her release.",
        targets=[TARGET],
    )


def open_form(admin, language="fr"):
    return admin.get("campaigns.translate_case", slug="nour", language=language, status=200)


def translate(admin, language="fr", **changes):
    return admin.submit(open_form(admin, language), "#translation-form", **FRENCH | changes)


def marked(page, where) -> list[tuple[str, str]]:
    """Each text's language and words."""
    return [(each.get("lang"), "".join(each.itertext())) for each in page.select(where)]


def texts() -> list[CaseText]:
    db.session.rollback()
    return list(db.session.execute(select(CaseText).order_by(CaseText.id)).scalars())


def test_a_translation_is_written_changed_and_taken_away(admin, nour):
    page = admin.get("campaigns.edit_case", slug="nour")
    assert page.select("#new-language option[value=fr]")
    assert not page.select("#new-language option[value=en]")
    chosen = admin.get("campaigns.choose_language", slug="nour", query={"language": "fr"})
    assert chosen.location == "/section/cases/nour/texts/fr"
    assert translate(admin).location == "/section/cases/nour/edit#translations"
    [text] = texts()
    assert (text.language, text.story) == ("fr", FRENCH["story"])
    assert text.salutations == {"abc": "Madame la Ministre,"}
    translate(admin, summary="une institutrice")
    assert [text.summary for text in texts()] == ["une institutrice"]
    admin.post("campaigns.remove_translation", slug="nour", language="fr", status=303)
    assert texts() == []
    admin.post("campaigns.remove_translation", slug="nour", language="fr", status=404)


def test_who_reads_it_gets_their_language_and_the_rest_is_marked(admin, nour):
    translate(admin)
    db.session.rollback()
    french = told(nour, "fr-CA")
    assert (french.summary.text, french.summary.is_other) == ("une enseignante", False)
    assert (french.what_is_asked.language, french.what_is_asked.is_other) == ("en", True)
    assert french.targets[0].salutation.text == "Madame la Ministre,"
    assert french.fallback is None
    assert told(nour, "en-GB").story.text == "She wrote a poem."
    german = told(nour, "de")
    assert german.fallback
    assert german.targets[0].salutation.text == "Dear Minister"


def test_the_page_says_which_language_each_text_is_in(admin, nobody, nour):
    translate(admin, "ar", story="كتبت قصيدة.", summary="معلمة")
    factories.change(nour, language="fr")
    english = nobody.get("campaigns.show_case", slug="nour", status=200)
    assert "it is told in French" in english.words("#case .notice")
    prose = english.one("section[aria-labelledby=story] .prose")
    assert (prose.get("lang"), prose.get("dir")) == ("fr", "ltr")
    arabic = nobody.get("campaigns.show_case", slug="nour", query={"lang": "ar-XB"})
    prose = arabic.one("section[aria-labelledby=story] .prose")
    assert (prose.get("lang"), prose.get("dir")) == ("ar", "rtl")
    assert not arabic.select("section[aria-labelledby=story] h2 .badge")
    assert arabic.select("section[aria-labelledby=asked] h2 .badge")


def test_lists_show_the_few_words_in_the_readers_language(admin, nobody, nour):
    translate(admin, "ar", summary="معلمة")
    arabic = nobody.get("campaigns.list_cases", query={"lang": "ar-XB"})
    assert marked(arabic, "#case-nour p bdi") == [("ar", "معلمة"), ("en", "Ruritania")]
    english = nobody.get("campaigns.list_cases")
    assert marked(english, "#case-nour p bdi") == [("en", "a teacher"), ("en", "Ruritania")]


def test_every_screen_says_the_country_in_the_readers_language_else_marked(
    admin, nobody, bea, nour, lisbon
):
    factories.change(lisbon, cases=[*lisbon.cases, nour])
    factories.outcome(nour)
    in_arabic = {"Accept-Language": "ar-XB"}
    for words in ({"country": ""}, {"country": "فيلساريا"}):
        translate(admin, "ar", **words)
        told_there = [("ar", words["country"]) if words["country"] else ("en", "Ruritania")]
        for reader, endpoint, where, slug in (
            (nobody, "campaigns.show_case", "#case .overline bdi", {"slug": "nour"}),
            (nobody, "campaigns.case_card", "#table-card header p.soft bdi", {"slug": "nour"}),
            (nobody, "outcomes.good_news", ".news-item p.soft bdi", {}),
            (nobody, "board.home", ".achieved-news p.soft bdi", {}),
            (bea, "letters.table_page", "#case-nour p.soft bdi", {}),
        ):
            page = reader.get(endpoint, headers=in_arabic, **slug)
            assert marked(page, where)[-1:] == told_there, endpoint
    assert marked(nobody.get("campaigns.show_case", slug="nour"), "#case .overline bdi") == [
        ("en", "Ruritania")
    ]


def test_a_role_is_told_beside_the_address_that_goes_on_the_envelope(admin, nobody, nour):
    translate(admin, "ar", country="فيلساريا", **{"roles-abc": "وزيرة العدل"})
    assert [text.roles for text in texts()] == [{"abc": "وزيرة العدل"}]
    for endpoint in ("campaigns.show_case", "campaigns.case_card"):
        arabic = nobody.get(endpoint, slug="nour", query={"lang": "ar-XB"})
        address = arabic.one("address")
        assert address.get("lang") == "en"
        assert "Minister" in arabic.words("address")
        assert ("ar", "وزيرة العدل") in marked(arabic, "p[lang=ar]")
        assert "وزيرة" not in nobody.get(endpoint, slug="nour").text


def test_a_country_alone_is_no_translated_story(admin, nobody, nour):
    admin.submit(open_form(admin, "ar"), "#translation-form", country="فيلساريا")
    page = nobody.get("campaigns.show_case", slug="nour", query={"lang": "ar-XB"})
    assert page.select("#case .notice")
    assert marked(page, "#case .overline bdi") == [("ar", "فيلساريا")]


def test_a_role_is_asked_only_of_targets_that_have_one(admin, nour):
    factories.change(nour, targets=[TARGET | {"role": ""}])
    assert not open_form(admin).select("#roles")


def test_the_second_of_two_translators_sees_both(admin, nour):
    first, second = open_form(admin), open_form(admin)
    admin.submit(first, "#translation-form", **FRENCH)
    answer = admin.submit(second, "#translation-form", **FRENCH | {"summary": "une prof"})
    assert answer.status == 409
    assert "une enseignante" in answer.words("#clash")
    assert "une prof" in answer.words("#clash")
    assert [text.summary for text in texts()] == ["une enseignante"]
    assert admin.submit(answer, "#translation-form").status == 303
    assert [text.summary for text in texts()] == ["une prof"]


@pytest.mark.parametrize("language", ["en", "tlh", "xx", "../x"])
def test_only_other_languages_of_the_list(admin, nour, language):
    path = f"/section/cases/nour/texts/{language}"
    admin.get(path, status=404)
    admin.post(path, FRENCH, status=404)
    chosen = admin.get("campaigns.choose_language", slug="nour", query={"language": "tlh"})
    assert chosen.location == "/section/cases/nour/edit"


@pytest.mark.parametrize(
    ("field", "value"),
    [("summary", "x" * 121), ("story", "x" * 20_001), ("salutations-abc", "x" * 121)]
    + [("country", "x" * 81), ("roles-abc", "x" * 161), ("roles-abc", "a\x07b")],
)
def test_bad_input_says_so(admin, nour, field, value):
    answer = translate(admin, **{field: value})
    assert answer.status == 422
    assert "Use at most" in answer.text
    assert texts() == []


def test_a_greeting_for_a_target_that_is_gone_is_not_kept(admin, nour):
    translate(admin, **{"salutations-zzz": "Monsieur,"})
    assert [text.salutations for text in texts()] == [{"abc": "Madame la Ministre,"}]


def test_the_case_cannot_move_into_a_language_that_is_a_translation(admin, nour):
    translate(admin)
    page = admin.get("campaigns.edit_case", slug="nour")
    answer = admin.submit(page, "form.form", language="fr")
    assert answer.status == 422
    assert "Remove that one first." in answer.words("#language-error")
