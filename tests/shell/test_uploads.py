"""Files: who may send one, and that nobody else waits for it to come."""

from __future__ import annotations

import io

import pytest

from app.database import db
from app.lanes import FULL
from tests.architecture.access_matrix import ADMINS, MATRIX
from tests.page import ORIGIN, in_clean_context

BOUNDARY = b"--limit"
BIG = 300_000


class Coming(io.BytesIO):
    """A body that notes how many database connections are held while it comes."""

    def __init__(self):
        part = b'Content-Disposition: form-data; name="file"; filename="cases.zip"'
        super().__init__(b"\r\n".join([BOUNDARY, part, b"", b"x" * BIG, BOUNDARY + b"--", b""]))
        self.held = []

    def read(self, size=-1):
        self.held.append(db.engine.pool.checkedout())
        return super().read(size)

    def readinto(self, buffer):
        self.held.append(db.engine.pool.checkedout())
        return super().readinto(buffer)


@pytest.fixture
def coming():
    return Coming()


def send(browser, body, **environ):
    headers = {"Origin": ORIGIN, "X-CSRFToken": browser.csrf_token()}
    db.session.rollback()
    return in_clean_context(
        lambda: browser.browser.post(
            "/section/cases/import",
            input_stream=body,
            headers=headers,
            content_type="multipart/form-data; boundary=limit",
            content_length=len(body.getvalue()),
            environ_overrides=environ,
        )
    )


def test_no_connection_is_held_while_a_file_comes(admin, campaign, coming):
    assert send(admin, coming).status_code == 422
    assert coming.held and set(coming.held) == {0}


def test_what_an_organiser_sends_is_not_read(ana, coming):
    assert send(ana, coming).status_code == 413
    assert coming.held == []


def test_files_are_admins_alone(app):
    takers = [name for name, view in app.view_functions.items() if hasattr(view, "most_bytes")]
    assert takers
    assert [MATRIX[name].cells for name in takers] == [ADMINS] * len(takers)


def test_a_file_that_finds_no_place_is_told_when_to_come_again_unread(admin, campaign, coming):
    answer = send(admin, coming, **{FULL: 60})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
    assert "Wait a moment" in answer.text
    assert coming.held == []
