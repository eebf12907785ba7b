"""One URL, two answers, and who gets which."""

from __future__ import annotations

import pytest

from app.fragments import respond, see_other, wants_fragment, wants_json


@pytest.mark.parametrize(
    ("headers", "fragment"),
    [({}, False), ({"HX-Request": "true"}, True), ({"HX-Request": "false"}, False)],
)
def test_only_htmx_gets_the_fragment(shell, headers, fragment):
    with shell.test_request_context("/", headers=headers):
        assert wants_fragment() is fragment


@pytest.mark.parametrize(
    ("accept", "json"),
    [
        ("application/json", True),
        ("application/json, text/plain;q=0.5", True),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", False),
        ("text/html", False),
        ("*/*", False),
        ("", False),
    ],
)
def test_only_who_asks_for_json_first_gets_it(shell, accept, json):
    with shell.test_request_context("/", headers={"Accept": accept}):
        assert wants_json() is json


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_caches_are_told_what_tells_the_answers_apart(shell, headers):
    with shell.test_request_context("/", headers=headers):
        context = {"mishap": Mishap, "way": None, "request_id": ""}
        answer = respond("errors/bare.html", "errors/_error.html", 422, **context)
        assert ("<html" in answer.get_data(as_text=True)) is not bool(headers)
        assert (answer.status_code, answer.headers["Vary"]) == (422, "HX-Request")


def test_after_a_post_the_browser_is_sent_on_to_get(shell):
    with shell.test_request_context("/", method="POST"):
        answer = see_other("/desk/")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/desk/")


class Mishap:
    """Enough of one for the templates."""

    status, heading, message = 422, "A heading", "A message"

    class words:
        stamp = "A stamp"
