"""What several deeds do to an event, each inside its own `write()`; none of it commits."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.campaigns.kinds import ALL_KINDS, MOST_IN_FRONT
from app.campaigns.models import Campaign, Case, Section
from app.campaigns.slugs import make_slug, random_word
from app.campaigns.versions import move_season
from app.events.models import (
    LOGGED_BY,
    PRESETS,
    USUAL_DAYS,
    Event,
    event_handover,
)
from app.events.queries import may_take_over
from app.exceptions import RuleBroken

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
    town: str = ""
    region: str = ""
    online_link: str = ""
    languages: str = ""
    language: str = ""
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
    keeps_names_days: int = USUAL_DAYS


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
    columns = columns_of(session, campaign.id, fields)
    is_hidden = fields.is_private or is_draft
    event = Event(
        campaign_id=campaign.id,
        slug=random_word(PRIVATE_SLUG_LENGTH) if is_hidden else new_slug(session, fields.title),
        is_draft=is_draft,
        created_at=now,
        **columns,
    )
    session.add(event)
    session.flush()
    move_season(session, campaign.id)
    return event


def note_change(session: Session, event: Event, *, now: datetime) -> None:
    """Tell other editors, calendars and live screens that an event is not what it was."""
    event.edit_version += 1
    event.edited_at = now
    event.live_version = Event.live_version + 1
    # Its name stands on the campaign's screens too, and their cases may have changed.
    move_season(session, event.campaign_id)


def new_slug(session: Session, title: str) -> str:
    """A free address like the title; inside `write(SECTION)`."""
    return make_slug(
        title,
        otherwise="event",
        is_taken=lambda slug: (
            session.execute(select(Event.id).where(Event.slug == slug)).first() is not None
        ),
    )


def columns_of(
    session: Session, campaign_id: int, fields: EventFields, *, event: Event | None = None
) -> dict[str, Any]:
    """The columns of what was said; raises RuleBroken (hours, preset, region, kinds …)."""
    if fields.ends_at <= fields.starts_at:
        raise RuleBroken(_("The end must come after the start."), field="ends")
    if fields.preset not in PRESETS or fields.logged_by not in LOGGED_BY:
        raise RuleBroken(_("Choose one from the list."), field="preset")
    _check_region(session, fields.region)
    chosen = set(fields.kinds_in_front)
    if len(chosen) > MOST_IN_FRONT:
        raise RuleBroken(_("Tick at most %(most)s.", most=MOST_IN_FRONT), field="kinds_in_front")
    return fields._asdict() | {
        "access": list(fields.access),
        "cases": _cases(session, campaign_id, set(fields.cases)),
        "kinds_in_front": [kind.name for kind in ALL_KINDS if kind.name in chosen],
        "next_event": _next_event(session, campaign_id, fields, event),
    }


def _check_region(session: Session, region: str) -> None:
    if region and region not in session.execute(select(Section.regions)).scalar_one():
        raise RuleBroken(_("Choose from the list: it has changed meanwhile."), field="region")


def _next_event(
    session: Session, campaign_id: int, fields: EventFields, event: Event | None
) -> Event | None:
    slug = fields.next_event
    if not slug or (event and event.next_event and event.next_event.slug == slug):
        return event.next_event if event and slug else None
    chosen = session.execute(
        select(Event).where(Event.slug == slug, Event.campaign_id == campaign_id, may_take_over())
    ).scalar_one_or_none()
    if chosen is None:
        raise RuleBroken(_("Choose from the list: it has changed meanwhile."), field="next_event")
    _check_no_circle(session, chosen, event)
    if chosen.ends_at < fields.ends_at:
        raise RuleBroken(
            _("That event ends before this one does, so nobody can go on there."),
            field="next_event",
        )
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
