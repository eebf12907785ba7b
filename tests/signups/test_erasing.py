"""One person's erasure: nothing of them is left in any file, and everything counted stays."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.audit import AuditRow
from app.database import db, empty_log, event_scope, write
from app.exceptions import Conflict
from app.keyring import event_keys, find_key
from app.outbox.models import OwedMail
from app.outbox.owing import owe
from app.outbox.writing import Mail
from app.signups.access import get_sign_up_by_token
from app.signups.actions import change_party, link_token
from app.signups.erasing import erase_sign_up, mail_about
from app.signups.models import SEALED, SignUp
from app.signups.queries import count_seats, list_parties
from app.signups.sealing import read_person
from tests import factories, lists
from tests.outbox.conftest import turn_on

SAID = {"email": "noor@example.org", "access_needs": "step-free", "note": "with my aunt"}
CONSENTS = {"wants_news": True, "may_show_name": True, "language": "ar"}


@pytest.fixture
def guests(porto):
    """Porto's list of guests, with four seats."""
    return lists.sign_up_list(porto, capacity=4)


def erase(one: SignUp, by: str = "") -> SignUp:
    erase_sign_up(one, by=by, now=clock.now())
    return one


def instance_bytes(app) -> bytes:
    folder = Path(db.engine.url.database).parent
    kept = (file for file in folder.rglob("*") if file.is_file() and "keys" not in file.parts)
    return b"".join(file.read_bytes() for file in kept)


def test_nothing_of_a_person_is_left_in_the_row_but_their_seats_and_coming(any_app, guests):
    noor = lists.sign_up(guests, party_size=3, **SAID, **CONSENTS)
    factories.change(noor, arrived=2, shows_name=True)
    erase(noor)
    gone = (*SEALED, "name_likeness", "email_likeness", "deed")
    assert {getattr(noor, column) for column in gone} == {None}
    assert not any((noor.wants_news, noor.may_show_name, noor.shows_name, noor.language))
    assert (noor.state, noor.party_size, noor.arrived) == ("in", 3, 2)
    assert read_person(noor, find_key(db.session(), event_keys(guests.event_id))) is None
    assert [party.person for party in list_parties(guests.event_id)] == [None]


@pytest.mark.sqlite
def test_not_even_the_locked_bytes_are_in_any_file_but_those_of_others_are(app, guests):
    noor, ada = lists.sign_up(guests, **SAID), lists.sign_up(guests, "Ada")
    sealed = [getattr(noor, column) for column in SEALED]
    likeness, others = noor.name_likeness.encode(), ada.name
    db.session.rollback()
    before = instance_bytes(app)
    assert all(one in before for one in (*sealed, likeness, others))
    erase(noor)
    after = instance_bytes(app)
    assert not any(one in after for one in (*sealed, likeness))
    assert others in after


@pytest.mark.sqlite
def test_a_log_that_somebody_reads_in_is_emptied_once_they_have_done(app, guests):
    noor = lists.sign_up(guests)
    sealed = noor.name
    db.session.rollback()
    with db.engine.connect() as reader:
        reader.execute(select(SignUp.id)).all()
        erase(noor)
        assert not empty_log()
        assert sealed in instance_bytes(app)
    assert empty_log()
    assert sealed not in instance_bytes(app)


def test_the_seats_of_who_was_still_to_come_go_to_the_next(any_app, guests):
    first, second = (lists.sign_up(guests, party_size=4) for _one in range(2))
    erase(first)
    assert (first.state, second.state) == ("cancelled", "offered")


@pytest.mark.parametrize("state", ["cancelled", "declined", "lapsed"])
def test_who_had_gone_already_stays_gone_in_the_same_way(any_app, guests, state):
    noor = factories.change(lists.sign_up(guests), state=state)
    assert erase(noor).state == state


def test_after_the_event_the_counts_are_as_they_were(any_app, guests):
    noor = lists.sign_up(guests, party_size=2)
    factories.change(guests.event, state="closed", ends_at=clock.now() - timedelta(hours=1))
    before = count_seats([guests])
    erase(noor)
    assert count_seats([guests]) == before


def test_the_private_link_finds_an_erased_row_that_can_do_nothing_more(any_app, guests):
    noor = factories.change(lists.sign_up(guests), arrived=1)
    token = link_token(noor)
    assert get_sign_up_by_token(token) is erase(noor)
    assert noor.is_erased
    with pytest.raises(Conflict):
        change_party(noor, size=2, now=clock.now())


def test_an_erased_address_can_sign_up_again(any_app, guests):
    email = {"email": "noor@example.org", "sends_link": True}
    first = erase(lists.sign_up(guests, **email))
    again = lists.sign_up(guests, **email)
    assert again.id != first.id
    assert not again.is_possible_duplicate


