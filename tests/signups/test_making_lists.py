"""Organisers make lists: three starts, one press for the usual one, several roles at once."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest

from app import clock
from app.database import db
from app.events.life_actions import copy_event
from app.events.local_times import local_of
from app.exceptions import Conflict
from app.signups import list_actions
from app.signups.queries import list_lists
from tests import factories, lists
from tests.signups import event_form

HOUR = timedelta(hours=1)


@pytest.fixture
def page(porto):
    """The page of Porto's lists."""
    return f"/desk/events/{porto.slug}/sign-ups"


def read_lists(event):
    db.session.rollback()
    return list_lists(event.id)


def local(event, moment) -> str:
    return f"{local_of(moment, event.zone):%Y-%m-%dT%H:%M}"


def test_one_press_puts_up_a_guest_list_that_is_ready(carlos, porto, page):
    answer = carlos.get(page)
    assert "Nobody can sign up yet" in answer.text
    carlos.post(f"{page}/lists/usual")
    (guests,) = read_lists(porto)
    assert (guests.purpose, guests.capacity, guests.party_limit) == ("guests", 40, 6)
    assert guests.asks == ["email", "language", "access_needs", "note"]
    assert "0 of 40" in carlos.get(page).text


def test_of_young_people_no_list_asks_more_than_a_nickname(carlos, porto, page):
    factories.change(porto, has_young_people=True, preset="class")
    carlos.post(f"{page}/lists/usual")
    new = carlos.get(f"{page}/lists/new?purpose=guests")
    assert "nickname and nothing else" in new.text
    carlos.post(f"{page}/lists/new?purpose=guests", {"party_limit": "1", "asks": "email"})
    assert [one.asks for one in read_lists(porto)] == [[], []]
    assert read_lists(porto)[0].capacity == 30


def test_each_start_asks_only_what_its_purpose_needs(carlos, page):
    asked = {
        purpose: carlos.get(f"{page}/lists/new?purpose={purpose}").text
        for purpose in ("guests", "helpers", "home")
    }
    assert 'name="capacity"' in asked["guests"] and 'name="starts"' not in asked["guests"]
    assert 'name="shift-0-starts"' in asked["helpers"]
    assert 'name="starts"' not in asked["home"] and 'name="party_limit"' not in asked["home"]
    assert carlos.get(f"{page}/lists/new?purpose=zebra").status == 404


def test_several_roles_are_made_in_one_go_each_with_its_shift(carlos, porto, page):
    begins, ends = local(porto, porto.starts_at), local(porto, porto.starts_at + HOUR)
    said = {"rows": "3"}
    for number, (role, wanted) in enumerate([("Counter", "2"), ("Case leader", ""), ("", "")]):
        said |= {
            f"shift-{number}-role": role,
            f"shift-{number}-starts": begins,
            f"shift-{number}-ends": ends,
            f"shift-{number}-capacity": wanted,
        }
    carlos.post(f"{page}/lists/new?purpose=helpers", said)
    made = read_lists(porto)
    assert [(one.title, one.capacity) for one in made] == [("Counter", 2), ("Case leader", None)]
    assert made[0].ends_at - made[0].starts_at == HOUR
    assert made[0].starts_at == porto.starts_at.replace(second=0)


def test_more_lines_keep_what_was_typed(carlos, porto, page):
    said = {"rows": "3", "shift-0-role": "Counter", "more": "1"}
    answer = carlos.post(f"{page}/lists/new?purpose=helpers", said)
    assert answer.status == 200
    assert 'value="Counter"' in answer.text and 'name="shift-5-role"' in answer.text
    assert read_lists(porto) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"shift-0-role": "", "shift-0-capacity": "3"},
        {"shift-0-role": "Counter", "shift-0-capacity": "many"},
        {
            "shift-0-role": "Counter",
            "shift-0-starts": "2026-12-10T20:00",
            "shift-0-ends": "2026-12-10T19:00",
        },
        {},
    ],
)
def test_a_line_to_mend_saves_none_of_them(carlos, porto, page, wrong):
    good = {"rows": "2", "shift-1-role": "Greeter"} if wrong else {"rows": "2"}
    answer = carlos.post(f"{page}/lists/new?purpose=helpers", good | wrong)
    assert answer.status == 422
    assert read_lists(porto) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("capacity", "0"),
        ("capacity", "<script>"),
        ("party_limit", ""),
        ("party_limit", "201"),
        ("opens", "yesterday"),
        ("asks", "passport"),
        ("offer_hours", "9999"),
    ],
)
def test_nonsense_names_the_field_to_mend(carlos, porto, page, field, value):
    said = {"capacity": "10", "party_limit": "6"} | {field: value}
    answer = carlos.post(f"{page}/lists/new?purpose=guests", said)
    assert answer.status == 422
    assert f'href="#{field}"' in answer.text
    assert read_lists(porto) == []


