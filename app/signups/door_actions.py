"""Who has come: check a party in, let in who waits, somebody without a sign-up, heads alone.

Two organisers stand at two doors. Each deed says what number it wants and what number it saw, so
that the same one twice is one, and nobody undoes what another has done since.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.accounts.links import mint
from app.audit import note_deed
from app.database import SECTION, event_scope, write
from app.editing import change
from app.events.models import Event
from app.exceptions import Conflict, RuleBroken
from app.keyring import event_keys, key_for
from app.signups.models import LIVING, SEATED, HeadTap, SignUp, SignUpList
from app.signups.sealing import Person, seal_person
from app.signups.seats import take_off, touch_lists
from app.signups.visits import LINK

MOST_HEADS = 100_000
MOST_OF_A_PARTY = 200
TAPS_KNOWN_FOR = timedelta(days=30)
"""After an event's end: a phone whose wifi was gone sends its taps again long before."""


class Ticked(NamedTuple):
    """What became of many that were ticked at once."""

    changed: int
    skipped: int
    """Somebody else has changed them since they were looked at, or they have ended."""


def check_in(sign_up: SignUp, *, arrived: int, seen: int, actor: str, now: datetime) -> None:
    """So many of the party are here; `seen` is how many the organiser's screen said.

    Nobody of a walk-in here: it was a mistake, and is off the list.
    Raises Conflict (changed since, ended, waits for a seat), RuleBroken (more than signed up).
    """
    event_id = sign_up.list.event_id
    with write(event_scope(event_id)) as session:
        if sign_up.arrived == arrived:
            return
        _check_seen(sign_up, seen)
        if not 0 <= arrived <= sign_up.party_size:
            raise RuleBroken(_("So many did not sign up. Let the others in as walk-ins."))
        _arrive(sign_up, arrived, now=now, by=actor)
        verb = "checked_in" if arrived > seen else "check_in_undone"
        _note(session, event_id, verb, actor, now)


def let_in(sign_up: SignUp, *, actor: str, now: datetime) -> None:
    """All of a party that waits have come and are let in: the organiser sees whether there is room.

    Twice is once; raises Conflict when the sign-up has ended.
    """
    event_id = sign_up.list.event_id
    with write(event_scope(event_id)) as session:
        if sign_up.state == "in":
            return
        if sign_up.state not in LIVING:
            raise _ended()
        sign_up.state, sign_up.offer_ends_at = "in", None
        _arrive(sign_up, sign_up.party_size, now=now, by=actor)
        _note(session, event_id, "let_in_at_door", actor, now)


def add_walk_in(
    the_list: SignUpList, *, name: str, people: int, op: str, actor: str, now: datetime
) -> SignUp:
    """Somebody who did not sign up is here, also when the list is full: the organiser decides.

    `op` is the form's own: sent twice it is one. Raises RuleBroken (nobody, or too many),
    KeyGone (the event's names are deleted).
    """
    with write(event_scope(the_list.event_id)) as session:
        added = _walk_in(session, the_list, name=name, people=people, op=op, now=now)
        _note(session, the_list.event_id, "walk_in_added", actor, now)
    return added


def tick_all(
    event: Event,
    seen: Mapping[str, int],
    *,
    is_here: bool,
    walk_ins: int,
    onto: SignUpList | None,
    op: str,
    actor: str,
    now: datetime,
) -> Ticked:
    """All of these parties are here, or none of them; how many were changed, and not.

    `seen` says of each what the organiser's screen said, by its public id; who waits for a seat
    and was ticked has come. `walk_ins` more people go onto the list `onto` as one party, once for
    an `op`. Raises what `add_walk_in` does.
    """
    with write(event_scope(event.id)) as session:
        wanted = {one: one.party_size if is_here else 0 for one in _living_of(session, event, seen)}
        known = {one for one in wanted if one.arrived in (wanted[one], seen[one.public_id])}
        changed = [one for one in known if one.arrived != wanted[one]]
        for one in known:
            _tick(one, wanted[one], now=now, by=actor)
        if walk_ins and onto is not None:
            _walk_in(session, onto, name="", people=walk_ins, op=op, now=now)
        _note(session, event.id, "many_ticked", actor, now)
    return Ticked(len(changed), len(seen) - len(known))


def count_heads(event: Event, *, more: int, op: str, now: datetime) -> None:
    """So many more have come, or with a minus gone; never fewer than nobody.

    `op` is the tap's own: sent twice it is one. Raises RuleBroken when it is nothing or no crowd
    of this world.
    """
    with write(event_scope(event.id)) as session:
        if session.get(HeadTap, (event.id, op)):
            return
        if not more or event.head_count + more > MOST_HEADS:
            raise RuleBroken(_("Write how many people, in figures."), field="people")
        session.add(HeadTap(event_id=event.id, op=op or secrets.token_hex(8)))
        event.head_count = max(0, event.head_count + more)
        touch_lists(session, event.id)


