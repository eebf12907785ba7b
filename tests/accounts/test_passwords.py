"""Passwords: checked by the same work for everybody, a few at a time."""

from __future__ import annotations

import threading

import pytest

from app import clock
from app.accounts import passwords
from app.database import db
from app.exceptions import RuleBroken, TooMany
from app.setup import actions as setup_actions
from tests import factories
from tests.conftest import sign_in
from tests.page import PageClient


def test_the_hash_is_scrypt_with_our_own_parameters(app):
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


def test_nobody_has_no_password(app):
    assert not passwords.is_password_of(None, "")
    assert not passwords.is_password_of(None, "password")


def look_at(password):
    passwords.is_password_of("hash", password)


@pytest.mark.parametrize("one_more", [look_at, passwords.hash_password])
@pytest.mark.parametrize("deed", [look_at, passwords.hash_password])
def test_only_a_few_are_worked_on_at_once_and_the_rest_is_told_to_wait(
    app, monkeypatch, deed, one_more
):
    at_work, done = threading.Barrier(passwords.AT_ONCE + 1), threading.Event()

    def work(*_args, **_how):
        at_work.wait(10)
        return done.wait(10)

    def do():
        with app.app_context():
            deed("a long password")

    monkeypatch.setattr(passwords, "check_password_hash", work)
    monkeypatch.setattr(passwords, "generate_password_hash", work)
    monkeypatch.setattr(passwords, "PATIENCE", 0.01)
    busy = [threading.Thread(target=do) for _ in range(passwords.AT_ONCE)]
    for thread in busy:
        thread.start()
    at_work.wait(10)
    with app.test_request_context(), pytest.raises(TooMany):
        one_more("a long password")
    done.set()
    for thread in busy:
        thread.join()


PASSWORD = {"password": factories.PASSWORD}


WAYS = {
    "sign in": lambda ines: ("/sign-in", {"email": ines.email, **PASSWORD}),
    "sign in unknown": lambda _: ("/sign-in", {"email": "who@example.org", **PASSWORD}),
    "type it again": lambda _: ("/account/password", PASSWORD),
    "change": lambda _: ("/account/new-password", {**PASSWORD, "new_password": "another one"}),
    "say yes": lambda _: (f"/invitations/{factories.invitation()[1]}/", {"name": "N", **PASSWORD}),
    "say yes as known": lambda ines: (
        f"/invitations/{factories.invitation(email=ines.email)[1]}/",
        {"name": "N", **PASSWORD},
    ),
    "choose": lambda ines: (
        f"/new-password/{factories.password_link(ines)}/",
        {"new_password": "another one"},
    ),
}


@pytest.fixture
def held(monkeypatch):
    """The database connections that are held while a password is looked at or hashed."""
    counted = []

    def work(*_args, **_how):
        counted.append(db.engine.pool.checkedout())
        return "hash"

    monkeypatch.setattr(passwords, "check_password_hash", work)
    monkeypatch.setattr(passwords, "generate_password_hash", work)
    return counted


@pytest.mark.parametrize("way", WAYS)
def test_nobody_holds_a_connection_meanwhile_and_whole_crowds_go_by_the_lane(app, ines, held, way):
    browser = sign_in(app, ines)
    path, said = WAYS[way](ines)
    browser.post(path, said)
    assert held and set(held) == {0}
    assert passwords.are_asked_for({"REQUEST_METHOD": "POST", "PATH_INFO": path})


def test_so_does_who_sets_it_all_up(app, held):
    app.extensions["lettertally_set_up"].clear()
    code = setup_actions.renew_code(now=clock.now())
    said = {"code": code, "name": "Ines", "email": "ines@example.org", **PASSWORD}
    PageClient(app).post("/setup", said, status=303)
    assert held == [0]
    assert passwords.are_asked_for({"REQUEST_METHOD": "POST", "PATH_INFO": "/setup"})


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/sign-in"), ("POST", "/sign-in/forgotten"), ("POST", "/account/sign-out-everywhere")],
)
def test_nobody_else_waits_in_that_lane(method, path):
    assert not passwords.are_asked_for({"REQUEST_METHOD": method, "PATH_INFO": path})