def test_a_list_that_closes_before_it_opens_is_refused(carlos, porto, page):
    begins = porto.starts_at
    said = {
        "party_limit": "6",
        "opens": local(porto, begins),
        "closes": local(porto, begins - HOUR),
    }
    answer = carlos.post(f"{page}/lists/new?purpose=guests", said)
    assert answer.status == 422
    assert "after the start" in answer.text


def test_raised_capacity_makes_as_many_offers(any_app, porto):
    guests = lists.sign_up_list(porto, capacity=1)
    parties = [lists.sign_up(guests, name) for name in ("Ada", "Bo", "Cy", "Di")]
    fields = list_actions.ListFields("guests", capacity=3)
    how = {"edit_version": 1, "actor": "x", "now": clock.now()}
    assert list_actions.edit_list(guests, fields, **how) == 0
    assert [one.state for one in parties] == ["in", "offered", "offered", "waiting"]


def test_lowered_capacity_takes_nobodys_seat_and_says_how_many_too_many(carlos, porto, page):
    guests = lists.sign_up_list(porto, capacity=4)
    for name in ("Ada", "Bo", "Cy", "Di"):
        lists.sign_up(guests, name)
    said = {"capacity": "1", "party_limit": "6", "edit_version": "1"}
    carlos.post(f"{page}/lists/{guests.id}", said, status=303)
    assert carlos.get(page).text.count("3 more than seats") == 2
    assert [one.state for one in guests.sign_ups] == ["in"] * 4


def test_the_second_of_two_editors_sees_both_and_loses_nothing(carlos, porto, page):
    guests = lists.sign_up_list(porto)
    said = {"capacity": "20", "party_limit": "6", "edit_version": "1"}
    carlos.post(f"{page}/lists/{guests.id}", said)
    answer = carlos.post(f"{page}/lists/{guests.id}", said | {"capacity": "30"})
    assert answer.status == 409
    assert "Typed by you" in answer.text
    assert read_lists(porto)[0].capacity == 20


def test_lists_are_moved_copied_closed_and_opened_again(carlos, porto, page):
    first, second = (lists.sign_up_list(porto, title=title) for title in ("One", "Two"))
    carlos.post(f"{page}/lists/{second.id}/up")
    assert [one.title for one in read_lists(porto)] == ["Two", "One"]
    carlos.post(f"{page}/lists/{first.id}/copy")
    assert [one.title for one in read_lists(porto)] == ["Two", "One", "One"]
    carlos.post(f"{page}/lists/{first.id}/close")
    assert first.closes_at <= clock.now()
    carlos.post(f"{page}/lists/{first.id}/open")
    assert first.closes_at is None


def test_an_empty_list_can_go_and_one_with_somebody_can_only_be_closed(carlos, porto, page):
    empty, peopled = lists.sign_up_list(porto), lists.sign_up_list(porto)
    lists.sign_up(peopled)
    carlos.post(f"{page}/lists/{empty.id}/remove")
    assert carlos.post(f"{page}/lists/{peopled.id}/remove").status == 409
    assert read_lists(porto) == [peopled]
    with pytest.raises(Conflict):
        list_actions.remove_list(peopled, actor="x", now=clock.now())


def test_a_list_of_another_event_is_not_there(ana, porto, lisbon):
    guests = lists.sign_up_list(porto)
    assert ana.get(f"/desk/events/{lisbon.slug}/sign-ups/lists/{guests.id}").status == 404


def test_a_copied_event_has_the_same_lists_at_its_own_hours_and_nobody_on_them(any_app, porto):
    starts = porto.starts_at.astimezone(porto.zone)
    shift = {"starts_at": porto.starts_at + HOUR, "ends_at": porto.starts_at + 2 * HOUR}
    counter = lists.sign_up_list(porto, purpose="helpers", title="Counter", capacity=2, **shift)
    lists.sign_up(counter, "Ada")
    how = {"title": "Again", "organiser": porto.organisers[0], "now": clock.now()}
    # A fortnight later by the clock on the wall, whatever the clocks do in between.
    later = (starts.replace(tzinfo=None) + timedelta(days=14)).replace(tzinfo=porto.zone)
    copy = copy_event(porto, porto.campaign, starts_at=later.astimezone(UTC), **how)
    (made,) = list_lists(copy.id)
    assert (made.title, made.capacity, made.starts_at) == ("Counter", 2, copy.starts_at + HOUR)
    assert made.sign_ups == [] and len(counter.sign_ups) == 1


