"""Limits on signing in: exact, short, per network, and never a lock."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock, limits
from app.accounts import actions
from app.accounts.networks import client_network, limit_key
from app.database import db
from app.exceptions import TooMany
from app.limits import RateLimit
from tests import factories
from tests.accounts.conftest import sign_in, token_of
from tests.page import PageClient

HERE, THERE = {"REMOTE_ADDR": "198.51.100.1"}, {"REMOTE_ADDR": "198.51.100.2"}


@pytest.fixture
def visit(app, ines, hashings):
    """Try to sign in from somewhere, and say with which status that ended."""

    def from_somewhere(address="198.51.100.1", email="ines@example.org", password="wrong word"):
        browser = PageClient(app)
        browser.browser.environ_base["REMOTE_ADDR"] = address
        return sign_in(browser, email, password)

    return from_somewhere


def test_ten_wrong_tries_are_read_and_the_eleventh_is_told_when_to_come_back(visit, hashings):
    assert [visit().status for _ in range(10)] == [422] * 10
    answer = visit()
    assert answer.status == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 12
    assert len(hashings) == 10


def test_even_the_right_password_waits_then_but_not_from_elsewhere(visit):
    for _ in range(11):
        visit()
    assert visit(password=factories.PASSWORD).status == 429
    assert visit(address="198.51.100.2", password=factories.PASSWORD).status == 303


def test_an_unknown_address_is_limited_alike(visit):
    assert [visit(email="who@example.org").status for _ in range(11)] == [422] * 10 + [429]


def test_capitals_are_no_way_around_the_limit(visit):
    for _ in range(10):
        visit()
    assert visit(email=" INES@example.org").status == 429


def test_another_spelling_of_the_domain_is_no_way_around_the_limit(visit):
    for _ in range(10):
        visit(email="ines@ex\u00e4mple.org")
    for same in ("ines@xn--exmple-cua.org", "ines@ex\u00e4mp\u00adle.org"):
        assert visit(email=same).status == 429


def test_a_hall_of_organisers_behind_one_address_all_get_in(visit):
    for number in range(30):
        email = factories.organiser().email
        assert visit(email=email, password=factories.PASSWORD).status == 303, number


def test_a_network_that_tries_many_addresses_is_slowed(app, hashings):
    now, waits = clock.now(), []
    for number in range(70):
        try:
            actions.take_try(person_key=f"person-{number}", network_key="network", now=now)
        except TooMany as too_many:
            waits.append((number, too_many.retry_after))
    assert waits[0] == (60, 1)
    assert len(waits) == 10


def test_patience_is_rewarded(app):
    now = clock.now()
    keys = {"person_key": "p", "network_key": "n"}
    for _ in range(10):
        actions.take_try(**keys, now=now)
    with pytest.raises(TooMany) as caught:
        actions.take_try(**keys, now=now)
    later = now + timedelta(seconds=caught.value.retry_after)
    actions.take_try(**keys, now=later)


def test_simultaneous_tries_get_through_ten_exactly(any_app):
    now = clock.now()

    def attempt(_):
        with any_app.app_context():
            try:
                actions.take_try(person_key="p", network_key="n", now=now)
                return 1
            except TooMany:
                return 0
            finally:
                db.session.remove()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(40))) == 10


def test_a_refused_try_counts_against_its_network_too(app):
    now = clock.now()
    for _ in range(20):
        try:
            actions.take_try(person_key="p", network_key="n", now=now)
        except TooMany:
            continue
    rates = dict(db.session.execute(select(RateLimit.key, RateLimit.free_at_ms)).all())
    taken = (rates["n"] - int(now.timestamp() * 1000)) / limits.Rate(60, 60).interval_ms
    assert round(taken) == 20


def test_limits_remember_no_address_and_no_network(visit):
    visit(email="marker@example.org", address="203.0.113.9")
    keys = " ".join(db.session.scalars(select(RateLimit.key)))
    assert "sign-in-person:" in keys
    assert "marker" not in keys
    assert "203.0.113" not in keys


def test_without_the_apps_secret_a_limits_key_cannot_be_guessed(app):
    with app.test_request_context():
        first = limit_key("sign-in-network", "203.0.113.9")
        app.config["SECRET_KEY"] = "another secret of some length"
        assert limit_key("sign-in-network", "203.0.113.9") != first


def test_parts_of_a_key_cannot_be_shifted(app):
    with app.test_request_context():
        assert limit_key("k", "a", "b") != limit_key("k", "ab", "")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("", "unknown"),
        ("unix:", "unknown"),
    ],
)
def test_a_network_is_one_ipv4_address_or_one_ipv6_household(app, address, network):
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert client_network() == network


def test_typing_the_password_again_is_limited_by_the_same_count(ana, hashings):
    data = {"password": "a wrong password"}
    tries = [ana.post("accounts.confirm_password", data).status for _ in range(11)]
    assert tries == [422] * 10 + [429]
    assert token_of(ana)
