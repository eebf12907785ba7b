"""Who holds a table's code may sit down there, and nobody else."""

from __future__ import annotations

import dataclasses
import re
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select

from app import clock
from app.database import SECTION, db, write
from app.events.access import get_device, hash_token, normal_code
from app.events.models import Device
from app.events.table_actions import CODE_ALPHABET, add_table, join_table
from app.exceptions import Conflict, NotFound
from tests import factories

COOKIE = "lettertally_device"
UNKNOWN = "No open table has this code. Check each letter, or ask your organiser."


def count_devices(table):
    db.session.rollback()
    query = select(func.count()).where(Device.table_id == table.id, Device.revoked_at.is_(None))
    return db.session.execute(query).scalar_one()


def test_scanning_shows_the_table_and_start_joins_it(nobody, table_1):
    page = nobody.get("events.join_code", code=table_1.join_code, status=200)
    assert "Table 1" in page.words("h1")
    assert "Lisbon writes" in page.words("main")
    assert count_devices(table_1) == 0
    answer = nobody.submit(page, "#join-form")
    assert (answer.status, answer.location) == (303, "/table/")
    assert count_devices(table_1) == 1
    nobody.get("letters.table_page", status=200)
    assert nobody.press().status == 200


def test_typing_the_code_joins_too(nobody, table_1):
    page = nobody.get("events.join", status=200)
    answer = nobody.submit(page, "#join-form", code=table_1.join_code)
    assert (answer.status, answer.location) == (303, "/table/")
    nobody.get("letters.table_page", status=200)


def test_the_field_is_made_for_a_phone(nobody):
    field = nobody.get("events.join").one("#code")
    assert field.get("name") == "code"
    assert field.get("autocomplete") == "off"
    assert field.get("autocapitalize") == "characters"
    assert field.get("inputmode") == "text"


@pytest.mark.parametrize("typed", ["{0}-{1}", "{0} {1}", " {0}{1} ", "{0} – {1}", "{0}\u00a0{1}"])
def test_case_spaces_and_hyphens_do_not_matter(nobody, table_1, typed):
    code = table_1.join_code
    typed = typed.format(code[:4].lower(), code[4:])
    nobody.post("events.join", {"code": typed}, status=303)
    nobody.get("events.join_code", code=typed.strip(), status=200)


def test_the_cookie_is_persistent_and_out_of_scripts_reach(nobody, table_1):
    answer = nobody.post("events.join", {"code": table_1.join_code}, status=303)
    (cookie,) = [c for c in answer.headers.getlist("Set-Cookie") if c.startswith(f"{COOKIE}=")]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Max-Age=5184000" in cookie
    assert "Secure" not in cookie
    token = re.match(f"{COOKIE}=([0-9a-f]+);", cookie)[1]
    assert len(token) * 4 == 128
    stored = db.session.execute(select(Device.token_hash)).scalar_one()
    assert stored == hash_token(token)
    assert token not in stored


def test_behind_https_the_cookie_is_pinned_to_the_host(app, nobody, table_1):
    settings = app.config["LETTERTALLY"]
    ours = "https://letters.example.org"
    app.config["LETTERTALLY"] = dataclasses.replace(settings, public_url=ours)
    headers = {"Origin": ours}
    answer = nobody.post("events.join", {"code": table_1.join_code}, headers=headers, status=303)
    cookies = [c for c in answer.headers.getlist("Set-Cookie") if "lettertally_device" in c]
    assert len(cookies) == 1
    assert cookies[0].startswith("__Host-lettertally_device=")
    assert "Secure" in cookies[0]


def test_an_upcoming_table_may_be_joined(nobody, porto):
    table = factories.table(porto)
    nobody.post("events.join", {"code": table.join_code}, status=303)


def broken_codes(table):
    """An unknown code, a closed event's and an expired one's."""
    closed = factories.event(table.event.campaign, state="closed")
    over = clock.now() - timedelta(hours=12, minutes=1)
    expired = factories.event(
        table.event.campaign, state="running", ends_at=over, starts_at=over - timedelta(hours=1)
    )
    others = [factories.table(event).join_code for event in (closed, expired)]
    return ["22222222", *others]


@pytest.mark.parametrize("htmx", [False, True])
def test_unknown_closed_and_expired_codes_get_the_same_answer(nobody, table_1, htmx):
    how = {"htmx": htmx, "status": 404}
    for ask in (
        lambda code: nobody.get("events.join_code", code=code, **how),
        lambda code: nobody.post("events.join_code", code=code, **how),
        lambda code: nobody.post("events.join", {"code": code}, **how),
    ):
        answers = {shape(ask(code), code) for code in broken_codes(table_1)}
        assert len(answers) == 1
        assert UNKNOWN in answers.pop()


def shape(answer, code):
    """The answer without what differs from one request to the next."""
    text = answer.text.replace(code, "CODE")
    text = re.sub(r'name="csrf_token" value="[^"]*"', "", text)
    return re.sub(r'"X-CSRFToken": "[^"]*"', "", text)


def test_a_code_lasts_until_twelve_hours_after_the_planned_end(app, table_1):
    last_moment = table_1.event.ends_at + timedelta(hours=12)
    join_table(table_1.join_code, now=last_moment)
    with pytest.raises(NotFound):
        join_table(table_1.join_code, now=last_moment + timedelta(seconds=1))


