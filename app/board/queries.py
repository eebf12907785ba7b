"""What the screens show: read from the ledger's sums, never counted again here."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from app.campaigns.models import Campaign, Case
from app.campaigns.queries import find_section, list_public_cases
from app.database import db
from app.events.models import Event
from app.events.queries import TableWithDevices, list_public_events, list_tables
from app.letters.ledger import minute_of
from app.letters.queries import (
    Count,
    Sums,
    count_by_event,
    count_by_table,
    find_campaign_recorded_at,
    find_last_recorded_at,
    get_campaign_sums,
    get_campaign_version,
    get_sums,
    get_version,
    list_cases_written_for,
    list_pulse,
)

PULSE_MINUTES = 60
FRESH_MINUTES = 10
"""What "the last ten minutes" means on every screen."""
SLOWEST_PACE = 60
"""Seconds between two polls once an event is closed: late letters and recounts are rare."""
EVENT_VIEWS = {"board": 2, "hall": 1, "desk": 2}
CAMPAIGN_VIEWS = {"home": 5}
"""Live views of an event and of the season: seconds between two polls, which the server sets."""
FIRST_MILESTONES = (10, 25, 50, 100, 250, 500, 1_000)


class CaseRow(NamedTuple):
    """One case's bar."""

    case: Case
    counted: Count
    kinds: dict[str, int]


class PulseView(NamedTuple):
    """Actions by minute, oldest first; a script ages them while nobody writes."""

    last_minute: int
    """The minute of the last value: minutes since 1970, UTC."""
    values: list[int]

    @property
    def fresh(self) -> int:
        """Actions in the last ten minutes."""
        return sum(self.values[-FRESH_MINUTES:])

    @property
    def by_ten_minutes(self) -> list[tuple[datetime, int]]:
        """The same six times ten minutes: (their start, actions)."""
        first = self.last_minute - len(self.values) + 1
        return [
            (
                datetime.fromtimestamp((first + start) * 60, UTC),
                sum(self.values[start : start + FRESH_MINUTES]),
            )
            for start in range(0, len(self.values), FRESH_MINUTES)
        ]


class EventBoard(NamedTuple):
    """An event's live numbers, the same for everybody who asks."""

    event: Event
    version: str
    counted: Count
    kinds: dict[str, int]
    rows: list[CaseRow]
    pulse: PulseView
    as_of: datetime | None
    milestone: int
    is_final: bool

    @property
    def most(self) -> int:
        """The longest bar: the most letters for one case."""
        return max((row.counted.letters for row in self.rows), default=0)


class CampaignBoard(NamedTuple):
    """The season's live numbers, rehearsals apart."""

    campaign: Campaign
    version: str
    counted: Count
    kinds: dict[str, int]
    rows: list[CaseRow]
    people: int | None
    """Writers who came to the season's events, as far as organisers said."""
    as_of: datetime | None
    is_final: bool


class TableRow(NamedTuple):
    """A table on the desk: what was counted there and who logs."""

    seated: TableWithDevices
    counted: Count
    last_seen_at: datetime | None


class EventRow(NamedTuple):
    """An event with its letters."""

    event: Event
    counted: Count


def get_event_board(event: Event, *, now: datetime) -> EventBoard:
    """The numbers of one event as of this moment, in four queries."""
    # The version is read first: a letter logged in between makes the numbers newer than it says,
    # so the next poll fetches them again; the other way round they would stay old.
    version = get_version(event.id)
    sums = get_sums(event.id)
    return EventBoard(
        event=event,
        version=version,
        counted=sums.counted,
        kinds=sums.by_kind,
        rows=_rows(list_cases_written_for(event.id), sums),
        pulse=get_pulse(event, now=now),
        as_of=find_last_recorded_at(event.id),
        milestone=next_milestone(sums.counted.letters),
        is_final=event.report_submitted_at is not None,
    )


def get_campaign_board(campaign: Campaign) -> CampaignBoard:
    """The numbers of the season."""
    version = get_campaign_version(campaign.id)
    sums = get_campaign_sums(campaign.id)
    return CampaignBoard(
        campaign=campaign,
        version=version,
        counted=sums.counted,
        kinds=sums.by_kind,
        rows=_rows(list_public_cases(campaign.id), sums, by_letters=False),
        people=_count_people(campaign.id),
        as_of=find_campaign_recorded_at(campaign.id),
        is_final=campaign.locked_at is not None,
    )


