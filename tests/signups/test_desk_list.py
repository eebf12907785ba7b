"""The organisers' list: who is on it, found, narrowed, in the order of the line."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app import clock
from app.database import event_scope, write
from app.keyring import destroy_key, event_keys
from app.signups.actions import cancel_sign_up
from app.signups.erasing import erase_sign_up
from tests import factories, lists

HOUR = timedelta(hours=1)


@pytest.fixture
def guests(porto):
    """Porto's list of guests, with three seats."""
    return lists.sign_up_list(porto, capacity=3)


@pytest.fixture
def page(porto):
    """The page of Porto's lists."""
    return f"/desk/events/{porto.slug}/sign-ups"


def test_everybody_is_there_with_what_they_said(carlos, guests, page):
    lists.sign_up(guests, "نور", party_size=2, note="with my aunt", access_needs="step-free")
    text = carlos.get(page).text
    for words in ("نور", "with my aunt", "step-free", "2 of 3", "Sign-ups (2 of 3)", "has a seat"):
        assert words in text


def test_those_who_wait_stand_in_line_with_their_place(carlos, guests, page):
    for name, size in (("Ada", 3), ("Bo", 1), ("Cy", 1)):
        lists.sign_up(guests, name, party_size=size)
    text = carlos.get(page).text
    assert text.index("1 in line") < text.index("2 in line")
    assert text.index("Bo</bdi>") < text.index("Cy</bdi>") < text.index("Ada</bdi>")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=JOSE", {"José"}),
        ("q=aunt", {"Noor"}),
        ("state=waiting", {"Noor"}),
        ("state=in", {"José"}),
        ("state=twice", set()),
        ("state=ended", {"Bo"}),
        ("state=zebra&list=x", {"José", "Noor"}),
        ("q=%00%FF", set()),
    ],
)
def test_the_list_is_narrowed_in_every_spelling(carlos, guests, page, asked, found):
    lists.sign_up(guests, "José", party_size=3)
    lists.sign_up(guests, "Noor", note="with my aunt")
    cancel_sign_up(lists.sign_up(guests, "Bo"), now=clock.now())
    answer = carlos.get(f"{page}?{asked}")
    if answer.status == 200:
        shown = {name for name in ("José", "Noor", "Bo") if f">{name}</bdi>" in answer.text}
        assert shown == found


def test_a_list_of_the_event_is_looked_at_alone(carlos, porto, guests, page):
    other = lists.sign_up_list(porto, purpose="helpers", title="Counter")
    lists.sign_up(guests, "Ada")
    lists.sign_up(other, "Bo")
    text = carlos.get(f"{page}?list={other.id}").text
    assert "Bo</bdi>" in text and "Ada</bdi>" not in text


def test_asked_with_its_version_it_answers_only_what_is_new(carlos, porto, guests, page):
    lists.sign_up(guests, "Ada")
    porto = factories.change(porto)
    version = porto.lists_version
    assert carlos.get(f"{page}?v={version}", htmx=True).status == 204
    lists.sign_up(guests, "Bo")
    answer = carlos.get(f"{page}?v={version}", htmx=True)
    assert answer.status == 200
    assert f"v={version + 1}" in answer.text and "Bo</bdi>" in answer.text
    assert carlos.get(f"{page}?v={version + 1}").status == 200


def test_shifts_of_one_person_at_the_same_time_are_marked(carlos, porto, page):
    at = porto.starts_at
    shifts = {"Counter": (0, 2), "Greeter": (1, 3), "Cleaner": (3, 4)}
    for role, (begins, ends) in shifts.items():
        hours = {"starts_at": at + begins * HOUR, "ends_at": at + ends * HOUR}
        lists.sign_up(lists.sign_up_list(porto, purpose="helpers", title=role, **hours), "Ada")
    text = carlos.get(page).text
    assert text.count("at the same time") == 2
    assert "at the same time: Cleaner" not in text


def test_a_second_one_of_the_same_name_is_marked(carlos, guests, page):
    for name in ("Ada", "ADA "):
        lists.sign_up(guests, name)
    assert carlos.get(f"{page}?state=twice").text.count("maybe twice</span>") == 1


def test_a_name_whose_key_is_missing_is_not_called_deleted_and_one_that_was_erased_is(
    app, carlos, porto, guests, page
):
    lists.sign_up(guests, "Ada", party_size=2)
    zoe = lists.sign_up(guests, "Zoe")
    factories.change(zoe, arrived=1)
    erase_sign_up(zoe, by="", now=clock.now())
    was_read = carlos.get(page).text
    assert "Ada" in was_read and "name deleted" in was_read
    for key in (app.config["LETTERTALLY"].instance / "keys").glob("*.key"):
        key.unlink()
    unread = carlos.get(page).text
    assert "cannot be read: its key is missing" in unread and "name deleted" in unread
    door = carlos.get(f"/desk/events/{porto.slug}/door").text
    assert "Some names cannot be read" in door and "as was promised" not in door


def test_when_the_names_are_gone_it_says_so_kindly_and_counts_on(carlos, porto, guests, page):
    lists.sign_up(guests, "Ada")
    with write(event_scope(porto.id)) as session:
        destroy_key(session, event_keys(porto.id), now=clock.now())
    text = carlos.get(page).text
    assert "Some names cannot be read" in text and "1 of 3" in text and "Ada" not in text
    factories.change(porto, names_deleted_at=clock.now())
    assert "The names were deleted on" in carlos.get(page).text


def test_nobody_else_reads_a_name(ana, nobody, bea, guests, page):
    lists.sign_up(guests, "Ada")
    for other in (ana, nobody, bea):
        assert "Ada" not in other.get(page).text
