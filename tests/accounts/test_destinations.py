"""After signing in one goes on to a route by its name, never to an address from the query."""

from __future__ import annotations

import pytest

from tests.accounts.conftest import sign_in


@pytest.mark.parametrize(
    ("query", "lands"),
    [
        ("next=accounts.account", "/account/"),
        ("next=board.desk_event&slug=lisbon", "/desk/events/lisbon/"),
        ("next=board.desk_event&slug=../../x", "/desk/"),
        ("next=board.desk_event", "/desk/"),
        ("", "/desk/"),
        ("next=", "/desk/"),
        ("next=https://evil.example", "/desk/"),
        ("next=//evil.example", "/desk/"),
        ("next=/account/", "/desk/"),
        ("next=no.such_route", "/desk/"),
        ("next=accounts.sign_out", "/desk/"),
        ("next=accounts.sign_in", "/desk/"),
        ("next=static&filename=css/base.css", "/desk/"),
        ("next=accounts.account&_external=1&_scheme=evil&_anchor=x", "/account/"),
        ("next=accounts.account&_method=POST&next=https://evil.example", "/account/"),
        ("next=board.desk_event&slug=%0d%0aSet-Cookie:x", "/desk/events/%0D%0ASet-Cookie:x/"),
    ],
)
def test_signing_in_leads_to_one_of_our_own_pages(nobody, ines, hashings, query, lands):
    data = {"email": "ines@example.org", "password": "a long enough password"}
    assert nobody.post(f"/sign-in?{query}", data, status=303).location == lands


def test_the_form_keeps_the_destination(nobody, ines, hashings):
    page = nobody.get("/sign-in?next=board.desk_event&slug=lisbon&more=1", status=200)
    assert page.one("form.slip").get("action") == "/sign-in?next=board.desk_event&slug=lisbon"
    again = nobody.submit(page, "form.slip", email="ines@example.org", password="wrong word")
    assert again.status == 422
    assert again.one("form.slip").get("action") == "/sign-in?next=board.desk_event&slug=lisbon"


def test_the_way_in_leads_back_to_where_one_was_going(nobody, ines, hashings):
    door = nobody.get("accounts.account", status=303).location
    page = nobody.get(door, status=200)
    data = {"email": "ines@example.org", "password": "a long enough password"}
    assert nobody.submit(page, "form.slip", **data).location == "/account/"


def test_signed_in_already_one_goes_straight_on(ana):
    assert ana.get("/sign-in?next=accounts.account", status=303).location == "/account/"


def test_a_sign_in_without_a_destination_leads_to_the_desk(nobody, ines, hashings):
    assert sign_in(nobody).location == "/desk/"
