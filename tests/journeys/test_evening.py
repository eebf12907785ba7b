"""An evening at a table, from an empty server to a number that can be defended."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.journeys.people import (
    become_admin,
    become_organiser,
    close_event,
    done,
    open_event,
    plan_event,
    put_up_table,
    set_up_season,
    sit_down,
    take_last_back,
    tap,
    verify,
)
from tests.journeys.reading import Shown, read_board, read_desk, read_home, read_json, read_phone
from tests.page import PageClient

AMINA, MINERS = "amina-farsi", "the-mirova-miners"


@pytest.fixture
def admin(app):
    """Ines has made the first season, with two cases."""
    person = become_admin(app)
    set_up_season(person, cases=["Amina Farsi", "The Mirova miners"])
    return person


@pytest.fixture
def organiser(app, admin):
    """Ana has planned tonight."""
    return become_organiser(app, "Ana")


def poll(watcher, page):
    """What the page's next poll brings; None when it brings nothing."""
    answer = watcher.get(page.one("#tally").get("hx-get", ""), htmx=True)
    return None if answer.status == 204 else answer


def test_a_letter_pressed_at_a_table_is_on_the_halls_screen(app, organiser):
    slug = plan_event(organiser, "Lindholm writes", goal="300")
    code = put_up_table(organiser, slug, "By the window")
    hall = PageClient(app)
    screen = hall.get("board.hall", slug=slug, status=200)
    assert read_board(screen).letters == 0
    assert poll(hall, screen) is None

    open_event(organiser, slug)
    screen = poll(hall, screen)
    bea = sit_down(app, code)
    for letters in (1, 2, 3):
        page = tap(bea, AMINA)
        assert read_phone(page) == (
            letters,
            {"Amina Farsi": (letters, 0), "The Mirova miners": (0, 0)},
        )
        screen = poll(hall, screen)
        assert read_board(screen).letters == letters
        assert poll(hall, screen) is None

    tap(bea, MINERS, "postcard", 12)
    tap(bea, MINERS, "email", 4)
    screen = poll(hall, screen)
    written = {"The Mirova miners": 12, "Amina Farsi": 3}
    assert read_board(screen) == Shown(15, 4, written)
    assert read_desk(organiser.get("board.desk_event", slug=slug)) == Shown(15, 4, written)


def test_a_wrong_tap_is_gone_from_every_screen(app, organiser):
    slug = plan_event(organiser, "Lindholm writes")
    bea = sit_down(app, put_up_table(organiser, slug, "One"))
    open_event(organiser, slug)
    tap(bea, AMINA, quantity=5)
    hall = PageClient(app)
    screen = hall.get("board.hall", slug=slug)
    tap(bea, MINERS, quantity=50)
    screen = poll(hall, screen)
    assert read_board(screen).letters == 55

    page = take_last_back(bea)

    assert read_phone(page)[0] == 5
    assert read_board(poll(hall, screen)).letters == 5
    assert read_home(hall.get("board.home")).letters == 5
    assert verify(app)[slug] == 5


def test_two_tables_add_up_in_one_hall(app, organiser):
    slug = plan_event(organiser, "Lindholm writes")
    phones = [sit_down(app, put_up_table(organiser, slug, name)) for name in ("One", "Two")]
    open_event(organiser, slug)
    for number, phone in enumerate(phones, start=1):
        tap(phone, AMINA, quantity=number * 10)
    in_the_hall = [read_phone(phone.get("letters.table_page")) for phone in phones]
    assert [letters for letters, _ in in_the_hall] == [30, 30]
    assert [here["Amina Farsi"][0] for _, here in in_the_hall] == [10, 20]


def test_when_somebody_is_freed_every_screen_says_stop_and_a_written_letter_still_counts(
    app, admin, organiser
):
    slug = plan_event(organiser, "Lindholm writes")
    bea = sit_down(app, put_up_table(organiser, slug, "One"))
    open_event(organiser, slug)
    hall = PageClient(app)
    board = hall.get("board.live", slug=slug)
    assert "stop writing" not in board.text

    page = admin.get("campaigns.edit_case", slug=AMINA, status=200)
    done(admin.submit(page, "form[action*=/pause]", reason="She is free."))

    assert "stop writing" in poll(hall, board).text
    page = bea.get("letters.table_page")
    assert "She is free." in page.words(f"#case-{AMINA}")
    asked = bea.submit(page, "#presses", case=AMINA, quantity="2")
    assert (asked.status, "Stop writing for Amina Farsi" in asked.words("#refusal")) == (422, True)
    done(bea.submit(asked, "#refusal form"))
    assert read_home(hall.get("board.home")).letters == 2
    assert read_json(hall.get("board.tally_json", slug=slug).json).letters == 2


def test_a_phone_without_network_at_the_close_loses_nothing(app, organiser):
    slug = plan_event(organiser, "Lindholm writes")
    bea = sit_down(app, put_up_table(organiser, slug, "One"))
    open_event(organiser, slug)
    tap(bea, AMINA, quantity=7)
    close_event(organiser, slug)
    waited = {"case": AMINA, "quantity": "3", "op": str(uuid4())}

    # The answer is lost twice: the press is sent until one arrives.
    for _try in range(3):
        assert bea.press(age_ms="0", **waited, status=200).json["state"] == "held"

    page = organiser.get("board.desk_event", slug=slug)
    assert "1 entry is waiting for a check" in page.words("main")
    assert read_desk(page).letters == 7
    page = organiser.get("letters.desk_letters", slug=slug)
    done(organiser.submit(page, f"#entry-{waited['op']} form[action*=let-in]"))
    assert read_desk(organiser.get("board.desk_event", slug=slug)).letters == 10
    assert verify(app)[slug] == 10


def test_what_was_rehearsed_counts_nowhere_else(app, organiser):
    slug = plan_event(organiser, "Dry run", is_rehearsal="y")
    bea = sit_down(app, put_up_table(organiser, slug, "One"))
    open_event(organiser, slug)
    assert "This is a rehearsal" in tap(bea, AMINA, quantity=9).words("main")
    watcher = PageClient(app)
    assert read_board(watcher.get("board.live", slug=slug)).letters == 9
    home = watcher.get("board.home")
    assert read_home(home).letters == 0
    assert "Dry run" not in home.text
    assert watcher.get("board.totals_json").json["events"] == []
