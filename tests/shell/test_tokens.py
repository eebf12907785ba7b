"""The CSRF token: one good one is enough, none is not, and it does not grow old by itself."""

from __future__ import annotations

import time

import pytest
from flask import flash, session

JSON = {"Accept": "application/json"}


def test_a_post_without_a_token_is_refused(stranger):
    answer = stranger.post("/echo", csrf=False, headers=JSON)
    assert answer.status == 403
    assert answer.json == {
        "error": "stale_token",
        "field": None,
        "message": "This page was open for too long. Load it again, then do it once more.",
    }


def test_a_token_in_the_form_is_enough(stranger):
    data = {"csrf_token": stranger.csrf_token(), "other": "1"}
    assert stranger.post("/echo", data, csrf=False, status=200).json == ["csrf_token", "other"]


def test_a_token_in_the_header_is_enough(stranger):
    stranger.post("/echo", {"other": "1"}, status=200)


def test_a_stale_hidden_field_does_not_beat_a_good_header(stranger):
    stranger.post("/echo", {"csrf_token": "stale"}, status=200)


def test_a_stale_header_does_not_beat_a_good_field(stranger):
    data = {"csrf_token": stranger.csrf_token()}
    stranger.post("/echo", data, csrf=False, headers={"X-CSRFToken": "stale"}, status=200)


@pytest.mark.parametrize("token", ["", "stale", "ImFiYyI.aaaa.bbbb", "\u2028", "x" * 5000])
def test_a_bad_token_is_refused(stranger, token):
    stranger.csrf_token()
    stranger.post("/echo", {"csrf_token": token}, csrf=False, status=403)


def test_anothers_token_is_refused(shell, stranger):
    other = type(stranger)(shell)
    other.csrf_token()
    stranger.csrf_token()
    stranger.post("/echo", {"csrf_token": other.csrf_token()}, csrf=False, status=403)


def test_a_stale_token_is_refused_as_page_and_as_fragment(stranger):
    page = stranger.post("/echo", csrf=False, status=403)
    assert page.is_page
    assert "grown old" in page.words("h1")
    fragment = stranger.post("/echo", csrf=False, htmx=True, status=403)
    assert "grown old" in fragment.words("#error")


def test_a_token_has_no_age(shell):
    assert shell.config["WTF_CSRF_TIME_LIMIT"] is None


def test_a_token_is_not_asked_for_where_nothing_is(stranger):
    stranger.post("/nowhere", csrf=False, status=404)
    stranger.post("/row/3", csrf=False, status=405)


def test_a_text_with_a_nul_names_its_field(stranger):
    answer = stranger.post("/echo", {"na\u0308me": "a\0b"}, headers=JSON, status=422)
    assert (answer.json["error"], answer.json["field"]) == ("bad_text", "na\u0308me")


@pytest.mark.parametrize("path", ["/cases/a%00b/", "/row/3?page=%00", "/row/99999999999999999999"])
def test_an_address_that_no_database_can_hold_is_not_found(stranger, path):
    stranger.get(path, status=404)


def test_a_body_beyond_the_limit_is_refused_with_words(stranger):
    answer = stranger.post("/echo", {"story": "x" * 300_000}, csrf=False, status=413)
    assert "too much at once" in answer.words("h1")


def form_cookie(app, monkeypatch, age):
    """A cookie signed so many seconds ago."""
    with monkeypatch.context() as past:
        then = int(time.time()) - age
        past.setattr("itsdangerous.timed.TimestampSigner.get_timestamp", lambda _: then)
        signer = app.session_interface.get_signing_serializer(app)
        return signer.dumps({"csrf_token": "0123456789"})


@pytest.mark.parametrize(("days", "is_kept"), [(59, True), (61, False)])
def test_the_forms_cookie_is_believed_for_60_days(shell, monkeypatch, days, is_kept):
    shell.add_url_rule("/kept", "kept", lambda: list(session))
    browser = shell.test_client()
    cookie = form_cookie(shell, monkeypatch, age=days * 86_400)
    browser.set_cookie("lettertally_form", cookie)
    for _ in ("read", "remembered"):
        assert browser.get("/kept").json == (["csrf_token"] if is_kept else [])


def test_a_forged_forms_cookie_is_not_believed(shell, monkeypatch):
    shell.add_url_rule("/kept", "kept", lambda: list(session))
    browser = shell.test_client()
    cookie = form_cookie(shell, monkeypatch, age=0)
    # Not its last letter, of which only some bits are the signature's.
    changed = cookie[:-2] + ("A" if cookie[-2] != "A" else "B") + cookie[-1]
    for forged in (changed, "x", "", "é"):
        browser.set_cookie("lettertally_form", forged.encode().decode("latin-1"))
        assert browser.get("/kept").json == []


def test_what_a_view_does_with_a_session_is_not_remembered_for_the_next(shell, monkeypatch):
    def scribble():
        before = list(session)
        session["note"] = "for this request only"
        session.modified = False
        return before

    shell.add_url_rule("/scribble", "scribble", scribble)
    browser = shell.test_client()
    browser.set_cookie("lettertally_form", form_cookie(shell, monkeypatch, age=0))
    assert [browser.get("/scribble").json for _ in range(2)] == [["csrf_token"]] * 2


def test_a_remembered_cookie_is_not_changed_by_what_a_request_adds(app):
    signer = app.session_interface.get_signing_serializer(app)
    name = app.config["SESSION_COOKIE_NAME"]
    cookie = f"{name}={signer.dumps({'_flashes': [['success', 'first']]})}"
    for _time in range(2):
        with app.test_request_context(headers={"Cookie": cookie}):
            flash("second")
            assert len(session["_flashes"]) == 2
