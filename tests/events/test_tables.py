"""Tables have codes, seats and devices; their organisers keep them in order."""

from __future__ import annotations

import dataclasses
import re
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from app.audit import AuditRow
from app.clock import now
from app.database import db
from app.events import table_actions
from app.events.models import Device, WritingTable
from app.qr import draw_qr, is_loopback_address, public_link
from tests import factories
from tests.conftest import join


def tables_of(event):
    db.session.rollback()
    query = select(WritingTable).where(WritingTable.event_id == event.id)
    return list(db.session.execute(query.order_by(WritingTable.position)).scalars())


def test_a_new_table_stands_at_the_end_with_a_code_of_its_own(ana, lisbon, table_1):
    before = lisbon.live_version
    page = ana.get("events.tables", slug="lisbon", status=200)
    assert page.fields("#new-table")["name"] == "Table 2"
    assert page.fields("#new-table")["seats"] == "8"
    answer = ana.submit(page, "#new-table", name="By the window", seats="4")
    assert (answer.status, answer.location) == (303, "/desk/events/lisbon/tables")
    first, second = tables_of(lisbon)
    assert (second.name, second.seats) == ("By the window", 4)
    assert second.position > first.position
    assert re.fullmatch("[A-HJKMNP-Z2-9]{8}", second.join_code)
    assert second.join_code != first.join_code
    assert lisbon.live_version == before + 1


def test_htmx_gets_the_fresh_list_and_a_new_empty_form(ana, lisbon, table_1):
    answer = ana.post(
        "events.add_table", {"name": "Two", "seats": "3"}, slug="lisbon", htmx=True, status=200
    )
    assert answer.names("#tables h3") == ["Table 1", "Two"]
    assert answer.fields("#new-table")["name"] == "Table 3"


@pytest.mark.parametrize(
    ("field", "value", "mend"),
    [
        ("name", "", "Give the table a name."),
        ("name", "x" * 61, "Use at most 60 characters."),
        ("name", "a\x07", "There was a character in it"),
        ("seats", "", "Say how many devices may join at once."),
        ("seats", "0", "Write a whole number from 1 to 200, in figures."),
        ("seats", "201", "Write a whole number from 1 to 200, in figures."),
        ("seats", "eight", "Write a whole number from 1 to 200, in figures."),
    ],
)
def test_bad_input_names_the_field_and_the_mend(ana, lisbon, table_1, field, value, mend):
    sent = {"name": "Two", "seats": "3", "edit_version": "1"} | {field: value}
    own_id = f"table-{table_1.id}-{field}"
    for htmx in (False, True):
        answer = ana.post("events.add_table", sent, slug="lisbon", htmx=htmx, status=422)
        assert mend in answer.words(f"#{field}-error")
        assert answer.fields("#new-table")[field] == value.strip("\x07").strip() or field == "name"
        where = {"slug": "lisbon", "table_id": table_1.id}
        answer = ana.post("events.edit_table", sent, **where, htmx=htmx, status=422)
        assert mend in answer.words(f"#{own_id}-error")
        assert answer.one(f"#table-{table_1.id} details").get("open") is not None
    assert len(tables_of(lisbon)) == 1


def test_an_event_has_a_most_of_tables(ana, lisbon, table_1, monkeypatch):
    monkeypatch.setattr(table_actions, "MOST_TABLES", 1)
    answer = ana.post("events.add_table", {"name": "Two", "seats": "3"}, slug="lisbon", status=422)
    assert "at most 1 tables" in answer.words("#name-error")


def test_a_table_is_renamed(ana, lisbon, table_1):
    page = ana.get("events.tables", slug="lisbon")
    answer = ana.submit(page, f"#table-{table_1.id} details form", name="Stage", seats="2")
    assert answer.status == 303
    (table,) = tables_of(lisbon)
    assert (table.name, table.seats) == ("Stage", 2)
    answer = ana.post(
        "events.edit_table",
        {"name": "Door", "seats": "5", "edit_version": "2"},
        slug="lisbon",
        table_id=table.id,
        htmx=True,
        status=200,
    )
    assert answer.names("h3") == ["Door"]


