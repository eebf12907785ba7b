"""Passwords: checked by the same work for everybody, a few at a time."""

from __future__ import annotations

import threading

import pytest

from app.accounts import passwords
from app.exceptions import RuleBroken, TooMany


def test_the_hash_is_scrypt_with_our_own_parameters():
    assert passwords.hash_password("ten letters").startswith("scrypt:32768:8:1$")


@pytest.mark.parametrize(
    ("length", "is_taken"), [(9, False), (10, True), (200, True), (201, False)]
)
def test_a_password_has_10_to_200_characters(app, monkeypatch, length, is_taken):
    monkeypatch.setattr(passwords, "generate_password_hash", lambda *_args, **_kwargs: "hash")
    if is_taken:
        assert passwords.hash_password("ä" * length) == "hash"
    else:
        with pytest.raises(RuleBroken) as caught:
            passwords.hash_password("ä" * length)
        assert (caught.value.field, caught.value.error) == ("password", "weak_password")


def test_nobody_has_no_password():
    assert not passwords.is_password_of(None, "")
    assert not passwords.is_password_of(None, "password")


def test_only_a_few_are_worked_on_at_once_and_the_rest_is_told_to_wait(app, monkeypatch):
    at_work, done = threading.Barrier(passwords.AT_ONCE + 1), threading.Event()

    def work(*_):
        at_work.wait(10)
        return done.wait(10)

    monkeypatch.setattr(passwords, "check_password_hash", work)
    monkeypatch.setattr(passwords, "PATIENCE", 0.01)
    busy = [
        threading.Thread(target=passwords.is_password_of, args=("hash", "password"))
        for _ in range(passwords.AT_ONCE)
    ]
    for thread in busy:
        thread.start()
    at_work.wait(10)
    with app.test_request_context(), pytest.raises(TooMany):
        passwords.is_password_of("hash", "password")
    done.set()
    for thread in busy:
        thread.join()
