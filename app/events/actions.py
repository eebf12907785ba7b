"""Plan an event, change it, open it, close it, open it again."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.audit import note_deed
from app.campaigns.kinds import ALL_KINDS, MOST_IN_FRONT
from app.campaigns.models import Campaign, Case
from app.campaigns.slugs import make_slug, random_word
from app.database import SECTION, event_scope, write
from app.events.models import Event
from app.exceptions import Conflict, RuleBroken

PRIVATE_SLUG_LENGTH = 20
"""Ninety-nine bits: the address of a private event is the permission to see it."""


class EventFields(NamedTuple):
    """What an organiser says of an event."""

    title: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    place: str = ""
    description: str = ""
    goal: int | None = None
    people: int | None = None
    cases: tuple[str, ...] = ()
    """Slugs of the campaign's public cases."""
    kinds_in_front: tuple[str, ...] = ()
    """Wire names, at most four."""
    is_rehearsal: bool = False
    is_private: bool = False
    has_young_people: bool = False


def plan_event(campaign: Campaign, fields: EventFields, *, organiser: User, now: datetime) -> Event:
    """Add an event that `organiser` runs; raises RuleBroken (hours, cases, kinds)."""
    # Slugs are free or taken in the whole section, whatever the campaign.
    with write(SECTION) as session:
        event = Event(
            campaign_id=campaign.id,
            slug=_new_slug(session, fields),
            organisers=[organiser],
            created_at=now,
            **_columns(session, campaign.id, fields),
        )
        session.add(event)
        campaign.live_version = Campaign.live_version + 1
        session.flush()
        _note(session, event, "event_planned", organiser.public_id, now)
    return event


def edit_event(
    event: Event, fields: EventFields, *, edit_version: int, actor: str, now: datetime
) -> None:
    """Change an event; raises Conflict (older version), RuleBroken (hours, cases, kinds).

    Made private it gets a new address, since the old one is known.
    """
    with write(event_scope(event.id)) as session:
        if event.edit_version != edit_version:
            raise Conflict(
                _(
                    "Somebody else changed this while you were writing. "
                    "Nothing of yours is saved yet."
                ),
                error="edited_meanwhile",
            )
        columns = _columns(session, event.campaign_id, fields)
        _check_cases_stay(event, columns["cases"])
        if fields.is_private and not event.is_private:
            event.slug = random_word(PRIVATE_SLUG_LENGTH)
        for name, value in columns.items():
            setattr(event, name, value)
        event.edit_version += 1
        event.live_version = Event.live_version + 1
        # Its name stands on the campaign's screens too, and their cases may have changed.
        event.campaign.live_version = Campaign.live_version + 1
        _note(session, event, "event_edited", actor, now)


def open_event(event: Event, *, actor: str, now: datetime) -> None:
    """Let letters count from now on; a closed event is opened again.

    Raises Conflict: open already, nobody to write for, report submitted, season locked.
    """
    with write(event_scope(event.id)) as session:
        _check_may_open(event)
        event.opened_at = event.opened_at or now
        event.state, event.closed_at = "running", None
        event.live_version = Event.live_version + 1
        _note(session, event, "event_opened", actor, now)


def close_event(event: Event, *, actor: str, now: datetime) -> None:
    """Letters pressed from now on wait for a check; raises Conflict unless it is running."""
    with write(event_scope(event.id)) as session:
        if not event.is_running:
            raise Conflict(
                _("This event is closed already.")
                if event.state == "closed"
                else _("This event was not opened yet.")
            )
        event.state, event.closed_at = "closed", now
        event.live_version = Event.live_version + 1
        _note(session, event, "event_closed", actor, now)


def _check_may_open(event: Event) -> None:
    if event.is_running:
        raise Conflict(_("This event is open already."))
    if event.report_submitted_at is not None:
        raise Conflict(_("The report of this event is submitted: it stays closed."))
    if event.campaign.locked_at is not None:
        raise Conflict(_("The season is locked: its events stay closed."))
    if not event.cases:
        raise Conflict(_("Choose at least one case before you open the event."), field="cases")


def _check_cases_stay(event: Event, cases: list[Case]) -> None:
    # Letters may have been logged for them; their number must keep its name on every screen.
    gone = [case for case in event.cases if case not in cases]
    if gone and event.opened_at is not None:
        raise RuleBroken(
            _(
                "Letters may have been written for %(name)s: it stays once the event was opened.",
                name=gone[0].name,
            ),
            field="cases",
        )


def _columns(session: Session, campaign_id: int, fields: EventFields) -> dict[str, Any]:
    if fields.ends_at <= fields.starts_at:
        raise RuleBroken(_("The end must come after the start."), field="ends")
    chosen = set(fields.kinds_in_front)
    if len(chosen) > MOST_IN_FRONT:
        raise RuleBroken(_("Tick at most %(most)s.", most=MOST_IN_FRONT), field="kinds_in_front")
    return fields._asdict() | {
        "cases": _cases(session, campaign_id, set(fields.cases)),
        "kinds_in_front": [kind.name for kind in ALL_KINDS if kind.name in chosen],
    }


def _cases(session: Session, campaign_id: int, slugs: set[str]) -> list[Case]:
    cases = list(
        session.execute(
            select(Case)
            .where(Case.campaign_id == campaign_id, Case.slug.in_(slugs), Case.state != "draft")
            .order_by(Case.position, Case.id)
        ).scalars()
    )
    if len(cases) != len(slugs):
        raise RuleBroken(_("Choose from the list: it has changed meanwhile."), field="cases")
    return cases


def _new_slug(session: Session, fields: EventFields) -> str:
    if fields.is_private:
        return random_word(PRIVATE_SLUG_LENGTH)
    return make_slug(
        fields.title,
        otherwise="event",
        is_taken=lambda slug: (
            session.execute(select(Event.id).where(Event.slug == slug)).first() is not None
        ),
    )


def _note(session: Session, event: Event, verb: str, actor: str, now: datetime) -> None:
    note_deed(session, actor=actor, verb=verb, thing="event", thing_id=event.id, now=now)
