"""Which language an answer is in, who may choose from which, and how a choice is kept."""

from __future__ import annotations

import re

import pytest

from app import languages
from app.database import db
from tests import factories
from tests.board import asking
from tests.page import PageClient

ARABIC = {"Accept-Language": "ar-XB"}
ENGLISH = {"Accept-Language": "en"}


def language_of(answer) -> str:
    return str(answer.one("html").get("lang"))


def choose(client, language, back="/cases/"):
    return client.post("/language", {"language": language, "back": back})


@pytest.mark.usefixtures("campaign")
def test_every_page_offers_its_languages_by_their_own_names(nobody):
    page = nobody.get("/cases/", status=200)
    buttons = page.select(".languages button")
    assert [(b.get("value"), b.get("lang"), b.get("dir")) for b in buttons] == [
        ("en", "en", "ltr"),
        ("ar-XB", "ar-XB", "rtl"),
    ]
    assert [b.get("aria-current") for b in buttons] == ["true", None]
    assert page.names(".languages button") == ["English", "العربية"]


@pytest.mark.usefixtures("campaign")
def test_a_choice_is_kept_in_this_browser_and_leads_back(nobody, app):
    page = nobody.get("/events/?x=1&lang=en", headers=ENGLISH, status=200)
    assert page.fields(".languages")["back"] == "/events/?x=1"
    answer = choose(nobody, "ar-XB", "/events/?x=1")
    assert (answer.status, answer.headers["Location"]) == (303, "/events/?x=1")
    [cookie] = [c for c in answer.headers.getlist("Set-Cookie") if "language" in c]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert language_of(nobody.get("/events/", headers=ENGLISH)) == "ar-XB"
    assert language_of(PageClient(app).get("/events/", headers=ENGLISH)) == "en"


@pytest.mark.usefixtures("campaign")
@pytest.mark.parametrize(
    "back",
    [
        "https://evil.example/cases/",
        "//evil.example/cases/",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/cases/\r\nSet-Cookie: x=1",
        "/nowhere/at/all",
        "/sign-out",
        "cases/",
        "",
    ],
)
def test_a_choice_leads_to_no_page_but_ours(nobody, back):
    assert choose(nobody, "ar-XB", back).headers["Location"] == "/"


@pytest.mark.usefixtures("campaign")
def test_what_is_not_offered_cannot_be_chosen(nobody):
    assert choose(nobody, "fr").status == 422
    assert choose(nobody, "").status == 422


@pytest.mark.usefixtures("campaign")
def test_a_look_chooses_nothing(nobody):
    answer = nobody.get("/cases/?lang=ar-XB", headers=ENGLISH)
    assert language_of(answer) == "ar-XB"
    assert not [c for c in answer.headers.getlist("Set-Cookie") if "language" in c]
    assert language_of(nobody.get("/cases/", headers=ENGLISH)) == "en"


@pytest.mark.usefixtures("campaign")
def test_the_section_says_what_is_offered_and_what_is_usual(admin, app):
    page = admin.get("outcomes.settings", status=200)
    ticked = [
        box.get("value") for box in page.select("[name=languages]") if box.get("checked") == ""
    ]
    assert ticked == ["en", "ar-XB"]
    form = page.fields("form.form") | {"languages": "ar-XB", "language": "ar-XB"}
    assert admin.post("outcomes.settings", form).status == 303
    stranger = PageClient(app)
    page = stranger.get("/cases/?lang=en", headers=ENGLISH)
    assert language_of(page) == "ar-XB"
    assert page.select(".languages") == []


@pytest.mark.usefixtures("campaign")
def test_the_usual_language_is_always_offered(admin):
    form = admin.get("outcomes.settings").fields("form.form")
    assert admin.post("outcomes.settings", form | {"languages": "ar-XB"}).status == 303
    page = admin.get("outcomes.settings")
    ticked = [
        box.get("value") for box in page.select("[name=languages]") if box.get("checked") == ""
    ]
    assert ticked == ["en", "ar-XB"]


@pytest.mark.usefixtures("campaign")
def test_an_unknown_language_is_refused(admin):
    form = admin.get("outcomes.settings").fields("form.form")
    assert admin.post("outcomes.settings", form | {"languages": "tlh"}).status == 422
    assert admin.post("outcomes.settings", form | {"language": "tlh"}).status == 422


@pytest.mark.parametrize("page", ["", "live"])
def test_an_events_page_speaks_its_language_unless_a_reader_chose(nobody, lisbon, page):
    lisbon.language = "ar-XB"
    db.session.commit()
    path = f"/events/lisbon/{page}"
    assert language_of(nobody.get(path, headers=ENGLISH)) == "ar-XB"
    choose(nobody, "en")
    assert language_of(nobody.get(path, headers=ARABIC)) == "en"


def test_what_hangs_on_a_wall_is_not_for_who_opened_it(nobody, ana, lisbon):
    lisbon.language = "ar-XB"
    db.session.commit()
    choose(nobody, "en")
    assert language_of(nobody.get("/events/lisbon/hall")) == "ar-XB"
    assert language_of(nobody.get("/events/lisbon/hall?lang=en")) == "en"
    assert language_of(ana.get("/desk/events/lisbon/print/poster", headers=ENGLISH)) == "ar-XB"


@pytest.mark.usefixtures("campaign")
def test_a_fragment_speaks_as_the_page_that_asks(nobody):
    page = nobody.get("/cases/?lang=ar-XB", headers=ENGLISH)
    assert '"X-Language": "ar-XB"' in page.one("body").get("hx-headers:inherited")
    fragment = nobody.get("/cases/", headers=ENGLISH | {"X-Language": "ar-XB"}, htmx=True)
    assert re.search("[\u0600-\u06ff]", fragment.text)
    assert "X-Language" in fragment.headers["Vary"]


@pytest.mark.usefixtures("campaign")
def test_search_engines_find_public_pages_in_each_language(nobody):
    page = nobody.get("/cases/amina/")
    links = {link.get("hreflang"): link.get("href") for link in page.select("link[hreflang]")}
    assert set(links) == {"en", "ar-XB", "x-default"}
    assert links["ar-XB"].endswith("/cases/amina/?lang=ar-XB")
    assert nobody.get("/sign-in").select("link[hreflang]") == []


def test_the_account_beats_what_was_chosen_before_in_this_browser(ana, lisbon):
    choose(ana, "ar-XB")
    page = ana.get("accounts.account", headers=ENGLISH)
    assert language_of(page) == "ar-XB"
    assert ana.submit(page, "#details", language="en").status == 303
    assert language_of(ana.get("accounts.account", headers=ARABIC)) == "en"


@pytest.mark.usefixtures("campaign")
def test_a_page_asks_once_about_the_section_and_a_fragment_now_and_then(nobody):
    asks = {"page": {}, "fragment": {"htmx": True}, "fragment again": {"htmx": True}}
    counts = {}
    for name, how in asks.items():
        if name != "fragment again":
            languages.offers().forget()
        with asking.queries() as asked:
            nobody.get("/cases/", **how)
        counts[name] = sum("FROM section" in query for query in asked)
    assert counts == {"page": 1, "fragment": 1, "fragment again": 0}


def test_a_section_that_offers_what_is_gone_offers_all(app):
    factories.section(language="tlh", languages=["tlh"])
    with app.test_request_context():
        assert languages.offers().now() == languages.Offer(("en", "ar-XB"), "en")
