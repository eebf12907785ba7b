"""Marathons whose figures were printed, held again: every screen shows what was printed."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from tests.journeys.people import (
    become_admin,
    become_organiser,
    close_event,
    log_at_desk,
    open_event,
    plan_event,
    put_up_table,
    say_people,
    set_up_season,
    sit_down,
    take_last_back,
    tap,
    verify,
)
from tests.journeys.reading import (
    read_board,
    read_desk,
    read_home,
    read_json,
    read_lines,
    read_phone,
    read_tables,
)
from tests.page import PageClient

REPLAYS = {
    each["slug"]: each
    for each in json.loads((Path(__file__).parents[1] / "data" / "replays.json").read_text())
}
PRINTED = {
    "heerde-2022": (1_871, 376, None),
    "minehead-2014": (47, 0, 16),
    "paris13-stand": (0, 2_500, None),
}
"""Letters, other actions, people: as the places themselves published them."""
CASES = ["Amina Farsi", "The Mirova miners", "Ilyas Danko"]
SLUGS = ["amina-farsi", "the-mirova-miners", "ilyas-danko"]
MOST_AT_A_TABLE = 200
PILES = (1, 1, 1, 2, 3, 5, 8, 12, 25, 60, MOST_AT_A_TABLE)
TAPS = 24
"""Few enough that no phone presses faster than it may."""


def test_the_printed_figures_are_those_of_the_data():
    heerde, minehead = REPLAYS["heerde-2022"], REPLAYS["minehead-2014"]
    assert heerde["printed_letters_total"] == PRINTED["heerde-2022"][0]
    assert minehead["people"] == PRINTED["minehead-2014"][2]
    for slug, (letters, other, _people) in PRINTED.items():
        assert sum(REPLAYS[slug]["by_kind"].values()) == letters + other


def piles_of(total, taps, chance):
    """Stacks that a table logs in so many taps, and what is left for the organiser's parcel."""
    piles = []
    while total and len(piles) < taps:
        piles.append(min(total, chance.choice(PILES)))
        total -= piles[-1]
    return piles, total


@pytest.mark.parametrize("place", PRINTED)
def test_a_printed_marathon_comes_out_of_every_screen(app, place):
    letters, other, people = PRINTED[place]
    chance = random.Random(place)
    admin = become_admin(app)
    set_up_season(admin, cases=CASES)
    organiser = become_organiser(app, "Ana")
    slug = plan_event(organiser, place)
    codes = [put_up_table(organiser, slug, name) for name in ("One", "Two")]
    phones = [sit_down(app, code) for code in codes for _phone in range(2)]
    open_event(organiser, slug)

    by_kind = REPLAYS[place]["by_kind"]
    pages = {phone: phone.get("letters.table_page", status=200) for phone in phones}
    for kind, total in by_kind.items():
        piles, parcel = piles_of(total, TAPS // len(by_kind), chance)
        for number, pile in enumerate(piles):
            phone = phones[number % len(phones)]
            pages[phone] = tap(phone, chance.choice(SLUGS), kind, pile, on=pages[phone])
            if number % 5 == 4:
                pages[phone] = tap(phone, chance.choice(SLUGS), kind, pile, on=pages[phone])
                pages[phone] = take_last_back(phone, on=pages[phone])
        while parcel:
            in_one_go = min(parcel, 10_000)
            log_at_desk(organiser, slug, chance.choice(SLUGS), kind, in_one_go)
            parcel -= in_one_go
    if people:
        say_people(organiser, slug, people)
    for state in ("running", "closed"):
        check_every_screen(app, admin, organiser, phones, slug, by_kind, letters, other, people)
        if state == "running":
            close_event(organiser, slug)


def check_every_screen(app, admin, organiser, phones, slug, by_kind, letters, other, people):
    watcher = PageClient(app)
    at = {"slug": slug, "status": 200}
    live, hall = watcher.get("board.live", **at), watcher.get("board.hall", **at)
    desk = organiser.get("board.desk_event", **at)
    for page in (live, hall, desk):
        poll = page.one("#tally").get("hx-get", "").replace("v=", "v=0.")
        fragment = watcher.get(poll, htmx=True, status=200)
        read = read_desk if page is desk else read_board
        assert read(page) == read(fragment)
        assert read(page)[:2] == (letters, other)
        assert sum(read(page).cases.values()) == letters
    said_people = f"{people} people"
    assert [said_people in page.text for page in (live, hall)] == [people is not None] * 2

    numbers = watcher.get("board.tally_json", **at).json
    assert read_json(numbers)[:2] == (letters, other)
    assert {kind: n for kind, n in numbers["kinds"].items() if n} == by_kind
    assert (numbers["people"], numbers["state"]) == (people, "provisional")
    totals = watcher.get("board.totals_json", status=200).json
    assert read_json(totals)[:2] == (letters, other)
    assert totals["people"] == people
    assert [(each["event"], each["letters"], each["other"]) for each in totals["events"]] == [
        (slug, letters, other)
    ]

    assert read_home(watcher.get("board.home", status=200))[:2] == (letters, other)
    assert sum(read_tables(desk).values()) == letters
    for person in (organiser, admin):
        assert read_lines(person.get("board.desk", status=200)) == {slug: letters}
    for phone in phones:
        assert read_phone(phone.get("letters.table_page", status=200))[0] == letters
    assert verify(app)[slug] == letters + other
