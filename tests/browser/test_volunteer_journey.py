"""A letter pressed at a table is on the hall's screen within two seconds."""

from __future__ import annotations

import json
import urllib.request

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.people import AT_ONCE, Volunteer, Watcher
from tests.browser.scenery import AMINA, ILYAS


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def phone(request, visit):
    return Volunteer(visit(**PHONE, java_script_enabled=request.param))


def test_what_a_phone_logs_is_in_the_hall_within_two_seconds(phone, hall, marathon):
    phone.joins(marathon.code)
    hall.sees_letters("0", within=AT_ONCE)
    phone.presses(AMINA)
    hall.sees_letters("1", within=AT_ONCE)
    phone.sees_here(AMINA, "1")


def test_a_stack_counts_at_once_and_the_next_press_is_one_again(phone, hall, marathon):
    phone.joins(marathon.code).sets_a_stack_of(12).presses(AMINA)
    hall.sees_letters("12", within=AT_ONCE)
    phone.presses(AMINA)
    hall.sees_letters("13", within=AT_ONCE)
    phone.sees_here(AMINA, "13")
    expect(phone.page.get_by_label("A stack of")).to_have_value("1")
    assert [row.quantity for row in marathon.rows()] == [12, 1]


def test_a_wrong_press_is_taken_back_everywhere(phone, hall, marathon):
    phone.joins(marathon.code).presses(AMINA)
    hall.sees_letters("1", within=AT_ONCE)
    phone.takes_back("1 letter")
    hall.sees_letters("0", within=AT_ONCE)
    phone.sees_here(AMINA, "0")
    expect(phone.at(".entry").first).to_contain_text("taken back")


def test_a_kind_is_chosen_also_under_more(phone, hall, marathon):
    phone.joins(marathon.code).chooses("Postcard").presses(ILYAS)
    hall.sees_letters("1", within=AT_ONCE)
    phone.chooses("E-mail").presses(ILYAS)
    expect(hall.at(".hall-goal")).to_contain_text("1 other action", timeout=AT_ONCE)
    hall.sees_letters("1", within=AT_ONCE)
    phone.sees_here(ILYAS, "1")
    assert [row.kind for row in marathon.rows()] == ["postcard", "email"]


def test_every_screen_ends_with_the_same_number(phone, hall, visit, sign_in, marathon, server):
    phone.joins(marathon.code).presses(AMINA)
    phone.sets_a_stack_of(12).presses(ILYAS)
    phone.chooses("E-mail").presses(AMINA)
    phone.takes_back("1 e-mail")
    phone.presses(AMINA)
    told = told_by(server, marathon.path("tally.json"))
    assert (told["letters"], told["other"], told["total"]) == (13, 1, 14)
    assert told["kinds"]["email"] == 1
    assert {case["name"]: case["total"] for case in told["cases"] if case["total"]} == {
        AMINA: 2,
        ILYAS: 12,
    }
    hall.sees_letters("13", within=AT_ONCE)
    board = Watcher(visit()).opens(marathon.path("live")).sees_letters("13")
    expect(board.at(".lead")).to_contain_text("1 other action")
    desk = sign_in(marathon.organiser).opens(marathon.desk)
    expect(desk.at("#tally .figure dd")).to_have_text(["13", "1", "+14"])
    desk.sees(f"#table-{marathon.table.id} .num", "13")
    season = told_by(server, "/totals.json")
    home = Watcher(visit()).opens("/")
    home.sees_letters(f"{season['letters']:,}")


def told_by(server, path):
    """The JSON at one of the server's addresses."""
    with urllib.request.urlopen(server.base_url + path, timeout=10) as answer:
        return json.load(answer)
