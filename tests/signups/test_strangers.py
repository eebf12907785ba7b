"""Mail to an address that anybody may have typed: one a day, until its link was used."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app import clock
from app.events.life_actions import cancel_event, hold_after_all
from app.outbox.sending import send_due
from app.signups.actions import cancel_sign_up, expire_offers
from app.signups.desk_actions import UNDONE_WITHIN, put_back, take_off_list
from app.signups.queries import list_parties
from app.signups.reminding import remind, thank
from app.signups.visits import link_token
from tests import factories, lists
from tests.outbox.conftest import all_owed, states
from tests.test_addresses import SPELLINGS

ADDRESS = "noor@example.org"
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
NOW = clock.now()


@pytest.fixture
def four(porto, office):
    """Four lists of Porto, which begins in nine days."""
    start = NOW.replace(hour=18, minute=0) + 9 * DAY
    factories.change(porto, starts_at=start, ends_at=start + DAY / 8, time_zone="UTC")
    return [lists.sign_up_list(porto, capacity=9, title=f"List {each}") for each in range(4)]


def put_on(a_list, **how):
    return lists.sign_up(a_list, "Noor", email=ADDRESS, sends_link=True, now=NOW, **how)


def mails_after(office, *moments) -> list[int]:
    """How many mails the server has by then."""
    counts = []
    for moment in moments:
        send_due(moment)
        counts.append(len(office.taken))
    return counts


def text_of(office, number: int) -> str:
    return office.mails()[number].get_body(("plain",)).get_content()


def kinds(state: str) -> list[str]:
    return [owed.kind for owed in all_owed() if owed.state == state]


def test_the_links_of_other_lists_come_one_a_day(four, office):
    for each in four[:3]:
        put_on(each)
    days = [NOW + each * (DAY + MINUTE) for each in range(4)]
    assert mails_after(office, NOW, NOW + DAY / 2, *days[1:]) == [1, 1, 2, 3, 3]


def test_who_signs_up_again_after_cancelling_is_sent_the_new_link(four, office, nobody):
    first = put_on(four[0])
    send_due(NOW)
    cancel_sign_up(first, now=NOW)
    put_on(four[0])
    assert mails_after(office, NOW + DAY / 2, NOW + DAY + MINUTE) == [1, 2]


def test_the_spellings_of_one_address_are_one_stranger_and_one_sign_up(four, office):
    typed = [*SPELLINGS, SPELLINGS[0].title()]
    rows = [
        lists.sign_up(each, "Noor", email=address, sends_link=True, now=NOW)
        for address in typed
        for each in four[:2]
    ]
    assert {row.id for row in rows} == {rows[0].id, rows[1].id}
    assert {party.person.email for party in list_parties(four[0].event_id)} == {SPELLINGS[0]}
    assert mails_after(office, NOW, NOW + DAY / 2) == [1, 1]


def test_looking_at_the_link_proves_nothing_and_a_button_on_it_does(four, office, nobody):
    first, _second = put_on(four[0]), put_on(four[1])
    send_due(NOW)
    path = f"/sign-ups/{link_token(first)}/"
    page = nobody.get(path, status=200)
    assert mails_after(office, clock.now() + MINUTE) == [1]
    nobody.submit(page, "#party-form", party_size=2)
    assert mails_after(office, clock.now() + MINUTE) == [2]
    put_on(four[2])
    assert mails_after(office, clock.now() + MINUTE) == [3]


def test_whose_address_it_is_says_so_with_one_button(four, office, nobody):
    first, _second = put_on(four[0]), put_on(four[1])
    send_due(NOW)
    page = nobody.get(f"/sign-ups/{link_token(first)}/", status=200)
    nobody.submit(page, "#own-address form")
    assert mails_after(office, clock.now() + MINUTE) == [2]
    page = nobody.get(f"/sign-ups/{link_token(first)}/", status=200)
    assert page.select("#own-address") == []


def test_a_link_that_was_on_the_screen_proves_no_address(four, office, nobody):
    shown = lists.sign_up(four[0], "Noor", email=ADDRESS, now=NOW)
    put_on(four[1])
    put_on(four[2])
    send_due(NOW)
    nobody.submit(nobody.get(f"/sign-ups/{link_token(shown)}/"), "#party-form", party_size=2)
    assert mails_after(office, clock.now() + MINUTE) == [1]


def test_one_address_on_four_lists_hears_once_that_the_event_is_cancelled(porto, four, office):
    for each in four:
        put_on(each)
    send_due(NOW)
    cancel_event(porto, reason="Snow.", actor="x", now=NOW)
    assert mails_after(office, NOW + MINUTE) == [1]
    assert kinds("waiting") == ["cancellation"]
    assert mails_after(office, *(NOW + each * (DAY + MINUTE) for each in (1, 2))) == [2, 2]


def test_one_address_on_four_lists_is_reminded_and_thanked_once(porto, four, office):
    rows = [put_on(each) for each in four]
    assert remind(now=porto.starts_at - DAY) == 1
    assert remind(now=porto.starts_at - DAY / 4) == 1
    for each in rows:
        factories.change(each, arrived=1)
    factories.change(porto, state="closed")
    assert thank(porto, letters=9, actor="x", now=porto.ends_at) == 1


@pytest.mark.parametrize("begins_at", [8, 9, 12, 18, 23])
def test_whoever_has_proven_nothing_is_still_reminded_on_both_days(porto, office, begins_at):
    start = NOW.replace(hour=begins_at, minute=0) + 9 * DAY
    factories.change(porto, starts_at=start, ends_at=start + DAY / 24, time_zone="UTC")
    put_on(lists.sign_up_list(porto, capacity=9))
    send_due(NOW)
    minutes = [start - DAY * 2 + each * MINUTE for each in range(0, 2 * 24 * 60, 10)]
    for minute in minutes:
        if remind(now=minute) or kinds("waiting"):
            send_due(minute)
    assert [owed.kind for owed in all_owed()] == ["confirmation", "tomorrow", "today"]
    assert len(office.taken) == 3


def test_a_reminder_names_each_list_with_its_hours_and_its_link(porto, four, office):
    later = porto.starts_at + DAY / 24
    factories.change(four[1], starts_at=later, ends_at=later + DAY / 24)
    rows = [put_on(each) for each in four[:2]]
    remind(now=porto.starts_at - DAY / 4)
    send_due(porto.starts_at - DAY / 4)
    text = text_of(office, 0)
    assert "List 0: " in text
    assert "List 1: " in text
    for each in rows:
        assert link_token(each) in text
    assert "London time" in text or "UTC" in text or "time)" in text


def test_a_reminder_that_comes_too_late_is_not_sent(porto, four, office):
    put_on(four[0])
    at = porto.starts_at - 2 * MINUTE
    send_due(at - DAY / 4)
    remind(now=at)
    assert mails_after(office, at, porto.starts_at + DAY) == [1, 1]
    assert states() == ["sent", "dropped"]


def test_nobody_is_told_that_others_wait_when_nobody_does(porto, four, office):
    put_on(four[0])
    remind(now=porto.starts_at - DAY / 4)
    send_due(porto.starts_at - DAY / 4)
    assert "others wait" not in text_of(office, 0)
    factories.change(four[0], capacity=1)
    lists.sign_up(four[0], "Ada", now=NOW)
    factories.change(porto, starts_at=porto.starts_at + 7 * DAY, ends_at=porto.ends_at + 7 * DAY)
    remind(now=porto.starts_at - DAY / 4)
    send_due(porto.starts_at - DAY / 4)
    assert "others wait" in text_of(office, 1)


def test_what_begins_in_the_small_hours_is_not_today_the_evening_before(porto, four, office):
    midnight = (NOW + 9 * DAY).replace(hour=0, minute=0, second=0, microsecond=0)
    factories.change(porto, starts_at=midnight + DAY / 48, ends_at=midnight + DAY / 2)
    put_on(four[0])
    moments = [midnight - DAY / 12, midnight + MINUTE]
    assert [remind(now=each) for each in moments] == [1, 1]
    assert [owed.kind for owed in all_owed()][1:] == ["tomorrow", "today"]


@pytest.mark.parametrize("is_no", [True, False], ids=["declined", "taken off"])
def test_whom_an_organiser_refuses_is_told_so_unless_it_is_undone(porto, four, office, is_no):
    factories.change(four[0], is_checked=is_no)
    row = put_on(four[0])
    send_due(NOW)
    off = take_off_list(porto, [row.public_id], actor="x", now=NOW, is_no=is_no)
    assert kinds("waiting") == ["ended"]
    put_back(porto, off.deed, actor="x", now=NOW + MINUTE)
    assert kinds("waiting") == []
    take_off_list(porto, [row.public_id], actor="x", now=NOW + DAY, is_no=is_no)
    told_at = NOW + DAY + UNDONE_WITHIN + MINUTE
    assert mails_after(office, NOW + DAY, told_at) == [1, 2]
    words = "could not say yes" if is_no else "taken you off"
    assert words in text_of(office, 1)


def test_who_hears_of_being_taken_off_hears_of_being_put_back(porto, four, office):
    row = put_on(four[0])
    send_due(NOW)
    off = take_off_list(porto, [row.public_id], actor="x", now=NOW + DAY)
    send_due(NOW + DAY + UNDONE_WITHIN)
    put_back(porto, off.deed, actor="x", now=NOW + DAY + 2 * UNDONE_WITHIN)
    assert kinds("sent") == ["confirmation", "ended"]
    assert kinds("waiting") == ["confirmation"]


def test_whose_offer_ran_out_is_told_so(porto, four, office):
    factories.change(four[0], capacity=1)
    first = lists.sign_up(four[0], "Ada", now=NOW)
    put_on(four[0])
    cancel_sign_up(first, now=NOW)
    expire_offers(now=NOW + 2 * DAY)
    assert mails_after(office, NOW + 2 * DAY) == [1]
    assert "The offer ran out" in text_of(office, 0)


@pytest.mark.parametrize("address", ["ü@exämple.org", "x@y..org", "x@-a.org", "x@a-.org"])
def test_an_address_that_no_mail_reaches_is_sent_back_at_once(four, at_once, nobody, address):
    page = nobody.get("signups.choose_list", slug="porto")
    answer = nobody.submit(page, "#sign-up-form", name="Noor", email=address)
    assert answer.status == 422
    assert "Write an address like" in answer.text


def test_who_was_told_that_it_is_cancelled_is_told_that_it_is_held_after_all(porto, four, office):
    put_on(four[0])
    put_on(four[1])
    cancel_event(porto, reason="Snow.", actor="x", now=NOW)
    hold_after_all(porto, actor="x", now=NOW)
    assert kinds("waiting") == ["reinstated"]
    send_due(NOW)
    assert "held after all" in text_of(office, 0)
    hold_after_all(porto, actor="x", now=NOW + MINUTE)
    assert kinds("waiting") == []


def test_the_mail_about_a_cancelled_event_names_its_day(porto, four, office):
    put_on(four[0])
    cancel_event(porto, reason="Snow.", actor="x", now=NOW)
    send_due(NOW)
    assert f"{porto.starts_at.day} " in text_of(office, 0)
    assert "(UTC" in text_of(office, 0) or " time)" in text_of(office, 0)
