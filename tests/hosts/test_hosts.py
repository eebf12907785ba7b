"""The list of hosts, kept across years."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import delete, select

from app.database import db
from app.hosts import actions
from app.hosts.models import Host
from app.hosts.routes import PAGE
from tests import factories

LIST = "Name;Kind;People;Town\r\nÄrla skola;school;300;Ärla\r\nCafé Sol;Café or shop;;Braga\r\n"


def stored():
    db.session.rollback()
    return list(db.session.execute(select(Host).order_by(Host.id)).scalars())


def send(admin, data, status):
    file = (io.BytesIO(data), "hosts.csv")
    return admin.post("hosts.import_hosts", {"file": file}, status=status)


def test_a_host_is_added_changed_and_found(admin, campaign):
    page = admin.get("hosts.new_host", status=200)
    assert admin.submit(page, "#host-form", name="Abbey school", kind="school").status == 303
    (host,) = stored()
    page = admin.get("hosts.host", host_id=host.id, status=200)
    assert admin.submit(page, "#host-form", size="900", town="Évora").status == 303
    db.session.rollback()
    assert (host.size, host.town) == (900, "Évora")
    assert "Abbey school" in admin.get("hosts.hosts", query={"q": "évora"}).words("#hosts table")
    assert "is called so" in admin.get("hosts.hosts", query={"q": "%"}).words("#hosts")


def test_one_name_and_kind_is_one_host(admin, campaign):
    factories.host(name="Abbey School", kind="school")
    page = admin.get("hosts.new_host")
    answer = admin.submit(page, "#host-form", name="abbey school", kind="school")
    assert answer.status == 422
    assert "already" in answer.words("#name-error")


def test_the_second_of_two_editors_sees_both_values(admin, campaign):
    host = factories.host()
    page = admin.get("hosts.host", host_id=host.id)
    admin.submit(admin.get("hosts.host", host_id=host.id), "#host-form", town="Theirs")
    answer = admin.submit(page, "#host-form", town="Mine")
    assert answer.status == 409
    assert "Theirs" in answer.words("#clash tbody")
    assert admin.submit(answer, "#host-form").status == 303


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_list_is_taken_in_any_encoding(admin, campaign, encoding):
    send(admin, LIST.encode(encoding), 303)
    assert [(h.name, h.kind, h.size, h.town) for h in stored()] == [
        ("Ärla skola", "school", 300, "Ärla"),
        ("Café Sol", "cafe", None, "Braga"),
    ]


def test_a_list_sent_again_adds_what_is_new(admin, campaign):
    send(admin, LIST.encode(), 303)
    send(admin, b"name,kind,size,contact\nCAF\xc3\x89 SOL,cafe,12,Rui\nNew place,,,\n", 303)
    assert [(h.name, h.kind, h.size, h.town, h.contact) for h in stored()][1:] == [
        ("Café Sol", "cafe", 12, "Braga", "Rui"),
        ("New place", "other", None, "", ""),
    ]


@pytest.mark.parametrize(
    ("rows", "mend"),
    [
        ("Good,library,5\nBad,circus,5\n", "Row 3: The kind can be"),
        ("Good,library,5\n,library,5\n", "Row 3: The name is missing."),
        ("Good,library,-5\n", "Row 2: The size is a whole number"),
        ("Good,library,٥\n", "Row 2: The size is a whole number"),
        ("x" * 121 + ",library,5\n", "Row 2:"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_half_done(admin, campaign, rows, mend):
    answer = send(admin, f"name,kind,size\n{rows}".encode(), 422)
    assert mend in answer.words("#faults")
    assert stored() == []


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04zip", b"\xff\xfe\x00", b"nothing,here\n1,2\n"])
def test_what_is_no_list_is_refused(admin, campaign, data):
    assert send(admin, data, 422).select("#file-error")


def test_a_long_list_of_hosts_comes_a_page_at_a_time(admin, campaign):
    for number in range(PAGE + 2):
        factories.host(name=f"Host {number:03}")
    first = admin.get("hosts.hosts", status=200)
    assert len(first.select("#hosts tbody tr")) == PAGE
    assert first.select('a[href="/section/hosts?after=100"]')
    rest = admin.get("/section/hosts?after=100", status=200)
    assert rest.names("#hosts tbody th") == ["Host 100", "Host 101"]
    assert rest.select('.row > a[href="/section/hosts"]')


@pytest.mark.parametrize("after", ["102", "-1", "x", "999999999999", "\u0663"])
def test_a_page_that_is_not_there_is_the_first(admin, campaign, after):
    factories.host(name="Arla")
    page = admin.get("hosts.hosts", query={"after": after}, status=200)
    assert page.names("#hosts tbody th") == ["Arla"]


def test_no_host_is_lost_behind_a_quotation_mark(admin, campaign):
    page = send(admin, b'name,kind,town\nCaf\xc3\xa9 Sol,cafe,"Faro\nNew place,other,Lagos\n', 422)
    assert "Row 2:" in page.words("#faults")
    assert stored() == []


def test_a_host_that_asks_for_it_is_forgotten_and_its_events_stay(admin, campaign):
    host, event = factories.host(contact="Rui, rui@example.org"), factories.event(campaign)
    factories.change(host, events=[event])
    where = f"/section/hosts/{host.id}/forget"
    admin.post(where, status=303)
    assert stored() == []
    admin.get("board.desk_event", slug=event.slug, status=200)
    admin.post(where, status=404)


def test_a_host_s_page_says_who_runs_its_events(admin, lisbon):
    host = factories.host()
    factories.change(host, events=[lisbon])
    (ana,) = lisbon.organisers
    assert ana.email in admin.get("hosts.host", host_id=host.id).words("#host")


def test_who_changes_a_host_that_is_forgotten_that_moment_is_told(admin, campaign, monkeypatch):
    host = factories.host(name="Lindholm school")
    page = admin.get("hosts.host", host_id=host.id, status=200)
    real = actions.check_version

    def forget_first(thing, version):
        gone = delete(Host).where(Host.id == thing.id)
        db.session.execute(gone.execution_options(synchronize_session=False))
        real(thing, version)

    monkeypatch.setattr(actions, "check_version", forget_first)
    answer = admin.submit(page, "#host-form", name="Lindholm upper school")
    assert answer.status == 409
    assert "changed while you were looking" in answer.text
