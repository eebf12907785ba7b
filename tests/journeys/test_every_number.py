"""Whatever people do in whatever order, every screen shows what plain arithmetic says."""

from __future__ import annotations

import os
import re

import pytest
from sqlalchemy import text

from app.database import SECTION, write
from tests.journeys.people import verify
from tests.journeys.reading import (
    Shown,
    figure,
    read_board,
    read_desk,
    read_home,
    read_json,
    read_lines,
    read_phone,
    read_tables,
    words_of,
)
from tests.journeys.walk import Walk
from tests.letters.ledger_model import LETTERS, by_case, by_minute, by_table
from tests.page import PageClient
from tests.selecting import select

STEPS = int(os.environ.get("LETTERTALLY_TEST_STEPS", "240"))
"""The bar is 10,000: LETTERTALLY_TEST_STEPS=10000, some minutes."""
SEED = int(os.environ.get("LETTERTALLY_TEST_SEED", "2026"))
LOOK_EVERY = 40
"""Steps between two looks at all pages; the JSON answers are read after each tenth."""


def shown(walk, piles) -> Shown:
    """What any screen of these piles must show; cases without letters too."""
    sums = by_case(piles)
    cases = {
        name: sum(n for kind, n in sums.get(case_id, {}).items() if kind in LETTERS)
        for case_id, name in walk.names.items()
    }
    letters = sum(cases.values())
    return Shown(letters, sum(pile.counts for pile in piles) - letters, cases)


def letters_of(piles) -> int:
    return sum(pile.counts for pile in piles if pile.kind in LETTERS)


@pytest.fixture
def walk(app, set_clock) -> Walk:
    """Two public events, a private one and a rehearsal, with two phones each."""
    return Walk(app, set_clock, SEED)


@pytest.mark.timeout(STEPS)
def test_every_screen_agrees_with_the_ledger_after_every_turn(app, walk):
    for number in range(1, STEPS + 1):
        walk.step()
        if number % 10 == 0:
            check_json(walk)
        if number % LOOK_EVERY == 0:
            check_pages(walk)
    walked_somewhere(walk)
    counted = verify(app)
    for place in walk.places:
        piles = walk.world.at(place.stage)
        assert counted[place.slug] == sum(pile.counts for pile in piles)


def test_a_number_that_does_not_agree_would_be_found(walk):
    """The control: the sums are made wrong behind the ledger's back."""
    for _step in range(40):
        walk.step()
    check_json(walk)
    check_pages(walk)
    with write(SECTION) as session:
        session.execute(text("UPDATE tally SET counted = counted + 1"))
    for check in (check_json, check_pages):
        with pytest.raises(AssertionError):
            check(walk)


def walked_somewhere(walk):
    """The control: a walk on which little happens proves little."""
    piles = walk.world.piles
    assert len(piles) >= STEPS // 3
    assert any(pile.is_held for pile in piles)
    assert any(pile.is_taken_back for pile in piles)
    assert {pile.kind in LETTERS for pile in piles if pile.counts} == {True, False}
    assert {pile.stage.id for pile in piles if pile.counts} == {p.stage.id for p in walk.places}


def check_json(walk):
    watcher = PageClient(walk.app)
    for place in walk.places:
        numbers = watcher.get("board.tally_json", slug=place.slug, status=200).json
        piles = walk.world.at(place.stage)
        assert read_json(numbers) == shown(walk, piles), place.slug
        sums = dict.fromkeys(numbers["kinds"], 0)
        for kinds in by_case(piles).values():
            for kind, counted in kinds.items():
                sums[kind] += counted
        assert numbers["kinds"] == sums
    totals = watcher.get("board.totals_json", status=200).json
    real = [pile for pile in walk.world.piles if not pile.stage.is_rehearsal]
    assert read_json(totals) == shown(walk, real)
    assert {each["event"]: (each["letters"], each["other"]) for each in totals["events"]} == {
        place.slug: shown(walk, walk.world.at(place.stage))[:2]
        for place in walk.places
        if place.is_listed
    }