def forget_head_taps(*, now: datetime) -> None:
    """Forget the taps that nobody will send again; the heads stay counted."""
    # Not with an event's names: those may be deleted while its door still counts, and an event that
    # counts heads alone has none.
    long_over = select(Event.id).where(Event.ends_at < now - TAPS_KNOWN_FOR)
    with write(SECTION) as session:
        session.execute(
            delete(HeadTap)
            .where(HeadTap.event_id.in_(long_over))
            .execution_options(synchronize_session=False)
        )


def choose_counting(event: Event, *, heads: bool, actor: str, now: datetime) -> None:
    """Count heads alone at the door, or tick names."""
    with write(event_scope(event.id)) as session:
        if event.counts_heads != heads:
            event.counts_heads = heads
            _note(session, event.id, "door_changed", actor, now)


def use_as_people(event: Event, *, people: int, actor: str, now: datetime) -> None:
    """Take the door's number for the number of people who came, as the organiser says.

    Raises RuleBroken when it is no crowd of this world.
    """
    with write(event_scope(event.id)) as session:
        if not 0 <= people <= MOST_HEADS:
            raise RuleBroken(_("Write how many people, in figures."), field="people")
        if event.people != people:
            change(event, {"people": people, "live_version": event.live_version + 1})
            _note(session, event.id, "people_from_door", actor, now)


def _check_seen(sign_up: SignUp, seen: int) -> None:
    if sign_up.state in ("asked", "waiting"):
        raise Conflict(_("They have no seat yet. Let them in if there is room."))
    if sign_up.state not in SEATED:
        raise _ended()
    if sign_up.arrived != seen:
        raise Conflict(_("Somebody else has just changed this. Look again, and tap if need be."))


def _arrive(sign_up: SignUp, arrived: int, *, now: datetime, by: str) -> None:
    sign_up.arrived = arrived
    sign_up.arrived_at = (sign_up.arrived_at or now) if arrived else None
    if sign_up.state == "offered" and arrived:
        sign_up.state, sign_up.offer_ends_at = "in", None
    if sign_up.is_walk_in and not arrived:
        take_off(sign_up, "cancelled", now=now, by=by)


def _tick(sign_up: SignUp, wanted: int, *, now: datetime, by: str) -> None:
    if wanted and sign_up.state in LIVING:
        sign_up.state, sign_up.offer_ends_at = "in", None
    if sign_up.arrived != wanted:
        _arrive(sign_up, wanted, now=now, by=by)


def _living_of(session: Session, event: Event, seen: Mapping[str, int]) -> list[SignUp]:
    query = (
        select(SignUp)
        .join(SignUpList, SignUpList.id == SignUp.list_id)
        # Whoever deleted their data stays counted as they were.
        .where(SignUpList.event_id == event.id, SignUp.state.in_(LIVING), SignUp.name.is_not(None))
        .order_by(SignUp.id)
    )
    return [one for one in session.execute(query).scalars() if one.public_id in seen]


def _walk_in(
    session: Session, the_list: SignUpList, *, name: str, people: int, op: str, now: datetime
) -> SignUp:
    if not 1 <= people <= MOST_OF_A_PARTY:
        raise RuleBroken(
            _("Let in from 1 to %(most)s people at once.", most=MOST_OF_A_PARTY), field="people"
        )
    known = session.execute(select(SignUp).where(SignUp.public_id == op)).scalar_one_or_none()
    if known is not None:
        return known
    keeper = key_for(session, event_keys(the_list.event_id), now=now)
    came = SignUp(
        list_id=the_list.id,
        public_id=op or secrets.token_hex(8),
        state="in",
        party_size=people,
        arrived=people,
        arrived_at=now,
        is_walk_in=True,
        created_at=now,
        queued_at=now,
        **mint(LINK)._asdict(),
    )
    seal_person(came, Person(name or _("Walk-in")), keeper)
    session.add(came)
    touch_lists(session, the_list.event_id)
    return came


def _ended() -> Conflict:
    return Conflict(_("This sign-up has ended. Let them in as walk-ins if there is room."))


def _note(session: Session, event_id: int, verb: str, actor: str, now: datetime) -> None:
    # Of the event, not of the party: who came when is nobody's business once names are deleted.
    touch_lists(session, event_id)
    note_deed(session, actor=actor, verb=verb, thing="event", thing_id=event_id, now=now)
