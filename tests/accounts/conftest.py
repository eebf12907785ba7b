"""The accounts' stage: counted password checks, and browsers that sign in through the form."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from app.accounts import passwords
from app.accounts.access import session_cookie
from app.accounts.models import User
from tests import factories
from tests.page import Answer, PageClient

SignIn = Callable[..., Answer]


@pytest.fixture
def ines(app: Flask) -> User:
    """An organiser with the factories' PASSWORD."""
    return factories.organiser(name="Ines", email="ines@example.org")


@pytest.fixture
def hashings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The hash of every password check: each costs a tenth of a second, whoever asks."""
    seen: list[str] = []

    def count(password_hash: str, password: str) -> bool:
        seen.append(password_hash)
        return password_hash == factories.password_hash() and password == factories.PASSWORD

    monkeypatch.setattr(passwords, "check_password_hash", count)
    return seen


def sign_in(
    browser: PageClient, email: str = "ines@example.org", password: str = "", **how: object
) -> Answer:
    """Type address and password on the sign-in page."""
    data = {"email": email, "password": password or factories.PASSWORD}
    return browser.post("accounts.sign_in", data, **how)


def token_of(browser: PageClient) -> str:
    """The value of a browser's session cookie, empty when it has none."""
    with browser.app.app_context():
        cookie = browser.browser.get_cookie(session_cookie())
    return cookie.value if cookie else ""
