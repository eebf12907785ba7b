"""Reads of the ledger and of the sums: every displayed number is one of these answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, ScalarSelect, bindparam, case, func, select

from app.campaigns.kinds import ALL_KINDS, LETTER_KINDS, letters_in
from app.campaigns.models import Campaign, Case
from app.database import db
from app.events.models import event_case
from app.letters.ledger import ENTRY, EVENT, PULSE, TALLY
from app.letters.models import NO_TABLE
from app.prepared import Prepared


class Totals(NamedTuple):
    """Counted sums after an act; all actions unless named letters."""

    version: str
    """The live `v`: campaign's and event's live_version."""
    table_total: int
    event_total: int
    table_letters: int
    event_letters: int
    case_letters: int
    """This table's letters for the entry's case."""


class Count(NamedTuple):
    """Letters and other actions, always told apart."""

    letters: int = 0
    other: int = 0

    @property
    def total(self) -> int:
        """All actions."""
        return self.letters + self.other


class Sums(NamedTuple):
    """What was counted, by case and kind: the one answer behind every number on a screen."""

    by_case: dict[int, dict[str, int]]
    """case id → wire name of kind → sum; cases and kinds without any are left out."""
    letter_kinds: frozenset[str] = LETTER_KINDS
    """What the season counts as letters."""

    @property
    def by_kind(self) -> dict[str, int]:
        """All eleven kinds, zeros included."""
        totals = {kind.name: 0 for kind in ALL_KINDS}
        for kinds in self.by_case.values():
            for kind, counted in kinds.items():
                totals[kind] += counted
        return totals

    @property
    def counted(self) -> Count:
        """The headline and what stands beside it."""
        return self._count(self.by_kind)

    def of_case(self, case_id: int) -> Count:
        """One case's letters and other actions."""
        return self._count(self.by_case.get(case_id, {}))

    def kinds_of_case(self, case_id: int) -> dict[str, int]:
        """One case's kinds: all eleven, zeros included."""
        return {kind.name: 0 for kind in ALL_KINDS} | self.by_case.get(case_id, {})

    def _count(self, kinds: dict[str, int]) -> Count:
        letters = sum(counted for kind, counted in kinds.items() if kind in self.letter_kinds)
        return Count(letters, sum(kinds.values()) - letters)


_COUNTED = TALLY.c.counted
_AT_TABLE = TALLY.c.table_id == bindparam("table_id")
_FOR_CASE = _AT_TABLE & (TALLY.c.case_id == bindparam("case_id"))
_TOTALS = Prepared(
    select(
        TALLY.c.kind,
        func.sum(_COUNTED),
        func.sum(case((_AT_TABLE, _COUNTED), else_=0)),
        func.sum(case((_FOR_CASE, _COUNTED), else_=0)),
    )
    .where(TALLY.c.event_id == bindparam("event_id"))
    .group_by(TALLY.c.kind)
)
_VERSION = (
    select(Campaign.live_version, EVENT.c.live_version)
    .join_from(EVENT, Campaign, Campaign.id == EVENT.c.campaign_id)
    .where(EVENT.c.id == bindparam("event_id"))
)


_CAMPAIGN_VERSION = (
    select(Campaign.live_version, func.sum(EVENT.c.live_version))
    .join_from(EVENT, Campaign, Campaign.id == EVENT.c.campaign_id)
    .where(Campaign.id == bindparam("campaign_id"))
    .group_by(Campaign.id, Campaign.live_version)
)


def get_totals(
    connection: Connection,
    version: str,
    event_id: int,
    *,
    letters: frozenset[str],
    table_id: int | None,
    case_id: int,
) -> Totals:
    """The sums that a press is answered with, inside its write; `letters` are the season's."""
    of = {"event_id": event_id, "table_id": table_id or NO_TABLE, "case_id": case_id}
    rows = _TOTALS.run(connection, **of)
    of_letters = [row for row in rows if row[0] in letters]
    return Totals(
        version,
        table_total=int(sum(row[2] for row in rows)),
        event_total=int(sum(row[1] for row in rows)),
        table_letters=int(sum(row[2] for row in of_letters)),
        event_letters=int(sum(row[1] for row in of_letters)),
        case_letters=int(sum(row[3] for row in of_letters)),
    )


def get_version(event_id: int) -> str:
    """The live `v` of an event: `<campaign.live_version>.<event.live_version>`."""
    campaign_version, event_version = db.session.execute(_VERSION, {"event_id": event_id}).one()
    return f"{campaign_version}.{event_version}"


def get_campaign_version(campaign_id: int) -> str:
    """The season's live `v`: `<campaign.live_version>.<sum of its events' live_versions>`."""
    campaign_version, events_version = db.session.execute(
        _CAMPAIGN_VERSION, {"campaign_id": campaign_id}
    ).one()
    return f"{campaign_version}.{events_version}"


def get_sums(event_id: int) -> Sums:
    """What was counted at one event."""
    return _sums(
        db.session.execute(
            select(TALLY.c.case_id, TALLY.c.kind, func.sum(_COUNTED), grouping_of(event_id))
            .where(TALLY.c.event_id == event_id)
            .group_by(TALLY.c.case_id, TALLY.c.kind)
            .order_by(TALLY.c.case_id, TALLY.c.kind)
        ).all()
    )


def get_table_sums(event_id: int, table_id: int) -> Sums:
    """What was counted at one table."""
    return _sums(
        db.session.execute(
            select(TALLY.c.case_id, TALLY.c.kind, func.sum(_COUNTED), grouping_of(event_id))
            .where(TALLY.c.event_id == event_id, TALLY.c.table_id == table_id)
            .group_by(TALLY.c.case_id, TALLY.c.kind)
            .order_by(TALLY.c.case_id, TALLY.c.kind)
        ).all()
    )


