"""Mail to a whole school is no more work for the database than mail to a class: presses wait."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import event

from app import clock
from app.accounts.links import mint
from app.database import db, event_scope, write
from app.events.life_actions import cancel_event, hold_after_all
from app.keyring import event_keys, key_for
from app.outbox import claiming
from app.signups import mail_writing
from app.signups.cancelling import tell_cancelled
from app.signups.desk_actions import take_off_list
from app.signups.guest_mail import AT_ONCE
from app.signups.list_actions import ListFields, edit_list
from app.signups.models import SignUp
from app.signups.reminding import remind, thank
from app.signups.sealing import Person, seal_person
from app.signups.visits import LINK, link_token
from tests import factories, lists
from tests.outbox.conftest import all_owed, mail_on, office

__all__ = ["mail_on", "office"]

DAY = timedelta(days=1)
NOW = clock.now().replace(hour=12, minute=0)
FEW, MANY = 10, 45
STATEMENTS = 40
"""As many as a deed may ask, to however many it is done."""


@pytest.fixture
def guests(porto, mail_on):
    """Porto's list, of an event that begins tomorrow."""
    factories.change(porto, starts_at=NOW + DAY, ends_at=NOW + DAY + DAY / 8, time_zone="UTC")
    return lists.sign_up_list(porto, capacity=1000)


def fill(guests, count: int, **what) -> list[str]:
    """Put so many on the list, each with an address; their public ids."""
    values = {"state": "in", "party_size": 1, "language": "en"} | what
    with write(event_scope(guests.event_id)) as session:
        keeper = key_for(session, event_keys(guests.event_id), now=NOW)
        for number in range(count):
            one = SignUp(
                list_id=guests.id,
                public_id=secrets.token_hex(8),
                created_at=NOW - 3 * DAY,
                queued_at=NOW - 3 * DAY,
                **mint(LINK)._asdict(),
                **values,
            )
            email = f"{one.public_id}-{number}@example.org"
            seal_person(one, Person("Noor", email=email), keeper)
            session.add(one)
    return [one.public_id for one in lists.all_sign_ups()]


def cancel(guests, _ids):
    cancel_event(guests.event, reason="Snow.", actor="x", now=NOW)


def reinstate(guests, _ids):
    hold_after_all(guests.event, actor="x", now=NOW)


def take_off(guests, ids):
    take_off_list(guests.event, ids, actor="x", now=NOW)


def give_seats(guests, _ids):
    fields = ListFields("guests", capacity=2000)
    edit_list(guests, fields, edit_version=guests.edit_version, actor="x", now=NOW)


def remind_all(_guests, _ids):
    remind(now=NOW)


def thank_all(guests, _ids):
    thank(guests.event, letters=9, actor="x", now=NOW)


def nothing(_guests, _ids):
    """No deed goes before."""


DEEDS = {
    "cancelled": (nothing, cancel, {}),
    "held after all": (cancel, reinstate, {}),
    "taken off": (nothing, take_off, {}),
    "offered": (nothing, give_seats, {"state": "waiting"}),
    "reminded": (nothing, remind_all, {}),
    "thanked": (nothing, thank_all, {"arrived": 1}),
}


@pytest.fixture
def cost(guests, monkeypatch) -> Callable[..., tuple[int, int, int]]:
    """Does a deed to so many guests: statements, mails that were written, mails that are owed."""
    written: list[str] = []
    asked: list[str] = []
    write_mail = mail_writing.write_mail

    def writing(template, **how):
        written.append(template)
        return write_mail(template, **how)

    monkeypatch.setattr(mail_writing, "write_mail", writing)
    event.listen(db.engine, "before_cursor_execute", lambda *how: asked.append(how[2]))

    def count(before, deed, people: int, **what) -> tuple[int, int, int]:
        if "arrived" in what:
            factories.change(guests.event, state="closed")
        ids = fill(guests, people, **what)
        before(guests, ids)
        db.session.rollback()
        owed = len(all_owed())
        guests.event  # noqa: B018  (read before it is counted)
        asked.clear()
        written.clear()
        deed(guests, ids)
        return len(asked), len(written), len(all_owed()) - owed

    return count


@pytest.mark.parametrize("people", [FEW, MANY])
@pytest.mark.parametrize("deed", DEEDS)
def test_mail_to_many_costs_no_statement_and_no_writing_for_each(cost, deed, people):
    before, doing, what = DEEDS[deed]
    statements, written, owed = cost(before, doing, people, **what)
    assert written == 1
    assert owed == people
    assert statements <= STATEMENTS


def test_whoever_reads_another_language_is_written_to_in_it(cost, guests):
    """The control: what is not said alike is written for itself."""
    fill(guests, 3, language="fr")
    _statements, written, owed = cost(nothing, cancel, 3)
    assert (written, owed) == (2, 6)


@pytest.mark.parametrize("deed", [cancel, remind_all])
def test_each_of_many_is_sent_their_own_link_and_nobody_elses(guests, deed):
    fill(guests, 9)
    tokens = {f"sign_up:{one.public_id}": link_token(one) for one in lists.all_sign_ups()}
    deed(guests, [])
    abouts = {owed.uid: owed.about for owed in all_owed()}
    while (claimed := claiming.claim_next(now=NOW)) is not None:
        said = "".join(claimed.mail)
        own = tokens[abouts.pop(claimed.uid)]
        assert own in claimed.mail.text
        assert own in claimed.mail.html
        assert not any(each in said for each in tokens.values() if each != own)
        claiming.settle_sent(claimed, code=250, now=NOW)
    assert abouts == {}


def addresses(kind: str) -> list[str]:
    """About whom such mail waits."""
    return [owed.about for owed in all_owed() if (owed.kind, owed.state) == (kind, "waiting")]


def test_fifty_hear_at_once_that_it_is_cancelled_and_the_others_within_the_minute(guests):
    fill(guests, AT_ONCE + 30)
    cancel(guests, [])
    assert len(addresses("cancellation")) == AT_ONCE
    assert tell_cancelled(now=NOW) == 30
    assert tell_cancelled(now=NOW) == 0
    assert len(set(addresses("cancellation"))) == AT_ONCE + 30


def test_one_address_on_lists_far_apart_hears_once(porto, guests):
    later = lists.sign_up_list(porto, capacity=None, title="Later")
    for a_list in (guests, later):
        lists.sign_up(a_list, "Noor", email="noor@example.org", sends_link=True, now=NOW - 3 * DAY)
        fill(a_list, AT_ONCE)
    cancel(guests, [])
    tell_cancelled(now=NOW)
    assert len(set(addresses("cancellation"))) == len(addresses("cancellation")) == 2 * AT_ONCE + 1


def test_who_has_not_heard_yet_that_it_is_cancelled_hears_of_nothing_once_it_is_held(guests):
    fill(guests, AT_ONCE + 30)
    cancel(guests, [])
    reinstate(guests, [])
    assert tell_cancelled(now=NOW) == 0
    assert len(addresses("reinstated")) == AT_ONCE
    assert addresses("cancellation") == []


def test_what_was_cancelled_while_mail_was_off_is_not_mailed_later(app, guests):
    fill(guests, 3)
    on = app.config["LETTERTALLY"]
    app.config["LETTERTALLY"] = dataclasses.replace(on, smtp_url=None)
    cancel(guests, [])
    app.config["LETTERTALLY"] = on
    assert tell_cancelled(now=NOW) == 0
    assert all_owed() == []
