"""A ticked sheet of paper is typed back in one line, with JavaScript and without."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from app.database import db
from app.signups.models import SignUpList
from tests import lists
from tests.browser.axe import find_barriers
from tests.browser.conftest import LAPTOP

HERE = {1, *range(3, 10), 12}


@pytest.mark.parametrize("has_script", [True, False], ids=["with scripts", "without"])
def test_a_ticked_sheet_is_typed_back_and_a_slip_is_answered(marathon, sign_in, has_script):
    guests = lists.sign_up_list(marathon.event, capacity=40)
    parties = [lists.sign_up(guests, f"Guest {number:02}") for number in range(1, 14)]
    ana = sign_in(marathon.organiser, **LAPTOP, java_script_enabled=has_script)
    ana.opens(f"{marathon.desk}door")
    ana.page.get_by_role("link", name="From the printed list").click()
    line = ana.page.get_by_label("Numbers of the rows that are ticked")

    for slip, answer in (
        ("1 3-9 21 +4", "There is no row 21: the last one is 13."),
        ("1 9-3 12", "Write the smaller number first: 3-9."),
        ("1 three", "“three” is no row’s number."),
    ):
        line.fill(slip)
        line.press("Enter")
        expect(ana.at("#numbers-error")).to_contain_text(answer)
        expect(line).to_have_value(slip)
        assert arrived(guests) == {}
    if has_script:
        ana.page.wait_for_load_state()
        assert find_barriers(ana.page) == []

    line.fill("1 3-9 12 +4")
    line.press("Enter")
    expect(ana.at("#sheet-preview")).to_contain_text("9 rows are ticked below.")
    expect(ana.at("#sheet-preview")).to_contain_text("4 more people came")
    ticked = ana.at(".sheet-rows label").filter(has=ana.page.locator("input:checked"))
    expect(ticked.locator("bdi")).to_have_text([f"Guest {number:02}" for number in sorted(HERE)])
    assert arrived(guests) == {}, "looked at, not saved"
    ana.button("All here").click()
    expect(ana.at("main")).to_contain_text("9 rows are now here. 4 more people are here.")
    came = [party.public_id for number, party in enumerate(parties, 1) if number in HERE]
    assert arrived(guests) == dict.fromkeys(came, 1) | {"": 4}

    line.fill("12")
    ana.button("Show me").click()
    ana.button("Not here").click()
    expect(ana.at("main")).to_contain_text("One row is now not here.")
    ana.opens(f"{marathon.desk}door").sees("#door-count", "12 of 17 here")


def arrived(guests: SignUpList) -> dict[str, int]:
    """Who is here by now, and how many of them; walk-ins under no name."""
    db.session.rollback()
    here = [one for one in guests.sign_ups if one.arrived]
    return {"" if one.is_walk_in else one.public_id: one.arrived for one in here}