def get_campaign_sums(campaign_id: int) -> Sums:
    """What was counted in the season, rehearsals apart."""
    grouping = select(Campaign.letter_kinds).where(Campaign.id == campaign_id).scalar_subquery()
    return _sums(
        db.session.execute(
            select(TALLY.c.case_id, TALLY.c.kind, func.sum(_COUNTED), grouping)
            .join(EVENT, EVENT.c.id == TALLY.c.event_id)
            .where(EVENT.c.campaign_id == campaign_id, EVENT.c.is_rehearsal.is_(False))
            .group_by(TALLY.c.case_id, TALLY.c.kind)
            .order_by(TALLY.c.case_id, TALLY.c.kind)
        ).all()
    )


def count_by_event(event_ids: Sequence[int]) -> dict[int, Count]:
    """Letters and other actions of each of these events."""
    rows = db.session.execute(
        select(TALLY.c.event_id, TALLY.c.kind, func.sum(_COUNTED), Campaign.letter_kinds)
        .join(EVENT, EVENT.c.id == TALLY.c.event_id)
        .join(Campaign, Campaign.id == EVENT.c.campaign_id)
        .where(TALLY.c.event_id.in_(event_ids))
        .group_by(TALLY.c.event_id, TALLY.c.kind, Campaign.letter_kinds)
        .order_by(TALLY.c.event_id, TALLY.c.kind)
    ).all()
    counts = _counts(rows)
    return {event_id: counts.get(event_id, Count()) for event_id in event_ids}


def count_by_table(event_id: int) -> dict[int, Count]:
    """Letters and other actions by table id; NO_TABLE stands for those without a table."""
    rows = db.session.execute(
        select(TALLY.c.table_id, TALLY.c.kind, func.sum(_COUNTED), grouping_of(event_id))
        .where(TALLY.c.event_id == event_id)
        .group_by(TALLY.c.table_id, TALLY.c.kind)
        .order_by(TALLY.c.table_id, TALLY.c.kind)
    ).all()
    return _counts(rows)


def get_letter_kinds(connection: Connection, event_id: int) -> frozenset[str]:
    """The kinds that the season of an event counts as letters."""
    return letters_in(connection.execute(select(grouping_of(event_id))).scalar_one())


def list_pulse(event_id: int, *, since_minute: int) -> dict[int, int]:
    """Actions by minute (minutes since 1970) from `since_minute` on; empty minutes left out."""
    rows = db.session.execute(
        select(PULSE.c.minute, func.sum(PULSE.c.counted))
        .where(PULSE.c.event_id == event_id, PULSE.c.minute >= since_minute)
        .group_by(PULSE.c.minute)
        .order_by(PULSE.c.minute)
    ).all()
    return {minute: int(counted) for minute, counted in rows}


def find_last_recorded_at(event_id: int) -> datetime | None:
    """When the event's ledger last grew: the "as of" of its numbers."""
    return db.session.execute(
        select(ENTRY.c.recorded_at)
        .where(ENTRY.c.event_id == event_id)
        .order_by(ENTRY.c.seq.desc())
        .limit(1)
    ).scalar_one_or_none()


def find_campaign_recorded_at(campaign_id: int) -> datetime | None:
    """When any ledger of the season last grew, rehearsals apart."""
    # The last row of each event by its index, not the newest of all rows by reading them.
    last = (
        select(ENTRY.c.recorded_at)
        .where(ENTRY.c.event_id == EVENT.c.id, ENTRY.c.seq == EVENT.c.chain_seq)
        .scalar_subquery()
    )
    recorded_at: datetime | None = db.session.execute(
        select(func.max(last)).where(
            EVENT.c.campaign_id == campaign_id, EVENT.c.is_rehearsal.is_(False)
        )
    ).scalar_one_or_none()
    return recorded_at


def list_cases_written_for(event_id: int) -> list[Case]:
    """Every case that the event's ledger speaks of, also those it no longer writes for."""
    written = select(TALLY.c.case_id).where(TALLY.c.event_id == event_id)
    chosen = select(event_case.c.case_id).where(event_case.c.event_id == event_id)
    return list(
        db.session.execute(
            select(Case).where(Case.id.in_(written.union(chosen))).order_by(Case.position, Case.id)
        ).scalars()
    )


def grouping_of(event_id: int) -> ScalarSelect[str]:
    """In each row of an event's sums: what its season counts as letters."""
    return (
        select(Campaign.letter_kinds)
        .join_from(EVENT, Campaign, Campaign.id == EVENT.c.campaign_id)
        .where(EVENT.c.id == event_id)
        .scalar_subquery()
    )


def _sums(rows: Sequence[Any]) -> Sums:
    """Out of case, kind, sum and grouping; where nothing was counted any grouping is right."""
    by_case: dict[int, dict[str, int]] = {}
    for case_id, kind, counted, _grouping in rows:
        by_case.setdefault(case_id, {})[kind] = int(counted)
    return Sums(by_case, letters_in(rows[0][3]) if rows else LETTER_KINDS)


def _counts(rows: Iterable[Any]) -> dict[int, Count]:
    """Out of an id, kind, sum and grouping."""
    counts: dict[int, Count] = {}
    for key, kind, counted, grouping in rows:
        letters, other = counts.get(key, Count())
        if kind in letters_in(grouping):
            counts[key] = Count(letters + int(counted), other)
        else:
            counts[key] = Count(letters, other + int(counted))
    return counts
