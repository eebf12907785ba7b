"""What the live screens show: read from the ledger's sums, never counted again here."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import joinedload, load_only

from app.board.milestones import next_milestone
from app.board.pulse import FRESH_MINUTES, Pulse, Span, draw_pulse, last_hour
from app.campaigns.models import Campaign, Case, Section
from app.campaigns.queries import list_public_cases
from app.database import db
from app.events.models import Event
from app.exceptions import NotFound
from app.letters.ledger import ENTRY, minute_of
from app.letters.queries import (
    Count,
    Sums,
    count_by_event,
    get_campaign_sums,
    get_sums,
    list_pulse,
)

EVENT_VIEWS = {"board": 2, "hall": 1, "desk": 2, "event": 2}
CAMPAIGN_VIEWS = {"home": 5}
"""Live views of an event and of the season: seconds between two polls, which the server sets."""
SLOWEST_PACE = 60
"""Seconds between two polls once an event is closed: late letters and recounts are rare."""
TIMES_AS_LONG = 2
"""How much longer than a view takes to read there is at least between two polls of it."""


class CaseRow(NamedTuple):
    """One case's bar."""

    case: Case
    counted: Count
    kinds: dict[str, int]


class LiveEvent(NamedTuple):
    """An event with what its live fragment says of it, the counts apart."""

    event: Event
    as_of: datetime | None
    """When its ledger last grew."""

    @property
    def version(self) -> str:
        """The live `v`, as `letters.queries.get_version` reads it."""
        return f"{self.event.campaign.live_version}.{self.event.live_version}"


class EventBoard(NamedTuple):
    """An event's live numbers, the same for everybody who asks."""

    event: Event
    version: str
    counted: Count
    kinds: dict[str, int]
    rows: list[CaseRow]
    pulse: Pulse
    as_of: datetime | None
    milestone: int
    is_final: bool

    @property
    def most(self) -> int:
        """The longest bar: the most letters for one case."""
        return max((row.counted.letters for row in self.rows), default=0)

    @property
    def fades(self) -> bool:
        """Whether the pulse would be drawn otherwise in a minute, though nobody writes."""
        return self.event.is_running and any(self.pulse.bars)


class LiveCampaign(NamedTuple):
    """The season with what its live fragment says of it, the counts apart."""

    campaign: Campaign
    version: str
    as_of: datetime | None
    people: int | None
    """Writers who came to the season's events, as far as organisers said."""
    zone: ZoneInfo
    """Of the section's clocks."""


class CampaignBoard(NamedTuple):
    """The season's live numbers, rehearsals apart."""

    campaign: Campaign
    version: str
    counted: Count
    kinds: dict[str, int]
    rows: list[CaseRow]
    people: int | None
    as_of: datetime | None
    zone: ZoneInfo
    is_final: bool


class EventRow(NamedTuple):
    """An event with its letters."""

    event: Event
    counted: Count


def get_live_event(slug: str) -> LiveEvent:
    """An event anybody may see, in one query with its season and cases; raises NotFound."""
    row: Any = db.session.execute(_live_event().where(Event.slug == slug)).unique().one_or_none()
    if row is None:
        raise NotFound(_("There is no such event."))
    return LiveEvent(event=row[0], as_of=row[1])


def follow_event(event: Event) -> LiveEvent:
    """An event that is loaded already, with what its live fragment says of it."""
    as_of = db.session.execute(select(_RECORDED_AT).select_from(Event).where(Event.id == event.id))
    return LiveEvent(event=event, as_of=as_of.scalar_one())


def get_event_board(live: LiveEvent, *, now: datetime, span: Span | None = None) -> EventBoard:
    """The numbers of an event at this moment, in two queries more; `span` is of the pulse."""
    event = live.event
    sums = get_sums(event.id)
    return EventBoard(
        event=event,
        version=live.version,
        counted=sums.counted,
        kinds=sums.by_kind,
        rows=sorted(_rows(event.cases, sums), key=lambda row: row.counted.letters, reverse=True),
        pulse=_get_pulse(event, now, span or last_hour(event, now)),
        as_of=live.as_of,
        milestone=next_milestone(sums.counted.letters, goal=event.goal),
        is_final=event.report_submitted_at is not None,
    )


