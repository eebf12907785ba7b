"""Every "no" and every mishap in all three shapes, in words that say what to do."""

from __future__ import annotations

import pytest
from flask import request
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from app.accounts.models import User
from app.database import db
from app.error_pages import WORDS
from tests.shell.conftest import REFUSALS

JSON = {"Accept": "application/json"}
STATUSES = [400, 401, 403, 404, 405, 409, 413, 415, 422, 429]


@pytest.mark.parametrize("status", STATUSES)
def test_a_mishap_is_a_page_that_leads_on(stranger, status):
    page = stranger.get(f"/stop/{status}", status=status)
    assert page.is_page
    assert str(status) in page.text
    assert page.words("h1") == str(WORDS[status].heading)
    assert page.select(".mishap a.button")


@pytest.mark.parametrize("status", STATUSES)
def test_a_mishap_is_a_fragment_for_htmx(stranger, status):
    fragment = stranger.get(f"/stop/{status}", htmx=True, status=status)
    assert not fragment.is_page
    assert str(WORDS[status].sentence) in fragment.words("#error")


@pytest.mark.parametrize("status", STATUSES)
def test_a_mishap_is_json_for_a_script(stranger, status):
    answer = stranger.get(f"/stop/{status}", headers=JSON, status=status)
    words = WORDS[status]
    assert answer.json == {"error": words.error, "message": str(words.sentence), "field": None}


@pytest.mark.parametrize("status", sorted(REFUSALS))
def test_a_refusal_brings_its_own_words(stranger, status):
    refusal = REFUSALS[status]
    answer = stranger.post(f"/refuse/{status}", headers=JSON, status=status)
    assert answer.json == {
        "error": refusal.error,
        "message": refusal.message,
        "field": refusal.field,
    }
    assert refusal.message in stranger.post(f"/refuse/{status}", status=status).words(".mishap")
    fragment = stranger.post(f"/refuse/{status}", htmx=True, status=status)
    assert refusal.message in fragment.words("#error")


def test_too_many_says_when_to_come_back(stranger):
    assert stranger.get("/refuse/429", status=429).headers["Retry-After"] == "7"


def test_a_wrong_method_says_which_ones_are_right(stranger):
    assert "GET" in stranger.post("/row/3", status=405).headers["Allow"]


class OfPostgreSQL(Exception):
    """As its driver raises them."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__("ana@example.org")
        self.sqlstate = sqlstate


IN_THE_WAY = {
    "deadlock": OperationalError("UPDATE secret", {}, OfPostgreSQL("40P01")),
    "deadlock of a press": OfPostgreSQL("40P01"),
    "serialization": OperationalError("UPDATE secret", {}, OfPostgreSQL("40001")),
    "locked": OperationalError("BEGIN", {}, OSError("database is locked")),
    "no turn": TimeoutError("the database was busy for too long"),
    "no connection": NoConnection("QueuePool limit reached"),
}
FAULTS = {
    "full": OperationalError("UPDATE secret", {}, OfPostgreSQL("53100")),
    "broken": OperationalError("BEGIN", {}, OSError("disk I/O error")),
}


def raising(shell, error):
    def crash():
        raise error

    shell.config["PROPAGATE_EXCEPTIONS"] = False
    shell.view_functions["crash"] = crash
    return shell.test_client()


@pytest.mark.parametrize("error", IN_THE_WAY.values(), ids=IN_THE_WAY.keys())
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}, JSON])
def test_what_only_others_were_in_the_way_of_may_be_sent_again(shell, error, headers):
    answer = raising(shell, error).get("/crash", headers=headers)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert str(WORDS[503].sentence) in answer.text
    assert "secret" not in answer.text
    assert "ana@example.org" not in answer.text


@pytest.mark.parametrize("error", FAULTS.values(), ids=FAULTS.keys())
def test_control_a_fault_is_no_crowd(shell, error):
    answer = raising(shell, error).get("/crash")
    assert (answer.status_code, answer.headers.get("Retry-After")) == (500, None)


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}, JSON])
def test_a_crash_is_answered_without_a_trace(shell, headers):
    shell.config["PROPAGATE_EXCEPTIONS"] = False
    answer = shell.test_client().get("/crash", headers=headers)
    assert answer.status_code == 500
    assert "Nothing you logged is lost" in answer.text
    assert "ValueError" not in answer.text
    assert "ana@example.org" not in answer.text


def test_a_crash_is_answered_even_without_a_database(shell, folder):
    shell.config["PROPAGATE_EXCEPTIONS"] = False
    for file in folder.glob("*.db*"):
        file.write_bytes(b"This is no database." * 1000)
    browser = shell.test_client()
    browser.set_cookie("lettertally_session", "anything")
    answer = browser.get("/account/")
    assert answer.status_code == 500
    assert "<h1>Something broke on our side</h1>" in answer.text


@pytest.mark.parametrize("headers", [{}, JSON])
def test_a_number_beyond_every_column_is_no_crash(any_app, headers):
    def look_up():
        number = request.args["number"]
        return [db.session.execute(select(User.id).where(User.id == int(number))).scalar()]

    any_app.add_url_rule("/look-up", "look_up", look_up)
    browser = any_app.test_client()
    assert browser.get("/look-up?number=7", headers=headers).json == [None]
    assert browser.get(f"/look-up?number={10**30}", headers=headers).status_code == 400


def test_the_page_tells_the_id_to_ask_with(stranger):
    page = stranger.get("/nowhere", status=404)
    assert page.words(".mishap code") == page.headers["X-Request-Id"]


def test_somebody_signed_out_is_led_to_the_door_and_back(stranger):
    answer = stranger.get("/account/", status=303)
    assert answer.location == "/sign-in?next=accounts.account"


def test_a_signed_out_fragment_or_script_is_told_not_led(stranger):
    fragment = stranger.get("/account/", htmx=True, status=401)
    assert fragment.one("#error a").get("href") == "/sign-in?next=accounts.account"
    assert stranger.get("/account/", headers=JSON, status=401).json["error"] == "not_signed_in"


def test_a_signed_out_post_is_not_led_where_it_cannot_be_repeated(stranger):
    page = stranger.post("accounts.sign_out_everywhere", status=401)
    assert page.one(".mishap a.button").get("href") == "/sign-in"


def test_a_phone_without_a_table_is_shown_where_to_type_the_code(nobody):
    page = nobody.get("letters.table_page", status=401)
    assert page.one(".mishap a.button").get("href") == "/join"


def test_a_refused_form_links_back_to_its_own_page_only(stranger):
    own = {"Referer": "http://localhost/row/3"}
    page = stranger.post("/refuse/409", headers=own, status=409)
    assert page.one(".mishap a.button").get("href") == "http://localhost/row/3"
    foreign = {"Referer": "http://localhost.evil.example/"}
    page = stranger.post("/refuse/409", headers=foreign, status=409)
    assert page.one(".mishap a.button").get("href") == "/"
