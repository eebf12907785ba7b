"""The printed sheet: in the order of names, and typed back in half a minute."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.database import db
from app.exceptions import RuleBroken
from app.signups import desk_actions, door_actions
from app.signups.actions import cancel_sign_up
from app.signups.erasing import erase_sign_up
from app.signups.models import PrintedSheet
from app.signups.purging import delete_names
from app.signups.sheet_actions import print_sheet
from app.signups.sheet_line import SheetLine, read_line
from app.signups.sheet_queries import find_printed, list_sheet, list_shifts
from tests import factories, lists
from tests.board import asking


@pytest.fixture
def guests(lisbon):
    """Five parties, who signed up in no order of names."""
    guests = lists.sign_up_list(lisbon, capacity=40)
    for name, size in (("Noor", 1), ("Élise", 2), ("Zoë", 1), ("Ada", 3), ("فاطمة", 1)):
        lists.sign_up(guests, name, party_size=size, access_needs="step-free", note="Hello")
    return guests


def sheet_of(event, printed=None):
    return list_sheet(event, printed or print_sheet(event, now=clock.now()))


@pytest.mark.parametrize(
    ("typed", "rows", "walk_ins"),
    [
        ("1 3-5 12 +4", {1, 3, 4, 5, 12}, 4),
        ("1,3 – 5; 12,+ 4", {1, 3, 4, 5, 12}, 4),
        ("١، ٣-٥ ١٢ +٤", {1, 3, 4, 5, 12}, 4),
        ("１ 2-2 2 1+1+2", {1, 2}, 3),
        ("", set(), 0),
    ],
)
def test_a_line_is_read_however_it_is_written(app, typed, rows, walk_ins):
    with app.test_request_context():
        assert read_line(typed, last=12) == SheetLine(frozenset(rows), walk_ins)


@pytest.mark.parametrize(
    ("typed", "mend"),
    [
        ("1 x 3", "“x”"),
        ("1--3", "“1--3”"),
        ("-3", "“-3”"),
        ("<script>", "“<script>”"),
        ("9-3", "3-9"),
        ("13", "no row 13: the last one is 12"),
        ("0", "no row 0"),
        ("1-999999", "no row 999999"),
        ("9" * 400, "is no row’s number"),
        ("+201", "from 1 to 200"),
        ("+", "“+”"),
    ],
)
def test_rubbish_is_answered_with_the_mend(app, typed, mend):
    with app.test_request_context(), pytest.raises(RuleBroken) as refused:
        read_line(typed, last=12)
    assert mend in refused.value.message
    assert refused.value.field == "numbers"


def test_the_sheet_is_in_the_order_of_names_and_keeps_its_numbers(any_app, lisbon, guests):
    names = ["Ada", "Élise", "Noor", "Zoë", "فاطمة"]
    printed = print_sheet(lisbon, now=clock.now())
    assert [row.name for row in sheet_of(lisbon, printed)] == names
    cancel_sign_up(sheet_of(lisbon)[1].sign_up, now=clock.now())
    lists.sign_up(guests, "Bea")
    who = {"name": "Carla", "people": 1, "op": ""}
    door_actions.add_walk_in(guests, **who, actor="a", now=clock.now())
    lists.sign_up(lists.sign_up_list(lisbon, purpose="home"), "At home")
    rows = sheet_of(lisbon, printed)
    assert [row.name for row in rows] == names
    assert [row.number for row in rows if row.has_ended] == [2]
    fresh = sheet_of(lisbon)
    assert [row.name for row in fresh] == ["Ada", "Bea", "Noor", "Zoë", "فاطمة"]


def test_who_is_erased_keeps_their_number_and_everybody_else_theirs(any_app, lisbon, guests):
    printed = print_sheet(lisbon, now=clock.now())
    before = {row.number: row.sign_up.id for row in sheet_of(lisbon, printed)}
    for name in ("Ada", "Noor"):
        erase_sign_up(row_of(lisbon, printed, name).sign_up, by="", now=clock.now())
        lists.sign_up(guests, f"{name} the second")
    rows = sheet_of(lisbon, printed)
    assert {row.number: row.sign_up.id for row in rows} == before
    assert [row.name for row in rows] == ["", "Élise", "", "Zoë", "فاطمة"]
    fresh = [row.name for row in sheet_of(lisbon)]
    assert fresh == ["Ada the second", "Élise", "Noor the second", "Zoë", "فاطمة"]


def test_who_was_off_the_list_at_print_and_is_put_back_moves_nobodys_number(
    any_app, lisbon, guests
):
    gone = row_of(lisbon, None, "Ada").sign_up
    how = {"actor": "0123456789abcdef", "now": clock.now()}
    done = desk_actions.take_off_list(lisbon, [gone.public_id], **how)
    printed = print_sheet(lisbon, now=clock.now())
    desk_actions.put_back(lisbon, done.deed, **how)
    assert [row.name for row in sheet_of(lisbon, printed)] == ["Élise", "Noor", "Zoë", "فاطمة"]


def test_the_same_rows_printed_again_are_the_same_sheet(any_app, lisbon, guests):
    first, again = (print_sheet(lisbon, now=clock.now()) for _time in range(2))
    assert again.id == first.id
    lists.sign_up(guests, "Bea")
    assert print_sheet(lisbon, now=clock.now()).id != first.id


@pytest.mark.parametrize("page", ["sign_in_sheet", "sheet"])
def test_the_first_print_asks_as_little_as_any_page_however_many_come(ana, guests, page):
    def count() -> int:
        with asking.queries() as asked:
            ana.get(f"signups.{page}", slug="lisbon", status=200)
        return len(asked)

    ana.get("signups.door", slug="lisbon")  # the first visit also notes that the session was seen
    few = count()
    for number in range(8):
        lists.sign_up(guests, f"Guest {number}")
    assert count() == few <= 12
    assert count() < few  # printed again, it is the same sheet


def test_the_order_on_paper_goes_with_the_names(any_app, lisbon, guests):
    print_sheet(lisbon, now=clock.now())
    delete_names(lisbon, by="", now=clock.now())
    for _time in range(2):
        assert db.session.execute(select(PrintedSheet)).all() == []
        assert sheet_of(lisbon) == []


def test_a_number_of_who_deleted_their_data_ticks_nobody_and_says_so(ana, lisbon, guests):
    paper = ana.get("signups.sign_in_sheet", slug="lisbon", status=200).one(".qr").get("href")
    printed = find_printed(lisbon, None)
    was_here = row_of(lisbon, printed, "Noor").sign_up
    door_actions.check_in(was_here, arrived=1, seen=0, actor="b", now=clock.now())
    for name in ("Ada", "Noor"):
        erase_sign_up(row_of(lisbon, printed, name).sign_up, by="", now=clock.now())
    lists.sign_up(guests, "Aaron")
    shown = ana.submit(ana.get(paper, status=200), "#sheet", numbers="1-4", way="show")
    assert "Row 1: that person deleted their data." in shown.words("#sheet-gone")
    assert "2 rows are ticked below." in shown.words("#sheet-preview")
    ticks = [box.get("value") for box in shown.select("#sheet [name=row][checked]")]
    assert len(ticks) == 2
    ana.submit(shown, "#sheet", row=ticks, way="here", status=303)
    rows = sheet_of(lisbon, printed)
    assert [(row.name, row.sign_up.arrived) for row in rows[:4]] == [
        ("", 0),
        ("Élise", 2),
        ("", 1),
        ("Zoë", 1),
    ]
    forged = f"{was_here.public_id}:1"
    ana.submit(shown, "#sheet", row=[forged], way="away", status=303)
    db.session.rollback()
    assert was_here.arrived == 1


def row_of(event, printed, name):
    return next(row for row in sheet_of(event, printed) if row.name == name)


@pytest.mark.parametrize("code", ["", "x", "9" * 99, "999999999", "-1", "٣"])
def test_a_nonsensical_code_is_the_sheet_of_now(ana, guests, code):
    page = sheet(ana, printed=code)
    assert "Élise" in page.words("#sheet")
    assert len(page.select("#sheet [name=row]")) == 5


def test_the_code_of_another_events_sheet_opens_none_of_its_rows(carlos, porto, lisbon, guests):
    lists.sign_up(lists.sign_up_list(porto), "Bo")
    other = print_sheet(lisbon, now=clock.now()).id
    page = carlos.get("signups.sheet", slug="porto", query={"printed": str(other)}, status=200)
    assert page.words(".sheet-name") == "Bo"


def test_what_people_need_is_not_on_the_sheet_that_lies_open(ana, lisbon, guests):
    page = ana.get("signups.sign_in_sheet", slug="lisbon", status=200)
    assert "Élise" in page.words(".paper-table")
    assert "step-free" not in page.text and "Hello" not in page.text
    assert len(page.select(".paper-blank")) >= 10


def sheet(person, **query):
    return person.get("signups.sheet", slug="lisbon", query=query, status=200)


def test_a_line_is_shown_first_and_then_saved(ana, lisbon, guests):
    shown = ana.submit(sheet(ana), "#sheet", numbers="1-2 +4", way="show")
    assert shown.status == 200
    assert "2 rows are ticked below. 4 more people came" in shown.words("#sheet-preview")
    names = shown.select("#sheet input[type=checkbox]")
    assert [box.get("checked") is not None for box in names] == [True, True, False, False, False]
    assert sum(row.sign_up.arrived for row in sheet_of(lisbon)) == 0
    ticks = [box.get("value") for box in names[:2]]
    for _time in range(2):
        done = ana.submit(shown, "#sheet", row=ticks, way="here")
        after = ana.get(done.location)
    assert "rows are now here. 4 more people are here." in after.words("main")
    assert [row.sign_up.arrived for row in sheet_of(lisbon)] == [3, 2, 0, 0, 0]
    door = ana.get("signups.door", slug="lisbon")
    assert door.words("#door-count") == "9 of 12 here"


def test_a_line_that_was_mended_ticks_what_it_says_now(ana, guests):
    shown = ana.submit(sheet(ana), "#sheet", numbers="1", way="show")
    first, by_hand, third = [box.get("value") for box in shown.select("#sheet [name=row]")][:3]
    again = ana.submit(shown, "#sheet", numbers="3", row=[first, by_hand], way="here")
    ticked = [box.get("value") for box in again.select("#sheet [name=row][checked]")]
    assert ticked == [by_hand, third]


def test_who_did_not_come_after_all_is_taken_back_but_not_what_another_did(ana, lisbon, guests):
    rows = sheet_of(lisbon)
    old = [f"{row.sign_up.public_id}:{row.sign_up.party_size}" for row in rows[:2]]
    how = {"seen": 0, "actor": "b", "now": clock.now()}
    door_actions.check_in(rows[0].sign_up, arrived=3, **how)
    door_actions.check_in(rows[1].sign_up, arrived=1, **how)
    done = ana.submit(sheet(ana), "#sheet", row=old, way="away")
    said = ana.get(done.location).words("main")
    assert "One row is now not here. One row was changed by somebody else" in said
    assert [row.sign_up.arrived for row in sheet_of(lisbon)][:2] == [0, 1]


@pytest.mark.parametrize("numbers", ["", "x", "99"])
def test_nothing_and_nonsense_are_answered_at_the_field(ana, guests, numbers):
    answer = ana.submit(sheet(ana), "#sheet", numbers=numbers, way="here", status=422)
    assert answer.words("#numbers-error")
    assert answer.fields("#sheet")["numbers"] == numbers


def test_the_rota_has_a_line_for_each_free_place(ana, lisbon, guests):
    hours = [lisbon.starts_at + timedelta(hours=n) for n in range(3)]
    role = {"purpose": "helpers", "capacity": 3}
    late = {"title": "Counter", "starts_at": hours[1], "ends_at": hours[2]} | role
    lists.sign_up(lists.sign_up_list(lisbon, **late), "Kim", party_size=2)
    lists.sign_up_list(lisbon, title="Case leader", starts_at=hours[0], ends_at=hours[1], **role)
    told = [(each.role.title, each.names, each.blanks) for each in list_shifts(lisbon)]
    assert told == [("Case leader", [], 3), ("Counter", ["Kim +1"], 1)]
    page = ana.get("signups.helper_rota", slug="lisbon", status=200)
    assert len(page.select(".paper-blank")) == 4


def test_without_names_there_is_a_way_on(ana, lisbon, guests):
    factories.change(lisbon, names_deleted_at=clock.now())
    for endpoint in ("signups.sheet", "signups.sign_in_sheet", "signups.helper_rota"):
        ana.get(endpoint, slug="lisbon", status=200)
