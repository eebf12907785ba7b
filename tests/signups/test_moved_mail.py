"""An event is moved: whoever gave an address hears once when and where it is now."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app import clock
from app.database import db
from app.events.life_actions import cancel_event, hold_after_all
from app.events.local_times import local_of
from app.outbox.sending import send_due
from app.signups.actions import cancel_sign_up
from app.signups.erasing import erase_sign_up
from app.signups.list_actions import shut_list
from app.signups.models import UntoldMove
from app.signups.moving import SETTLES_IN, SOON, tell_moves
from app.signups.purging import delete_names
from app.signups.visits import link_token
from tests import factories, lists
from tests.outbox.conftest import all_owed
from tests.signups.event_form import move, save

ADDRESS = "noor@example.org"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NOW = clock.now()
SETTLED = NOW + SETTLES_IN + HOUR
"""When what is saved in a test has stood for long enough."""


@pytest.fixture
def porto(porto):
    """Porto in nine days, at six in the evening, somewhere."""
    start = NOW.replace(hour=18, minute=0, second=0, microsecond=0) + 9 * DAY
    where = {"place": "The old library", "address": "Rua das Flores 1", "town": "Porto"}
    hours = {"starts_at": start, "ends_at": start + 3 * HOUR, "time_zone": "Europe/Lisbon"}
    return factories.change(porto, **hours, **where)


@pytest.fixture
def guests(porto, office):
    """Its list of guests, with two seats."""
    return lists.sign_up_list(porto, capacity=2)


def come(on, name="Noor", **how):
    """Somebody who signed up an hour ago, and has shown that the address is theirs."""
    address = how.pop("email", f"{name.lower()}@example.org")
    row = lists.sign_up(on, name, email=address, now=NOW - HOUR, **how)
    return factories.change(row, is_proven=True)


def sent(office, now=SETTLED):
    """Whom and what the ticker's round at that time sends."""
    before = len(office.taken)
    tell_moves(now=now)
    send_due(now)
    return [(mail["To"], mail) for mail in office.mails()[before:]]


def text_of(mail) -> str:
    return mail.get_body(("plain",)).get_content()


def calendar_of(mail) -> str:
    (file,) = mail.iter_attachments()
    return file.get_content().replace("\r\n ", "").replace("\n ", "")


@pytest.mark.parametrize(
    ("change", "heard"),
    [
        ({"starts": "2031-12-06T14:00", "ends": "2031-12-06T16:00"}, "14:00 to 16:00"),
        ({"place": "The new library"}, "The new library"),
        ({"address": "Rua Nova 2"}, "Rua Nova 2"),
        ({"time_zone": "Asia/Tokyo"}, "Tokyo"),
        ({"online_link": "https://meet.example/room"}, "https://meet.example/room"),
    ],
    ids=["hours", "place", "address", "zone", "link"],
)
def test_another_time_place_or_zone_is_told_with_a_calendar(
    carlos, porto, guests, office, change, heard
):
    row = come(guests)
    told = save(carlos, porto, **change)
    assert "We write to one address about it" in told.text
    ((to, mail),) = sent(office)
    assert (to, mail["Subject"]) == (ADDRESS, f"Moved: {porto.title}")
    assert heard in text_of(mail)
    assert f"/sign-ups/{link_token(row)}/" in text_of(mail)
    assert f"DTSTART:{porto.starts_at:%Y%m%dT%H%M%SZ}" in calendar_of(mail)
    assert f"SEQUENCE:{porto.edit_version - 1}" in calendar_of(mail)
    assert [owed.kind for owed in all_owed()] == ["moved"]


def test_what_is_neither_time_nor_place_is_told_to_nobody(carlos, porto, guests, office):
    come(guests)
    told = save(carlos, porto, title="Porto writes on", description="Bring a pen.", goal=90)
    assert "We write to" not in told.text
    assert sent(office) == []


def test_nobody_is_written_to_before_it_has_settled_and_then_once(carlos, porto, guests, office):
    come(guests)
    move(carlos, porto)
    at = db.session.get(UntoldMove, porto.id).moved_at
    assert sent(office, at + SETTLES_IN - MINUTE) == []
    assert len(sent(office, at + SETTLES_IN)) == 1
    assert sent(office, at + DAY) == []


