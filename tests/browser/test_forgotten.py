"""Names that are deleted are nowhere to be read any more; how many came stays."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import expect

from app import clock
from app.signups.door_actions import check_in
from app.signups.visits import link_token
from tests import lists
from tests.browser.people import Doorkeeper, Person

NOTE = "We bring the small one."


def test_an_organiser_deletes_the_names_and_they_are_on_no_page_and_in_no_file(
    marathon, sign_in, visit
):
    guests = lists.sign_up_list(marathon.event)
    noor = lists.sign_up(guests, "Noor Haddad", party_size=3, note=NOTE)
    lists.sign_up(guests, "Ada Lovelace")
    check_in(noor, arrived=2, seen=0, actor="", now=clock.now())
    link = f"/sign-ups/{link_token(noor)}/"
    ana = sign_in(marathon.organiser).opens(f"{marathon.desk}names")
    assert knows(takes_along(ana)) == {"Noor", "Ada", NOTE}, "the control: they are there before"

    ana.page.get_by_role("link", name="Delete the names").click()
    ana.page.get_by_role("checkbox").check()
    ana.button("Delete the names").click()
    expect(ana.at("main")).to_contain_text("The names are deleted. How many came stays.")

    file = takes_along(ana)
    assert (knows(file), file.count("name deleted")) == (set(), 2)
    for page in ("sign-ups", "sign-ups?q=noor", "door", "door/sheet", "print/sign-in", "names"):
        ana.opens(f"{marathon.desk}{page}")
        assert knows(ana.page.content()) == set(), page
    guest = Person(visit()).opens(link)
    expect(guest.at(".overline")).to_have_text("Your name was deleted, as we promised.")
    assert knows(guest.page.content()) == set()
    keeper = Doorkeeper(ana.page).opens(f"{marathon.desk}door").counts("0 people")
    keeper.button("One more person").click()
    keeper.counts("1 person")


def takes_along(ana: Person) -> str:
    """What is in the plain table of the lists."""
    with ana.page.expect_download() as taken:
        ana.page.get_by_role("link", name="Plain table (CSV)").click()
    return Path(taken.value.path()).read_text("utf-8-sig")


def knows(text: str) -> set[str]:
    """Which of what guests said is in a text."""
    return set(re.findall(f"Noor|Ada|{re.escape(NOTE)}", text))
