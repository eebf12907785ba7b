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
from app.events.models import LOGGED_BY, PRESETS, Event, event_handover
from app.events.queries import may_take_over
from app.exceptions import Conflict, RuleBroken

PRIVATE_SLUG_LENGTH = 20
"""Ninety-nine bits: the address of a private event is the permission to see it."""


class EventFields(NamedTuple):
    """What an organiser says of an event."""

    title: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    preset: str = "group"
    held_by: str = ""
    place: str = ""
    address: str = ""
    online_link: str = ""
    languages: str = ""
    what_to_bring: str = ""
    access: tuple[str, ...] = ()
    access_notes: str = ""
    description: str = ""
    goal: int | None = None
    people: int | None = None
    cases: tuple[str, ...] = ()
    """Slugs of the campaign's public cases."""
    kinds_in_front: tuple[str, ...] = ()
    """Wire names, at most four."""
    logged_by: str = "volunteer"
    next_event: str = ""
    """Slug of the event that goes on when this one ends; a listed one of the season."""
    is_rehearsal: bool = False
    is_private: bool = False
    has_young_people: bool = False


def plan_event(campaign: Campaign, fields: EventFields, *, organiser: User, now: datetime) -> Event:
    """Add an event that `organiser` runs; raises RuleBroken (hours, cases, kinds, next event)."""
    # Slugs are free or taken in the whole section, whatever the campaign.
    with write(SECTION) as session:
        event = add_event(session, campaign, fields, now=now)
        event.organisers = [organiser]
        _note(session, event, "event_planned", organiser.public_id, now)
    return event


def add_event(
    session: Session,
    campaign: Campaign,
    fields: EventFields,
    *,
    is_draft: bool = False,
    now: datetime,
) -> Event:
    """A new event inside somebody's `write(SECTION)`, without organisers yet; raises RuleBroken.

    A draft has an address that nobody can guess until its organiser has looked it through.
    """
    columns = _columns(session, campaign.id, fields)
    is_hidden = fields.is_private or is_draft
    event = Event(
        campaign_id=campaign.id,
        slug=random_word(PRIVATE_SLUG_LENGTH) if is_hidden else new_slug(session, fields.title),
        is_draft=is_draft,
        created_at=now,
        **columns,
    )
    session.add(event)
    campaign.live_version = Campaign.live_version + 1
    session.flush()
    return event


def edit_event(
    event: Event, fields: EventFields, *, edit_version: int, actor: str, now: datetime
) -> None:
    """Change an event; raises Conflict (older version), RuleBroken (hours, cases, kinds …).

    Made private it gets a new address, since the old one is known; a draft is one no longer, and
    gets the address of its title.
    """
    # Slugs are free or taken in the whole section; nothing else happens to a draft.
    with write(SECTION if event.is_draft else event_scope(event.id)) as session:
        if event.edit_version != edit_version:
            raise Conflict(
                _(
                    "Somebody else changed this while you were writing. "
                    "Nothing of yours is saved yet."
                ),
                error="edited_meanwhile",
            )
        columns = _columns(session, event.campaign_id, fields, event=event)
        _check_cases_stay(event, columns["cases"])
        if fields.is_private and not event.is_private:
            event.slug = random_word(PRIVATE_SLUG_LENGTH)
        elif event.is_draft and not fields.is_private:
            event.slug = new_slug(session, fields.title)
        for name, value in columns.items():
            setattr(event, name, value)
        event.is_draft = False
        note_change(event, now=now)
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


def note_change(event: Event, *, now: datetime) -> None:
    """Tell other editors, calendars and live screens that an event is not what it was."""
    event.edit_version += 1
    event.edited_at = now
    event.live_version = Event.live_version + 1
    # Its name stands on the campaign's screens too, and their cases may have changed.
    event.campaign.live_version = Campaign.live_version + 1


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


def _columns(
    session: Session, campaign_id: int, fields: EventFields, *, event: Event | None = None
) -> dict[str, Any]:
    if fields.ends_at <= fields.starts_at:
        raise RuleBroken(_("The end must come after the start."), field="ends")
    if fields.preset not in PRESETS or fields.logged_by not in LOGGED_BY:
        raise RuleBroken(_("Choose one from the list."), field="preset")
    chosen = set(fields.kinds_in_front)
    if len(chosen) > MOST_IN_FRONT:
        raise RuleBroken(_("Tick at most %(most)s.", most=MOST_IN_FRONT), field="kinds_in_front")
    return fields._asdict() | {
        "access": list(fields.access),
        "cases": _cases(session, campaign_id, set(fields.cases)),
        "kinds_in_front": [kind.name for kind in ALL_KINDS if kind.name in chosen],
        "next_event": _next_event(session, campaign_id, fields.next_event, event),
    }


def _next_event(session: Session, campaign_id: int, slug: str, event: Event | None) -> Event | None:
    if not slug or (event and event.next_event and event.next_event.slug == slug):
        return event.next_event if event and slug else None
    chosen = session.execute(
        select(Event).where(Event.slug == slug, Event.campaign_id == campaign_id, may_take_over())
    ).scalar_one_or_none()
    if chosen is None:
        raise RuleBroken(_("Choose from the list: it has changed meanwhile."), field="next_event")
    _check_no_circle(session, chosen, event)
    return chosen


def _check_no_circle(session: Session, chosen: Event, event: Event | None) -> None:
    later: int | None = chosen.id
    met: set[int] = set()
    while event is not None and later is not None and later not in met:
        if later == event.id:
            raise RuleBroken(
                _("That event, or one after it, hands over to this one: nobody would end."),
                field="next_event",
            )
        met.add(later)
        step = select(event_handover.c.next_event_id).where(event_handover.c.event_id == later)
        later = session.execute(step).scalar_one_or_none()


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


def new_slug(session: Session, title: str) -> str:
    """A free address like the title; inside `write(SECTION)`."""
    return make_slug(
        title,
        otherwise="event",
        is_taken=lambda slug: (
            session.execute(select(Event.id).where(Event.slug == slug)).first() is not None
        ),
    )


def _note(session: Session, event: Event, verb: str, actor: str, now: datetime) -> None:
    note_deed(session, actor=actor, verb=verb, thing="event", thing_id=event.id, now=now)
