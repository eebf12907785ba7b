"""The organiser's list of letters: what happened to each, and mending it, with htmx or without."""

from __future__ import annotations

from uuid import uuid4

import pytest

from app import clock
from app.letters.entries import count_held
from app.letters.queries import get_sums
from tests import factories
from tests.conftest import join
from tests.letters.moving import move_entry

FIVE_QUESTIONS = ["Case", "What", "Table", "When", "State"]


def forms_of(page, op):
    """What can be done to an entry: the last word of each form's address."""
    return [f.get("action", "").rpartition("/")[2] for f in page.select(f"#entry-{op} form")]


def answer(person, op, way, *, slug="lisbon", data=None, **how):
    """Press one of the entry's buttons."""
    data = {"op": str(uuid4())} if data is None else data
    return person.post("letters.answer_entry", data, slug=slug, op=op, answer=way, **how)


@pytest.fixture
def waiting(app, porto) -> str:
    """The op of two letters that a table of Porto's logged before the opening."""
    phone = join(app, factories.table(porto, name="By the door"))
    return phone.press(quantity="2", status=200).json["op"]


def test_an_event_without_letters_says_where_they_will_come_from(ana):
    page = ana.get("letters.desk_letters", slug="lisbon", status=200)
    assert "as soon as a table logs the first one" in page.words("#entries")
    assert not page.select("#entries table")


def test_each_entry_answers_five_questions(ana, bea, lisbon, amina):
    tap = bea.press(kind="postcard", quantity="12", status=200).json["op"]
    desk = factories.entry(lisbon, amina, quantity=300).op
    page = ana.get("letters.desk_letters", slug="lisbon", status=200)
    assert page.names("thead th")[1:6] == FIVE_QUESTIONS
    for op, said in (
        (tap, ["Amina Farsi", "12 postcards", "Table 1 device 1", "counted"]),
        (desk, ["Amina Farsi", "300 letters", "at the desk", "counted"]),
    ):
        cells = ["".join(c.itertext()).strip() for c in page.one(f"#entry-{op}")][1:]
        assert [cells[0], cells[1], cells[2], cells[4]] == said
        assert ":" in cells[3]
        assert forms_of(page, op) == ["take-back"]


def test_the_newest_is_on_top(ana, lisbon, amina):
    ops = [factories.entry(lisbon, amina).op for _ in range(3)]
    page = ana.get("letters.desk_letters", slug="lisbon")
    assert [row.get("id") for row in page.select("tbody tr")] == [f"entry-{o}" for o in ops[::-1]]


def test_it_is_taken_back_and_put_back_and_taken_back_without_script(ana, bea, lisbon):
    op = bea.press(quantity="4", status=200).json["op"]
    for way, state, letters in (
        ("take-back", "taken back", 0),
        ("put-back", "counted", 4),
        ("take-back", "taken back", 0),
    ):
        page = ana.get("letters.desk_letters", slug="lisbon")
        assert way in forms_of(page, op)
        sent = ana.submit(page, f"#entry-{op} form[action*={way}]")
        assert (sent.status, sent.location) == (303, "/desk/events/lisbon/letters")
        assert state in ana.get(sent.location).words(f"#entry-{op}")
        assert get_sums(lisbon.id).counted.letters == letters


def test_what_waits_is_let_in(carlos, porto, waiting):
    page = carlos.get("letters.desk_letters", slug="porto")
    assert "waiting for a check" in page.words(f"#entry-{waiting}")
    assert forms_of(page, waiting) == ["let-in", "take-back"]
    carlos.submit(page, f"#entry-{waiting} form[action*=let-in]")
    page = carlos.get("letters.desk_letters", slug="porto")
    assert "counted" in page.words(f"#entry-{waiting}")
    assert forms_of(page, waiting) == ["take-back"]
    assert (get_sums(porto.id).counted.letters, count_held(porto.id)) == (2, 0)


def test_what_waits_and_is_taken_back_waits_again_when_it_is_put_back(carlos, porto, waiting):
    answer(carlos, waiting, "take-back", slug="porto", status=303)
    answer(carlos, waiting, "put-back", slug="porto", status=303)
    page = carlos.get("letters.desk_letters", slug="porto")
    assert forms_of(page, waiting) == ["let-in", "take-back"]
    assert get_sums(porto.id).counted.total == 0


def test_htmx_gets_the_row_as_it_stands_now(ana, bea, lisbon):
    op = bea.press(quantity="4", status=200).json["op"]
    for way, state, next_way in (
        ("take-back", "taken back", "put-back"),
        ("put-back", "counted", "take-back"),
    ):
        row = answer(ana, op, way, htmx=True, status=200)
        assert row.one("tr").get("id") == f"entry-{op}"
        assert state in row.words(f"#entry-{op}")
        assert forms_of(row, op) == [next_way]


def test_htmx_lets_in_too(carlos, porto, waiting):
    row = answer(carlos, waiting, "let-in", slug="porto", htmx=True, status=200)
    assert "counted" in row.words(f"#entry-{waiting}")
    assert "By the door" in row.words(f"#entry-{waiting}")


def test_who_was_slower_sees_what_became_of_it(ana, admin, bea, lisbon):
    op = bea.press(quantity="4", status=200).json["op"]
    answer(admin, op, "take-back", status=303)
    row = answer(ana, op, "take-back", htmx=True, status=409)
    assert "taken back" in row.words(f"#entry-{op}")
    assert forms_of(row, op) == ["put-back"]
    page = answer(ana, op, "take-back", status=409)
    assert "already taken back" in page.words("main")
    assert get_sums(lisbon.id).counted.total == 0


