"""Owing a mail: with its cause or not at all, once, sealed, and one a day to a stranger."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.database import SECTION, db, write
from app.keyring import destroy_key
from app.outbox.models import OwedMail
from app.outbox.owing import is_mail_on, owe
from app.outbox.sending import send_due
from app.outbox.writing import Mail
from tests import factories
from tests.outbox.conftest import NOON, all_owed, states

DAY = timedelta(days=1)


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


def test_a_stranger_is_sent_one_mail_a_day_however_the_address_is_written(any_app, owing):
    assert owing("victim@example.org", key="1", is_stranger=True)
    assert not owing("Victim@Example.org ", key="2", is_stranger=True)
    assert not owing("victim@example.org", key="3", is_stranger=True, now=NOON + DAY / 2)
    assert owing("other@example.org", key="4", is_stranger=True)
    assert owing("victim@example.org", key="5")
    assert owing("victim@example.org", key="6", is_stranger=True, now=NOON + DAY)
    assert len(all_owed()) == 4


def test_a_mail_that_is_owed_already_uses_up_no_strangers_place(owing):
    assert owing("a@example.org", key="1")
    assert not owing("b@example.org", key="1", is_stranger=True)
    assert owing("b@example.org", key="2", is_stranger=True)


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
