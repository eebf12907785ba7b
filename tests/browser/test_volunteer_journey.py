"""A letter pressed at a table is on the hall's screen within two seconds."""

from __future__ import annotations

import json
import urllib.request

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, PROJECTOR
from tests.browser.people import Volunteer, Watcher
from tests.browser.scenery import AMINA, ILYAS


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def phone(request, visit):
    return Volunteer(visit(**PHONE, java_script_enabled=request.param))


@pytest.fixture
def hall(visit, marathon) -> Watcher:
    return Watcher(visit(**PROJECTOR)).opens_and_stops_time(marathon.path("hall"))


def test_what_a_phone_logs_is_in_the_hall_within_two_seconds(phone, hall, marathon):
    phone.joins(marathon.code)
    hall.sees_at_once("0")
    phone.presses(AMINA)
    hall.sees_at_once("1")
    phone.sees_here(AMINA, "1")


def test_a_stack_counts_at_once_and_the_next_press_is_one_again(phone, hall, marathon):
    phone.joins(marathon.code).sets_a_stack_of(12).presses(AMINA)
    hall.sees_at_once("12")
    phone.presses(AMINA)
    hall.sees_at_once("13")
    phone.sees_here(AMINA, "13")
    expect(phone.page.get_by_label("A stack of")).to_have_value("1")
    assert [row.quantity for row in marathon.rows()] == [12, 1]


def test_a_wrong_press_is_taken_back_everywhere(phone, hall, marathon):
    phone.joins(marathon.code).presses(AMINA)
    hall.sees_at_once("1")
    phone.takes_back("1 letter")
    hall.sees_at_once("0")
    phone.sees_here(AMINA, "0")
    expect(phone.at(".entry").first).to_contain_text("taken back")


def test_a_kind_is_chosen_also_under_more(phone, hall, marathon):
    phone.joins(marathon.code).chooses("Postcard").presses(ILYAS)
    hall.sees_at_once("1")
    phone.chooses("E-mail").presses(ILYAS)
    hall.sees_at_once("1")
    expect(hall.at(".hall-goal")).to_contain_text("1 other action")
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
    hall.sees_at_once("13")
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
