"""Mail to people on lists: the link to nobody but the address, and each news once."""

from __future__ import annotations

import dataclasses
import json
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app import clock
from app.config import Settings
from app.database import SECTION, db, write
from app.events.life_actions import cancel_event
from app.exceptions import Conflict
from app.keyring import event_keys, find_key
from app.outbox.models import OwedMail
from app.outbox.owing import place_of
from app.outbox.writing import Mail
from app.signups.actions import cancel_sign_up, link_token
from app.signups.desk_actions import confirm_sign_ups
from app.signups.models import SignUp
from app.signups.reminding import remind, thank
from tests import factories, lists

ADDRESS = "noor@example.org"


@pytest.fixture(autouse=True)
def without_waiting(at_once):
    """Forms are sent as soon as they are seen."""


@pytest.fixture(autouse=True)
def mail_on(app):
    """Mail can be sent, though nobody does."""
    read = Settings.from_environ(
        {"LETTERTALLY_SMTP_URL": "smtp://localhost:1", "LETTERTALLY_MAIL_FROM": "a@example.org"}
    )
    settings = app.config["LETTERTALLY"]
    app.config["LETTERTALLY"] = dataclasses.replace(
        settings, smtp_url=read.smtp_url, mail_from=read.mail_from
    )


@pytest.fixture
def guests(porto):
    """Porto's list of guests, with two seats."""
    return lists.sign_up_list(porto, capacity=2)


def owed(event) -> list[tuple[str, str, Mail]]:
    """Kind, address and words of every mail that was not withdrawn, in order."""
    db.session.rollback()
    keeper = find_key(db.session(), event_keys(event.id))
    kept = select(OwedMail).where(OwedMail.state != "dropped")
    rows = db.session.execute(kept.order_by(OwedMail.id)).scalars()
    return [
        (
            row.kind,
            keeper.unseal(row.sealed_to, at=place_of(row.uid, "to")),
            Mail(*json.loads(keeper.unseal(row.sealed_content, at=place_of(row.uid, "content")))),
        )
        for row in rows
    ]


def sent() -> None:
    """All of it has been sent."""
    with write(SECTION) as session:
        session.execute(update(OwedMail).values(state="sent"))


def said(answer) -> tuple[int, str, str, list[str]]:
    """All that a stranger could compare, but what differs by chance."""
    chance = ("X-Request-Id", "Date", "Set-Cookie")
    headers = [f"{name}: {value}" for name, value in answer.headers if name not in chance]
    return answer.status, answer.headers.get("Location", ""), answer.text, headers


def sign_up_by_form(nobody, **fields):
    page = nobody.get("signups.choose_list", slug="porto")
    return nobody.submit(page, "#sign-up-form", **fields)


def test_a_known_address_and_an_unknown_one_see_the_same_page(nobody, porto, guests):
    lists.sign_up(guests, "Noor", email=ADDRESS, sends_link=True)
    known = sign_up_by_form(nobody, name="Somebody", email=ADDRESS.upper())
    unknown = sign_up_by_form(nobody, name="Somebody", email="ada@example.org")
    assert said(known) == said(unknown)
    assert known.status == 303
    page = nobody.get(known.location, status=200)
    assert not [
        row for row in db.session.execute(select(SignUp)).scalars() if row.nonce in page.text
    ]
    assert len(db.session.execute(select(SignUp)).scalars().all()) == 2


def test_the_link_goes_to_the_address_with_a_calendar_and_nobodys_words(nobody, porto, guests):
    evil = {"name": "Win a prize at evil.example", "note": "http://evil.example"}
    sign_up_by_form(nobody, email=ADDRESS, **evil)
    ((kind, to, mail),) = owed(porto)
    (row,) = db.session.execute(select(SignUp)).scalars()
    assert (kind, to) == ("confirmation", ADDRESS)
    for text in (mail.text, mail.html):
        assert f"http://localhost/sign-ups/{link_token(row)}/" in text
        assert "evil" not in text + mail.subject
    assert "BEGIN:VCALENDAR" in mail.calendar
    assert "evil" not in mail.calendar


TITLES = ("نور تكتب", "အောင်", "👩🏽‍🤝‍👨🏿 writes", "a\u202etxet\u202cb", "Zoe\u0308", "Zo\u00eb")


@pytest.mark.parametrize("title", TITLES, ids=ascii)
def test_the_event_is_named_byte_for_byte_in_mail_and_calendar(nobody, porto, guests, title):
    factories.change(porto, title=title)
    sign_up_by_form(nobody, name="Noor", email=ADDRESS)
    (_kind, _to, mail) = owed(porto)[0]
    assert mail.subject == f"Your sign-up: {title}"
    assert title in mail.text
    unfolded = mail.calendar.replace("\r\n ", "")
    assert f"SUMMARY:{title}\r\n" in unfolded


def test_asked_for_again_and_again_a_link_is_owed_once(nobody, porto, guests):
    for _time in range(3):
        sign_up_by_form(nobody, name="Noor", email=ADDRESS)
    assert len(owed(porto)) == 1


def test_without_an_address_the_link_is_shown(nobody, porto, guests):
    answer = sign_up_by_form(nobody, name="Noor")
    assert answer.location.startswith("/sign-ups/")
    assert db.session.execute(select(OwedMail)).all() == []


def test_the_mail_is_in_the_guest_s_language(porto, guests):
    lists.sign_up(guests, "Noor", email=ADDRESS, language="ar-XB", sends_link=True)
    ((_kind, _to, mail),) = owed(porto)
    assert 'dir="rtl"' in mail.html
    assert "Your sign-up" not in mail.subject