def test_several_quick_changes_are_one_mail_of_the_last(carlos, porto, guests, office):
    come(guests)
    move(carlos, porto)
    with_first = db.session.get(UntoldMove, porto.id)
    factories.change(with_first, moved_at=NOW - SETTLES_IN + MINUTE)
    save(carlos, porto, place="The new library")
    assert sent(office, clock.now() + MINUTE) == [], "the second change begins the wait anew"
    ((_to, mail),) = sent(office)
    assert "The new library" in text_of(mail)
    assert f"{porto.starts_at:%Y%m%dT%H%M%SZ}" in calendar_of(mail)


def test_a_move_that_is_taken_back_in_time_is_told_to_nobody(carlos, porto, guests, office):
    come(guests)
    move(carlos, porto)
    told = move(carlos, porto, by=-7 * DAY)
    assert "again when and where it was: nobody is written to" in told.text
    assert sent(office) == []


def test_an_event_that_was_in_the_past_by_mistake_is_told_to_nobody(carlos, porto, guests, office):
    come(guests)
    move(carlos, porto, by=-365 * DAY)
    assert sent(office, clock.now() + MINUTE) == []
    move(carlos, porto, by=365 * DAY)
    assert sent(office) == []


def test_a_later_move_replaces_what_still_waits_of_an_earlier_one(carlos, porto, guests, office):
    known, stranger = come(guests), lists.sign_up(guests, "Ada", email="ada@example.org", now=NOW)
    factories.change(stranger, created_at=NOW - HOUR)
    for place in ("The new library", "The town hall"):
        save(carlos, porto, place=place)
        tell_moves(now=SETTLED)
    waiting = [(owed.kind, owed.about) for owed in all_owed() if owed.state == "waiting"]
    assert sorted(waiting) == sorted(
        ("moved", f"sign_up:{row.public_id}") for row in (known, stranger)
    )
    send_due(SETTLED)
    assert ["The town hall" in text_of(mail) for mail in office.mails()] == [True, True]


def test_a_stranger_who_had_the_link_today_hears_of_a_move_tomorrow(carlos, porto, guests, office):
    lists.sign_up(guests, "Ada", email="ada@example.org", now=NOW - HOUR, sends_link=True)
    send_due(NOW)
    move(carlos, porto)
    assert sent(office) == []
    ((to, mail),) = sent(office, SETTLED + DAY)
    assert to == "ada@example.org"
    assert mail["Subject"].startswith("Moved")


def test_an_event_that_begins_soon_is_told_at_once(carlos, porto, guests, office):
    come(guests)
    move(carlos, porto, by=clock.now() + SOON / 2 - porto.starts_at)
    assert len(sent(office, clock.now() + MINUTE)) == 1


@pytest.mark.parametrize("field", ["is_cancelled", "is_rehearsal", "is_past", "is_closed"])
def test_of_what_is_not_held_or_over_nobody_hears(carlos, porto, guests, office, field):
    come(guests)
    if field == "is_cancelled":
        cancel_event(porto, reason="", actor="x", now=NOW)
        send_due(NOW)
    elif field == "is_closed":
        factories.change(porto, state="closed", opened_at=NOW, closed_at=NOW)
    else:
        factories.change(porto, is_rehearsal=field == "is_rehearsal")
    told = move(carlos, porto, by=-99 * DAY if field == "is_past" else DAY)
    assert "We write to" not in told.text
    assert ("not written to" in told.text) == (field == "is_rehearsal")
    assert sent(office) == []
    assert db.session.get(UntoldMove, porto.id) is None


def test_an_event_that_is_cancelled_meanwhile_is_told_as_cancelled_alone(
    carlos, porto, guests, office
):
    come(guests)
    move(carlos, porto)
    cancel_event(porto, reason="", actor="x", now=clock.now())
    assert [mail["Subject"] for _to, mail in sent(office)] == [f"Cancelled: {porto.title}"]
    hold_after_all(porto, actor="x", now=SETTLED)
    assert [mail["Subject"] for _to, mail in sent(office, SETTLED + HOUR)] == [
        f"Held after all: {porto.title}"
    ]


