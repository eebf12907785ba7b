"""The log says what happened, and of nobody."""

from __future__ import annotations

import json

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError

from app.logs import describe


def test_a_request_is_one_line_of_json(stranger, logged):
    answer = stranger.get("/row/3")
    (line,) = logged()
    assert line.pop("time").endswith("+00:00")
    assert line.pop("ms") >= 0
    assert line == {
        "level": "info",
        "message": "request",
        "request_id": answer.headers["X-Request-Id"],
        "method": "GET",
        "endpoint": "row",
        "rule": "/row/<int:number>",
        "status": 200,
    }


def test_no_path_query_address_or_person_is_logged(stranger, logged):
    headers = {"User-Agent": "Marker-agent", "Referer": "http://localhost/marker-from"}
    environ = {"REMOTE_ADDR": "203.0.113.77"}
    for path in ("/join/MARKER23", "/marker-nowhere", "/row/3?q=marker-query", "/row/marker"):
        stranger.browser.get(path, headers=headers, environ_base=environ)
    form = {"email": "marker@example.org", "password": "marker password"}
    stranger.post("accounts.sign_in", form)
    text = json.dumps(logged()).lower()
    assert "request" in text
    assert "marker" not in text
    assert "203.0.113" not in text


def test_a_method_nobody_knows_is_not_repeated(shell, logged):
    shell.test_client().open("/row/3", method="MARKER")
    assert [line["method"] for line in logged()] == ["other"]


def test_a_crash_is_logged_with_its_places_and_without_its_values(shell, logged):
    shell.config["PROPAGATE_EXCEPTIONS"] = False
    shell.test_client().get("/crash?q=marker")
    crash, request = logged()
    assert (crash["level"], crash["rule"], request["status"]) == ("error", "/crash", 500)
    assert crash["request_id"] == request["request_id"]
    (cause,) = crash["exceptions"]
    assert cause["type"] == "ValueError"
    assert "crash" in cause["traceback"][-1]
    assert "ana@example.org" not in json.dumps(crash)
    assert "marker" not in json.dumps(crash)


def test_a_database_error_is_logged_without_the_statements_values():
    statement, values = "INSERT INTO user_account", {"email": "ana@example.org"}
    locked = OperationalError(statement, values, Exception("database is locked\nana@example.org"))
    assert describe(locked)[0]["message"] == "database is locked"
    taken = IntegrityError(statement, values, Exception("Key (email)=(ana@example.org) exists"))
    assert "ana@example.org" not in json.dumps([describe(locked), describe(taken)])


def test_the_causes_of_a_crash_are_logged_too():
    with pytest.raises(RuntimeError) as caught:
        try:
            raise KeyError("ana@example.org")
        except KeyError as cause:
            raise RuntimeError("ana@example.org") from cause
    described = describe(caught.value)
    assert [one["type"] for one in described] == ["RuntimeError", "KeyError"]
    assert "ana@example.org" not in json.dumps(described)


def test_less_can_be_logged(make_shell, logged):
    make_shell(log_level="error").test_client().get("/row/3")
    assert logged() == []
