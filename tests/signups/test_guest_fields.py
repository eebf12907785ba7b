"""What a guest types is read as it was meant, and crowds behind one address are let in."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app import clock, limits
from app.accounts.networks import limit_key
from app.database import event_scope, write
from app.signups.actions import SIGN_UPS_OF_ONE
from tests import lists

INVISIBLE = ("\u200b", "\ufeff", "\u202e", "\u2066 \u2069", "\u3164", "\u2800", "\ufe0f", "\x07")
VISIBLE = ("می‌خواهم", "က္ယ\u200b", "👩‍👩‍👧", "\u2066Ada\u2069", "\u0301a")


@pytest.fixture
def guests(porto):
    """Porto's list of guests, at most six together."""
    return lists.sign_up_list(porto)


@pytest.fixture(autouse=True)
def without_waiting(at_once):
    """Forms are sent as soon as they are seen."""


def send(nobody, slug="porto", **fields):
    page = nobody.get("signups.choose_list", slug=slug, status=200)
    return nobody.submit(page, "#sign-up-form", **fields)


@pytest.mark.parametrize("size", ["7", "999", "0"])
def test_a_party_too_big_is_told_the_lists_own_limit(nobody, guests, size):
    answer = send(nobody, name="Noor", party_size=size)
    assert answer.status == 422
    assert "from 1 to 6, in figures" in answer.words("#party_size-error")
    assert lists.all_sign_ups() == []


@pytest.mark.parametrize("size", ["3", "٣", "３", "۳", "၃"])  # noqa: RUF001
def test_how_many_come_may_be_written_in_the_figures_of_any_script(nobody, guests, size):
    assert send(nobody, name="Noor", party_size=size).status == 303
    assert lists.all_sign_ups()[0].party_size == 3


@pytest.mark.parametrize("size", ["1_0", "-1", "+2", "²", "1.5", "three"])
def test_what_is_no_whole_number_is_refused(nobody, guests, size):
    assert send(nobody, name="Noor", party_size=size).status == 422
    assert lists.all_sign_ups() == []


@pytest.mark.parametrize("name", INVISIBLE)
def test_a_name_that_nobody_can_see_is_asked_for_again(nobody, guests, name):
    answer = send(nobody, name=name)
    assert answer.status == 422
    assert "Write a name, any you like." in answer.words("#name-error")
    assert lists.all_sign_ups() == []


@pytest.mark.parametrize("name", VISIBLE)
def test_joiners_and_marks_of_a_name_that_shows_are_kept(nobody, guests, name):
    answer = send(nobody, name=name)
    page = nobody.get(answer.location, status=200)
    assert [each.text for each in page.select(".overline bdi")] == [name]


def test_a_table_or_an_event_has_a_name_that_can_be_seen(ana, lisbon):
    tables = ana.get("events.tables", slug="lisbon")
    answer = ana.submit(tables, "#new-table", name="\u200b")
    assert answer.status == 422 and "Give the table a name." in answer.text
    page = ana.get("events.edit_event", slug="lisbon")
    answer = ana.submit(page, "#event-form", title="\u2060\u00a0")
    assert answer.status == 422 and "Give the event a title." in answer.text


def take_places(event, count: int, *, within: timedelta) -> bool:
    """Whether so many from the test client's network pass, evenly within a time that ends now."""
    key, began = limit_key("sign-up", str(event.id), "127.0.0.1"), clock.now() - within
    with write(event_scope(event.id)) as session:
        at = (began + within * number / count for number in range(count))
        waits = [limits.take(session.connection(), key, SIGN_UPS_OF_ONE, now=one) for one in at]
    return not any(waits)


@pytest.mark.parametrize("minutes", [0, 1, 45])
def test_a_school_of_600_behind_one_address_signs_up_within_a_lesson(
    nobody, porto, guests, minutes
):
    assert take_places(porto, 600, within=timedelta(minutes=minutes))
    assert send(nobody, name="Noor").status == 303


def test_a_machine_that_signs_up_without_end_is_slowed_down(nobody, porto, guests):
    assert take_places(porto, SIGN_UPS_OF_ONE.burst, within=timedelta(0))
    answer = send(nobody, name="Noor")
    assert answer.status == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 3
    assert lists.all_sign_ups() == []


def test_who_was_slowed_down_at_one_event_may_sign_up_at_another(nobody, porto, lisbon, guests):
    assert take_places(porto, SIGN_UPS_OF_ONE.burst, within=timedelta(0))
    lists.sign_up_list(lisbon)
    assert send(nobody, slug="lisbon", name="Noor").status == 303