def test_the_second_of_two_editors_of_a_table_is_told(ana, lisbon, table_1):
    where = {"slug": "lisbon", "table_id": table_1.id}
    sent = {"name": "Theirs", "seats": "5", "edit_version": "1"}
    ana.post("events.edit_table", sent, **where, status=303)
    for htmx in (False, True):
        answer = ana.post("events.edit_table", sent | {"name": "Mine"}, **where, htmx=htmx)
        assert answer.status == 409
        sheet = f"#table-{table_1.id}"
        assert answer.names(f"{sheet} h3") == ["Theirs"]
        assert answer.fields(f"{sheet} details form")["name"] == "Mine"
        assert answer.fields(f"{sheet} details form")["edit_version"] == "2"


def test_a_new_code_closes_the_old_one_and_keeps_who_has_joined(ana, bea, nobody, lisbon, table_1):
    old = table_1.join_code
    where = {"slug": "lisbon", "table_id": table_1.id}
    ana.post("events.renew_code", **where, status=303)
    (table,) = tables_of(lisbon)
    assert table.join_code != old
    nobody.post("events.join", {"code": old}, status=404)
    nobody.post("events.join", {"code": table.join_code}, status=303)
    assert bea.press().status == 200
    answer = ana.post("events.renew_code", **where, htmx=True, status=200)
    assert table.join_code not in answer.text


def test_a_revoked_device_is_off_the_list_and_logs_no_more(ana, bea, lisbon, table_1):
    (device,) = table_1.devices
    page = ana.get("events.tables", slug="lisbon", status=200)
    assert page.names(f"#table-{table_1.id} tbody th") == ["Device 1"]
    answer = ana.submit(page, f"#table-{table_1.id} tbody form")
    assert answer.status == 303
    assert not ana.get("events.tables", slug="lisbon").select("tbody th")
    bea.press(status=403)
    where = {"slug": "lisbon", "device_id": device.id}
    assert ana.post("events.revoke_device", **where, htmx=True, status=200).names("h3") == [
        "Table 1"
    ]


def test_a_device_that_was_long_silent_gives_up_its_seat_but_can_still_be_revoked(
    ana, lisbon, table_1
):
    factories.device(table_1, last_seen_at=now() - timedelta(hours=12, minutes=1))
    factories.device(table_1, last_seen_at=now() - timedelta(hours=11, minutes=59))
    page = ana.get("events.tables", slug="lisbon", status=200)
    assert "1 of 8 seats taken" in page.words(f"#table-{table_1.id}")
    assert len(page.select(f"#table-{table_1.id} tbody tr")) == 2


def test_the_qr_code_leads_to_the_public_address(ana, lisbon, table_1):
    link = f"http://localhost/join/{table_1.join_code}"
    drawing = str(draw_qr(link))
    path = re.search(r' d="([^"]+)"', drawing)[1]
    page = ana.get("events.tables", slug="lisbon", status=200)
    assert path in page.text
    for endpoint in ("events.table_card", "events.table_cards"):
        where = {"table_id": table_1.id} if endpoint == "events.table_card" else {}
        card = ana.get(endpoint, slug="lisbon", **where, status=200)
        assert path in card.text
        assert "localhost/join" in card.words("#cards")
        code = table_1.join_code
        assert f"{code[:4]}-{code[4:]}" in card.words("#cards")


@pytest.mark.parametrize(
    ("public_url", "warns"),
    [
        ("http://localhost:8000", True),
        ("http://127.0.0.1:8000", True),
        ("http://[::1]", True),
        ("http://192.168.1.20:8000", False),
        ("https://letters.example.org", False),
    ],
)
def test_codes_that_no_phone_can_reach_come_with_a_warning(app, public_url, warns):
    settings = app.config["LETTERTALLY"]
    app.config["LETTERTALLY"] = dataclasses.replace(settings, public_url=public_url)
    assert is_loopback_address() is warns
    assert public_link("/join") == f"{public_url}/join"


