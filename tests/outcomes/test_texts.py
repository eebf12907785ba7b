"""How it works: our words until the section writes its own, in each language by itself."""

from __future__ import annotations

from app.outcomes.texts import our_text
from tests import factories


def test_our_own_words_stand_until_the_section_writes(nobody):
    page = nobody.get("outcomes.how", status=200)
    assert "if you are under 18" in page.words("#how")
    assert "2,326" in page.words("#how")
    assert [h.tag.rpartition("}")[2] for h in page.select(".how > *")][0] == "h2"


def test_the_section_writes_and_goes_back(admin, nobody):
    where = {"page": "how", "lang": "en"}
    form = admin.get("outcomes.edit_text", **where, status=200)
    assert "if you are under 18" in form.fields("form.form")["text"]
    admin.submit(form, "form.form", text="## Come\n\nWe have **biscuits**. <script>x</script>")
    page = nobody.get("outcomes.how", status=200)
    assert "biscuits" in page.words("#how strong")
    assert "<script>x" not in page.text
    late = admin.submit(form, "form.form", text="Mine")
    assert late.status == 409
    admin.post("outcomes.drop_text", {}, **where, status=303)
    assert "biscuits" not in nobody.get("outcomes.how").text


def test_a_page_that_nobody_knows_cannot_be_written(admin):
    admin.get("outcomes.edit_text", page="imprint", lang="en", status=404)
    admin.get("outcomes.edit_text", page="how", lang="tlh", status=404)


def test_the_footer_is_the_sections(admin, nobody):
    factories.section()
    admin.post(
        "outcomes.edit_text",
        {"text": "[Our own site](https://example.org/)", "edit_version": "0"},
        page="footer",
        lang="en",
        status=303,
    )
    assert nobody.get("outcomes.how").one(".foot-words a").get("href") == "https://example.org/"


def test_our_text_gives_advice_and_no_letter(app):
    with app.test_request_context():
        text = our_text("how")
    assert "Dear" not in text
    assert "Yours" not in text
