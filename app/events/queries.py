"""Reads of events, their tables and the devices at them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session, selectinload

from app.accounts.models import User
from app.database import db
from app.events.models import Device, Event, WritingTable, event_handover, event_organiser
from app.formatting import number

LIVE_FOR = timedelta(hours=12)
"""A device that was not heard from for longer gives up its seat."""


class EventsByState(NamedTuple):
    """Events in the order in which people ask for them."""

    running: list[Event]
    upcoming: list[Event]
    closed: list[Event]


class TableWithDevices(NamedTuple):
    """A table, the devices that may log there, and how many of them take a seat now."""

    table: WritingTable
    devices: list[Device]
    live: int

    @property
    def is_full(self) -> bool:
        """Whether nobody else can join."""
        return self.live >= self.table.seats


def list_public_events(campaign_id: int) -> EventsByState:
    """The season's events for everybody: no private one, draft or rehearsal, not *at home*."""
    return _by_state(_LISTED.where(Event.campaign_id == campaign_id, is_listed()))


def list_coming_events(campaign_id: int, *, now: datetime, most: int) -> list[Event]:
    """The next events for everybody; none that was cancelled, or that nobody opened in its time."""
    coming = _LISTED.where(
        Event.campaign_id == campaign_id,
        Event.state == "upcoming",
        Event.ends_at > now,
        may_take_over(),
    )
    return list(db.session.execute(coming.limit(most)).scalars())


def has_events(campaign_id: int) -> bool:
    """Whether anybody has planned an event of this season."""
    of_season = Event.campaign_id == campaign_id, Event.is_written_at_home.is_(False)
    return db.session.execute(select(Event.id).where(*of_season).limit(1)).first() is not None


def list_own_events(user: User, *, region: str = "") -> EventsByState:
    """The events this user runs; an admin runs all. Only those of one region, if it is said."""
    query = _LISTED
    if region:
        query = query.where(Event.region == region)
    if not user.is_admin:
        query = query.join(event_organiser).where(event_organiser.c.user_id == user.id)
    return _by_state(query)


def is_listed() -> ColumnElement[bool]:
    """Whether everybody may know of it: no private one, draft or rehearsal, not *at home*."""
    return (
        Event.is_private.is_(False)
        & Event.is_draft.is_(False)
        & Event.is_rehearsal.is_(False)
        & Event.is_written_at_home.is_(False)
    )


def may_take_over() -> ColumnElement[bool]:
    """Whether another event may hand over to this one: everybody may know of it, it is held."""
    return is_listed() & Event.cancelled_at.is_(None)


def find_next(event: Event) -> Event | None:
    """The event that this one hands over to, while everybody may know of it and it ends later."""
    return db.session.execute(
        select(Event)
        .join(event_handover, event_handover.c.next_event_id == Event.id)
        .where(
            event_handover.c.event_id == event.id, may_take_over(), Event.ends_at >= event.ends_at
        )
    ).scalar_one_or_none()


def list_next_choices(campaign_id: int, *, but: Event | None = None) -> list[Event]:
    """The season's events that `but` may hand over to."""
    query = select(Event).where(Event.campaign_id == campaign_id, may_take_over())
    if but is not None:
        query = query.where(Event.id != but.id)
    return list(db.session.execute(query.order_by(Event.starts_at, Event.id)).scalars())


def list_tables(event_id: int, *, now: datetime) -> list[TableWithDevices]:
    """The event's tables in their order, each with its devices that were not signed off."""
    devices = WritingTable.devices.and_(Device.revoked_at.is_(None))
    tables = db.session.execute(
        select(WritingTable)
        .where(WritingTable.event_id == event_id)
        .options(selectinload(devices))
        .order_by(WritingTable.position, WritingTable.id)
        # What was loaded before may hold devices that were signed off since.
        .execution_options(populate_existing=True)
    ).scalars()
    return [_with_devices(table, now) for table in tables]


def get_table_with_devices(table: WritingTable, *, now: datetime) -> TableWithDevices:
    """The same of one table."""
    found = {each.table.id: each for each in list_tables(table.event_id, now=now)}
    return found[table.id]


def count_devices(event_id: int) -> dict[int, int]:
    """How many devices joined each table of the event and were not signed off; none is 0."""
    rows = db.session.execute(
        select(WritingTable.id, func.count(Device.id))
        .outerjoin(Device, (Device.table_id == WritingTable.id) & Device.revoked_at.is_(None))
        .where(WritingTable.event_id == event_id)
        .group_by(WritingTable.id)
        .order_by(WritingTable.id)
    )
    return {row[0]: row[1] for row in rows}


def count_live_devices(session: Session, table_id: int, *, now: datetime) -> int:
    """How many of a table's seats are taken."""
    return session.execute(
        select(func.count()).where(Device.table_id == table_id, is_live(now))
    ).scalar_one()


def is_live(now: datetime) -> ColumnElement[bool]:
    """Whether a device takes a seat: not signed off, and heard from within 12 hours."""
    return Device.revoked_at.is_(None) & (Device.last_seen_at > now - LIVE_FOR)


_STATE_ORDER = case({"running": 0, "upcoming": 1}, value=Event.state, else_=2)
_LISTED = (
    select(Event)
    .where(Event.is_written_at_home.is_(False))
    .order_by(_STATE_ORDER, Event.starts_at, Event.id)
)


def _by_state(query: Select[Event]) -> EventsByState:
    events = list(db.session.execute(query).scalars())
    closed = [event for event in events if event.state == "closed"]
    return EventsByState(
        running=[event for event in events if event.is_running],
        upcoming=[event for event in events if event.state == "upcoming"],
        closed=closed[::-1],
    )


def _with_devices(table: WritingTable, now: datetime) -> TableWithDevices:
    live = sum(device.last_seen_at > now - LIVE_FOR for device in table.devices)
    # Whoever came last is whom one looks for.
    return TableWithDevices(table, table.devices[::-1], live)


class NamedDevice(NamedTuple):
    """A device by the name that people at the desk know it by."""

    id: int
    number: int
    table_name: str

    @property
    def label(self) -> str:
        """As it is told apart from the devices of other tables."""
        return _("%(table)s · device %(number)s", table=self.table_name, number=number(self.number))


def list_named_devices(event_id: int) -> list[NamedDevice]:
    """Every device that ever joined a table of the event, also those that were signed off."""
    rows = db.session.execute(
        select(Device.id, Device.number, WritingTable.name)
        .join(WritingTable, WritingTable.id == Device.table_id)
        .where(WritingTable.event_id == event_id)
        .order_by(WritingTable.position, WritingTable.id, Device.number, Device.id)
    )
    return [NamedDevice(*row) for row in rows]
