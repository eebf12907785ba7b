"""The section changes its kinds while phones are at the tables."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from app import clock
from app.campaigns.kinds import ALL_KINDS
from app.campaigns.queries import get_section
from app.letters.kind_actions import hide_kind, name_kind
from tests import factories
from tests.browser.people import Volunteer
from tests.browser.scenery import AMINA, ILYAS

ENTRY = "#entries .entry"
A_POLL_MS = 10_000


@pytest.fixture
def who(marathon):
    """Whoever changes the kinds, which the next test finds as they were."""
    yield {"actor": marathon.organiser.public_id, "now": clock.now()}
    factories.change(get_section(), kinds={})


@pytest.fixture
def bea(volunteer, marathon) -> Volunteer:
    """Has logged a handwritten letter."""
    bea = volunteer.joins(marathon.code).taps(AMINA).sees_all_arrived()
    expect(bea.page.locator(ENTRY)).to_have_count(1)
    return bea


def test_a_letter_of_a_kind_that_was_hidden_since_is_taken_back_and_the_next_counts(
    bea, marathon, who
):
    [row] = marathon.rows()
    hide_kind(get_section(), row.kind, is_hidden=True, **who)
    bea.page.reload()
    bea.page.locator(f"{ENTRY} button").first.click()
    expect(bea.page.locator(ENTRY).first).to_contain_text("taken back", timeout=A_POLL_MS)
    bea.taps(ILYAS).sees_all_arrived()
    assert [row.act for row in marathon.rows()] == ["log", "void", "log"]


def test_a_new_name_reaches_an_open_table_and_what_was_chosen_stays(volunteer, marathon, who):
    volunteer.page.clock.install()
    bea = volunteer.joins(marathon.code)
    bea.at("#kinds > button[value=postcard]").click()
    section = get_section()
    words = {"en": {"label": "Small card", "one": "small card", "other": "small cards"}}
    name_kind(section, "postcard", words, edit_version=section.edit_version, **who)
    bea.page.clock.run_for(A_POLL_MS)
    expect(bea.at("#kinds > button[value=postcard]")).to_have_text("Small card")
    expect(bea.at("#kinds [aria-pressed=true]")).to_have_text("Small card")
    expect(bea.card(AMINA).locator(".noun")).to_have_text("small card")
    bea.taps(AMINA).sees_all_arrived()
    assert [row.kind for row in marathon.rows()] == ["postcard"]


def test_where_all_kinds_stand_in_front_another_one_can_be_chosen(volunteer, marathon, who):
    for kind in ALL_KINDS:
        if kind.name not in ("handwritten_letter", "postcard"):
            hide_kind(get_section(), kind.name, is_hidden=True, **who)
    bea = volunteer.joins(marathon.code)
    expect(bea.at("#kinds summary")).to_have_count(0)
    bea.at("#kinds > button[value=postcard]").click()
    expect(bea.card(AMINA).locator(".noun")).to_have_text("postcard")
    expect(bea.page).to_have_url(re.compile("kind=postcard"))
