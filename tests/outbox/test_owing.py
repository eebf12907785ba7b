"""Owing a mail: with its cause or not at all, once, sealed, and one a day to a stranger."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.database import SECTION, db, write
from app.keyring import destroy_key
from app.outbox.models import OwedMail
from app.outbox.owing import is_mail_on, owe, release
from app.outbox.sending import send_due
from app.outbox.writing import Mail
from tests import factories
from tests.outbox.conftest import NOON, all_owed, states

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def test_the_same_mail_is_owed_once(any_app, owing):
    assert owing(key="offer:ab12:3")
    assert not owing(key="offer:ab12:3", to="else@example.org")
    assert owing(key="offer:ab12:4")
    assert states() == ["waiting", "waiting"]


def test_a_mail_whose_cause_did_not_happen_is_not_owed(any_app, mail_on):
    with pytest.raises(ZeroDivisionError), write(SECTION) as session:
        assert owe_ana(session)
        raise ZeroDivisionError
    assert states() == []


def owe_ana(session):
    return owe(
        session,
        key="k",
        kind="offer",
        to="ana@example.org",
        mail=Mail("S", "T", "H"),
        scope="section",
        about="x",
        language="en",
        now=NOON,
    )


def test_while_mail_is_off_nothing_is_owed(app):
    factories.section()
    assert not is_mail_on()
    with write(SECTION) as session:
        assert not owe_ana(session)
    assert states() == []


def test_address_and_words_are_nowhere_in_the_database(owing):
    owing(mail=Mail("Secret words", "Secret words\n", "<p>Secret words</p>"))
    row = db.session.execute(text("SELECT * FROM outbox_mail")).mappings().one()
    everything = repr(dict(row)).replace("sign_up:ana@example.org", "").replace(row["key"], "")
    assert "ana@" not in everything
    assert "Secret" not in everything


def test_a_stranger_is_sent_one_mail_a_day_however_the_address_is_written(any_app, owing, office):
    victim = {"is_stranger": True}
    owing("victim@example.org", key="1", **victim)
    owing("Victim@Example.org", key="2", **victim)
    owing("victim@example.org", key="3", about="other", **victim)
    owing("other@example.org", key="4", **victim)
    owing("victim@example.org", key="5")
    counts = []
    for now in (NOON, NOON + DAY / 2, NOON + DAY + MINUTE, NOON + 2 * DAY + 2 * MINUTE):
        send_due(now)
        counts.append(len(office.taken))
    assert counts == [3, 3, 4, 5]


def test_a_stranger_s_mail_that_is_refused_for_now_need_not_wait_another_day(owing, office):
    owing("victim@example.org", is_stranger=True)
    takes, office.at_rcpt = office.at_rcpt, lambda _address: "451 later"
    send_due(NOON)
    office.at_rcpt = takes
    send_due(NOON + 5 * MINUTE)
    assert office.addresses == ["victim@example.org"]


def test_a_mail_that_is_of_no_use_any_more_is_not_sent(any_app, owing, office):
    assert not owing(key="1", useful_until=NOON)
    assert owing("victim@example.org", key="2", is_stranger=True)
    assert owing(
        "victim@example.org", key="3", about="a", is_stranger=True, useful_until=NOON + DAY
    )
    for now in (NOON, NOON + DAY + MINUTE):
        send_due(now)
    assert len(office.taken) == 1
    assert states() == ["sent", "dropped"]
    assert [owed.sealed_to for owed in all_owed()] == [None, None]


def test_newer_news_takes_the_place_of_what_waits_for_a_stranger_s_day(any_app, owing, office):
    owing(key="1", about="a", is_stranger=True)
    owing(key="2", about="b", is_stranger=True)
    owing(key="3", about="c")
    owing(key="4", about="d", is_stranger=True, replaces=["a", "c", "d"])
    assert states() == ["dropped", "waiting", "waiting", "waiting"]


def test_what_waits_for_its_day_is_sent_at_once_when_the_address_is_proven(any_app, owing, office):
    for key in ("1", "2", "3"):
        owing(key=key, about=key, is_stranger=True)
    owing(key="4", about="4", scope="event:7", is_stranger=True)
    send_due(NOON)
    assert len(office.taken) == 1
    with write(SECTION) as session:
        release(session, scope="section", to="Ana@example.org", about="3", now=NOON + MINUTE)
    send_due(NOON + MINUTE)
    assert states() == ["sent", "sent", "dropped", "waiting"]


def test_what_is_sealed_with_a_deleted_key_is_dropped_without_a_word(owing, office):
    owing("gone@example.org", scope="event:7")
    owing("ana@example.org")
    with write(SECTION) as session:
        destroy_key(session, "event:7", now=NOON)
    send_due(NOON)
    assert office.addresses == ["ana@example.org"]
    assert states() == ["dropped", "sent"]
    assert all_owed()[0].sealed_to is None


def test_a_sealed_part_opens_in_its_own_mail_alone(owing, office):
    owing("ana@example.org")
    owing("bea@example.org")
    ana, bea = all_owed()
    with write(SECTION) as session:
        session.get(OwedMail, bea.id).sealed_to = session.get(OwedMail, ana.id).sealed_to
    send_due(NOON)
    assert office.addresses == ["ana@example.org"]