def test_the_audit_tells_once_who_erased_which_row_and_no_more(any_app, guests):
    noor, own = lists.sign_up(guests), lists.sign_up(guests, "Ada")
    for _time in range(2):
        erase(noor, by="0123456789abcdef")
    erase(own)
    rows = db.session.execute(select(AuditRow).order_by(AuditRow.id)).scalars()
    told = [(row.verb, row.thing, row.thing_id, row.actor) for row in rows]
    assert told == [
        ("sign_up_erased", "sign_up", noor.public_id, "0123456789abcdef"),
        ("sign_up_erased", "sign_up", own.public_id, None),
    ]


def test_every_screen_of_the_lists_is_told(any_app, guests):
    noor = lists.sign_up(guests)
    before = guests.event.lists_version
    erase(noor)
    assert guests.event.lists_version == before + 1


def test_an_erasure_that_fails_erases_nothing(any_app, guests, monkeypatch):
    noor = lists.sign_up(guests)
    monkeypatch.setitem(erase_sign_up.__globals__, "note_deed", _fail)
    with pytest.raises(RuntimeError):
        erase(noor)
    with write(event_scope(guests.event_id)):
        assert not noor.is_erased


def _fail(*_arguments: object, **_options: object) -> None:
    raise RuntimeError("the disk is full")


def test_mail_that_waits_for_them_is_forgotten_and_that_for_others_is_sent(any_app, guests):
    turn_on(any_app, "smtp://127.0.0.1:1")
    noor, ada = lists.sign_up(guests), lists.sign_up(guests, "Ada")
    with write(event_scope(guests.event_id)) as session:
        for one in (noor, ada):
            owe_confirmation(session, one)
    erase(noor)
    owed = db.session.execute(select(OwedMail).order_by(OwedMail.id)).scalars()
    assert [(mail.state, mail.sealed_to is None) for mail in owed] == [
        ("dropped", True),
        ("waiting", False),
    ]


def owe_confirmation(session: Session, to: SignUp) -> None:
    owe(
        session,
        key=f"confirmation:{to.public_id}",
        kind="confirmation",
        to="noor@example.org",
        mail=Mail("Your seat", "It is yours.", "<p>It is yours.</p>"),
        scope=event_keys(to.list.event_id),
        about=mail_about(to),
        language="en",
        now=clock.now(),
    )


def on_two_shifts(porto, **said):
    noor = {"email": "noor@example.org"} | said
    other = lists.sign_up_list(porto, title="Counter", purpose="helpers")
    return [lists.sign_up(at, "Noor", **noor) for at in (lists.sign_up_list(porto), other)]


def ask_to_be_erased(nobody, one):
    page = nobody.get(f"/sign-ups/{link_token(one)}/", status=200)
    label = page.words("#erase-form label")
    answer = nobody.submit(page, "#erase-form", sure="y", status=303)
    db.session.rollback()
    return label, nobody.get(answer.location).words("main")


def test_everything_about_me_is_on_whatever_list_of_the_event(any_app, nobody, porto):
    turn_on(any_app, "smtp://127.0.0.1:1")
    both = on_two_shifts(porto, sends_link=True)
    ada = lists.sign_up(both[0].list, "Ada", email="ada@example.org", sends_link=True)
    label, said = ask_to_be_erased(nobody, both[0])
    assert "everything about me at this event" in label
    assert "Everything about you is deleted." in said
    assert [one.is_erased for one in (*both, ada)] == [True, True, False]
    assert [one.state for one in (*both, ada)] == ["cancelled", "cancelled", "in"]
    about = {mail.about: mail.sealed_to for mail in db.session.scalars(select(OwedMail))}
    assert [about.get(mail_about(one)) for one in both] == [None, None]
    assert about[mail_about(ada)]


def test_a_link_that_was_shown_on_a_screen_proves_no_address_and_erases_its_own_row(
    any_app, nobody, porto
):
    first, second = on_two_shifts(porto)
    label, said = ask_to_be_erased(nobody, first)
    assert "everything about this sign-up" in label
    assert "Everything about this sign-up is deleted." in said
    assert (first.is_erased, second.is_erased) == (True, False)


def test_the_same_address_at_another_event_is_left_alone(any_app, nobody, porto, lisbon):
    turn_on(any_app, "smtp://127.0.0.1:1")
    here, there = (
        lists.sign_up(lists.sign_up_list(at), email="noor@example.org", sends_link=True)
        for at in (porto, lisbon)
    )
    ask_to_be_erased(nobody, here)
    assert (here.is_erased, there.is_erased) == (True, False)


def test_an_organiser_erases_one_person_with_the_box_ticked(carlos, guests):
    noor, ada = lists.sign_up(guests), lists.sign_up(guests, "Ada")
    deeds, said = "/desk/events/porto/sign-ups/deeds", {"way": "erase", "sign_up": noor.public_id}
    carlos.post(deeds, said, status=422)
    db.session.rollback()
    assert not noor.is_erased
    carlos.post(deeds, said | {"sure": "1"}, status=303)
    db.session.rollback()
    assert (noor.is_erased, ada.is_erased) == (True, False)
    page = carlos.get("/desk/events/porto/sign-ups", status=200)
    assert not page.select(f"#erase-{noor.public_id}")
    assert page.select(f"#erase-{ada.public_id}")