@pytest.mark.parametrize("code", ["", " ", "-"])
def test_no_code_at_all_is_asked_for(nobody, code):
    answer = nobody.post("events.join", {"code": code})
    assert answer.status in (404, 422)
    assert answer.select("#code-error")


@pytest.mark.parametrize(
    "code", ["x" * 41, "a\x00b", "'; drop table", "ⅦⅧ", "０１２３４５６７", "ABCD-EFG1", "💌" * 8]
)
def test_rubbish_is_no_code(nobody, code):
    answer = nobody.post("events.join", {"code": code})
    assert answer.status in (404, 422)
    nobody.get(f"/join/{'%F0%9F%92%8C' * 8}", status=404)
    nobody.get("/join/%00", status=404)


def test_what_was_typed_stays_in_the_field(nobody):
    answer = nobody.post("events.join", {"code": "abcd-2345"}, status=404)
    assert answer.fields("#join-form")["code"] == "abcd-2345"


def test_seats_cap_the_live_devices(nobody, table_1):
    fill(table_1)
    answer = nobody.post("events.join", {"code": table_1.join_code}, status=409)
    assert "All seats at this table are taken." in answer.words("#code-error")
    nobody.get("events.join_code", code=table_1.join_code, status=200)
    nobody.post("events.join_code", code=table_1.join_code, htmx=True, status=409)
    assert count_devices(table_1) == table_1.seats


@pytest.mark.parametrize("gone", ["revoked", "silent"])
def test_a_seat_is_free_again_when_its_device_is_gone(nobody, table_1, gone):
    fill(table_1)
    with write(SECTION):
        if gone == "revoked":
            table_1.devices[0].revoked_at = clock.now()
        else:
            table_1.devices[0].last_seen_at = clock.now() - timedelta(hours=12, seconds=1)
    nobody.post("events.join", {"code": table_1.join_code}, status=303)


def test_joining_the_same_table_again_takes_no_second_seat(nobody, table_1):
    for _time in range(3):
        nobody.post("events.join", {"code": table_1.join_code}, status=303)
    assert count_devices(table_1) == 1


def test_moving_to_another_table_frees_the_seat(nobody, table_1):
    other = factories.table(table_1.event)
    nobody.post("events.join", {"code": table_1.join_code}, status=303)
    nobody.post("events.join", {"code": other.join_code}, status=303)
    assert (count_devices(table_1), count_devices(other)) == (0, 1)


def test_a_full_table_does_not_cost_the_seat_one_has(app, table_1):
    other = factories.table(table_1.event, seats=1)
    fill(other)
    token = join_table(table_1.join_code, now=clock.now())
    with pytest.raises(Conflict):
        join_table(other.join_code, holding=token, now=clock.now())
    assert get_device(token).table_id == table_1.id


def test_a_revoked_device_that_joins_again_is_a_new_one(app, table_1):
    token = join_table(table_1.join_code, now=clock.now())
    with write(SECTION):
        table_1.devices[0].revoked_at = clock.now()
    again = join_table(table_1.join_code, holding=token, now=clock.now())
    assert again != token
    assert get_device(again).table_id == table_1.id


def test_a_made_up_cookie_is_not_taken_over(app, table_1):
    token = join_table(table_1.join_code, holding="f" * 32, now=clock.now())
    assert token != "f" * 32


def test_joining_without_a_token_of_ours_or_from_elsewhere_is_refused(nobody, table_1):
    sent = {"code": table_1.join_code}
    nobody.post("events.join", sent, csrf=False, status=403)
    nobody.post("events.join", sent, headers={"Origin": "https://evil.example"}, status=403)
    assert count_devices(table_1) == 0


def test_ten_seats_let_ten_in_however_many_press_at_once(any_app, campaign_on_any):
    table = campaign_on_any
    barrier, results = Barrier(20), []

    def press_start():
        with any_app.app_context():
            barrier.wait()
            try:
                join_table(table["code"], now=clock.now())
                results.append("in")
            except Conflict:
                results.append("full")
            db.session.remove()

    threads = [Thread(target=press_start) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["full"] * 10 + ["in"] * 10
    numbers = select(Device.number).where(Device.table_id == table["id"]).order_by(Device.number)
    db.session.rollback()
    assert db.session.execute(numbers).scalars().all() == list(range(1, 11))


@pytest.fixture
def campaign_on_any(any_app):
    table = factories.table(factories.event(factories.campaign()), seats=10)
    return {"id": table.id, "code": table.join_code}


def test_codes_are_eight_of_thirty_one_signs_that_nobody_mistakes(app, lisbon):
    assert len(CODE_ALPHABET) == len(set(CODE_ALPHABET)) == 31
    assert not set("ILO01") & set(CODE_ALPHABET)
    codes = {
        add_table(lisbon, name="T", seats=1, actor="a", now=clock.now()).join_code
        for _ in range(40)
    }
    assert len(codes) == 40
    assert all(len(code) == 8 and set(code) <= set(CODE_ALPHABET) for code in codes)
    assert {normal_code(f" {code[:4].lower()}-{code[4:]}") for code in codes} == codes


def fill(table):
    for _seat in range(table.seats):
        factories.device(table)
    db.session.rollback()
