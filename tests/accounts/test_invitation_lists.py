"""Inviting a whole list of people: all of them or none, and their links as a list again."""

from __future__ import annotations

import csv
import io

import pytest
from sqlalchemy import select

from app.accounts import invited
from app.accounts.models import Invitation
from app.audit import AuditRow
from app.database import db
from tests import factories
from tests.accounts.test_access import let_the_password_grow_old
from tests.accounts.test_invitations import count


def send_list(admin, data, name="people.csv"):
    if isinstance(data, str):
        data = data.encode()
    return admin.post("accounts.import_people", {"file": (io.BytesIO(data), name)})


def rows(number):
    return "".join(f"person{n}@example.org;Person {n};organiser\r\n" for n in range(number))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_six_hundred_rows_are_six_hundred_links(admin, nobody, encoding):
    answer = send_list(admin, ("E-mail;Name;Role\r\n" + rows(600)).encode(encoding))
    assert answer.location == "/section/people/invitations"
    page = admin.get("accounts.invitations", status=200)
    assert "600 have not answered yet" in page.words("#waiting")
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


@pytest.mark.parametrize("name", ['"Bo', '"Bo\nb@x.org,Cy"', '"Bo" Ek'])
def test_no_row_is_lost_behind_a_quotation_mark(admin, name):
    page = send_list(admin, f"e-mail,name\na@x.org,{name}\nc@x.org,Di\n")
    assert page.status == 422
    assert "Row 2:" in page.words("#faults")
    assert count(Invitation) == 0


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


def test_the_list_is_paged_and_searched(admin, monkeypatch):
    monkeypatch.setattr(invited, "PAGE", 2)
    for number in range(5):
        factories.invitation(name=f"Guest {number}", email=f"guest{number}@example.org")

    def names(**query):
        return admin.get("accounts.invitations", query=query, status=200).names("tbody th")

    first = admin.get("accounts.invitations")
    assert "5 have not answered yet" in first.text
    assert names() == ["Guest 4", "Guest 3"]
    assert names(after="4") == ["Guest 0"]
    assert names(after="99") == names(after="x") == names()
    assert names(q="GUEST2") == ["Guest 2"]
    assert "Nobody is called so" in admin.get("accounts.invitations", query={"q": "zz"}).text
    found = admin.get("accounts.people", query={"q": "guest"})
    assert len(found.names("tbody th")) == 2
    (more,) = found.select("#waiting p.row a")
    assert len(admin.get(more.get("href")).names("tbody th")) == 2
