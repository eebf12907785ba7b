"""One's own account: name, language, password; and where one is signed in, without addresses."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.accounts.browsers import SignedInWith, browser_in_words, read_browser
from app.accounts.models import SignInSession, User
from app.accounts.passwords import is_password_of
from app.database import db
from tests import factories
from tests.conftest import sign_in
from tests.page import PageClient

NEW = "another long password"


def change(browser, password=factories.PASSWORD, new_password=NEW):
    page = browser.get("accounts.account", status=200)
    said = {"password": password, "new_password": new_password}
    return browser.submit(page, "#change-password", **said)


def find_ana():
    db.session.rollback()
    return db.session.scalars(select(User).where(User.email == "ana@example.org")).one()


def test_name_and_language_are_changed(ana):
    page = ana.get("accounts.account", status=200)
    assert ana.submit(page, "#details", name="Ana Maria", language="ar-XB").status == 303
    assert find_ana().name == "Ana Maria"
    assert ana.get("accounts.account").one("html").get("lang") == "ar-XB"


def test_of_two_pages_the_second_is_told(ana):
    page = ana.get("accounts.account")
    ana.submit(page, "#details", name="First").response.close()
    late = ana.submit(page, "#details", name="Second")
    assert late.status == 409
    assert late.one("#name").get("value") == "Second"
    assert ana.submit(late, "#details").status == 303
    assert find_ana().name == "Second"


@pytest.mark.parametrize("name", ["", "x" * 81, "a\x07b"])
def test_a_name_that_cannot_be_is_told(ana, name):
    page = ana.get("accounts.account")
    assert ana.submit(page, "#details", name=name).select("#name-error")
    assert find_ana().name == "Ana"


def test_a_changed_password_ends_every_other_session_and_link(app, ana, lisbon, nobody):
    elsewhere = sign_in(app, lisbon.organisers[0])
    key = factories.password_link(lisbon.organisers[0])
    assert change(ana).status == 303
    ana.get("accounts.account", status=200)
    elsewhere.get("accounts.account", status=303)
    nobody.get(f"/new-password/{key}/", status=404)
    assert is_password_of(find_ana().password_hash, NEW)


@pytest.mark.parametrize(
    ("password", "new_password", "field"),
    [
        ("a wrong password", NEW, "password"),
        ("", NEW, "password"),
        (factories.PASSWORD, "short", "new_password"),
        (factories.PASSWORD, "", "new_password"),
        (factories.PASSWORD, "x" * 201, "new_password"),
    ],
)
def test_what_cannot_be_names_its_field_and_changes_nothing(ana, password, new_password, field):
    page = change(ana, password, new_password)
    assert page.status == 422
    assert page.select(f"#{field}-error")
    assert NEW not in page.text
    assert is_password_of(find_ana().password_hash, factories.PASSWORD)


def test_guessing_the_present_password_is_limited(ana, hashings):
    tries = [change(ana, "a wrong password").status for _ in range(11)]
    assert tries == [422] * 10 + [429]


def test_sessions_are_told_apart_by_browser_and_nothing_else_is_kept(app, lisbon, hashings):
    browser = PageClient(app)
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    data = {"email": "ana@example.org", "password": factories.PASSWORD}
    browser.post("accounts.sign_in", data, headers={"User-Agent": agent}, status=303)
    assert "Firefox on Linux" in browser.get("accounts.account").words("#session-list")
    session = db.session.scalars(select(SignInSession)).one()
    assert (session.browser, session.system) == ("Firefox", "Linux")


@pytest.mark.parametrize(
    ("agent", "known"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120.0 Safari/537.36 Edg/120.0", "Edge Windows"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/120.0 Mobile Safari/537.36", "Chrome Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) Version/17.0 Safari/604.1", "Safari iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14) Version/17 Safari/605", "Safari macOS"),
        ("Mozilla/5.0 (iPhone) FxiOS/120.0 Safari/605", "Firefox iPhone"),
        ("curl/8.0", ""),
        ("", ""),
        ("<script>" * 200, ""),
    ],
)
def test_a_browser_is_two_words(app, agent, known):
    said = read_browser(agent)
    assert " ".join(filter(None, said)) == known
    with app.test_request_context():
        assert browser_in_words(said)


def test_half_known_is_half_said(app):
    with app.test_request_context():
        assert browser_in_words(SignedInWith("Firefox", "")) == "Firefox"
        assert browser_in_words(SignedInWith()) == "an unknown browser"
