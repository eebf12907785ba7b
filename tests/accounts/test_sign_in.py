"""Signing in: who gets in, who does not, and that nobody learns who has an account."""

from __future__ import annotations

import hashlib

import pytest
from sqlalchemy import func, select

from app.accounts.models import SignInSession
from app.accounts.passwords import METHOD, NOBODYS_HASH, hash_password
from app.audit import AuditRow
from app.database import db
from tests import factories
from tests.accounts.conftest import sign_in, token_of
from tests.page import PageClient


def test_an_organiser_signs_in_through_the_form(nobody, ines):
    page = nobody.get("accounts.sign_in", status=200)
    changes = {"email": "ines@example.org", "password": factories.PASSWORD}
    assert nobody.submit(page, "form.slip", **changes).location == "/desk/"
    account = nobody.get("accounts.account", status=200)
    assert "Ines" in account.words("h1")


@pytest.mark.parametrize(
    "email", ["INES@Example.org", "  ines@example.org ", "ines@exam\u00adple.org"]
)
def test_capitals_and_stray_signs_do_not_keep_anybody_out(nobody, ines, hashings, email):
    assert sign_in(nobody, email).status == 303


def test_only_the_tokens_hash_is_stored(nobody, ines, hashings):
    sign_in(nobody)
    token = token_of(nobody)
    assert len(token) >= 43
    stored = db.session.scalars(select(SignInSession.token_hash)).all()
    assert stored == [hashlib.sha256(token.encode()).hexdigest()]


def test_nothing_about_the_person_is_in_flasks_cookie(app, nobody, ines, hashings):
    sign_in(nobody)
    nobody.get("accounts.account", status=200)
    cookie = nobody.browser.get_cookie("lettertally_form")
    signer = app.session_interface.get_signing_serializer(app)
    assert set(signer.loads(cookie.value)) == {"csrf_token"}


def test_who_signs_in_is_noted_by_an_opaque_id(nobody, ines, hashings):
    sign_in(nobody)
    row = db.session.scalars(select(AuditRow)).one()
    assert (row.verb, row.actor, row.thing_id) == ("sign_in", ines.public_id, ines.public_id)


def test_every_wrong_try_gets_the_same_answer(app, ines, hashings):
    factories.organiser(email="gone@example.org", is_active=False)
    tries = {"ines@example.org": "a wrong password", "gone@example.org": factories.PASSWORD}
    tries["unknown@example.org"] = factories.PASSWORD
    answers = set()
    for email, password in tries.items():
        browser = PageClient(app)
        answer = sign_in(browser, email, password, status=422)
        assert not token_of(browser)
        fields = answer.fields("form.slip")
        assert fields.pop("email") == email
        answers.add((answer.words("main"), str(fields)))
    assert len(answers) == 1


def test_every_wrong_try_takes_the_same_work(app, ines, hashings):
    factories.organiser(email="gone@example.org", is_active=False)
    for email in ("ines@example.org", "gone@example.org", "unknown@example.org"):
        sign_in(PageClient(app), email, "a wrong password", status=422)
    assert hashings == [ines.password_hash, NOBODYS_HASH, NOBODYS_HASH]


def test_nobodys_hash_costs_what_a_real_one_does(app):
    real = hash_password(factories.PASSWORD)
    shapes = {(h.split("$")[0], *map(len, h.split("$")[1:])) for h in (NOBODYS_HASH, real)}
    assert shapes == {(METHOD, 16, 128)}


@pytest.mark.parametrize(
    ("email", "password", "field"),
    [
        ("", factories.PASSWORD, "email"),
        ("ines@example.org", "", "password"),
        ("x" * 255, factories.PASSWORD, "email"),
        ("ines@example.org", "x" * 201, "password"),
    ],
    ids=["no address", "no password", "long address", "long password"],
)
def test_what_cannot_be_right_names_its_field_and_costs_no_work(
    nobody, ines, hashings, email, password, field
):
    data = {"email": email, "password": password}
    page = nobody.post("accounts.sign_in", data, status=422)
    assert page.select(f"#{field}-error")
    assert hashings == []


def test_a_password_is_never_sent_back(nobody, ines, hashings):
    assert "a wrong password" not in sign_in(nobody, password="a wrong password").text


def test_signing_in_again_ends_the_old_session(nobody, ines, hashings):
    sign_in(nobody)
    first = token_of(nobody)
    sign_in(nobody)
    assert token_of(nobody) != first
    live = select(func.count()).select_from(SignInSession).where(SignInSession.revoked_at.is_(None))
    assert db.session.scalar(live) == 1


def test_a_foreign_cookie_at_sign_in_is_not_adopted(nobody, ines, hashings):
    nobody.browser.set_cookie("lettertally_session", "chosen by somebody else")
    sign_in(nobody)
    assert token_of(nobody) != "chosen by somebody else"


def test_who_is_signed_in_already_is_led_on(ana):
    assert ana.get("accounts.sign_in", status=303).location == "/desk/"