def test_who_has_gone_or_came_meanwhile_is_not_written_to(carlos, porto, guests, office):
    gone, erased = come(guests), come(guests, "Ada")
    move(carlos, porto)
    cancel_sign_up(gone, now=clock.now())
    erase_sign_up(erased, by="", now=clock.now())
    lists.sign_up(guests, "Bo", email="bo@example.org", now=clock.now() + MINUTE)
    assert sent(office) == []


def test_names_that_are_deleted_meanwhile_are_written_to_no_more(carlos, porto, guests, office):
    come(guests)
    move(carlos, porto)
    delete_names(porto, by="", now=clock.now())
    assert sent(office) == []
    assert db.session.get(UntoldMove, porto.id) is None


def test_one_address_on_three_lists_hears_once_with_each_shift_as_it_is_now(
    carlos, porto, guests, office
):
    hours = [(porto.starts_at + n * HOUR, porto.starts_at + (n + 1) * HOUR) for n in range(2)]
    shifts = [
        lists.sign_up_list(
            porto, purpose="helpers", title=f"Role {n}", starts_at=starts, ends_at=ends
        )
        for n, (starts, ends) in enumerate(hours)
    ]
    for each in (guests, *shifts):
        come(each, email=ADDRESS)
    told = move(carlos, porto)
    assert "We write to one address" in told.text
    # The organiser looks the hours over, as they were told to, before anybody hears of them.
    late = factories.change(shifts[1], starts_at=shifts[1].starts_at + HOUR / 2)
    ((_to, mail),) = sent(office)
    calendar = calendar_of(mail)
    starts = [porto.starts_at, shifts[0].starts_at, late.starts_at]
    assert [f"DTSTART:{at:%Y%m%dT%H%M%SZ}" in calendar for at in starts] == [True] * 3
    assert f"{local_of(late.starts_at, porto.zone):%H:%M} to" in text_of(mail)


def test_an_organiser_hears_how_many_are_written_to_and_that_others_are_not(
    carlos, porto, guests, office
):
    for name in ("Noor", "Ada"):
        come(guests, name)
    home = lists.sign_up_list(porto, purpose="home", capacity=None)
    come(home, "Bo")
    assert "We write to 2 addresses about it" in (told := move(carlos, porto)).text
    assert "gave no address" not in told.text
    lists.sign_up(guests, "Cleo")
    told = move(carlos, porto)
    assert "We write to 2 addresses" in told.text
    assert "Those who gave no address are not written to: tell them." in told.text
    assert sorted(to for to, _mail in sent(office)) == ["ada@example.org", ADDRESS]


def test_of_young_people_who_has_no_seat_hears_neither_hour_nor_place(
    carlos, porto, guests, office
):
    factories.change(porto, has_young_people=True)
    come(guests, party_size=2)
    factories.change(come(guests, "Ada"), state="asked")
    save(carlos, porto, place="Room 12", address="Rua Nova 2")
    mails = dict(sent(office))
    for secret in ("Room 12", "Rua Nova 2", f"{local_of(porto.starts_at, porto.zone):%H:%M}"):
        assert secret in text_of(mails[ADDRESS])
        assert secret not in mails["ada@example.org"].as_string()
    assert list(mails["ada@example.org"].iter_attachments()) == []


def test_it_is_said_in_the_guest_s_language_and_in_nobody_s_words(carlos, porto, guests, office):
    come(guests, language="ar-XB", note="http://evil.example")
    come(guests, "Win at evil.example", email="ada@example.org")
    move(carlos, porto)
    mails = [mail for _to, mail in sent(office)]
    assert len(mails) == 2
    assert 'dir="rtl"' in mails[0].get_body(("html",)).get_content()
    assert "Moved" not in mails[0]["Subject"]
    assert not [mail for mail in mails if "evil" in text_of(mail)]


def test_a_list_that_is_shut_keeps_its_guests_who_hear_of_it(carlos, porto, guests, office):
    come(guests)
    shut_list(guests, is_shut=True, actor="x", now=NOW)
    move(carlos, porto)
    assert len(sent(office)) == 1
