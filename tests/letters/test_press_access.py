"""Who may press: a device that joined, from our own page, under our own name; and for how long."""

from __future__ import annotations

import time
from datetime import timedelta
from itertools import product
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from app import clock
from app.database import db
from app.events.models import Device
from app.letters.models import Entry
from app.letters.queries import get_sums
from tests import factories
from tests.conftest import join
from tests.page import PageClient

SHAPES = [{"headers": {"Accept": "application/json"}}, {"htmx": True}, {}]
"""A script's, htmx's, and a browser's without either."""
ENDPOINTS = ["letters.log_press", "letters.take_back_press"]


@pytest.fixture
def logged(bea) -> str:
    """The op of a letter that Bea logged."""
    return bea.press(status=200).json["op"]


def count_rows() -> int:
    db.session.rollback()
    return db.session.execute(select(func.count()).select_from(Entry)).scalar_one()


def send(person, endpoint, op, **how):
    """A good press, or a good taking back of `op`."""
    press = {"op": str(uuid4()), "case": "amina", "kind": "postcard", "quantity": "1"}
    where = {"op": op} if endpoint == "letters.take_back_press" else {}
    return person.post(endpoint, press, **where, **how)


def test_who_has_not_joined_a_table_is_told_to(app, nobody, ana, admin, logged):
    forger = PageClient(app, cookies={"lettertally_device": "x" * 32})
    for person, endpoint, shape in product((nobody, ana, admin, forger), ENDPOINTS, SHAPES):
        answer = send(person, endpoint, logged, status=401, **shape)
        assert "has not joined a table yet" in answer.text
        if answer.response.mimetype == "application/json":
            assert (answer.json["error"], answer.json["field"]) == ("no_device", None)
        else:
            assert "/join" in [a.get("href") for a in answer.select("a")]
    assert count_rows() == 1


def test_a_device_that_was_signed_off_is_told_so(bea, table_1, logged):
    factories.change(table_1.devices[0], revoked_at=clock.now())
    for endpoint, shape in product(ENDPOINTS, SHAPES):
        answer = send(bea, endpoint, logged, status=403, **shape)
        assert "signed off from the table" in answer.text
        if answer.response.mimetype == "application/json":
            assert answer.json["error"] == "device_revoked"
        else:
            assert "/join" in [a.get("href") for a in answer.select("a")]
    assert count_rows() == 1


def test_an_organiser_signs_a_device_off_and_it_may_join_again(bea, ana, lisbon, table_1, logged):
    page = ana.get("events.tables", slug="lisbon", status=200)
    ana.submit(page, f"form[action*=/devices/{table_1.devices[0].id}/revoke]")
    assert bea.press(status=403).json["error"] == "device_revoked"
    assert bea.get("letters.table_page", status=403).words("h1")
    joining = bea.get("events.join_code", code=table_1.join_code)
    assert bea.submit(joining, "#join-form").status == 303
    assert bea.press(status=200).json["event_total"] == 2


def test_a_press_without_a_good_token_is_refused(bea, logged):
    tokens = ({}, {"X-CSRFToken": "stale"})
    for endpoint, shape, token in product(ENDPOINTS, SHAPES, tokens):
        how = dict(shape) | {"headers": dict(shape.get("headers", {})) | token}
        answer = send(bea, endpoint, logged, csrf=False, status=403, **how)
        assert "open for too long" in answer.text
    assert count_rows() == 1


def test_the_refusal_of_a_token_is_a_word_that_scripts_know(bea):
    assert bea.press(csrf=False, status=403).json["error"] == "stale_token"


def test_another_sites_press_is_refused_in_spite_of_token_and_device(bea, logged):
    origins = ("null", "https://evil.example", "http://localhost.evil.example", "http://")
    for endpoint, origin in product(ENDPOINTS, origins):
        headers = {"Accept": "application/json", "Origin": origin}
        answer = send(bea, endpoint, logged, headers=headers, status=403)
        assert (answer.json["error"], answer.json["field"]) == ("foreign_origin", None)
    assert count_rows() == 1


def test_a_press_that_names_no_origin_passes_with_its_token(bea, lisbon):
    data = {"op": str(uuid4()), "case": "amina", "kind": "postcard", "quantity": "1"}
    headers = {"X-CSRFToken": bea.csrf_token(), "Accept": "application/json"}
    assert bea.browser.post("/table/letters", data=data, headers=headers).status_code == 200
    assert get_sums(lisbon.id).counted.letters == 1


def test_a_press_under_a_forged_host_is_refused(bea, logged):
    for shape in SHAPES:
        headers = dict(shape.get("headers", {})) | {"Host": "evil.example"}
        answer = send(bea, "letters.log_press", logged, **(shape | {"headers": headers}))
        assert answer.status == 400
        assert "evil.example" not in answer.text
    assert count_rows() == 1


def test_a_tablet_that_lay_idle_for_thirteen_hours_still_logs(app, table_1, monkeypatch):
    thirteen_hours = 13 * 3600
    with monkeypatch.context() as yesterday:
        then = int(time.time()) - thirteen_hours
        yesterday.setattr("itsdangerous.timed.TimestampSigner.get_timestamp", lambda _: then)
        tablet = join(app, table_1)
        token = tablet.csrf_token()
    device = table_1.devices[-1]
    factories.change(device, last_seen_at=clock.now() - timedelta(seconds=thirteen_hours))

    tablet.press(csrf=False, headers={"X-CSRFToken": token}, status=200)

    seen_at = db.session.get_one(Device, device.id, populate_existing=True).last_seen_at
    assert clock.now() - seen_at < timedelta(minutes=1)


def test_a_device_outlives_its_events_end(bea, lisbon):
    factories.change(lisbon, ends_at=clock.now() - timedelta(days=20))
    bea.press(status=200)


def test_a_device_that_moved_logs_at_its_new_table_alone(bea, lisbon, table_1, logged):
    second = factories.table(lisbon)
    page = bea.get("events.join_code", code=second.join_code, status=200)
    assert bea.submit(page, "#join-form").status == 303
    said = bea.press(status=200).json
    assert (said["table_total"], said["event_total"]) == (1, 2)
    answer = bea.post(
        "letters.take_back_press",
        {"op": str(uuid4())},
        op=logged,
        headers={"Accept": "application/json"},
    )
    assert answer.status == 404


def test_a_fresh_token_is_there_for_a_device_and_for_nobody_else(bea, nobody, ana):
    answer = bea.get("letters.table_token", status=200)
    assert answer.json.keys() == {"csrf_token"}
    assert answer.headers["Cache-Control"] == "no-store"
    headers = {"X-CSRFToken": answer.json["csrf_token"]}
    bea.press(csrf=False, headers=headers, status=200)
    for person in (nobody, ana):
        person.get("letters.table_token", status=401)


def test_a_token_is_good_for_many_presses_and_for_the_browser_it_was_made_for(app, bea, table_1):
    token = bea.get("letters.table_token").json["csrf_token"]
    for _ in range(3):
        bea.press(csrf=False, headers={"X-CSRFToken": token}, status=200)
    other = join(app, table_1)
    other.get("letters.table_token", status=200)
    other.press(csrf=False, headers={"X-CSRFToken": token}, status=403)


def test_the_cookies_of_a_table_say_nothing_of_who_holds_it(bea):
    answer = bea.get("letters.table_page", status=200)
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("lettertally_form=")
    for attribute in ("HttpOnly", "SameSite=Lax", "Expires="):
        assert attribute in cookie