def test_who_is_offered_a_seat_hears_of_it(porto, guests):
    first = lists.sign_up(guests, "Ada", party_size=2)
    lists.sign_up(guests, "Noor", email=ADDRESS)
    cancel_sign_up(first, now=clock.now())
    ((kind, to, mail),) = owed(porto)
    assert (kind, to) == ("offer", ADDRESS)
    assert "Take it before" in mail.text


def test_who_was_confirmed_hears_of_it(porto):
    checked = lists.sign_up_list(porto, capacity=2, is_checked=True)
    row = lists.sign_up(checked, "Noor", email=ADDRESS)
    confirm_sign_ups(porto, [row.public_id], actor="x", now=clock.now())
    ((kind, to, mail),) = owed(porto)
    assert (kind, to) == ("confirmation", ADDRESS)
    assert "You have a seat" in mail.text
    assert "BEGIN:VCALENDAR" in mail.calendar


def test_a_cancelled_event_is_said_to_all_who_were_to_come(porto, guests):
    for name in ("Noor", "Ada", "Bo"):
        lists.sign_up(guests, name, email=f"{name}@example.org")
    lists.sign_up(guests, "Cleo")
    cancel_event(porto, reason="Snow.", actor="x", now=clock.now())
    mails = owed(porto)
    assert [kind for kind, *_ in mails] == ["cancellation"] * 3
    assert all("Snow." in mail.text for *_, mail in mails)


def test_a_reminder_comes_the_day_before_and_in_the_morning_once_each(porto, guests):
    start = clock.now().replace(hour=18, minute=0) + timedelta(days=9)
    factories.change(porto, starts_at=start, ends_at=start + timedelta(hours=3), time_zone="UTC")
    home = lists.sign_up_list(porto, purpose="home", capacity=None)
    lists.sign_up(guests, "Noor", email=ADDRESS)
    lists.sign_up(home, "Ada", email="ada@example.org")
    lists.sign_up(guests, "Bo", email="bo@example.org", now=start - timedelta(hours=1))
    times = [start - timedelta(hours=hours) for hours in (48, 30, 29, 10, 9, 0)]
    counts = []
    for now in times:
        counts.append(remind(now=now))
        sent()
    assert counts == [0, 1, 0, 2, 0, 0]
    kinds = [(kind, to) for kind, to, _mail in owed(porto)]
    assert kinds == [("tomorrow", ADDRESS), ("today", ADDRESS), ("today", "ada@example.org")]


def test_those_who_came_are_thanked_once_with_the_count(porto, guests):
    came = lists.sign_up(guests, "Noor", email=ADDRESS)
    lists.sign_up(guests, "Ada", email="ada@example.org")
    factories.change(came, arrived=1)
    with pytest.raises(Conflict):
        thank(porto, letters=143, actor="x", now=clock.now())
    factories.change(porto, state="closed")
    assert thank(porto, letters=143, actor="x", now=clock.now()) == 1
    ((_kind, to, mail),) = owed(porto)
    assert to == ADDRESS
    assert "143 letters" in mail.text
    with pytest.raises(Conflict):
        thank(porto, letters=143, actor="x", now=clock.now())


def test_one_who_deleted_everything_gets_no_mail(nobody, porto, guests):
    row = lists.sign_up(guests, "Noor", email=ADDRESS, sends_link=True)
    # A link that proves no address, so that what is still owed is forgotten by the deletion alone.
    factories.change(row, link_was_shown=True)
    path = f"/sign-ups/{link_token(row)}/"
    nobody.submit(nobody.get(path), "#erase-form")
    assert len(owed(porto)) == 1
    answer = nobody.submit(nobody.get(path), "#erase-form", sure="y")
    assert "deleted" in nobody.get(answer.location, status=200).words("#sign-up")
    db.session.rollback()
    states = [row.state for row in db.session.execute(select(OwedMail)).scalars()]
    assert states == ["dropped"]


def test_an_organiser_thanks_from_the_desk_of_a_closed_event(carlos, porto, guests):
    factories.change(lists.sign_up(guests, "Noor", email=ADDRESS), arrived=1)
    factories.change(porto, state="closed")
    page = carlos.get("board.desk_event", slug="porto", status=200)
    assert "1 person came" in page.words("main")
    answer = carlos.post("board.thank_guests", slug="porto", status=303)
    assert "Thanked by mail on" in carlos.get(answer.location).words("main")
    assert len(owed(porto)) == 1


def test_somebody_at_two_places_at_once_is_warned_on_their_own_page(nobody, porto):
    start = porto.starts_at
    hours = [(0, 2), (1, 3), (2, 4)]
    shifts = [
        lists.sign_up_list(
            porto,
            purpose="helpers",
            title=f"Role {begins}",
            starts_at=start + timedelta(hours=begins),
            ends_at=start + timedelta(hours=ends),
        )
        for begins, ends in hours
    ]
    # By links that were only mailed: one on a screen says nothing of an address.
    noor = {"email": ADDRESS, "sends_link": True}
    rows = [lists.sign_up(shift, "Noor", **noor) for shift in shifts]
    lists.sign_up(shifts[1], "Noor")
    words = [nobody.get(f"/sign-ups/{link_token(row)}/").words("#sign-up") for row in rows]
    assert ["Role 1" in words[0], "Role 2" in words[0]] == [True, False]
    assert "Role 0" in words[1]
    assert "Role 2" in words[1]