def check_pages(walk):
    watcher = PageClient(walk.app)
    for place in walk.places:
        check_event(walk, watcher, place)
        check_phones(walk, place)
    real = [pile for pile in walk.world.piles if not pile.stage.is_rehearsal]
    home = watcher.get("board.home", status=200)
    assert read_home(home) == shown(walk, real)
    fragment = watcher.get("board.campaign_tally", query={"lang": "en"}, status=200)
    assert read_home(fragment)[:2] == shown(walk, real)[:2]
    counted = {line.get("id"): select(line, ".num") for line in home.select("li.event-line")}
    assert {line: figure(words_of(n[0])) for line, n in counted.items() if n} == {
        f"event-{place.slug}": letters_of(walk.world.at(place.stage))
        for place in walk.places
        if place.is_listed and is_running(place)
    }
    desk = walk.admin.get("board.desk", status=200)
    assert read_lines(desk) == {
        place.slug: letters_of(walk.world.at(place.stage)) for place in walk.places
    }


def is_running(place) -> bool:
    return place.stage.opened_at is not None and place.stage.closed_at is None


def check_event(walk, watcher, place):
    piles = walk.world.at(place.stage)
    expected, at = shown(walk, piles), {"slug": place.slug, "status": 200}
    live, hall = watcher.get("board.live", **at), watcher.get("board.hall", **at)
    desk = walk.admin.get("board.desk_event", **at)
    assert read_board(live) == read_board(hall) == read_desk(desk) == expected
    for view in ("board", "hall", "desk"):
        fragment = watcher.get("board.tally", query={"view": view, "lang": "en"}, **at)
        assert (read_desk if view == "desk" else read_board)(fragment) == expected
    fresh = fresh_of(walk, piles)
    for page in (live, hall):
        said = re.search(r"([\d,]+) in the last ten minutes", page.words("main"))
        assert (said and figure(said[1])) == (fresh if is_running(place) else None)
    check_desk(walk, place, desk, piles)


def fresh_of(walk, piles) -> int:
    """What was pressed in this minute and the nine before it."""
    first = int(walk.world.now.timestamp()) // 60 - 9
    return sum(n for minute, n in by_minute(piles).items() if minute >= first)


def check_desk(walk, place, desk, piles):
    tables = by_table(piles)
    ids = {phone.table_id: f"{place.slug} {n}" for n, phone in enumerate(place.phones, start=1)}
    expected = {name: tables.get(table_id, (0, 0))[0] for table_id, name in ids.items()}
    if 0 in tables:
        expected["at no table"] = tables[0][0]
    assert read_tables(desk) == expected
    waiting = [pile for pile in piles if pile.is_held and not pile.is_taken_back]
    said = re.search(r"([\d,]+) entr(?:y is|ies are) waiting for a check", desk.words("main"))
    assert (figure(said[1]) if said else 0) == len(waiting)
    page = walk.admin.get("letters.desk_letters", slug=place.slug, status=200)
    rows = {
        row.get("id", ""): words_of(row) for row in page.select("#entries > table > tbody > tr")
    }
    assert [*rows] == [f"entry-{pile.op}" for pile in piles[::-1]][:50]
    for pile in piles[-50:]:
        words = rows[f"entry-{pile.op}"]
        state = "taken back" if pile.is_taken_back else "waiting" if pile.is_held else "counted"
        assert ("moved" if pile.is_moved else state) in words
        assert f"{pile.quantity:,} " in words


def check_phones(walk, place):
    piles = walk.world.at(place.stage)
    for phone in place.phones:
        page = phone.client.get("letters.table_page", status=200)
        letters, here = read_phone(page)
        assert letters == letters_of(piles)
        at_table = [pile for pile in piles if pile.table_id == phone.table_id]
        for case_id, name in walk.names.items():
            of_case = [pile for pile in at_table if pile.case_id == case_id]
            total = sum(pile.counts for pile in of_case)
            assert here[name] == (letters_of(of_case), total - letters_of(of_case))
