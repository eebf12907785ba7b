"""Whoever types an address learns nothing of whether it is on the list: the work is the same."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from app import clock
from app.database import db
from app.keyring import Keeper
from app.signups.models import SignUp
from tests import lists
from tests.outbox.conftest import mail_on, office, states

__all__ = ["mail_on", "office"]

KNOWN, UNKNOWN = "noor@example.org", "none@example.org"


@pytest.fixture
def guests(porto, at_once, mail_on):
    """Porto's list of guests, with Noor on it since the day before yesterday."""
    guests = lists.sign_up_list(porto, shows_seats=False)
    sent = {"email": KNOWN, "sends_link": True, "now": clock.now() - timedelta(days=2)}
    lists.sign_up(guests, "Noor", **sent)
    # The very first mail of all makes the section's key.
    lists.sign_up(lists.sign_up_list(porto), "Ada", email="ada@example.org", sends_link=True)
    return guests


def form_of(nobody, guests):
    return nobody.get("signups.choose_list", slug="porto", query={"list": str(guests.id)})


def send(nobody, page, email):
    return nobody.submit(page, "#sign-up-form", name="Noor", email=email, note="with my aunt")


def test_known_and_unknown_addresses_are_answered_by_the_same_work(nobody, guests, monkeypatch):
    asked, sealed, said = [], [], []
    seal = Keeper.seal

    def sealing(self, text, *, at):
        sealed.append(len(text))
        return seal(self, text, at=at)

    monkeypatch.setattr(Keeper, "seal", sealing)
    before = len(states())
    page = form_of(nobody, guests)
    db.session.rollback()
    event.listen(db.engine, "before_cursor_execute", lambda *how: asked[-1].append(how[2]))
    for email in (KNOWN, UNKNOWN):
        asked.append([])
        answer = send(nobody, page, email)
        said.append((answer.status, answer.location, answer.text))
    assert said[0] == said[1]
    assert said[0][0] == 303
    assert asked[0] == asked[1]
    assert any(statement.startswith("INSERT INTO sign_up ") for statement in asked[0])
    half = len(sealed) // 2
    assert sealed[:half] == sealed[half:] and half == 5
    asked.append([])
    assert len(states()) == before + 2
    db.session.rollback()
    on_list = select(SignUp).where(SignUp.list_id == guests.id)
    assert len(db.session.execute(on_list).all()) == 2


def test_whoever_watches_the_seats_sees_both_alike_where_they_are_not_shown(nobody, guests):
    seen = []
    for email in (KNOWN, UNKNOWN):
        version = str(guests.event.lists_version)
        db.session.rollback()
        send(nobody, form_of(nobody, guests), email)
        answer = nobody.get("signups.seats", slug="porto", query={"v": version})
        seen.append((answer.status, answer.words(f"#list-{guests.id}")))
        db.session.rollback()
    assert seen[0] == seen[1]
    assert seen[0][0] == 200


def test_a_known_address_changes_nothing_of_what_stands_on_the_list(nobody, guests):
    (noor,) = guests.sign_ups
    before = (noor.party_size, noor.note, noor.queued_at, noor.is_possible_duplicate)
    send(nobody, form_of(nobody, guests), KNOWN)
    db.session.rollback()
    assert [one.id for one in guests.sign_ups] == [noor.id]
    assert before == (noor.party_size, noor.note, noor.queued_at, noor.is_possible_duplicate)