def get_live_campaign(campaign: Campaign) -> LiveCampaign:
    """What the season's live fragment says beside the counts, in one query."""
    counts = case((Event.is_rehearsal.is_(False), 1))
    campaign_version, events_version, as_of, people, zone = db.session.execute(
        select(
            Campaign.live_version,
            func.sum(Event.live_version),
            func.max(case((counts == 1, _RECORDED_AT))),
            func.sum(case((counts == 1, Event.people))),
            select(Section.time_zone).order_by(Section.id).limit(1).scalar_subquery(),
        )
        .join_from(Campaign, Event, Event.campaign_id == Campaign.id)
        .where(Campaign.id == campaign.id)
        .group_by(Campaign.id, Campaign.live_version)
    ).one()
    version = f"{campaign_version}.{events_version}"
    return LiveCampaign(campaign, version, as_of, people, ZoneInfo(zone or "UTC"))


def get_campaign_board(live: LiveCampaign) -> CampaignBoard:
    """The numbers of the season, in two queries more."""
    sums = get_campaign_sums(live.campaign.id)
    return CampaignBoard(
        campaign=live.campaign,
        version=live.version,
        counted=sums.counted,
        kinds=sums.by_kind,
        rows=_rows(list_public_cases(live.campaign.id), sums),
        people=live.people,
        as_of=live.as_of,
        zone=live.zone,
        is_final=live.campaign.locked_at is not None,
    )


def list_event_rows(events: list[Event]) -> list[EventRow]:
    """These events with their letters, in the same order, in one query."""
    counts = count_by_event([event.id for event in events])
    return [EventRow(event, counts[event.id]) for event in events]


def list_running(campaign_id: int) -> list[EventRow]:
    """The events where people write now, with their letters; those that are listed in public."""
    events = db.session.execute(
        select(Event)
        .where(
            Event.campaign_id == campaign_id,
            Event.state == "running",
            Event.is_private.is_(False),
            Event.is_draft.is_(False),
            Event.is_rehearsal.is_(False),
            Event.is_written_at_home.is_(False),
        )
        .order_by(Event.starts_at, Event.id)
    ).scalars()
    return list_event_rows(list(events))


def pace_of(event: Event, view: str) -> int:
    """Seconds until the next poll of a view."""
    return SLOWEST_PACE if event.state == "closed" else EVENT_VIEWS[view]


def pace_under_pressure(pace: int, took: float) -> int:
    """Seconds until the next poll of a view that took so many seconds to read.

    A server with too much to do reads slowly. Then all screens ask less often, until it is well.
    """
    return max(pace, min(math.ceil(TIMES_AS_LONG * took), SLOWEST_PACE))


def days_left(campaign: Campaign, zone: ZoneInfo, *, now: datetime) -> int | None:
    """Days of writing left, today included; None before writing begins, after it, once locked."""
    today = now.astimezone(zone).date()
    if campaign.locked_at or not campaign.public_on <= today <= campaign.writing_until:
        return None
    return (campaign.writing_until - today).days + 1


_RECORDED_AT = (
    select(ENTRY.c.recorded_at)
    .where(ENTRY.c.event_id == Event.id, ENTRY.c.seq == Event.chain_seq)
    .correlate(Event)
    .scalar_subquery()
)
_OF_CASE = (Case.slug, Case.name, Case.country, Case.state, Case.position)


def _live_event() -> Select[tuple[Event, datetime | None]]:
    return (
        select(Event, _RECORDED_AT)
        .where(Event.is_written_at_home.is_(False))
        .options(joinedload(Event.campaign), joinedload(Event.cases).load_only(*_OF_CASE))
        # The session may know the event as it was before somebody wrote.
        .execution_options(populate_existing=True)
    )


def _get_pulse(event: Event, now: datetime, span: Span) -> Pulse:
    fresh_since = minute_of(now) - FRESH_MINUTES + 1
    counted = list_pulse(event.id, since_minute=min(span.first, fresh_since))
    return draw_pulse(span, counted, fresh_since=fresh_since)


def _rows(chosen: list[Case], sums: Sums) -> list[CaseRow]:
    """A row for each case of these, and for each that was let go of and has letters."""
    cases = [each for each in chosen if each.state != "draft" or each.id in sums.by_case]
    missing = sums.by_case.keys() - {each.id for each in cases}
    if missing:
        cases += db.session.execute(
            select(Case)
            .where(Case.id.in_(missing))
            .options(load_only(*_OF_CASE))
            .order_by(Case.position, Case.id)
        ).scalars()
    return [CaseRow(each, sums.of_case(each.id), sums.kinds_of_case(each.id)) for each in cases]
