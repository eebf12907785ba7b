"""Guessing codes gets nowhere, and an honest crowd never notices."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.database import db
from app.events import table_actions, table_routes
from app.events.table_actions import (
    CODE_ALPHABET,
    CODE_LENGTH,
    GUESSES_OF_ALL,
    GUESSES_OF_ONE,
    MOST_TABLES,
    check_guess,
    join_table,
)
from app.exceptions import NotFound, TooMany
from app.limits import Rate, RateLimit
from tests import factories
from tests.page import PageClient


def guess(code="22222222", *, network="join:one", now):
    try:
        check_guess(code, network=network, now=now)
    except NotFound:
        return 404
    except TooMany as refusal:
        assert refusal.retry_after > 0
        return 429
    return 200


@pytest.fixture
def at_once(monkeypatch):
    """All that is asked for comes in one moment, however slow the machine is."""
    moment = clock.now()
    monkeypatch.setattr(table_routes, "now", lambda: moment)


@pytest.mark.usefixtures("at_once")
def test_wrong_codes_from_one_place_are_told_to_wait(nobody, table_1):
    for _guess in range(GUESSES_OF_ONE.burst):
        nobody.post("events.join", {"code": "22222222"}, status=404)
    answer = nobody.post("events.join", {"code": "22222222"}, status=429)
    assert int(answer.headers["Retry-After"]) >= 1
    nobody.get("events.join_code", code="22222222", status=429)
    nobody.post("events.join_code", code="22222222", htmx=True, status=429)


@pytest.mark.usefixtures("at_once")
def test_looking_at_a_wrong_code_counts_as_a_guess_too(nobody, table_1):
    for _guess in range(GUESSES_OF_ONE.burst):
        nobody.get("events.join_code", code="22222222", status=404)
    nobody.get("events.join_code", code="22222222", status=429)


def test_a_right_code_tells_a_guesser_nothing_once_they_must_wait(app, table_1):
    now = clock.now()
    assert [guess(now=now) for _ in range(61)] == [404] * 60 + [429]
    assert guess(table_1.join_code, now=now) == 429
    assert guess(table_1.join_code, now=now + timedelta(seconds=2)) == 200


def test_other_places_are_not_made_to_wait(app, table_1):
    now = clock.now()
    for _guess in range(100):
        guess(now=now)
    assert guess(table_1.join_code, network="join:two", now=now) == 200


def test_right_codes_never_count(app, lisbon):
    table = factories.table(lisbon, seats=200)
    now = clock.now()
    for _phone in range(150):
        assert guess(table.join_code, now=now) == 200
        join_table(table.join_code, now=now)
    assert db.session.execute(select(RateLimit)).first() is None


def test_a_hall_behind_one_address_may_mistype_every_third_code(app, lisbon):
    table = factories.table(lisbon, seats=200)
    now = clock.now()
    for phone in range(150):
        now += timedelta(seconds=4)
        if phone % 3 == 0:
            assert guess(now=now) == 404
        assert guess(table.join_code, now=now) == 200


def test_fifty_thousand_guesses_hit_nothing(app, lisbon):
    tables = [factories.table(lisbon) for _table in range(20)]
    chance, now = random.Random(1), clock.now()
    codes = ("".join(chance.choices(CODE_ALPHABET, k=8)) for _guess in range(50_000))
    answers = Counter(guess(code, now=now) for code in codes)
    assert answers == {404: GUESSES_OF_ONE.burst, 429: 50_000 - GUESSES_OF_ONE.burst}
    # The same guesser with a right code in hand finds its table, before the limit.
    assert guess(tables[0].join_code, network="join:two", now=now) == 200


def test_guessers_from_everywhere_share_one_limit(app, table_1, monkeypatch):
    monkeypatch.setattr(table_actions, "GUESSES_OF_ALL", Rate(burst=30, per_minute=600))
    now = clock.now()
    answers = Counter(guess(network=f"join:{number}", now=now) for number in range(50))
    assert answers == {404: 30, 429: 20}


def test_guessers_from_everywhere_do_not_shut_out_a_hall_that_never_mistyped(
    app, table_1, monkeypatch
):
    monkeypatch.setattr(table_actions, "GUESSES_OF_ALL", Rate(burst=3, per_minute=1))
    now = clock.now()
    for number in range(4):
        guess(network=f"join:{number}", now=now)
    assert guess(table_1.join_code, network="join:0", now=now) == 429
    assert guess(table_1.join_code, network="join:the hall", now=now) == 200


def test_even_at_the_shared_limit_a_hit_takes_years():
    guesses_a_day = GUESSES_OF_ALL.per_minute * 60 * 24
    guesses_for_one_hit = len(CODE_ALPHABET) ** CODE_LENGTH / MOST_TABLES
    assert guesses_for_one_hit / guesses_a_day > 5 * 365


def test_no_address_is_kept_in_the_clear(app, table_1):
    person = PageClient(app)
    person.post("events.join", {"code": "22222222"}, status=404)
    keys = db.session.execute(select(RateLimit.key)).scalars().all()
    assert len(keys) == 2
    assert not any("127.0.0.1" in key for key in keys)


@pytest.mark.parametrize("code", ["short", "x" * 30, "ABCD-EFG0"])
def test_what_can_be_no_code_is_answered_like_a_wrong_one(nobody, code):
    nobody.get("events.join_code", code=code, status=404)