def test_of_young_people_each_is_confirmed_unless_the_organiser_says_otherwise(carlos, porto, page):
    factories.change(porto, has_young_people=True)
    carlos.post(f"{page}/lists/usual")
    for purpose in ("guests", "home"):
        form = carlos.get(f"{page}/lists/new?purpose={purpose}")
        assert form.one("#is_checked").get("checked") is not None
        carlos.submit(form, "#list-form")
    carlos.submit(
        carlos.get(f"{page}/lists/new?purpose=helpers"), "#rota", **{"shift-0-role": "Counter"}
    )
    made = read_lists(porto)
    assert [(one.purpose, one.is_checked) for one in made] == [
        ("guests", True),
        ("guests", True),
        ("home", True),
        ("helpers", True),
    ]
    carlos.submit(carlos.get(f"{page}/lists/{made[0].id}"), "#list-form", is_checked=None)
    assert [one.is_checked for one in read_lists(porto)] == [False, True, True, True]


def test_of_others_nobody_is_confirmed_unless_the_organiser_says_so(carlos, porto, page):
    carlos.post(f"{page}/lists/usual")
    carlos.submit(carlos.get(f"{page}/lists/new?purpose=guests"), "#list-form")
    assert [one.is_checked for one in read_lists(porto)] == [False, False]


def test_a_list_to_write_at_home_may_have_an_end_of_its_seats(carlos, porto, page):
    form = carlos.get(f"{page}/lists/new?purpose=home")
    carlos.submit(form, "#list-form", capacity="1", is_checked=None)
    (home,) = read_lists(porto)
    assert (home.capacity, home.party_limit) == (1, 1)
    assert [lists.sign_up(home, name).state for name in ("Ada", "Bo")] == ["in", "waiting"]


def test_a_list_that_opens_later_says_when_and_can_be_opened_now(carlos, porto, page):
    opens = clock.now() + HOUR / 2
    later = lists.sign_up_list(porto, opens_at=opens, closes_at=opens + HOUR / 4)
    shown = carlos.get(page)
    assert "opens on" in shown.words(f"#list-title-{later.id}")
    assert "closed" not in shown.words(f"#list-title-{later.id}")
    assert "Open it now" in shown.words(f"#menu-{later.id}")
    carlos.post(f"{page}/lists/{later.id}/open")
    db.session.rollback()
    assert (later.opens_at, later.closes_at) == (None, opens + HOUR / 4)
    assert later.opening(clock.now()) == "open"


def test_a_list_that_was_closed_before_it_opened_is_closed(carlos, porto, page):
    later = lists.sign_up_list(porto, opens_at=clock.now() + HOUR / 2)
    carlos.post(f"{page}/lists/{later.id}/close")
    db.session.rollback()
    assert later.opening(clock.now()) == "closed"
    assert "Open it again" in carlos.get(page).words(f"#menu-{later.id}")


def test_once_young_people_take_part_each_is_confirmed_on_lists_that_are_there(carlos, porto):
    guests, helpers = lists.sign_up_list(porto), lists.sign_up_list(porto, purpose="helpers")
    checked = lists.sign_up_list(porto, is_checked=True)
    seated = lists.sign_up(guests, "Noor")
    told = event_form.save(carlos, porto, has_young_people="y")
    assert "you confirm each who signs up on 2 lists" in told.text
    read = read_lists(porto)
    assert [one.is_checked for one in read] == [True] * 3
    assert [one.edit_version for one in (guests, helpers, checked)] == [2, 2, 1]
    assert seated.state == "in"
    assert lists.sign_up(guests, "Ada").state == "asked"


def test_who_is_to_be_confirmed_stays_so_whatever_becomes_of_young_people(carlos, porto):
    factories.change(porto, has_young_people=True)
    one, other = lists.sign_up_list(porto, is_checked=True), lists.sign_up_list(porto)
    event_form.save(carlos, porto, title="Still young")  # said no to it once: it stays said
    assert [each.is_checked for each in read_lists(porto)] == [True, False]
    told = event_form.save(carlos, porto, has_young_people=None)
    assert "confirm each" not in told.text
    assert [each.is_checked for each in read_lists(porto)] == [True, False]
    assert (one.edit_version, other.edit_version) == (1, 1)
