"""Invitations: one link, once, for thirty days; taken back or made anew."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app import clock
from app.accounts import invitation_actions
from app.accounts.browsers import UNSEEN
from app.accounts.models import Invitation, SignInSession, User
from app.audit import AuditRow
from app.database import db
from app.exceptions import NotFound
from tests import factories
from tests.accounts.conftest import token_of
from tests.accounts.test_access import let_the_password_grow_old
from tests.board import asking
from tests.page import PageClient

SAID = {"name": "Tom Berg", "password": factories.PASSWORD}


def invite(admin, **changes):
    page = admin.get("accounts.invite", status=200)
    data = {"name": "Tom Berg", "email": "tom@example.org"} | changes
    return admin.submit(page, "#invite-form", **data)


def link_on(page):
    return page.one("#link").get("value").removeprefix("http://localhost")


def count(model):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model))


def test_from_invitation_to_desk(app, admin, nobody):
    made = invite(admin)
    link = link_on(admin.get(made.location, status=200))
    page = nobody.get(link, status=200)
    assert page.one("#email").get("value") == "tom@example.org"
    answer = nobody.submit(page, "#accept-form", password=factories.PASSWORD)
    assert answer.location == "/desk/"
    nobody.get("board.desk", status=200)
    tom = db.session.scalars(select(User).where(User.email == "tom@example.org")).one()
    assert (tom.name, tom.role) == ("Tom Berg", "organiser")


def test_the_database_alone_opens_nothing(admin):
    token = link_on(admin.get(invite(admin).location)).split("/")[2]
    with db.engine.connect() as connection:
        everything = "".join(
            str(row)
            for table in db.metadata.sorted_tables
            for row in connection.execute(table.select())
        )
    assert len(token) == 64
    assert token not in everything


def test_the_deeds_are_noted_by_opaque_ids(admin, nobody):
    nobody.post(link_on(admin.get(invite(admin).location)), SAID, status=303)
    rows = db.session.scalars(select(AuditRow).order_by(AuditRow.id)).all()
    assert [row.verb for row in rows] == ["invite", "create", "accept_invitation", "sign_in"]
    assert not any("tom" in f"{row.actor} {row.thing_id}" for row in rows)


def dead_links():
    now = clock.now()
    yield "0" * 64
    yield "x"
    yield "é%20"
    yield factories.invitation(accepted_at=now)[1]
    yield factories.invitation(revoked_at=now)[1]
    yield factories.invitation(expires_at=now - timedelta(seconds=1))[1]


def test_unknown_used_expired_and_taken_back_are_one_answer(app, nobody):
    said = set()
    for token in dead_links():
        for answer in (
            nobody.get(f"/invitations/{token}/", status=404),
            nobody.post(f"/invitations/{token}/", SAID, status=404),
        ):
            said.add(answer.words("main").rpartition("say this:")[0])
    assert len(said) == 1
    assert "ask whoever sent it" in said.pop()


def test_a_link_works_for_thirty_days_and_once(app, nobody):
    now = clock.now()
    _, token = factories.invitation(created_at=now, expires_at=now + timedelta(days=30))
    late = now + timedelta(days=30)
    with app.test_request_context(), pytest.raises(NotFound):
        invitation_actions.accept_invitation(token, **SAID, arrival=UNSEEN, now=late)
    nobody.post(f"/invitations/{token}/", SAID, status=303)
    PageClient(app).post(f"/invitations/{token}/", SAID, status=404)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"name": " "}, "name"), ({"password": "short"}, "password"), ({"name": "x" * 81}, "name")],
)
def test_what_cannot_be_names_its_field_and_leaves_the_link_good(nobody, changes, field):
    _, token = factories.invitation()
    page = nobody.post(f"/invitations/{token}/", SAID | changes, status=422)
    assert page.select(f"#{field}-error")
    assert factories.PASSWORD not in page.text
    nobody.post(f"/invitations/{token}/", SAID, status=303)


def test_of_two_who_accept_at_once_one_joins(any_app):
    _, token = factories.invitation()

    def attempt(_):
        with any_app.app_context(), any_app.test_request_context():
            try:
                invitation_actions.accept_invitation(token, **SAID, arrival=UNSEEN, now=clock.now())
                return 1
            except NotFound:
                return 0
            finally:
                db.session.remove()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(attempt, range(4))) == 1
    assert (count(User), count(SignInSession)) == (1, 1)


def test_whoever_joins_in_a_browser_of_somebody_else_ends_that_session(app, ana):
    _, token = factories.invitation()
    copied = PageClient(app, cookies={"lettertally_session": token_of(ana)})
    ana.post(f"/invitations/{token}/", SAID, status=303)
    copied.get("board.desk", status=303)
    ana.get("board.desk", status=200)


def test_a_new_link_ends_the_old_one(admin, nobody):
    place = invite(admin).location
    old = link_on(admin.get(place))
    admin.post(f"{place}/renew", status=303)
    new = link_on(admin.get(place))
    nobody.get(old, status=404)
    nobody.get(new, status=200)


def test_one_that_was_taken_back_is_gone(admin, nobody):
    place = invite(admin).location
    link = link_on(admin.get(place))
    admin.post(f"{place}/revoke", status=303)
    nobody.get(link, status=404)
    admin.get(place, status=404)
    admin.post(f"{place}/renew", status=404)
    assert "Nobody is waited for" in admin.get("accounts.invitations").text


def test_one_that_is_too_old_can_be_renewed(admin):
    invitation, _ = factories.invitation(expires_at=clock.now() - timedelta(days=1))
    page = admin.get("accounts.invitation", invitation_id=invitation.id, status=200)
    assert "too old" in page.words("h2")
    admin.post("accounts.renew_invitation", invitation_id=invitation.id, status=303)
    assert link_on(admin.get("accounts.invitation", invitation_id=invitation.id))


def test_an_address_that_is_here_is_told_to_the_admin(admin):
    factories.organiser(email="tom@example.org")
    page = invite(admin, email=" TOM@Example.org")
    assert page.status == 422
    assert "have an account" in page.words("#email-error")


def test_an_address_that_is_invited_is_told_to_the_admin(admin):
    invite(admin)
    assert "invited already" in invite(admin).words("#email-error")


def test_to_make_an_admin_the_password_must_be_fresh(admin):
    let_the_password_grow_old(16)
    assert invite(admin, role="admin").status == 403
    assert count(Invitation) == 0
    assert invite(admin).status == 303


def test_an_owner_cannot_be_invited(admin):
    assert invite(admin, role="owner").status == 422


def test_whoever_has_an_account_says_yes_with_its_password(nobody, hashings):
    factories.organiser(email="tom@example.org", role="admin")
    _, token = factories.invitation(email="tom@example.org")
    page = nobody.get(f"/invitations/{token}/", status=200)
    wrong = nobody.submit(page, "#accept-form", password="a wrong password")
    assert wrong.status == 422
    assert not token_of(nobody)
    assert nobody.submit(page, "#accept-form", password=factories.PASSWORD).status == 303
    assert [user.role for user in db.session.scalars(select(User))] == ["admin"]


def test_guessing_such_a_password_is_limited_like_signing_in(nobody, hashings):
    factories.organiser(email="tom@example.org")
    _, token = factories.invitation(email="tom@example.org")
    data = SAID | {"password": "a wrong password"}
    tries = [nobody.post(f"/invitations/{token}/", data).status for _ in range(11)]
    assert tries == [422] * 10 + [429]


@pytest.fixture
def three():
    """Links of an address that is here, of one whose access was ended, and of an unknown one."""
    factories.organiser(email="known@example.org", name="Known here", language="de")
    factories.organiser(email="ended@example.org", is_active=False)
    return [
        factories.invitation(email=f"{who}@example.org", name="As typed")[1]
        for who in ("known", "ended", "other")
    ]


@pytest.mark.parametrize(
    "said", [None, {}, {"password": "short"}, {"name": ""}, {"name": "a\x07b"}]
)
def test_whoever_merely_holds_a_link_learns_no_address(app, three, said):
    answers, counts = set(), set()
    for token in three:
        browser = PageClient(app)
        browser.get("accounts.sign_in")
        with asking.queries() as asked:
            if said is None:
                page = browser.get(f"/invitations/{token}/", status=200)
            else:
                page = browser.post(f"/invitations/{token}/", SAID | said if said else {})
        assert page.status == (200 if said is None else 422)
        form = [(field.get("name"), field.get("autocomplete")) for field in page.select("input")]
        answers.add((page.words("main"), page.one("#name").get("value"), str(form)))
        counts.add(len(asked))
    assert len(answers) == 1
    assert len(counts) == 1


def test_whose_access_was_ended_is_not_let_in_by_an_invitation(nobody, three):
    nobody.post(f"/invitations/{three[1]}/", SAID, status=422)
    assert not token_of(nobody)


def test_an_account_keeps_its_name_and_role(nobody, three):
    nobody.post(f"/invitations/{three[0]}/", SAID, status=303)
    user = db.session.scalars(select(User).where(User.email == "known@example.org")).one()
    assert user.name == "Known here"