def test_the_warning_is_on_the_tables_page_and_not_on_the_paper(ana, lisbon, table_1):
    assert "No phone can reach" in ana.get("events.tables", slug="lisbon").words(".notice--waiting")
    card = ana.get("events.table_card", slug="lisbon", table_id=table_1.id)
    assert card.select(".notice.no-print")


def test_an_event_without_tables_says_what_to_do(ana, lisbon):
    assert "No tables yet" in ana.get("events.tables", slug="lisbon", status=200).words("#tables")
    assert "Add a table" in ana.get("events.table_cards", slug="lisbon", status=200).words("#cards")


def test_the_tables_page_asks_no_more_for_many_tables_than_for_few(app, ana, lisbon):
    asked = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))

    def count_queries(tables):
        for _table in range(tables):
            factories.device(factories.table(lisbon))
        asked.clear()
        page = ana.get("events.tables", slug="lisbon", status=200)
        assert len(page.select(".table-sheet")) == len(page.select("tbody tr"))
        return len(asked)

    count_queries(1)  # the first visit also notes that the session was seen
    assert count_queries(2) == count_queries(8) <= 12


def test_only_those_who_run_the_event_touch_its_tables(nobody, bea, carlos, lisbon, table_1):
    (device,) = table_1.devices
    one = {"slug": "lisbon", "table_id": table_1.id}
    deeds = [
        ("events.add_table", {"slug": "lisbon"}),
        ("events.edit_table", one),
        ("events.renew_code", one),
        ("events.revoke_device", {"slug": "lisbon", "device_id": device.id}),
    ]
    for endpoint, where in deeds:
        for person, status in ((nobody, 401), (bea, 401), (carlos, 404)):
            person.post(endpoint, {"name": "Mine", "seats": "1"}, **where, status=status)
    for endpoint, where in (("events.tables", {"slug": "lisbon"}), ("events.table_card", one)):
        for person, status in ((nobody, 303), (bea, 303), (carlos, 404)):
            person.get(endpoint, **where, status=status)
    code = table_1.join_code
    (table,) = tables_of(lisbon)
    assert (table.name, table.join_code) == ("Table 1", code)


def test_another_event_s_table_and_device_are_not_found_through_one_s_own(
    carlos, bea, porto, table_1
):
    (device,) = table_1.devices
    carlos.get("events.table_card", slug="porto", table_id=table_1.id, status=404)
    for endpoint in ("events.edit_table", "events.renew_code"):
        carlos.post(endpoint, {"name": "x"}, slug="porto", table_id=table_1.id, status=404)
    carlos.post("events.revoke_device", slug="porto", device_id=device.id, status=404)
    db.session.rollback()
    assert device.revoked_at is None


def test_codes_and_revocations_are_in_the_audit(ana, bea, lisbon, table_1):
    (device,) = table_1.devices
    ana.post("events.renew_code", slug="lisbon", table_id=table_1.id)
    for _twice in range(2):
        ana.post("events.revoke_device", slug="lisbon", device_id=device.id)
    deeds = db.session.execute(select(AuditRow).order_by(AuditRow.id)).scalars()
    assert [(deed.verb, deed.thing, deed.thing_id) for deed in deeds] == [
        ("code_renewed", "table", str(table_1.id)),
        ("device_revoked", "device", str(device.id)),
    ]


def test_devices_are_numbered_at_their_table(app, lisbon, table_1):
    join(app, table_1)
    table_actions.join_table(table_1.join_code, now=now())
    numbers = select(Device.number).where(Device.table_id == table_1.id).order_by(Device.id)
    assert db.session.execute(numbers).scalars().all() == [1, 2]
    assert db.session.execute(select(func.count(Device.id))).scalar() == 2
