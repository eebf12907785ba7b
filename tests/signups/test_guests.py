"""A guest signs up: what the form asks, what it takes, and what nobody learns from it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app import clock
from app.database import db
from app.signups import guest_routes
from app.signups.actions import link_token
from app.signups.guest_queries import read_own
from tests import factories, lists
from tests.board import asking

NAMES = (
    "نور الهدى",
    "အောင်ဆန်း",
    "👩‍👩‍👧 Ada",
    "‮evil‬",
    "Zoë",
    "Zoe\u0308",
    "<script>alert(1)</script>",
    "'; DROP TABLE sign_up; --",
)


@pytest.fixture
def guests(porto):
    """Porto's list of guests, with ten seats."""
    return lists.sign_up_list(porto)


@pytest.fixture(autouse=True)
def without_waiting(at_once):
    """Forms are sent as soon as they are seen."""


def send(nobody, slug="porto", status=None, **fields):
    page = nobody.get("signups.choose_list", slug=slug, status=200)
    answer = nobody.submit(page, "#sign-up-form", **fields)
    assert status in (None, answer.status), answer.text
    return answer


def test_a_guest_signs_up_and_gets_a_page_of_their_own(nobody, guests):
    shown = nobody.get("board.show_event", slug="porto", status=200)
    assert "10 seats left" in shown.words("#sign-up")
    answer = nobody.submit(shown, "#sign-up-form", name="Noor", party_size="2")
    assert answer.status == 303
    page = nobody.get(answer.location, status=200)
    assert "You have 2 seats" in page.words("#sign-up")
    assert "Noor" in page.words("#sign-up")
    # The link is shown where no mail was written.
    assert page.one("#own-link-field").get("value") == f"http://localhost{answer.location}"
    (row,) = lists.all_sign_ups()
    assert (row.state, row.party_size, row.wants_news, row.may_show_name) == ("in", 2, False, False)


def test_nothing_is_ticked_before_a_guest_ticks_it(nobody, guests):
    page = nobody.get("signups.choose_list", slug="porto")
    assert [box.get("checked") for box in page.select("input[type=checkbox]")] == [None, None]
    send(nobody, name="Noor", email="noor@example.org", wants_news="y", may_show_name="y")
    assert (lists.all_sign_ups()[0].wants_news, lists.all_sign_ups()[0].may_show_name) == (
        True,
        True,
    )


def test_the_rule_of_the_line_is_printed(nobody, porto):
    lists.sign_up_list(porto, offer_hours=5)
    words = nobody.get("board.show_event", slug="porto").words("#sign-up")
    assert "Who comes first is served first" in words
    assert "An offer stands for 5 hours." in words


def test_a_list_asks_what_its_organiser_ticked_and_takes_no_more(nobody, porto):
    lists.sign_up_list(porto, asks=["note"])
    page = nobody.get("signups.choose_list", slug="porto")
    assert {"name", "note"} <= page.fields("#sign-up-form").keys()
    assert not {"email", "access_needs", "wants_news"} & page.fields("#sign-up-form").keys()
    send(nobody, name="Noor", email="noor@example.org", access_needs="ramp", status=303)
    assert (lists.all_sign_ups()[0].email, lists.all_sign_ups()[0].access_needs) == (None, None)


def test_young_people_give_a_nickname_and_nothing_else(nobody, porto, guests):
    factories.change(porto, has_young_people=True)
    page = nobody.get("signups.choose_list", slug="porto")
    assert "Nickname" in page.words("#sign-up-form")
    sent = {"email": "kid@example.org", "may_show_name": "y", "wants_news": "y", "note": "hi"}
    send(nobody, name="Fox", status=303, **sent)
    (row,) = lists.all_sign_ups()
    assert [row.email, row.note, row.may_show_name, row.wants_news] == [None, None, False, False]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_comes_back_byte_for_byte(nobody, guests, name):
    answer = send(nobody, name=name, status=303)
    assert read_own(lists.all_sign_ups()[0]).name == name
    page = nobody.get(answer.location, status=200)
    assert [b.text for b in page.select(".overline bdi")] == [name]
    assert nobody.get(f"{answer.location}data.json").json["name"] == name


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 81),
        ("name", "Noor\x07"),
        ("email", "noor"),
        ("email", "noor@example.org, other@example.org"),
        ("email", "noor@example.org\r\nBcc: all@example.org"),
        ("party_size", "0"),
        ("party_size", "7"),
        ("party_size", "1_0"),
        ("language", "tlh"),
        ("access_needs", "x" * 301),
        ("note", "x" * 501),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field_and_kept(nobody, guests, field, value):
    said = {"name": "Noor", "note": "with my aunt"} | {field: value}
    answer = send(nobody, status=422, **said)
    assert [e for e in answer.select("#sign-up-form [aria-invalid]") if e.get("name") == field]
    if field != "note":
        assert "with my aunt" in answer.text
    assert lists.all_sign_ups() == []