def get_pulse(event: Event, *, now: datetime) -> PulseView:
    """The last hour up to now, or up to the close of an event that is over."""
    last = minute_of(min(now, event.closed_at) if event.closed_at else now)
    first = last - PULSE_MINUTES + 1
    counted = list_pulse(event.id, since_minute=first)
    return PulseView(last, [counted.get(minute, 0) for minute in range(first, last + 1)])


def list_hours(event: Event, *, now: datetime) -> list[tuple[datetime, int]]:
    """Actions by hour since the event began, at most the last day; (the hour's start, sum)."""
    since = max(event.opened_at or event.starts_at, now - timedelta(days=1))
    if since > now:
        return []
    first = minute_of(since) // 60
    counted = list_pulse(event.id, since_minute=first * 60)
    sums = dict.fromkeys(range(first, minute_of(now) // 60 + 1), 0)
    for minute, count in counted.items():
        sums[minute // 60] = sums.get(minute // 60, 0) + count
    start = since.replace(minute=0, second=0, microsecond=0)
    return [(start + timedelta(hours=hour - first), count) for hour, count in sums.items()]


def list_table_rows(event: Event, *, now: datetime) -> list[TableRow]:
    """The event's tables with their letters and the last sign of life of their devices."""
    counts = count_by_table(event.id)
    return [
        TableRow(
            seated,
            counts.get(seated.table.id, Count()),
            max((device.last_seen_at for device in seated.devices), default=None),
        )
        for seated in list_tables(event.id, now=now)
    ]


def list_event_rows(events: list[Event]) -> list[EventRow]:
    """These events with their letters, in the same order, in one query."""
    counts = count_by_event([event.id for event in events])
    return [EventRow(event, counts[event.id]) for event in events]


def list_season_rows(campaign_id: int) -> list[EventRow]:
    """The season's public events with their letters: running, upcoming, closed."""
    events = list_public_events(campaign_id)
    return list_event_rows([*events.running, *events.upcoming, *events.closed])


def get_zone() -> ZoneInfo:
    """The zone of the section's clocks."""
    section = find_section()
    return ZoneInfo(section.time_zone if section else "UTC")


def days_left(campaign: Campaign, *, now: datetime) -> int | None:
    """Days of writing left, today included; None before writing begins and after it ended."""
    today = now.astimezone(get_zone()).date()
    if not campaign.public_on <= today <= campaign.writing_until:
        return None
    return (campaign.writing_until - today).days + 1


def find_todays(rows: list[EventRow], *, now: datetime) -> EventRow | None:
    """The event that an organiser's day is about: running, or else starting within a day."""
    soon = now + timedelta(days=1)
    for row in rows:
        is_next = row.event.state == "upcoming" and row.event.starts_at <= soon
        if row.event.is_running or is_next:
            return row
    return None


def pace_of(event: Event, view: str) -> int:
    """Seconds until the next poll of a view."""
    return SLOWEST_PACE if event.state == "closed" else EVENT_VIEWS[view]


def next_milestone(letters: int) -> int:
    """The next round number: a step that people in the hall will live to see."""
    for milestone in FIRST_MILESTONES:
        if letters < milestone:
            return milestone
    step = 100 if letters < 10_000 else 1_000 if letters < 100_000 else 10_000
    return (letters // step + 1) * step


def _count_people(campaign_id: int) -> int | None:
    """The sum of what organisers said; None while none has said anything."""
    return db.session.execute(
        select(func.sum(Event.people)).where(
            Event.campaign_id == campaign_id, Event.is_rehearsal.is_(False)
        )
    ).scalar_one()


def _rows(cases: list[Case], sums: Sums, *, by_letters: bool = True) -> list[CaseRow]:
    rows = [CaseRow(case, sums.of_case(case.id), sums.kinds_of_case(case.id)) for case in cases]
    return sorted(rows, key=lambda row: -row.counted.letters) if by_letters else rows
