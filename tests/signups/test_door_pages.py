"""The door's page: with and without htmx, what it says no to, and when it is asked too often."""

from __future__ import annotations

import pytest

from app import clock
from app.signups.models import SignUp
from tests import factories, lists
from tests.board import asking


@pytest.fixture
def guests(lisbon):
    """Lisbon's list of guests."""
    return lists.sign_up_list(lisbon)


@pytest.fixture
def noor(guests):
    """Comes with one more."""
    return lists.sign_up(guests, "Noor", party_size=2)


def door_of(person, **query):
    return person.get("signups.door", slug="lisbon", query=query, status=200)


def tap(person, sign_up: SignUp, arrived: int, seen: int, **how):
    said = {"tap": f"{sign_up.public_id}:{arrived}:{seen}"}
    return person.post("signups.tap", said, slug="lisbon", **how)


def test_two_letters_and_a_tap_without_javascript(ana, noor, guests):
    lists.sign_up(guests, "Élise")
    page = door_of(ana, q="el")
    shown = [row for row in page.select("#door-list > li") if row.get("hidden") is None]
    assert [row.get("id") for row in shown] != [f"party-{noor.public_id}"]
    assert len(shown) == 1
    page = door_of(ana, q="no")
    button = page.one(f"#party-{noor.public_id} .door-tap")
    answer = ana.submit(page, "#taps", **{button.get("name"): button.get("value")})
    assert answer.status == 303
    after = ana.get(answer.location)
    assert "2 of 3 here" in after.words("#door-count")
    assert "Noor: here" in after.words("#door-last")
    undo = after.one("#door-last button")
    back = ana.get(ana.submit(after, "#taps", tap=undo.get("value")).location)
    assert "0 of 3 here" in back.words("#door-count")


def test_the_fragment_is_in_the_page_and_silent_while_it_is_current(ana, lisbon, noor):
    page = door_of(ana)
    live = page.one("#door").get("hx-get")
    assert ana.get(live, htmx=True).status == 204
    fragment = tap(ana, noor, 2, 0, htmx=True, status=200)
    assert fragment.one("#door").get("hx-get") != live
    assert ana.get(live, htmx=True, status=200).words("#door-count") == "2 of 2 here"
    assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("htmx", [True, False])
def test_a_stale_tap_is_answered_with_the_row_as_it_is(ana, admin, noor, htmx):
    tap(admin, noor, 1, 0)
    answer = tap(ana, noor, 2, 0, htmx=htmx, status=409)
    assert "Somebody else has just changed this" in answer.words("#door-refusal")
    assert "1 of 2" in answer.words(f"#party-{noor.public_id} .door-state")


@pytest.mark.parametrize("said", ["", "x", "a:1:2", f"{'0' * 16}:1", f"{'0' * 16}:-1:0"])
def test_what_is_no_tap_is_told_so(ana, noor, said):
    ana.post("signups.tap", {"tap": said}, slug="lisbon", htmx=True, status=422)


def test_a_tap_on_somebody_of_another_event_finds_nobody(ana, noor, porto):
    stranger = lists.sign_up(lists.sign_up_list(porto), "Carla")
    tap(ana, stranger, 1, 0, status=404)
    ana.post("signups.tap", {"let_in": stranger.public_id}, slug="lisbon", status=404)
    assert "Carla" not in door_of(ana).text


def test_who_waits_is_let_in_with_one_tap(ana, lisbon):
    small = lists.sign_up_list(lisbon, capacity=1)
    lists.sign_up(small, "Noor")
    waiting = lists.sign_up(small, "Ada")
    button = door_of(ana).one(f"#party-{waiting.public_id} button")
    said = {button.get("name"): button.get("value")}
    answer = ana.post("signups.tap", said, slug="lisbon", htmx=True, status=200)
    assert "1 of 2 here" in answer.words("#door-count")


