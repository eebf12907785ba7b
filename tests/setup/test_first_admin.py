"""The first step: whoever knows the terminal's code becomes the owner, once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from app import clock
from app.accounts.browsers import UNSEEN
from app.accounts.models import SignInSession, User
from app.audit import AuditRow
from app.database import db
from app.exceptions import Refusal
from app.setup import actions
from app.setup.models import SetupCode
from tests import factories
from tests.page import PageClient

NORA = {"name": "Nora", "email": "nora@example.org", "password": factories.PASSWORD}


def send(browser, code, **changes):
    page = browser.get("setup.begin", status=200)
    return browser.submit(page, "form.slip", **{"code": code} | NORA | changes)


def test_the_code_makes_the_owner_and_signs_them_in(nobody, code):
    assert send(nobody, code).location == "/setup/section"
    nora = db.session.scalars(select(User)).one()
    assert (nora.name, nora.email, nora.role) == ("Nora", "nora@example.org", "owner")
    nobody.get("setup.section", status=200)


def test_the_code_in_the_link_is_filled_in(nobody, code):
    assert nobody.get("setup.begin", query={"code": code}).fields("form.slip")["code"] == code


@pytest.mark.parametrize("typed", ["{}", " {} ", "{}!"])
def test_case_spaces_and_hyphens_do_not_matter(nobody, code, typed):
    plain = typed.format(code.lower().replace("-", " "))
    assert send(nobody, plain).status == 303


def test_only_its_hash_is_stored_and_gone_once_it_is_used(nobody, code):
    stored = db.session.scalars(select(SetupCode)).one()
    assert code not in stored.code_hash
    send(nobody, code)
    db.session.rollback()
    assert db.session.scalars(select(SetupCode)).all() == []


@pytest.mark.parametrize("wrong", ["AAAA-BBBB-CCCC", "", "é", "0" * 60])
def test_a_wrong_code_is_told_at_its_field_and_makes_nobody(nobody, code, wrong):
    page = send(nobody, wrong)
    assert page.status == 422
    assert page.select("#code-error")
    assert factories.PASSWORD not in page.text
    assert db.session.scalars(select(User)).all() == []


def test_without_any_code_told_nothing_is_right(empty, nobody):
    assert send(nobody, "").status == 422
    assert send(nobody, "x").status == 422


def test_a_new_code_ends_the_one_before(nobody, code):
    again = actions.renew_code(now=clock.now())
    assert send(nobody, code).status == 422
    assert send(nobody, again).status == 303


def test_guesses_are_limited_for_all_the_world_together(empty, code):
    statuses = [send(PageClient(empty), "AAAA-BBBB-CCCC").status for _ in range(21)]
    assert statuses == [422] * 20 + [429]
    assert send(PageClient(empty), code).status == 429


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"email": "nora"}, "email"),
        ({"password": "too short"}, "password"),
        ({"password": "x" * 201}, "password"),
        ({"name": "x" * 81}, "name"),
    ],
)
def test_what_cannot_be_names_its_field_and_leaves_the_code_good(nobody, code, changes, field):
    page = send(nobody, code, **changes)
    assert page.status == 422
    assert page.select(f"#{field}-error")
    assert send(nobody, code).status == 303


def test_of_two_at_once_one_becomes_the_owner(any_app):
    now = clock.now()
    code = actions.renew_code(now=now)

    def attempt(number):
        with any_app.app_context():
            who = NORA | {"email": f"nora-{number}@example.org"}
            try:
                actions.make_owner(code, arrival=UNSEEN, now=now, **who)
                return 1
            except Refusal:
                return 0
            finally:
                db.session.remove()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(attempt, range(4))) == 1
    assert len(db.session.scalars(select(User)).all()) == 1
    assert len(db.session.scalars(select(SignInSession)).all()) == 1


def test_the_deed_is_noted_without_a_name(nobody, code):
    send(nobody, code)
    rows = db.session.scalars(select(AuditRow).order_by(AuditRow.id)).all()
    assert [row.verb for row in rows] == ["create", "sign_in", "set_up"]
    assert "nora" not in " ".join(row.thing_id for row in rows)


def test_once_somebody_is_here_it_is_closed_for_ever(empty, nobody, code):
    send(nobody, code)
    stranger = PageClient(empty)
    assert stranger.get("setup.begin", status=303).location == "/sign-in?next=setup.begin"
    data = NORA | {"code": code, "email": "eve@example.org"}
    stranger.post("setup.begin_post", data, status=401)
    assert len(db.session.scalars(select(User)).all()) == 1


def test_the_terminal_tells_a_code_until_somebody_is_here(empty, nobody):
    run = empty.test_cli_runner().invoke
    said = run(args=["setup-code"]).output
    code = said.partition("code=")[2].split()[0]
    assert f"http://localhost/setup?code={code}" in said
    assert send(nobody, code).status == 303
    after = run(args=["setup-code"])
    assert (after.exit_code, "set up already" in after.output) == (1, True)
    assert run(args=["setup-code", "--if-needed"]).output == ""
