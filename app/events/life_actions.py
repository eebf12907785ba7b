"""What becomes of a planned event: cancelled, held after all, copied, shut to new phones."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.audit import note_deed
from app.campaigns.models import Campaign, Case
from app.database import SECTION, event_scope, write
from app.events.drafting import EventFields, add_event, note_change
from app.events.local_times import end_like
from app.events.models import Event, WritingTable
from app.events.signals import event_cancelled, event_copied, event_reinstated
from app.events.table_actions import new_code
from app.exceptions import Conflict


def cancel_event(event: Event, *, reason: str, actor: str, now: datetime) -> None:
    """Say that an event is not held; raises Conflict once it was opened.

    Its page stays and says why, calendars hear of it, and its tables let nobody in.
    """
    with write(event_scope(event.id)) as session:
        if event.is_cancelled:
            raise Conflict(_("This event is cancelled already."))
        if event.state != "upcoming":
            raise Conflict(_("Letters were written here already: close the event instead."))
        event.cancelled_at, event.cancel_reason = now, reason
        note_change(session, event, now=now)
        event_cancelled.send(event, session=session, now=now)
        _note(session, event, "event_cancelled", actor, now)


def hold_after_all(event: Event, *, actor: str, now: datetime) -> None:
    """Take a cancellation back; pressed twice it is no mistake."""
    with write(event_scope(event.id)) as session:
        if event.is_cancelled:
            event.cancelled_at, event.cancel_reason = None, ""
            note_change(session, event, now=now)
            event_reinstated.send(event, session=session, now=now)
            _note(session, event, "event_reinstated", actor, now)


def shut_joining(event: Event, *, is_shut: bool, actor: str, now: datetime) -> None:
    """Let no new phone join the event's tables, or let them again; who has joined goes on."""
    with write(event_scope(event.id)) as session:
        if event.is_shut != is_shut:
            event.is_shut = is_shut
            _note(session, event, "joining_shut" if is_shut else "joining_allowed", actor, now)


def copy_event(
    event: Event,
    campaign: Campaign,
    *,
    title: str,
    starts_at: datetime,
    organiser: User,
    now: datetime,
) -> Event:
    """The same event on another day, in `campaign`: its tables get new codes, it has no letters.

    Its sign-up lists are the same, and empty.

    It lasts as long by the clock on the wall; a marathon lasts 24 hours. Cases of another season
    are replaced by those that this one writes for.
    """
    with write(SECTION) as session:
        ends_at = end_like(event, starts_at)
        cases = _cases_for(session, event, campaign)
        said = {name: getattr(event, name) for name in EventFields._fields}
        changes = {
            "title": title,
            "starts_at": starts_at,
            "ends_at": ends_at,
            "cases": cases,
            "people": None,
            "next_event": "",
        }
        copy = add_event(session, campaign, EventFields(**said | changes), now=now)
        copy.organisers = list(dict.fromkeys([organiser, *event.organisers]))
        session.add_all(
            WritingTable(
                event_id=copy.id,
                name=table.name,
                seats=table.seats,
                position=table.position,
                join_code=new_code(session),
                created_at=now,
            )
            for table in event.tables
        )
        event_copied.send(event, copy=copy, session=session, now=now)
        _note(session, copy, "event_copied", organiser.public_id, now)
    return copy


def _cases_for(session: Session, event: Event, campaign: Campaign) -> tuple[str, ...]:
    if event.campaign_id == campaign.id:
        return tuple(case.slug for case in event.cases if case.state == "public")
    slugs = select(Case.slug).where(Case.campaign_id == campaign.id, Case.state == "public")
    return tuple(session.execute(slugs.order_by(Case.position, Case.id)).scalars())


def _note(session: Session, event: Event, verb: str, actor: str, now: datetime) -> None:
    note_deed(session, actor=actor, verb=verb, thing="event", thing_id=event.id, now=now)
