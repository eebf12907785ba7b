"""Invitations: one link, once, for thirty days; one by one, or a whole list or none of it."""

from __future__ import annotations

import csv
import io
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
from tests.page import PageClient

SAID = {"name": "Tom Berg", "password": factories.PASSWORD}


def invite(admin, **changes):
    page = admin.get("accounts.invite", status=200)
    data = {"name": "Tom Berg", "email": "tom@example.org"} | changes
    return admin.submit(page, "#invite-form", **data)


def link_on(page):
    return page.one("#link").get("value").removeprefix("http://localhost")


def send_list(admin, data, name="people.csv"):
    if isinstance(data, str):
        data = data.encode()
    return admin.post("accounts.import_people", {"file": (io.BytesIO(data), name)})


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
    data = {"password": "a wrong password"}
    tries = [nobody.post(f"/invitations/{token}/", data).status for _ in range(11)]
    assert tries == [422] * 10 + [429]


# A whole list


def rows(number):
    return "".join(f"person{n}@example.org;Person {n};organiser\r\n" for n in range(number))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_six_hundred_rows_are_six_hundred_links(admin, nobody, encoding):
    answer = send_list(admin, ("E-mail;Name;Role\r\n" + rows(600)).encode(encoding))
    assert answer.location == "/section/people/invitations"
    page = admin.get("accounts.invitations", status=200)
    assert len(page.select("tbody tr")) == 600
    file = admin.get("accounts.invitation_links", status=200)
    assert file.headers["Content-Disposition"] == "attachment; filename=invitations.csv"
    assert "no-store" in file.headers["Cache-Control"]
    data = file.response.get_data()
    assert data.startswith(b"\xef\xbb\xbf")
    read = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    links = {row["Link"].removeprefix("http://localhost") for row in read}
    assert len(links) == 600
    for link in sorted(links)[:3]:
        nobody.get(link, status=200)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("nobody;X;organiser", "needs an @"),
        (f"a@b.org;{'x' * 81};", "1 to 80 characters"),
        ("a@b.org;A;king", "“organiser” or “admin”"),
        ("person3@example.org;Again;", "stands in row 5"),
        ("INES@example.org;Ines;", "have an account"),
        ("gone@example.org;Gone;", "access was ended"),
        ("asked@example.org;Asked;", "invited already"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_done(admin, row, words):
    factories.organiser(email="gone@example.org", is_active=False)
    factories.invitation(email="asked@example.org")
    before = count(Invitation), count(AuditRow)
    page = send_list(admin, f"E-mail;Name;Role\n{rows(10)}{row}\n{rows(0)}")
    assert page.status == 422
    assert "Row 12:" in page.words("#faults")
    assert words in page.words("#faults")
    assert (count(Invitation), count(AuditRow)) == before


def test_a_name_is_made_up_from_the_address_where_there_is_none(admin):
    send_list(admin, "mail\nmarta.lund@example.org\n")
    assert db.session.scalars(select(Invitation.name)).one() == "marta.lund"


def test_hostile_names_are_words_and_no_formula(admin):
    name = '=HYPERLINK("http://evil.example";"x")<script>'
    quoted = name.replace('"', '""')
    assert send_list(admin, f'mail,name\na@b.org,"{quoted}"\n').status == 303
    assert "<script>" not in admin.get("accounts.invitations").text.replace("<script src", "")
    text = admin.get("accounts.invitation_links").response.get_data().decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text)))[1][0] == f"'{name}"


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04", bytes(range(256)), b"name\nA", b"\xff\xfe", b"mail\n" * 1]
)
def test_what_is_no_list_is_told_at_the_field(admin, data):
    page = send_list(admin, data)
    assert page.status == 422
    assert page.select("#file-error")


def test_a_file_beyond_the_servers_limit_is_refused_clearly(admin):
    assert send_list(admin, b"mail\n" + b"x" * 300_000).status == 413


def test_no_file_at_all_is_told_at_the_field(admin):
    assert admin.post("accounts.import_people", {}, status=422).select("#file-error")


@pytest.mark.parametrize("endpoint", ["accounts.import_people", "accounts.invitation_links"])
def test_lists_ask_for_a_fresh_password(admin, endpoint):
    let_the_password_grow_old(16)
    assert admin.get(endpoint, status=303).location == f"/account/password?next={endpoint}"
    assert send_list(admin, "mail\na@b.org\n").status == 403
    assert count(Invitation) == 0
