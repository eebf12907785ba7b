"""While the database fails, every answer is short and plain; afterwards all is well by itself."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from app.board import poll
from app.letters.queries import get_sums, get_version
from tests.page import in_clean_context

HTMX = {"HX-Request": "true"}
JSON = {"Accept": "application/json"}


@pytest.fixture
def answers(app, monkeypatch):
    """Asks with the errors that a server would answer, instead of raising them."""
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setattr(poll, "FRESH_FOR", 0.0)
    client = app.test_client()
    return lambda path, **how: in_clean_context(lambda: client.open(path, buffered=True, **how))


@pytest.fixture
def database():
    """A database that can be made to fail, and to come back."""

    class Database:
        patch: pytest.MonkeyPatch

        def fail(self) -> None:
            def refuse(*_args, **_kwargs):
                raise OperationalError("SELECT secret", {}, OSError("disk I/O error"))

            self.patch.setattr(Engine, "connect", refuse)

        def come_back(self) -> None:
            self.patch.undo()

    made = Database()
    made.patch = pytest.MonkeyPatch()
    yield made
    made.come_back()


def paths(lisbon) -> list[str]:
    polls = [f"view={view}&lang=en" for view in ("board", "hall", "desk", "event")]
    version = get_version(lisbon.id)
    return [
        *(f"/events/lisbon/tally?v={v}&{rest}" for rest in polls for v in ("0.0", version)),
        "/tally?v=0.0&view=home&lang=en",
        "/events/lisbon/live",
        "/events/lisbon/hall",
        "/events/lisbon/tally.json",
        "/totals.json",
        "/",
    ]


def test_polls_and_pages_fail_plainly_and_come_back_by_themselves(answers, database, lisbon):
    asked = paths(lisbon)
    before = {path: answers(path, headers=HTMX).status_code for path in asked}
    assert set(before.values()) == {200, 204}
    database.fail()
    for path in asked:
        for headers in ({}, HTMX, JSON):
            answer = answers(path, headers=headers)
            assert answer.status_code == 500, path
            assert "no-cache" in answer.headers["Cache-Control"]
            assert answer.headers["X-Request-Id"] in answer.text or headers is JSON
            assert len(answer.data) < 4000
            assert "disk I/O" not in answer.text
            assert "secret" not in answer.text
    assert answers("/healthz").status_code == 503
    database.come_back()
    assert {path: answers(path, headers=HTMX).status_code for path in asked} == before


def test_a_press_that_failed_is_not_acknowledged_and_is_logged_when_sent_again(
    answers, bea, database, lisbon
):
    press = {"op": str(uuid4()), "case": "amina", "kind": "postcard", "quantity": "3"}
    headers = JSON | {"X-CSRFToken": bea.csrf_token()}

    def send():
        return in_clean_context(
            lambda: bea.browser.post("/table/letters", data=press, headers=headers)
        )

    database.fail()
    refusal = send()
    assert refusal.status_code == 500
    assert json.loads(refusal.data).keys() == {"error", "message", "field"}
    database.come_back()
    assert send().status_code == send().status_code == 200
    assert get_sums(lisbon.id).counted.letters == 3


def test_pages_leave_their_number_alone_when_a_poll_fails(nobody, lisbon):
    page = nobody.get("board.hall", slug="lisbon")
    config = json.loads(page.one("meta[name=htmx-config]").get("content", ""))
    assert "5xx" in config["noSwap"]
    assert page.one("#tally").get("hx-trigger") == "every 1s"
