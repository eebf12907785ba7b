"""Sending: what is due goes out once, whatever the server does, and nothing of it stays behind."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.database import SECTION, db, write
from app.outbox import claiming
from app.outbox.claiming import find_server_state
from app.outbox.line import ServerAway
from app.outbox.models import OwedMail
from app.outbox.owing import forget_mail
from app.outbox.sending import send_due
from tests.outbox.conftest import NOON, all_owed, states, turn_on

MINUTE = timedelta(minutes=1)


def send_for(minutes: int, *, since=NOON):
    """Let the ticker come by every minute."""
    for minute in range(minutes):
        send_due(since + minute * MINUTE)


def test_what_is_due_is_sent_the_oldest_first_and_forgotten(any_app, owing, office):
    owing("late@example.org", not_before=NOON + MINUTE)
    owing("first@example.org")
    owing("tomorrow@example.org", not_before=NOON + timedelta(days=1))
    send_due(NOON + 2 * MINUTE)
    assert office.addresses == ["first@example.org", "late@example.org"]
    assert states() == ["sent", "sent", "waiting"]
    sent = all_owed()[0]
    assert (sent.sealed_to, sent.sealed_content, sent.code) == (None, None, 250)
    send_due(NOON + 3 * MINUTE)
    assert len(office.taken) == 2


def test_a_domain_in_other_letters_is_said_to_the_server_as_it_reads_it(owing, office):
    owing("noor@b\u00fccher.example")
    owing("second@example.org")
    send_due(NOON)
    assert office.addresses == ["noor@xn--bcher-kva.example", "second@example.org"]


def test_a_server_that_is_away_costs_no_mail_a_try(owing, office):
    for number in range(20):
        owing(f"{number}@example.org")
    office.close()
    send_for(30)
    assert {(owed.state, owed.tries) for owed in all_owed()} == {("waiting", 0)}
    assert find_server_state().down_since is not None
    office.open()
    send_for(15, since=NOON + 30 * MINUTE)
    assert sorted(office.addresses) == sorted(f"{number}@example.org" for number in range(20))
    assert find_server_state().down_since is None


def test_a_server_that_is_away_is_asked_more_and_more_seldom(owing, office, monkeypatch):
    owing()
    office.close()
    asked = []

    def count(*_how):
        asked.append(1)
        raise ServerAway("unreachable")

    monkeypatch.setattr("app.outbox.sending.Line", count)
    send_for(30)
    assert 3 <= len(asked) <= 7


def test_what_the_server_refuses_for_good_is_parked_at_once(owing, office):
    owing("gone@example.org")
    owing("ana@example.org")
    office.at_rcpt = lambda to: "550 nobody here" if to.startswith("gone") else "250 OK"
    send_due(NOON)
    assert [(owed.state, owed.tries, owed.code) for owed in all_owed()] == [
        ("parked", 1, 550),
        ("sent", 0, 250),
    ]


def test_what_is_refused_for_now_is_tried_eight_times_and_then_parked(owing, office):
    owing()
    office.at_rcpt = lambda _to: "451 later"
    pauses, moment = [], NOON
    for _ in range(8):
        send_due(moment)
        pauses.append(all_owed()[0].due_at - moment)
        moment += pauses[-1] + timedelta(seconds=1)
    owed = all_owed()[0]
    assert (owed.state, owed.tries, owed.code, owed.reason) == ("parked", 8, 451, "address")
    minutes = [1, 2, 4, 8, 16, 32, 64]
    for pause, wanted in zip(pauses, minutes, strict=False):
        assert wanted * MINUTE <= pause <= 1.21 * wanted * MINUTE + timedelta(seconds=5)
    send_due(moment + timedelta(days=9))
    assert office.taken == []


def test_no_pause_is_longer_than_six_hours():
    assert claiming.pause_after(60) <= timedelta(hours=7, minutes=12)


@pytest.mark.parametrize("when", ["at_rcpt", "at_data"])
@pytest.mark.parametrize("answer", ["hang up", "451 no", "552 too much", "421 bye"])
def test_one_mail_that_upsets_the_server_stops_no_other(owing, office, when, answer):
    owing("poison@example.org")
    for number in range(5):
        owing(f"{number}@example.org")
    setattr(office, when, lambda to: answer if to.startswith("poison") else "250 OK")
    send_for(3)
    assert sorted(office.addresses) == [f"{number}@example.org" for number in range(5)]
    assert all_owed()[0].state != "sent"
    assert all_owed()[0].tries >= 1


def test_one_that_cannot_be_read_is_parked_and_the_others_are_sent(owing, office):
    owing("poison@example.org")
    owing("ana@example.org")
    poison = all_owed()[0]
    with write(SECTION):
        poison.sealed_content = b"what is this"
    send_due(NOON)
    assert office.addresses == ["ana@example.org"]
    assert [(owed.state, owed.reason) for owed in all_owed()] == [
        ("parked", "unreadable"),
        ("sent", ""),
    ]


@pytest.mark.parametrize("to", ["no address", "a@b\r\nRCPT TO:<x@y>", "ä@example.org", "a@", ""])
def test_what_is_no_address_is_parked_and_never_said_to_the_server(owing, office, to):
    owing(to)
    owing("ana@example.org")
    send_due(NOON)
    assert office.addresses == ["ana@example.org"]
    assert states() == ["parked", "sent"]


def test_a_line_that_breaks_for_everybody_is_the_servers_fault(owing, office):
    for number in range(9):
        owing(f"{number}@example.org")
    office.at_data = lambda _to: "hang up"
    send_for(30)
    assert find_server_state().down_since < NOON + MINUTE
    assert {owed.state for owed in all_owed()} == {"waiting"}
    assert max(owed.tries for owed in all_owed()) == 0
    office.at_data = lambda _to: "250 OK"
    send_for(15, since=NOON + 30 * MINUTE)
    assert len(office.taken) == 9


def test_a_mail_that_was_taken_without_a_word_comes_again_under_the_same_name(owing, office):
    owing()
    answers = iter(["take and hang up", "250 OK"])
    office.at_data = lambda _to: next(answers)
    send_for(4)
    first, second = office.mails()
    assert first["Message-ID"] == second["Message-ID"]
    assert states() == ["sent"]


def test_whoever_dies_over_a_mail_leaves_it_to_be_sent_later(owing, office):
    owing()
    assert claiming.claim_next(now=NOON).to == "ana@example.org"
    send_due(NOON + MINUTE)
    assert (office.taken, states()) == ([], ["sending"])
    send_due(NOON + claiming.HELD_FOR)
    assert (len(office.taken), states()) == (1, ["sent"])
    assert all_owed()[0].tries == 1


def test_two_at_once_never_hold_the_same_mail(any_app, owing):
    owing("a@example.org")
    owing("b@example.org")
    one, other = claiming.claim_next(now=NOON), claiming.claim_next(now=NOON)
    assert {one.to, other.to} == {"a@example.org", "b@example.org"}
    assert claiming.claim_next(now=NOON) is None


def test_whoever_was_overtaken_settles_nothing(owing):
    owing()
    slow = claiming.claim_next(now=NOON)
    quick = claiming.claim_next(now=NOON + claiming.HELD_FOR)
    claiming.settle_failed(slow, reason="broken", code=None, is_final=True, now=NOON)
    assert states() == ["sending"]
    claiming.settle_sent(quick, code=250, now=NOON)
    assert states() == ["sent"]


def test_a_sender_whom_the_server_does_not_let_write_is_no_mails_fault(owing, office):
    owing()
    office.at_mail = lambda _from: "550 not you"
    send_for(9)
    assert [(owed.state, owed.tries) for owed in all_owed()] == [("waiting", 0)]
    state = find_server_state()
    assert (state.reason, state.code) == ("sender", 550)
    assert NOON <= state.down_since < NOON + MINUTE
    assert state.tries <= 5
    office.at_mail = lambda _from: "250 OK"
    send_for(9, since=NOON + 9 * MINUTE)
    assert (states(), find_server_state().down_since) == (["sent"], None)


def test_who_is_erased_is_sent_nothing_more(any_app, owing, office):
    owing("gone@example.org")
    owing("ana@example.org")
    with write(SECTION) as session:
        assert forget_mail(session, about="sign_up:gone@example.org") == 1
    gone = all_owed()[0]
    assert (gone.state, gone.sealed_to, gone.sealed_content) == ("dropped", None, None)
    send_due(NOON)
    assert office.addresses == ["ana@example.org"]


def test_who_is_erased_while_their_mail_is_on_its_way_stays_erased(owing):
    owing()
    claimed = claiming.claim_next(now=NOON)
    with write(SECTION) as session:
        forget_mail(session, about="sign_up:ana@example.org")
    claiming.settle_failed(claimed, reason="broken", code=None, is_final=False, now=NOON)
    assert states() == ["dropped"]


def test_the_sender_is_called_as_the_section_or_as_the_settings_say(mail_on, owing, office):
    owing("a@example.org")
    send_due(NOON)
    turn_on(mail_on, office.url, "Cartas ✉ <post@example.org>")
    owing("b@example.org")
    send_due(NOON)
    senders = [str(mail["From"]) for mail in office.mails()]
    assert senders == ["Letters of Lusitania <letters@example.org>", "Cartas ✉ <post@example.org>"]


def test_many_are_sent_over_few_lines(owing, office):
    for number in range(120):
        owing(f"{number}@example.org")
    send_due(NOON)
    assert len(set(office.addresses)) == len(office.addresses) == 120


def test_a_clock_set_back_keeps_no_mail_for_ever(owing, office):
    owing()
    claiming.claim_next(now=NOON + timedelta(days=300))
    send_due(NOON)
    assert len(office.taken) == 1
    assert db.session.query(OwedMail).count() == 1