def test_a_machine_is_asked_to_look_again_and_loses_nothing(nobody, porto, guests, monkeypatch):
    in_a_month = clock.now() + timedelta(days=30)
    factories.change(porto, starts_at=in_a_month, ends_at=in_a_month + timedelta(hours=3))
    filled = send(nobody, name="Noor", website="https://spam.example", status=422)
    assert "Look at it once more" in filled.words("#sign-up")
    monkeypatch.setattr("app.machines.LEAST", timedelta(seconds=3))
    hurried = nobody.submit(filled, "#sign-up-form")
    assert hurried.status == 422
    assert hurried.fields("#sign-up-form")["name"] == "Noor"
    forged = send(nobody, name="Noor", begun="1", status=422)
    days_later = clock.now() + timedelta(days=9)
    monkeypatch.setattr(guest_routes, "now", lambda: days_later)
    assert lists.all_sign_ups() == []
    assert nobody.submit(forged, "#sign-up-form").status == 303


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"closes_at": timedelta(hours=-1)}, "This list is closed."),
        ({"opens_at": timedelta(hours=1)}, "This list is not open yet."),
    ],
)
def test_a_list_that_is_not_open_says_so_and_takes_nobody(nobody, guests, changes, words):
    page = nobody.get("signups.choose_list", slug="porto")
    factories.change(guests, **{name: clock.now() + by for name, by in changes.items()})
    assert words in nobody.get("board.show_event", slug="porto").words("#sign-up")
    answer = nobody.submit(page, "#sign-up-form", name="Noor")
    assert answer.status == 422
    assert words in answer.words("#sign-up")
    assert lists.all_sign_ups() == []


def test_a_full_list_puts_guests_in_line_and_says_where(nobody, porto):
    lists.sign_up(lists.sign_up_list(porto, capacity=1))
    page = nobody.get("signups.choose_list", slug="porto")
    assert page.names("#sign-up-form button") == ["Join the waiting list"]
    answer = send(nobody, name="Ada", status=303)
    assert "at place 1" in nobody.get(answer.location).words("#sign-up")


def test_a_second_one_of_the_same_name_is_marked_for_the_organiser(nobody, guests):
    for name in ("Noor", "noor "):
        send(nobody, name=name, status=303)
    assert [row.is_possible_duplicate for row in lists.all_sign_ups()] == [False, True]


def test_the_seats_are_renewed_when_they_change_and_tell_no_name(nobody, porto, guests):
    lists.sign_up(guests, "Zsazsa", party_size=3)
    db.session.rollback()
    version = str(porto.lists_version)
    fresh = nobody.get("signups.seats", slug="porto", query={"v": "0"}, status=200)
    assert "7 seats left" in fresh.text
    assert "Zsazsa" not in fresh.text
    nobody.get("signups.seats", slug="porto", query={"v": version}, status=204)


def test_a_first_name_stands_there_when_both_said_yes_and_nobody_waits(nobody, porto):
    guests = lists.sign_up_list(porto, capacity=2)
    for name, may, shows in (("Ada Lund", 1, 1), ("Bo Ek", 1, 0), ("Cleo Ås", 1, 1)):
        row = lists.sign_up(guests, name, may_show_name=bool(may))
        factories.change(row, shows_name=bool(shows))
    words = nobody.get("board.show_event", slug="porto").words("#sign-up")
    assert "Ada" in words
    assert not any(name in words for name in ("Lund", "Bo", "Cleo"))
    factories.change(porto, has_young_people=True)
    assert "Ada" not in nobody.get("board.show_event", slug="porto").text


def test_helpers_are_told_their_hours_role_by_role(nobody, porto):
    day = porto.starts_at
    for title, hours in (("Counter", 2), ("Door", 0), ("Counter", 0)):
        start = day + timedelta(hours=hours)
        end = start + timedelta(hours=2)
        shift = {"purpose": "helpers", "title": title, "starts_at": start, "ends_at": end}
        lists.sign_up_list(porto, **shift)
    lists.sign_up_list(porto)
    page = nobody.get("board.show_event", slug="porto")
    shown = page.select("#seats li strong")
    assert ["".join(e.itertext()) for e in shown] == [
        "Come and write",
        "Counter",
        "Counter",
        "Door",
    ]
    ids = [int(e.get("id").removeprefix("list-")) for e in page.select("#seats li")]
    assert ids[1] > ids[2]


def test_a_list_of_another_event_or_of_none_is_not_found(nobody, lisbon, guests):
    for wrong in (str(guests.id), "999999", "-1", "x", "9" * 30):
        data = {"list": wrong, "name": "Noor"}
        assert nobody.post("signups.sign_up", data, slug="lisbon").status == 404


def test_an_event_that_is_cancelled_closed_or_a_draft_shows_no_list(nobody, porto, guests):
    for changes in ({"cancelled_at": clock.now()}, {"is_draft": True}, {"state": "closed"}):
        factories.change(porto, cancelled_at=None, is_draft=False, state="upcoming")
        factories.change(porto, **changes)
        assert not nobody.get("board.show_event", slug="porto").select("#sign-up")


def test_htmx_gets_the_fragment_alone(nobody, guests):
    page = nobody.get("signups.choose_list", slug="porto")
    fields = page.fields("#sign-up-form")
    nobody.post("signups.sign_up", fields, slug="porto", htmx=True, status=422)
    said = fields | {"name": "Noor"}
    answer = nobody.post("signups.sign_up", said, slug="porto", htmx=True, status=200)
    assert f"/sign-ups/{link_token(lists.all_sign_ups()[0])}/" in answer.text


def test_an_event_s_page_asks_no_more_for_more_guests(nobody, porto, guests):
    factories.change(guests, capacity=500)
    factories.change(lists.sign_up(guests, may_show_name=True), shows_name=True)
    nobody.get("board.show_event", slug="porto")
    with asking.queries() as few:
        nobody.get("board.show_event", slug="porto")
    for number in range(30):
        row = lists.sign_up(guests, f"Guest {number}", may_show_name=True)
        factories.change(row, shows_name=True)
    lists.sign_up_list(porto, purpose="helpers", title="Counter")
    with asking.queries() as many:
        nobody.get("board.show_event", slug="porto")
    assert len(few) == len(many) <= 12, many


def test_nobody_is_promised_a_mail_where_none_is_sent(nobody, guests):
    page = nobody.get("signups.choose_list", slug="porto")
    assert "So that the organisers can reach you." in page.words("#sign-up-form")
    assert "We mail you" not in page.words("#sign-up-form")
