"""Plan an event, change it, open it, close it, open it again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from blinker import Signal
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.audit import note_deed
from app.campaigns.models import Campaign, Case
from app.campaigns.slugs import random_word
from app.database import SECTION, event_scope, write
from app.editing import check_version
from app.events.drafting import (
    PRIVATE_SLUG_LENGTH,
    EventFields,
    add_event,
    columns_of,
    new_slug,
    note_change,
)
from app.events.models import Event
from app.events.signals import event_became_young, event_keeps_names_longer, event_moved
from app.events.whereabouts import whereabouts_of
from app.exceptions import Conflict, RuleBroken


def plan_event(campaign: Campaign, fields: EventFields, *, organiser: User, now: datetime) -> Event:
    """Add an event that `organiser` runs; raises RuleBroken (hours, cases, kinds, next event)."""
    # Slugs are free or taken in the whole section, whatever the campaign.
    with write(SECTION) as session:
        event = add_event(session, campaign, fields, now=now)
        event.organisers = [organiser]
        _note(session, event, "event_planned", organiser.public_id, now)
    return event


def edit_event(
    event: Event, fields: EventFields, *, edit_version: int, actor: str, now: datetime
) -> list[str]:
    """Change an event; what its organiser should hear of, when that moved other things as well.

    Raises Conflict (older version), RuleBroken (hours, cases, kinds, names kept longer …).

    Made private it gets a new address, since the old one is known; a draft is one no longer, and
    gets the address of its title.
    """
    # Slugs are free or taken in the whole section; nothing else happens to a draft.
    with write(SECTION if event.is_draft else event_scope(event.id)) as session:
        check_version(event, edit_version)
        columns = columns_of(session, event.campaign_id, fields, event=event)
        _check_cases_stay(event, columns["cases"])
        if fields.keeps_names_days > event.keeps_names_days:
            event_keeps_names_longer.send(event, session=session)
        if fields.is_private and not event.is_private:
            event.slug = random_word(PRIVATE_SLUG_LENGTH)
        elif event.is_draft and not fields.is_private:
            event.slug = new_slug(session, fields.title)
        before, was_young = whereabouts_of(event), event.has_young_people
        for name, value in columns.items():
            setattr(event, name, value)
        event.is_draft = False
        note_change(session, event, now=now)
        _note(session, event, "event_edited", actor, now)
        told: list[str] = []
        if whereabouts_of(event) != before:
            told += _tell(event_moved, event, before=before, session=session, now=now)
        if event.has_young_people and not was_young:
            told += _tell(event_became_young, event, session=session, now=now)
        return told


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
    if event.is_cancelled:
        raise Conflict(_("This event is cancelled. Say first that it is held after all."))
    if event.is_draft:
        raise Conflict(_("This is a draft: look it through and save it, then open it."))
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


def _tell(signal: Signal, event: Event, **facts: Any) -> list[str]:
    """What those above answered, for the organiser."""
    return [words for _receiver, words in signal.send(event, **facts) if words]


def _note(session: Session, event: Event, verb: str, actor: str, now: datetime) -> None:
    note_deed(session, actor=actor, verb=verb, thing="event", thing_id=event.id, now=now)
