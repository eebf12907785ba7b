"""Guessing codes gets nowhere, and an honest crowd never notices."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.database import db
from app.events.table_actions import (
    CODE_ALPHABET,
    GUESSES_OF_ALL,
    GUESSES_OF_ONE,
    check_guess,
    join_table,
)
from app.exceptions import NotFound, TooMany
from app.limits import RateLimit
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


def test_wrong_codes_from_one_place_are_told_to_wait(nobody, table_1):
    for _guess in range(GUESSES_OF_ONE.burst):
        nobody.post("events.join", {"code": "22222222"}, status=404)
    answer = nobody.post("events.join", {"code": "22222222"}, status=429)
    assert int(answer.headers["Retry-After"]) >= 1
    nobody.get("events.join_code", code="22222222", status=429)
    nobody.post("events.join_code", code="22222222", htmx=True, status=429)


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


def test_fifty_thousand_guesses_from_anywhere_hit_nothing(app, lisbon):
    codes = {factories.table(lisbon).join_code for _ in range(20)}
    chance, now, answers = random.Random(1), clock.now(), {404: 0, 429: 0, 200: 0}
    for number in range(50_000):
        now += timedelta(milliseconds=10)
        network = f"join:{number % 500}"
        code = "".join(chance.choices(CODE_ALPHABET, k=8))
        # Once everybody waits nothing is looked up: asking one in a hundred shows that still holds.
        if answers[429] < 200 or number % 100 == 0:
            answers[guess(code, network=network, now=now)] += 1
    assert codes
    assert answers[200] == 0
    most = GUESSES_OF_ALL.burst + 500 / 60 * GUESSES_OF_ALL.per_minute + 1
    assert answers[404] <= most
    assert answers[429] > 0


def test_no_address_is_kept_in_the_clear(app, table_1):
    person = PageClient(app)
    person.post("events.join", {"code": "22222222"}, status=404)
    keys = db.session.execute(select(RateLimit.key)).scalars().all()
    assert len(keys) == 2
    assert not any("127.0.0.1" in key for key in keys)


@pytest.mark.parametrize("code", ["short", "x" * 30, "ABCD-EFG0"])
def test_what_can_be_no_code_is_answered_like_a_wrong_one(nobody, code):
    nobody.get("events.join_code", code=code, status=404)
