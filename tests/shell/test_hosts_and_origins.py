"""Who may speak to us: only under our own names, and only our own pages may post."""

from __future__ import annotations

import pytest

from tests.page import PageClient


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.org"])
def test_a_forged_host_is_refused_without_a_link_or_a_trace(shell, host):
    answer = shell.test_client().get("/", headers={"Host": host})
    assert answer.status_code == 400
    assert host not in answer.text
    assert "Traceback" not in answer.text
    assert 'href="http' not in answer.text


@pytest.mark.parametrize("kind", [{"HX-Request": "true"}, {"Accept": "application/json"}])
def test_a_forged_host_is_refused_in_every_shape(shell, kind):
    answer = shell.test_client().get("/", headers={"Host": "evil.example", **kind})
    assert answer.status_code == 400
    assert "<html" not in answer.text


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:8000"])
def test_this_machine_is_answered_under_its_own_names(shell, host):
    assert shell.test_client().get("/nowhere", headers={"Host": host}).status_code == 404


def test_more_names_can_be_trusted(make_shell):
    app = make_shell(trusted_hosts="tally.local")
    assert app.test_client().get("/nowhere", headers={"Host": "tally.local"}).status_code == 404


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "https://evil.example",
        "https://localhost",
        "http://localhost:8001",
        "http://localhost.evil.example",
        "",
    ],
)
def test_a_foreign_origin_is_refused_in_spite_of_a_good_token(stranger, origin):
    answer = stranger.post("/echo", headers={"Origin": origin, "Accept": "application/json"})
    assert (answer.status, answer.json["error"]) == (403, "foreign_origin")


def test_a_missing_origin_passes_with_a_good_token(shell):
    stranger = PageClient(shell)
    token = {"X-CSRFToken": stranger.csrf_token()}
    assert stranger.browser.post("/echo", headers=token).status_code == 200


def test_a_missing_origin_without_a_token_does_not_pass(shell):
    assert shell.test_client().post("/echo").status_code == 403


def test_another_of_our_own_names_is_no_foreign_origin(shell):
    stranger = PageClient(shell)
    headers = {"Host": "127.0.0.1:8000", "Origin": "http://127.0.0.1:8000"}
    headers["X-CSRFToken"] = stranger.csrf_token()
    stranger.browser.set_cookie("lettertally_form", cookie_of(stranger), domain="127.0.0.1")
    assert stranger.browser.post("/echo", headers=headers).status_code == 200


def test_behind_https_our_own_name_on_http_is_a_foreign_origin(secure_shell):
    answer = secure_shell.test_client().post(
        "/echo",
        headers={"Host": "letters.example.org", "Origin": "http://letters.example.org"},
    )
    assert answer.status_code == 403
    assert "another site" in answer.text


def test_reading_needs_no_origin_and_a_foreign_one_does_no_harm(stranger):
    assert stranger.get("/row/3", headers={"Origin": "https://evil.example"}).status == 200


def test_a_proxy_is_believed_about_the_client_only_where_one_is_declared(make_shell):
    seen = []
    for proxies in ("0", "1"):
        app = make_shell(proxies=proxies)
        app.add_url_rule("/who", "who", lambda: __import__("flask").request.remote_addr)
        headers = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Host": "evil.example"}
        seen.append(app.test_client().get("/who", headers=headers).text)
    assert seen == ["127.0.0.1", "203.0.113.9"]


def cookie_of(client: PageClient) -> str:
    cookie = client.browser.get_cookie("lettertally_form")
    assert cookie
    return cookie.value