@pytest.mark.parametrize("way", ["put-back", "let-in"])
def test_what_is_already_so_is_a_conflict(ana, bea, way):
    op = bea.press(status=200).json["op"]
    json = {"Accept": "application/json"}
    refusal = answer(ana, op, way, headers=json, status=409).json
    assert refusal["error"] == {"put-back": "already_put_back", "let-in": "already_counted"}[way]


def test_a_button_pressed_twice_is_pressed_once(ana, bea, lisbon):
    op = bea.press(status=200).json["op"]
    data = {"op": str(uuid4())}
    for how in ({"status": 303}, {"htmx": True, "status": 200}):
        answer(ana, op, "take-back", data=data, **how)
    assert lisbon.chain_seq == 2


def test_a_used_op_answers_nothing_else(ana, bea, lisbon):
    first, second = (bea.press(status=200).json["op"] for _ in range(2))
    data = {"op": str(uuid4())}
    answer(ana, first, "take-back", data=data, status=303)
    answer(ana, second, "take-back", data=data, status=409)
    answer(ana, second, "take-back", data=data, htmx=True, status=409)
    assert get_sums(lisbon.id).counted.letters == 1


def test_an_answer_without_an_op_is_told_to_load_again(ana, bea):
    op = bea.press(status=200).json["op"]
    for data in ({}, {"op": ""}, {"op": "x"}):
        for how in ({}, {"htmx": True}):
            refusal = answer(ana, op, "take-back", data=data, status=422, **how)
            assert "Load it again" in refusal.text


def test_what_is_not_on_this_events_list_is_not_found(ana, carlos, bea, waiting):
    for op in (waiting, str(uuid4()), "x", "0" * 300):
        for how in ({}, {"htmx": True}):
            answer(ana, op, "take-back", status=404, **how)
    op = bea.press(status=200).json["op"]
    answer(carlos, op, "take-back", slug="porto", status=404)
    answer(carlos, op, "take-back", status=404)


def test_an_unknown_way_is_no_address(ana, bea):
    op = bea.press(status=200).json["op"]
    ana.post(f"/desk/events/lisbon/letters/{op}/move", status=404)
    assert ana.get(f"/desk/events/lisbon/letters/{op}/take-back").status == 405


def test_what_was_moved_is_listed_twice_and_counts_once(ana, bea, lisbon):
    op = bea.press(quantity="5", status=200).json["op"]
    moved = move_entry(lisbon, op, case="ilyas", kind="email")
    page = ana.get("letters.desk_letters", slug="lisbon")
    assert "moved" in page.words(f"#entry-{op}")
    assert forms_of(page, op) == []
    assert "Ilyas Danko" in page.words(f"#entry-{moved}")
    # Put back as well it would count twice.
    answer(ana, op, "put-back", status=409)
    assert get_sums(lisbon.id).counted == (0, 5)


def test_a_late_letter_says_so(ana, bea, lisbon):
    factories.change(lisbon, state="closed", closed_at=clock.now())
    op = bea.press(age_ms="600000", status=200).json["op"]
    words = ana.get("letters.desk_letters", slug="lisbon").words(f"#entry-{op}")
    assert "counted" in words
    assert "late" in words


def test_a_long_list_is_read_fifty_at_a_time_to_its_end(ana, lisbon, amina):
    ops = [factories.entry(lisbon, amina).op for _ in range(101)][::-1]
    path, seen, pages = "/desk/events/lisbon/letters", [], 0
    while path:
        for how in ({"htmx": True}, {}):
            page = ana.get(path, status=200, **how)
        seen += [row.get("id", "").removeprefix("entry-") for row in page.select("tbody tr")]
        earlier = [a for a in page.select("#entries a") if "before=" in a.get("href", "")]
        path = earlier[0].get("href") if earlier else ""
        pages += 1
    assert (seen, pages) == (ops, 3)
    newest = [a.get("href") for a in page.select("#entries a")]
    assert newest == ["/desk/events/lisbon/letters"]


def test_an_entry_of_an_earlier_page_is_mended_in_place(ana, lisbon, amina):
    first = factories.entry(lisbon, amina).op
    for _ in range(50):
        factories.entry(lisbon, amina)
    row = answer(ana, first, "take-back", htmx=True, status=200)
    assert "taken back" in row.words(f"#entry-{first}")


def test_before_the_first_there_is_nothing(ana, lisbon, amina):
    factories.entry(lisbon, amina)
    for before in ("0", "-5", "1"):
        page = ana.get("letters.desk_letters", slug="lisbon", query={"before": before}, status=200)
        assert "nothing earlier" in page.words("#entries"), before


def test_a_number_beyond_all_numbers_is_answered_plainly(ana, lisbon, amina):
    factories.entry(lisbon, amina)
    for before in ("2147483648", "9223372036854775808", "9" * 30, "-" + "9" * 30, "9" * 5000):
        for how in ({}, {"htmx": True}):
            page = ana.get("letters.desk_letters", slug="lisbon", query={"before": before}, **how)
            assert page.status in (200, 400), before


def test_what_is_no_number_shows_the_newest(ana, lisbon, amina):
    op = factories.entry(lisbon, amina).op
    for before in ("", "x", "1.5", "1;2"):
        query = {"before": before}
        page = ana.get("letters.desk_letters", slug="lisbon", query=query, status=200)
        assert page.select(f"#entry-{op}"), before
