"""Who may pass: the signed-in, the admins, and those who just typed their password."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from app import clock
from app.accounts import access
from app.accounts.models import SignInSession
from app.database import SECTION, write

JSON = {"Accept": "application/json"}


@pytest.fixture
def gates(app):
    """Three routes, each behind another gate."""

    def dangerous():
        access.check_fresh_password()
        return ["done"]

    app.add_url_rule("/in", "in", access.signed_in(lambda: ["in"]))
    app.add_url_rule("/admin", "admin", access.admins_only(lambda: ["admin"]))
    app.add_url_rule("/danger", "danger", dangerous, methods=["GET", "POST"])
    app.add_url_rule("/danger/post", "danger_post", dangerous, methods=["POST"])


def test_signed_in_lets_the_signed_in_through(gates, ana, admin, nobody):
    assert [who.get("/in", headers=JSON).status for who in (ana, admin, nobody)] == [200, 200, 401]


def test_admins_only_lets_admins_through(gates, ana, admin, nobody):
    statuses = [who.get("/admin", headers=JSON).status for who in (ana, admin, nobody)]
    assert statuses == [403, 200, 401]


def test_a_device_is_nobody_who_signs_in(gates, bea):
    assert bea.get("/in", headers=JSON).status == 401


def let_the_password_grow_old(minutes):
    with write(SECTION) as session:
        then = clock.now() - timedelta(minutes=minutes)
        session.execute(update(SignInSession).values(password_checked_at=then))


def test_a_password_typed_within_15_minutes_is_fresh(gates, ana):
    let_the_password_grow_old(14)
    assert ana.post("/danger", status=200, headers=JSON).json == ["done"]


def test_an_old_password_is_asked_for_again_and_leads_back(gates, ana, hashings):
    let_the_password_grow_old(16)
    door = ana.get("/danger", status=303).location
    assert door == "/account/password?next=danger"
    page = ana.get(door, status=200)
    assert ana.submit(page, "form.slip", password="a wrong password").status == 422
    assert ana.get("/danger", headers=JSON).status == 403
    assert ana.submit(page, "form.slip", password="a long enough password").location == "/danger"
    ana.get("/danger", headers=JSON, status=200)


def test_a_press_with_an_old_password_is_told_where_to_type_it(gates, ana):
    let_the_password_grow_old(16)
    page = ana.post("/danger", status=403)
    assert page.one(".mishap a.button").get("href") == "/account/password?next=danger"
    page = ana.post("/danger/post", status=403)
    assert page.one(".mishap a.button").get("href") == "/account/password"
    fragment = ana.post("/danger", htmx=True, status=403)
    assert fragment.one("#error a").get("href") == "/account/password?next=danger"
    assert ana.post("/danger", headers=JSON, status=403).json["error"] == "password_needed"


def test_whoever_is_not_signed_in_is_not_asked_for_a_password_first(gates, nobody):
    assert nobody.get("/danger", status=303).location == "/sign-in?next=danger"


def test_anothers_fresh_password_does_not_help(gates, ana, carlos, hashings):
    let_the_password_grow_old(16)
    carlos.post("accounts.confirm_password", {"password": "a long enough password"}, status=303)
    carlos.get("/danger", headers=JSON, status=200)
    ana.get("/danger", headers=JSON, status=403)
