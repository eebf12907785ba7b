"""What every answer carries: headers, cookies, caching, request ids."""

from __future__ import annotations

import pytest
from flask import session
from werkzeug.test import EnvironBuilder, run_wsgi_app

from tests.page import in_clean_context

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
STATUSES = [400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500]


@pytest.fixture
def every_answer(shell):
    """One answer of each kind: pages, files, redirects, fragments, and every mishap."""
    browser = shell.test_client()
    shell.config["PROPAGATE_EXCEPTIONS"] = False
    return [
        browser.get("/sign-in"),
        browser.get("/account/"),
        browser.get("/row/3"),
        browser.get("/static/css/base.css", buffered=True),
        browser.get("/static/css/none.css"),
        browser.post("/echo"),
        browser.get("/", headers={"Host": "evil.example"}),
        browser.get("/crash"),
        browser.get("/crash", headers={"HX-Request": "true"}),
        browser.get("/crash", headers={"Accept": "application/json"}),
        *[browser.get(f"/stop/{status}") for status in STATUSES],
        *[browser.get(f"/stop/{s}", headers={"HX-Request": "true"}) for s in STATUSES],
    ]


def test_every_answer_carries_the_whole_policy(every_answer):
    for answer in every_answer:
        assert answer.headers.getlist("Content-Security-Policy") == [POLICY], answer.request.path


def test_every_answer_carries_the_other_shields(every_answer):
    for answer in every_answer:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in answer.headers["Permissions-Policy"]
        assert "Strict-Transport-Security" not in answer.headers


def test_behind_https_browsers_are_told_to_stay_there(secure_shell):
    answer = secure_shell.test_client().get("/row/3", headers={"Host": "letters.example.org"})
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_every_answer_has_an_id_of_its_own(every_answer):
    ids = [answer.headers["X-Request-Id"] for answer in every_answer]
    assert len(set(ids)) == len(ids)
    assert all(len(one) == 12 for one in ids)


def test_a_strangers_request_id_is_not_believed(stranger):
    answer = stranger.get("/row/3", headers={"X-Request-Id": "forged"})
    assert answer.headers["X-Request-Id"] != "forged"


def test_no_answer_may_be_kept_by_a_shared_cache_unless_it_says_so(every_answer):
    for answer in every_answer:
        kept = answer.headers["Cache-Control"]
        assert kept in ("private, no-cache", "no-store", "no-cache"), answer.request.path
        assert "Cookie" in answer.headers["Vary"] or kept == "no-cache"


@pytest.mark.parametrize("cookie", ["lettertally_session", "lettertally_device"])
def test_what_somebody_in_person_gets_is_stored_nowhere(stranger, cookie):
    stranger.browser.set_cookie(cookie, "anything")
    assert stranger.get("/row/3").headers["Cache-Control"] == "no-store"


def test_a_view_has_the_last_word_on_caching(shell, stranger):
    shell.add_url_rule("/tick", "tick", lambda: ([], {"Cache-Control": "public, max-age=1"}))
    answer = stranger.get("/tick")
    assert answer.headers["Cache-Control"] == "public, max-age=1"
    assert "Cookie" not in answer.headers["Vary"]
    assert "Set-Cookie" not in answer.headers


def test_on_http_the_form_cookie_has_a_plain_name(shell):
    cookie = set_cookie(shell, "http://localhost")
    assert cookie.startswith("lettertally_form=")
    assert "Secure" not in cookie
    assert_guarded(cookie)


def test_behind_https_the_form_cookie_is_pinned_to_its_host(secure_shell):
    cookie = set_cookie(secure_shell, "https://letters.example.org")
    assert cookie.startswith("__Host-lettertally_form=")
    assert "; Secure" in cookie
    assert_guarded(cookie)


def test_flasks_session_holds_the_token_alone_and_outlives_the_browser(shell):
    browser = shell.test_client()
    cookie = browser.get("/sign-in").headers["Set-Cookie"]
    assert "Expires=" in cookie
    with browser:
        browser.get("/sign-in")
        assert list(session) == ["csrf_token"]
    assert session_is_set_once(browser)


def session_is_set_once(browser):
    return "Set-Cookie" not in browser.get("/sign-in").headers


def set_cookie(app, base_url):
    answer = app.test_client().get("/sign-in", base_url=base_url)
    assert answer.status_code == 200
    return answer.headers["Set-Cookie"]


def assert_guarded(cookie):
    assert "; HttpOnly" in cookie
    assert "; SameSite=Lax" in cookie
    assert "; Path=/" in cookie
    assert "Domain" not in cookie


def test_raw_bytes_in_a_query_are_read_as_if_they_were_encoded(shell):
    # Browsers encode them; what else speaks HTTP may not.
    for raw in ("lang=\xc3\xa9", "lang=\xff", "lang=e\xcc", "\x80=\xc0\xaf&lang=en", "lang=%\xed"):
        for path in ("/cases/", "/nothing/here"):
            environ = EnvironBuilder(path=path, method="GET").get_environ()
            answer = in_clean_context(
                lambda environ=environ, raw=raw: run_wsgi_app(
                    shell.wsgi_app, environ | {"QUERY_STRING": raw}, buffered=True
                )
            )
            assert answer[1][:3] in ("200", "404"), raw


def test_a_scheme_that_is_none_breaks_no_page(make_shell):
    behind = make_shell(proxies="1").test_client()
    for scheme in ("http://[", "gopher", "", "http://a:b:c", "https"):
        for path in ("/cases/", "/account/", "/nothing/here"):
            headers = {"X-Forwarded-Proto": scheme, "HX-Request": "true", "Referer": "http://["}
            assert behind.get(path, headers=headers).status_code in (200, 401, 404), scheme
