"""Anybody offers to hold an event; an admin says yes to one or many, or no."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.accounts.browsers import UNSEEN
from app.accounts.invitation_actions import accept_invitation
from app.accounts.links import token_of
from app.accounts.models import Invitation
from app.database import db
from app.events.models import Event, event_invitation
from app.exceptions import Conflict, TooMany
from app.hosts import actions
from app.hosts.actions import OfferFields
from app.hosts.kinds import KINDS
from app.hosts.models import Host, Offer
from app.ticker import forget_expired
from tests import factories

OFFER = {
    "name": "Marta Lund",
    "email": "Marta@Example.org",
    "held_by": "Lindholm library",
    "kind": "library",
    "size": "40",
    "town": "Lindholm",
    "wished_on": f"{clock.now() + timedelta(days=20):%Y-%m-%d}",
    "wish": "Is there a poster?",
    "consent": "y",
}


def stored(model):
    db.session.rollback()
    return list(db.session.execute(select(model).order_by(model.id)).scalars())


def accept(invitation):
    """Say yes, as whoever has an account or as somebody new."""
    token, said = token_of("invitation", invitation.nonce), {"password": factories.PASSWORD}
    accept_invitation(token, name="Marta", **said, arrival=UNSEEN, now=clock.now())


def boss():
    return factories.organiser(role="admin")


def test_anybody_offers_to_hold_an_event(nobody, admin, campaign):
    page = nobody.get("hosts.organise", status=200)
    answer = nobody.submit(page, "#offer-form", **OFFER)
    assert (answer.status, answer.location) == (303, "/organise/thanks")
    assert "Thank you" in nobody.get(answer.location, status=200).words("#thanks")
    (offer,) = stored(Offer)
    assert (offer.email, offer.size, offer.state) == ("marta@example.org", 40, "waiting")
    season = admin.get("campaigns.section", status=200)
    assert "Hosts (1)" in season.words("#section-tabs")
    assert "One offer waits for your answer" in season.words("#section")
    shown = admin.get("hosts.hosts", status=200).words("#hosts")
    assert "Lindholm library" in shown
    assert "Is there a poster?" in shown


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("email", ""),
        ("email", "no address"),
        ("held_by", ""),
        ("held_by", "x" * 121),
        ("kind", "circus"),
        ("town", ""),
        ("wished_on", "soon"),
        ("wished_on", "2020-01-01"),
        ("wished_on", "2099-12-31"),
        ("size", "many"),
        ("wish", "x" * 1001),
        ("consent", ""),
    ],
)
def test_a_bad_offer_names_the_field(nobody, campaign, field, value):
    for htmx in (False, True):
        answer = nobody.post("hosts.organise", OFFER | {field: value}, htmx=htmx, status=422)
        assert answer.select(f"#{field}-error")
    assert stored(Offer) == []


def test_an_offer_sent_twice_is_one(nobody, campaign):
    for _time in range(2):
        assert nobody.post("hosts.organise", OFFER, status=303).location == "/organise/thanks"
    assert len(stored(Offer)) == 1


def test_a_machine_that_fills_in_everything_is_thanked_and_forgotten(nobody, campaign):
    answer = nobody.post("hosts.organise", OFFER | {"website": "http://spam.example"}, status=303)
    assert answer.location == "/organise/thanks"
    assert stored(Offer) == []


def test_one_network_offers_ten_times_and_then_waits(any_app):
    season, now = factories.campaign(), clock.now()
    said = OfferFields("A", "a@example.org", "B", "other", None, "C", date(2026, 12, 1))
    for _time in range(10):
        actions.offer_event(season, said, network="here", now=now)
    with pytest.raises(TooMany):
        actions.offer_event(season, said, network="here", now=now)
    actions.offer_event(season, said, network="there", now=now)


def test_too_many_offers_are_told_so_on_the_form(nobody, campaign):
    for _time in range(10):
        nobody.post("hosts.organise", OFFER, status=303)
    answer = nobody.post("hosts.organise", OFFER, status=429)
    assert answer.headers["Retry-After"]
    assert answer.select("#name-error")


def test_without_a_season_nobody_can_offer(nobody):
    nobody.get("hosts.organise", status=404)


def test_yes_makes_host_draft_and_invitation_in_one_step(admin, nobody, campaign):
    first, second = factories.offer(), factories.offer(held_by="Other library")
    page = admin.get("hosts.hosts", status=200)
    both = {"offer": [first.id, second.id]}
    assert admin.submit(page, "#offers-form", **both).status == 303
    hosts, events = stored(Host), [e for e in stored(Event) if e.is_draft]
    assert [host.name for host in hosts] == ["Town library", "Other library"]
    assert [event.title for event in events] == ["Town library", "Other library"]
    assert [host.events for host in hosts] == [[event] for event in events]
    assert all(len(event.slug) == 20 for event in events)
    assert [case.slug for case in events[0].cases] == ["amina", "ilyas"]
    invitations = stored(Invitation)
    assert [one.email for one in invitations] == [first.email, second.email]
    rows = db.session.execute(select(event_invitation).order_by(event_invitation.c.event_id))
    assert [tuple(row) for row in rows] == [
        (event.id, one.id) for event, one in zip(events, invitations, strict=True)
    ]
    assert "Town library" not in nobody.get("board.list_events").text
    assert "Town library" in admin.get("hosts.host", host_id=hosts[0].id).words("#host")


def test_who_says_yes_to_the_invitation_runs_the_draft(any_app):
    offer = factories.offer()
    actions.approve_offers([offer.id], by=boss(), now=clock.now())
    accept(*stored(Invitation))
    (event,) = (each for each in stored(Event) if each.is_draft)
    assert [user.name for user in event.organisers] == ["Marta"]


@pytest.mark.parametrize(
    ("kind", "young", "private", "preset"),
    [
        ("school", True, False, "class"),
        ("class", True, False, "class"),
        ("youth_group", True, False, "group"),
        ("household", False, True, "group"),
        ("library", False, False, "group"),
    ],
)
def test_a_draft_begins_as_its_kind_of_host_needs(any_app, kind, young, private, preset):
    offer = factories.offer(kind=kind)
    actions.approve_offers([offer.id], by=boss(), now=clock.now())
    (event,) = (each for each in stored(Event) if each.is_draft)
    assert (event.has_young_people, event.is_private, event.preset) == (young, private, preset)


def test_every_kind_of_host_can_be_approved(any_app):
    offers = [factories.offer(kind=kind, held_by=kind) for kind in KINDS]
    ids = [offer.id for offer in offers]
    assert actions.approve_offers(ids, by=boss(), now=clock.now()) == len(KINDS)


def test_an_account_of_the_same_address_runs_nothing_before_it_says_yes(any_app):
    known = factories.organiser(email="known@example.org")
    offer = factories.offer(email="known@example.org")
    actions.approve_offers([offer.id], by=boss(), now=clock.now())
    (event,) = (each for each in stored(Event) if each.is_draft)
    assert event.organisers == []
    accept(*stored(Invitation))
    (event,) = (each for each in stored(Event) if each.is_draft)
    assert event.organisers == [known]


def test_who_offers_twice_is_one_host_with_an_invitation_to_each_event(any_app):
    offers = [factories.offer(email="twice@example.org", town=town) for town in ("", "Braga")]
    actions.approve_offers([offer.id for offer in offers], by=boss(), now=clock.now())
    (host,) = stored(Host)
    assert len(host.events) == 2
    for invitation in stored(Invitation):
        accept(invitation)
    (host,) = stored(Host)
    assert [[user.name for user in event.organisers] for event in host.events] == [["Marta"]] * 2


@pytest.mark.parametrize("role", ["organiser", "admin"])
def test_an_offer_gets_an_invitation_of_its_own_whoever_was_invited_before(any_app, role):
    factories.invitation(email="marta@example.org", role=role, event=factories.event())
    offer = factories.offer(email="marta@example.org")
    admin = boss()
    actions.approve_offers([offer.id], by=admin, now=clock.now())
    before, own = stored(Invitation)
    assert (own.role, own.invited_by) == ("organiser", admin.public_id)
    (draft,) = (each for each in stored(Event) if each.is_draft)
    rows = db.session.execute(select(event_invitation)).all()
    assert (draft.id, own.id) in rows
    assert (draft.id, before.id) not in rows


def test_an_answered_offer_is_not_answered_again_and_nothing_is_half_done(any_app):
    first, second = factories.offer(), factories.offer(held_by="Other")
    admin = boss()
    actions.decline_offer(second, reason="Two in one town", by=admin, now=clock.now())
    with pytest.raises(Conflict):
        actions.approve_offers([first.id, second.id], by=admin, now=clock.now())
    assert stored(Host) == []
    assert first.state == "waiting"
    with pytest.raises(Conflict):
        actions.decline_offer(second, reason="Again", by=admin, now=clock.now())


def test_declining_asks_for_a_word_and_keeps_it(admin, campaign):
    offer = factories.offer()
    page = admin.get("hosts.decline", offer_id=offer.id, status=200)
    assert admin.submit(page, "#decline-form").status == 422
    assert admin.submit(page, "#decline-form", reason="No space").status == 303
    shown = admin.get("hosts.hosts", status=200).words("#hosts")
    assert "No offer is waiting" in shown
    assert "No space" in shown


def test_nothing_ticked_does_nothing(admin, campaign):
    factories.offer()
    admin.post("hosts.approve", {}, status=303)
    admin.post("hosts.approve", {"offer": ["x", "-1", "9" * 30]}, status=303)
    assert stored(Host) == []


def test_offers_are_forgotten_ninety_days_after_the_answer(any_app):
    now, admin = clock.now(), boss()
    old, new, waiting, stale = (factories.offer(held_by=str(n)) for n in range(4))
    actions.decline_offer(old, reason="x", by=admin, now=now - timedelta(days=91))
    actions.decline_offer(new, reason="x", by=admin, now=now - timedelta(days=89))
    factories.change(stale, created_at=now - timedelta(days=366))
    actions.forget_old_offers(now=now)
    assert stored(Offer) == [new, waiting]


def everything_stored():
    with db.engine.connect() as connection:
        tables = [connection.execute(table.select()) for table in db.metadata.sorted_tables]
        return "".join(str(row) for rows in tables for row in rows)


@pytest.mark.parametrize("ending", ["approved", "declined"])
def test_what_an_offer_said_of_a_person_is_gone_when_its_form_says(any_app, ending):
    said = {"name": "Marta Lund", "email": "marta@example.org", "wish": "A quiet corner"}
    offer, admin, now = factories.offer(**said), boss(), clock.now()
    if ending == "approved":
        actions.approve_offers([offer.id], by=admin, now=now)
    else:
        actions.decline_offer(offer, reason="x", by=admin, now=now)
    db.session.rollback()
    assert "Marta Lund" in everything_stored()
    forget_expired(now + timedelta(days=91))
    assert not [word for word in said.values() if word in everything_stored()]
