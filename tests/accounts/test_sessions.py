"""Sessions: they end when they should, and a copied cookie ends with them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app import clock
from app.accounts import access, actions
from app.accounts.models import SignInSession, User
from app.database import SECTION, db, write
from tests import factories
from tests.accounts.conftest import sign_in, token_of
from tests.page import PageClient


def age(**times):
    """Move the times of every session into the past."""
    with write(SECTION) as session:
        values = {name: clock.now() - past for name, past in times.items()}
        session.execute(update(SignInSession).values(**values))


def is_signed_in(browser):
    return browser.get("accounts.account").status == 200


def test_a_copied_cookie_is_refused_after_sign_out(app, nobody, ines, hashings):
    sign_in(nobody)
    thief = PageClient(app, cookies={"lettertally_session": token_of(nobody)})
    assert is_signed_in(thief)
    nobody.post("accounts.sign_out", status=303)
    assert not token_of(nobody)
    assert not is_signed_in(thief)


def test_signing_out_twice_is_no_mistake(nobody):
    assert nobody.post("accounts.sign_out", status=303).location == "/"


def test_signing_out_takes_a_press_not_a_link(ana):
    assert ana.get("/sign-out", status=405)
    assert is_signed_in(ana)


@pytest.mark.parametrize(
    ("times", "still_in"),
    [
        ({"last_seen_at": timedelta(hours=11, minutes=59)}, True),
        ({"last_seen_at": timedelta(hours=12, minutes=1)}, False),
        ({"created_at": timedelta(days=29, hours=23)}, True),
        ({"created_at": timedelta(days=30, minutes=1)}, False),
    ],
    ids=["idle 11:59", "idle 12:01", "30 days less an hour", "30 days and a minute"],
)
def test_a_session_ends_after_12_idle_hours_and_after_30_days(ana, times, still_in):
    age(**times)
    assert is_signed_in(ana) is still_in


def test_a_visit_keeps_the_session_from_going_idle(ana):
    age(last_seen_at=timedelta(hours=11))
    ana.get("accounts.account", status=200)
    seen = db.session.scalars(select(SignInSession.last_seen_at)).one()
    assert clock.now() - seen < timedelta(minutes=1)


def test_being_seen_is_written_at_most_once_a_minute(ana, monkeypatch):
    writes = []
    monkeypatch.setattr(actions, "write", lambda scope: writes.append(scope) or write(scope))
    age(last_seen_at=timedelta(seconds=59))
    ana.get("accounts.account", status=200)
    assert writes == []
    age(last_seen_at=timedelta(seconds=61))
    ana.get("accounts.account", status=200)
    ana.get("accounts.account", status=200)
    assert len(writes) == 1


@pytest.mark.parametrize("token", ["", "x", "é", "x" * 4000, "a\u2028b"])
def test_a_made_up_cookie_is_nobodys(nobody, token):
    nobody.browser.set_cookie("lettertally_session", token.encode().decode("latin-1"))
    assert not is_signed_in(nobody)


def test_who_was_put_off_the_record_is_out_at_once(ana, lisbon):
    with write(SECTION) as session:
        session.execute(update(User).values(is_active=False))
    assert not is_signed_in(ana)


def test_somebody_unknown_costs_no_query(app, nobody, monkeypatch):
    monkeypatch.setattr(access.db, "session", None)
    with app.test_request_context("/"):
        assert access.load_user(access_request()) is None


def access_request():
    from flask import request

    return request


def test_the_account_shows_where_one_is_signed_in(app, ana, lisbon):
    factories_session(lisbon.organisers[0])
    page = ana.get("accounts.account", status=200)
    assert len(page.select("tbody tr")) == 2
    assert len(page.select("tbody form")) == 1
    assert "ana@example.org" in page.words("main")


def test_one_other_session_can_be_ended_there(app, ana, lisbon):
    other = factories_session(lisbon.organisers[0])
    page = ana.get("accounts.account")
    ana.submit(page, "tbody form").response.close()
    db.session.rollback()
    assert db.session.get(SignInSession, other).revoked_at is not None
    assert is_signed_in(ana)


def test_anothers_session_cannot_be_ended(ana, carlos, porto):
    other = db.session.scalars(
        select(SignInSession.id).where(SignInSession.user_id == porto.organisers[0].id)
    ).one()
    ana.post("accounts.sign_out_there", session_id=other, status=404)
    assert is_signed_in(carlos)


def test_one_signs_out_everywhere(ana, lisbon, carlos):
    other = factories_session(lisbon.organisers[0])
    assert ana.post("accounts.sign_out_everywhere", status=303).location == "/"
    db.session.rollback()
    assert db.session.get(SignInSession, other).revoked_at is not None
    assert not is_signed_in(ana)
    assert is_signed_in(carlos)


def factories_session(user):
    now = clock.now()
    row = factories.saved(
        SignInSession(
            user_id=user.id,
            token_hash=access.hash_token("another browser"),
            created_at=now,
            last_seen_at=now,
            password_checked_at=now,
        )
    )
    return row.id


@pytest.mark.parametrize(
    ("public_url", "name", "is_secure"),
    [
        ("http://localhost", "lettertally_session=", False),
        ("https://localhost", "__Host-lettertally_session=", True),
    ],
)
def test_the_sessions_cookie_is_guarded(
    make_app, folder, app, ines, hashings, public_url, name, is_secure
):
    import dataclasses

    settings = dataclasses.replace(app.config["LETTERTALLY"], public_url=public_url)
    app.config["LETTERTALLY"] = settings
    browser = PageClient(app)
    answer = sign_in(browser, headers={"Origin": public_url})
    (cookie,) = [c for c in answer.headers.getlist("Set-Cookie") if c.startswith(name)]
    assert ("; Secure" in cookie) is is_secure
    assert "; HttpOnly" in cookie
    assert "; SameSite=Lax" in cookie
    assert "; Path=/" in cookie
    assert "Domain" not in cookie
    assert "Max-Age=2592000" in cookie
