"""Why a case is paused is read in the reader's language where somebody said it, else marked."""

from __future__ import annotations

import pytest

from app.campaigns.models import CaseText
from app.campaigns.telling import why_paused
from app.database import db
from tests import factories

ARABIC = {"Accept-Language": "ar-XB"}


@pytest.fixture
def told_twice(amina):
    """Amina's case is told in Arabic, too."""
    factories.saved(CaseText(case_id=amina.id, language="ar"))
    return amina


def pause(admin, **said):
    page = admin.get("campaigns.edit_case", slug="amina")
    return admin.submit(page, "#pause-form", reason="She is free.", **said)


def test_one_field_is_enough_and_other_readers_see_it_marked(admin, nobody, bea, told_twice):
    assert pause(admin).status == 303
    page = nobody.get("campaigns.show_case", slug="amina", headers=ARABIC)
    said = page.one(".notice--bad bdi")
    assert (said.text, said.get("lang")) == ("She is free.", "en")
    assert page.select(".notice--bad .badge")
    card = bea.get("letters.table_page", headers=ARABIC)
    assert card.select("#case-amina .rule .badge")


def test_each_reader_gets_it_in_their_language(admin, nobody, bea, told_twice):
    assert pause(admin, **{"reasons-ar": "هي حرّة."}).status == 303
    for reader, endpoint, where, slug in (
        (nobody, "campaigns.show_case", ".notice--bad", {"slug": "amina"}),
        (nobody, "campaigns.case_card", ".table-card-stop", {"slug": "amina"}),
        (bea, "letters.table_page", "#case-amina .rule", {}),
    ):
        arabic = reader.get(endpoint, headers=ARABIC, **slug)
        said = arabic.one(f"{where} bdi")
        assert (said.text, said.get("lang")) == ("هي حرّة.", "ar")
        english = reader.get(endpoint, headers={"Accept-Language": "en"}, **slug)
        assert english.one(f"{where} bdi").text == "She is free."
        assert not arabic.select(f"{where} .badge") + english.select(f"{where} .badge")


def test_it_is_asked_only_in_languages_that_the_case_is_told_in(admin, told_twice):
    page = admin.get("campaigns.edit_case", slug="amina")
    assert [field.get("name") for field in page.select("#reasons input")] == ["reasons-ar"]
    admin.post(
        "campaigns.pause_case", {"reason": "Free", "reasons-de": "Frei"}, slug="amina", status=303
    )
    db.session.rollback()
    assert told_twice.pause_reasons == {}


def test_a_case_in_one_language_is_asked_once(admin, amina):
    assert not admin.get("campaigns.edit_case", slug="amina").select("#reasons")


@pytest.mark.parametrize("words", ["x" * 301, "a\x07b"])
def test_what_cannot_be_kept_is_said_and_nothing_is_paused(admin, told_twice, words):
    answer = pause(admin, **{"reasons-ar": words})
    assert answer.status == 422
    assert answer.one("details#reasons[open] .field-error") is not None
    db.session.rollback()
    assert not told_twice.is_paused


def test_a_translator_says_it_later_and_open_tables_hear_of_it(admin, bea, told_twice, lisbon):
    pause(admin)
    before = bea.get("letters.table_page").one("#table-now").get("data-version")
    form = admin.get("campaigns.translate_case", slug="amina", language="ar")
    assert admin.submit(form, "#translation-form", pause_reason="هي حرّة.").status == 303
    db.session.rollback()
    assert why_paused(told_twice, "ar").text == "هي حرّة."
    after = bea.get("letters.table_page").one("#table-now").get("data-version")
    assert before != after


def test_a_translation_begun_before_the_pause_takes_no_reason_away(admin, told_twice):
    form = admin.get("campaigns.translate_case", slug="amina", language="ar")
    assert not form.select("#pause_reason")
    pause(admin, **{"reasons-ar": "هي حرّة."})
    assert admin.submit(form, "#translation-form", summary="معلمة").status == 303
    db.session.rollback()
    assert told_twice.pause_reasons == {"ar": "هي حرّة."}


@pytest.mark.parametrize("endpoint", ["resume_case", "remove_translation"])
def test_it_goes_with_the_pause_and_with_the_translation(admin, told_twice, endpoint):
    pause(admin, **{"reasons-ar": "هي حرّة."})
    language = {"language": "ar"} if endpoint == "remove_translation" else {}
    admin.post(f"campaigns.{endpoint}", slug="amina", status=303, **language)
    db.session.rollback()
    assert told_twice.pause_reasons == {}