def test_a_walk_in_without_javascript(ana, guests):
    page = door_of(ana)
    answer = ana.submit(page, "#walk-in", name="Zoë", people="3")
    after = ana.get(answer.location)
    assert "3 more people are here." in after.words("main")
    assert "3 of 3 here" in after.words("#door-count")
    # Pressed once more on a slow connection: the same form is the same party.
    ana.submit(page, "#walk-in", name="Zoë", people="3")
    assert "3 of 3 here" in door_of(ana).words("#door-count")


@pytest.mark.parametrize("people", ["", "0", "201", "many", "٣"])
@pytest.mark.parametrize("htmx", [True, False])
def test_a_crowd_in_no_figures_is_told_where_to_mend(ana, guests, people, htmx):
    said = {"name": "Zoë", "people": people, "onto": guests.id}
    answer = ana.post("signups.add_walk_in", said, slug="lisbon", htmx=htmx, status=422)
    assert answer.words("#people-error")
    assert answer.fields("#walk-in")["name"] == "Zoë"


def test_a_nameless_walk_in_counts_and_the_form_is_ready_for_the_next(ana, guests):
    said = {"people": "2", "onto": guests.id, "op": "1" * 16}
    answer = ana.post("signups.add_walk_in", said, slug="lisbon", htmx=True, status=200)
    assert "2 more people are here." in answer.words("#walk-in-said")
    assert answer.fields("#walk-in")["op"] != said["op"]
    assert "Walk-in" in door_of(ana).words("#door-list")


def test_heads_are_counted_without_a_name_on_the_page(ana, lisbon, noor):
    ana.post("signups.choose_counting", {"heads": "yes"}, slug="lisbon", status=303)
    for more, way in (("1", ""), ("12", "come"), ("2", "go"), ("-1", "")):
        said = {"more": more, "way": way}
        answer = ana.post("signups.count_heads", said, slug="lisbon", htmx=True, status=200)
    assert answer.words("#door-count") == "10 people"
    page = door_of(ana)
    assert "Noor" not in page.text
    ana.post("signups.count_heads", {"more": "a few"}, slug="lisbon", htmx=True, status=422)
    pressed = ana.submit(page, "#door > form.inline-form")
    assert "Saved as the number" in ana.get(pressed.location).words("main")
    assert factories.change(lisbon).people == 10


def test_a_form_of_heads_sent_twice_counts_once_and_the_next_counts_on(ana, lisbon):
    ana.post("signups.choose_counting", {"heads": "yes"}, slug="lisbon", status=303)
    page = door_of(ana)
    for _time in range(2):
        ana.submit(page, "#heads-many", more="12", way="come")
    assert door_of(ana).words("#door-count") == "12 people"
    ana.submit(door_of(ana), "#heads", more="1")
    assert door_of(ana).words("#door-count") == "13 people"


def test_without_a_list_the_page_says_what_to_do(ana, lisbon):
    assert "There is no list yet" in door_of(ana).words("#door")


def test_deleted_names_leave_the_head_count(ana, lisbon, noor):
    factories.change(lisbon, names_deleted_at=clock.now())
    page = door_of(ana)
    assert "The names of this event are deleted" in page.words("main")
    assert page.select("#heads") and not page.select("#taps")


def test_a_helpers_shift_stands_beside_the_name_and_lists_can_be_chosen(ana, lisbon, noor):
    shift = {"starts_at": lisbon.starts_at, "ends_at": lisbon.ends_at}
    counters = lists.sign_up_list(lisbon, purpose="helpers", title="Counter", **shift)
    ada = lists.sign_up(counters, "Ada")
    assert "Counter" in door_of(ana).words(f"#party-{ada.public_id}")
    narrow = door_of(ana, list=counters.id)
    assert not narrow.select(f"#party-{noor.public_id}")
    assert f"list={counters.id}" in narrow.one("#door").get("hx-get")
    for odd in ("x", "9" * 30, "-1"):
        door_of(ana, list=odd, last="rubbish", q="x" * 999)


def test_the_door_asks_no_more_for_more_guests(ana, noor, guests):
    def count() -> int:
        with asking.queries() as asked:
            door_of(ana)
        return len(asked)

    few = count()
    for number in range(8):
        lists.sign_up(guests, f"Guest {number}")
    assert count() == few <= 12
