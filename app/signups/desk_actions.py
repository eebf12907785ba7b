"""What organisers do with sign-ups: confirm, decline, take off and undo it, answer for somebody.

Whom a deed finds in another state than it is about was somebody else's by then: they are left
alone, and the deed says how many it was done to.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit import note_deed
from app.database import event_scope, write
from app.events.models import Event
from app.exceptions import Conflict
from app.keyring import event_keys, key_for
from app.signups.actions import Wish, add_party, check_size
from app.signups.mailing import mail_ended, mail_put_back
from app.signups.models import LIVING, SignUp, SignUpList
from app.signups.sealing import Person
from app.signups.seats import offer_seats, take_off, touch_lists

UNDONE_WITHIN = timedelta(minutes=10)
"""Whom an organiser took off is not written to before: it may have been the wrong row."""


class Done(NamedTuple):
    """What a deed came to."""

    people: int
    deed: str = ""
    """By which it can be undone; empty when it cannot."""
    seated: int = 0


def confirm_sign_ups(event: Event, ids: Collection[str], *, actor: str, now: datetime) -> Done:
    """Say yes to those who asked: whose turn it is sits, the others wait at their old place."""
    with write(event_scope(event.id)) as session:
        chosen = _chosen(session, event, ids, ("asked",))
        for one in chosen:
            one.state = "waiting"
        _let_in(session, chosen, {one.id for one in chosen}, now)
        seated = sum(one.state == "in" for one in chosen)
        _note(session, event, "sign_ups_confirmed", actor, now)
    return Done(len(chosen), seated=seated)


def take_off_list(
    event: Event, ids: Collection[str], *, actor: str, now: datetime, is_no: bool = False
) -> Done:
    """Take sign-ups off their lists, or say no to those who asked; all of it can be undone.

    Whoever is here stays on, and everybody once the event is over: what was counted stays.
    """
    with write(event_scope(event.id)) as session:
        if not is_no and event.is_over(now):
            raise Conflict(_("This event is over: who was on its lists stays there."))
        found = _chosen(session, event, ids, ("asked",) if is_no else LIVING)
        chosen = [one for one in found if not one.arrived]
        if not chosen:
            raise Conflict(_("They are here already. Untick them at the door first."))
        deed = secrets.token_hex(16)
        for one in chosen:
            take_off(one, "declined" if is_no else "cancelled", now=now, by=actor)
            one.deed = deed
        mail_ended(session, chosen, now=now, not_before=now + UNDONE_WITHIN)
        _let_in(session, chosen, (), now)
        if is_no:
            _note(session, event, "sign_ups_declined", actor, now)
        else:
            _note(session, event, "sign_ups_taken_off", actor, now)
    return Done(len(chosen), deed)


def put_back(event: Event, deed: str, *, actor: str, now: datetime) -> Done:
    """Undo what took sign-ups off: each at its old place, in a seat only if one is still free.

    Raises Conflict when there is nothing (more) to undo.
    """
    with write(event_scope(event.id)) as session:
        gone = list(session.execute(_of_event(event).where(SignUp.deed == deed)).scalars())
        if not gone or not deed:
            raise Conflict(_("This was undone already."))
        for one in gone:
            one.state = "asked" if one.ended_from == "asked" else "waiting"
            one.ended_at, one.ended_by, one.deed = None, "", None
        _let_in(session, gone, {one.id for one in gone if one.ended_from == "in"}, now)
        mail_put_back(session, gone, now=now)
        seated = sum(one.state == "in" for one in gone)
        _note(session, event, "sign_ups_put_back", actor, now)
    return Done(len(gone), seated=seated)


def say_yes_for(event: Event, ids: Collection[str], *, actor: str, now: datetime) -> Done:
    """Take an offer for somebody who said so on the phone."""
    with write(event_scope(event.id)) as session:
        chosen = _chosen(session, event, ids, ("offered",))
        for one in chosen:
            one.state, one.offer_ends_at = "in", None
        _note(session, event, "offers_accepted", actor, now)
    return Done(len(chosen))


def show_first_names(
    event: Event, ids: Collection[str], *, is_shown: bool, actor: str, now: datetime
) -> Done:
    """Put first names on the public list, of those who agreed; or take them away again.

    Never of young people.
    """
    with write(event_scope(event.id)) as session:
        willing = _chosen(session, event, ids, LIVING)
        chosen = [
            one
            for one in willing
            if not is_shown or (one.may_show_name and not event.has_young_people)
        ]
        if not chosen:
            raise Conflict(_("They did not agree to their first name on the public list."))
        for one in chosen:
            one.shows_name = is_shown
        verb = "first_names_shown" if is_shown else "first_names_hidden"
        _note(session, event, verb, actor, now)
    return Done(len(chosen))


def add_by_hand(
    the_list: SignUpList, person: Person, *, party_size: int, actor: str, now: datetime
) -> SignUp:
    """Put somebody on a list who phoned or stopped by, whether or not it is open.

    They need no confirmation; they wait like everybody when no seat is free. Raises RuleBroken,
    and KeyGone once the names of the event were deleted.
    """
    with write(event_scope(the_list.event_id)) as session:
        check_size(the_list, party_size)
        keeper = key_for(session, event_keys(the_list.event_id), now=now)
        added = add_party(session, the_list, person, Wish(party_size), keeper, now)
        if added.state == "asked":
            added.state = "waiting"
            offer_seats(session, the_list, now=now, asked={added.id})
        note_deed(
            session,
            actor=actor,
            verb="sign_up_added",
            thing="sign_up",
            thing_id=added.public_id,
            now=now,
        )
        touch_lists(session, the_list.event_id)
    return added


def _of_event(event: Event) -> Any:
    of_event = select(SignUp).join(SignUpList).where(SignUpList.event_id == event.id)
    return of_event.order_by(SignUp.queued_at, SignUp.id)


def _chosen(
    session: Session, event: Event, ids: Collection[str], states: Collection[str]
) -> list[SignUp]:
    """Those of the ids that are still in one of the states; raises Conflict when none is."""
    query = _of_event(event).where(SignUp.public_id.in_(set(ids)), SignUp.state.in_(states))
    found = list(session.execute(query).scalars())
    if not found:
        raise Conflict(_("Nothing was changed: it was done already, or nobody was ticked."))
    return found


def _let_in(
    session: Session, chosen: Iterable[SignUp], asked: Collection[int], now: datetime
) -> None:
    """Let the line move on each list that was touched."""
    session.flush()
    for the_list in {one.list_id: one.list for one in chosen}.values():
        offer_seats(session, the_list, now=now, asked=asked)


def _note(session: Session, event: Event, verb: str, actor: str, now: datetime) -> None:
    note_deed(session, actor=actor, verb=verb, thing="event", thing_id=event.id, now=now)
    touch_lists(session, event.id)
