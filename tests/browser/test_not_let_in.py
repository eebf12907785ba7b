"""Presses that the server does not take: kept where that can be mended, told where it cannot."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from app import clock
from app.database import event_scope, write
from app.events.models import Event
from app.events.table_actions import revoke_device
from tests.browser.people import Volunteer
from tests.browser.scenery import AMINA, ILYAS
from tests.browser.test_presses import LONGEST_PAUSE


@pytest.fixture
def bea(volunteer, marathon) -> Volunteer:
    """Sits at the marathon's table."""
    return volunteer.joins(marathon.code)


def test_an_old_token_is_renewed_without_losing_the_press(bea, marathon):
    refused = []
    bea.page.on("response", lambda answer: answer.status == 403 and refused.append(answer.url))
    bea.page.context.clear_cookies(name="lettertally_form")
    bea.taps(AMINA, times=2).sees_all_arrived()
    assert len(refused) == 1
    assert len(marathon.rows()) == 2


def test_a_device_that_was_signed_off_keeps_its_letters_until_it_has_joined_again(bea, marathon):
    (device,) = marathon.devices()
    revoke_device(device, actor=marathon.organiser.public_id, now=clock.now())
    bea.taps(AMINA, times=2)
    told = "This device was signed off from the table. 2 saved here, all sent as soon as"
    expect(bea.at("#told")).to_contain_text(told)
    expect(bea.at("#link-state")).to_be_hidden()
    assert marathon.rows() == []
    joins_again(bea, marathon)
    bea.sees_all_arrived(within=LONGEST_PAUSE).sees_here(AMINA, "2")
    expect(bea.at("#link-state")).to_be_visible()
    assert [row.quantity for row in marathon.rows()] == [1, 1]


def test_a_device_whose_cookies_are_gone_keeps_its_letters_until_it_has_joined_again(bea, marathon):
    bea.page.context.clear_cookies()
    bea.taps(AMINA)
    expect(bea.at("#told")).to_contain_text("has not joined a table yet. 1 saved here, sent as")
    assert marathon.rows() == []
    joins_again(bea, marathon)
    bea.sees_all_arrived(within=LONGEST_PAUSE)
    assert [row.quantity for row in marathon.rows()] == [1]


@pytest.mark.parametrize(
    ("status", "body"), [(503, '{"error": "broken"}'), (200, "{}"), (404, '{"error": "x"}')]
)
def test_a_token_that_does_not_come_costs_no_press(bea, marathon, status, body):
    broken = []

    def stumble(route: Route) -> None:
        broken.append(route)
        if len(broken) == 1:
            route.fulfill(status=status, body=body, content_type="application/json")
        else:
            route.continue_()

    bea.page.route("**/table/token", stumble)
    bea.page.context.clear_cookies(name="lettertally_form")
    bea.taps(AMINA, times=2).sees_all_arrived(within=LONGEST_PAUSE)
    assert len(marathon.rows()) == 2


def test_what_the_server_refuses_for_good_is_told_until_that_was_read(bea, marathon):
    with write(event_scope(marathon.event.id)) as session:
        event = session.get_one(Event, marathon.event.id)
        event.cases = [case for case in event.cases if case.name != ILYAS]
    bea.taps(ILYAS, times=2).taps(AMINA)
    bea.sees_here(AMINA, "1")
    expect(bea.at("#told")).to_contain_text("does not write for that case. 2 were not taken.")
    expect(bea.at("#link-state")).to_be_hidden()
    bea.button("Go on").click()
    bea.sees_all_arrived()
    expect(bea.at("#told")).to_be_hidden()
    assert [row.quantity for row in marathon.rows()] == [1]


def joins_again(bea: Volunteer, marathon) -> None:
    """Follow the link, in a tab of its own, so that what is saved here stays."""
    with bea.page.context.expect_page() as opened:
        bea.page.get_by_role("link", name="Type the table's code").click()
    Volunteer(opened.value).joins(marathon.code)
    opened.value.close()
    bea.page.evaluate("dispatchEvent(new Event('online'))")
