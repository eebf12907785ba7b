"""Who may touch an event: loading it is the permission check."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime, timedelta
from typing import NamedTuple

from flask import request
from flask_babel import gettext as _
from sqlalchemy import bindparam, select

from app.accounts.models import User
from app.cookies import own_cookie
from app.database import db, read_prepared
from app.events.models import Device, Event, WritingTable, event_organiser
from app.exceptions import NotAllowed, NotFound, NotSignedIn
from app.prepared import Prepared

DEVICE = "device"
JOINABLE_AFTER_END = timedelta(hours=12)
CODE = re.compile("[A-HJKMNP-Z2-9]{8}")
PARTS_OF_A_TYPED_CODE = re.compile(r"[\s\-‐-―−]+")


class JoinedDevice(NamedTuple):
    """A live device, the table it sits at, and that table's event."""

    device_id: int
    table_id: int
    event_id: int
    seats: int


def device_cookie() -> str:
    """The name of the device's cookie."""
    return own_cookie(DEVICE)


def get_joined_device() -> JoinedDevice:
    """The device that sent this request; raises NotSignedIn, NotAllowed."""
    return get_device(request.cookies.get(device_cookie()))


def hash_token(token: str) -> str:
    """What is stored of a device's cookie: SHA-256, enough for 128 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()


_DEVICE = Prepared(
    select(Device.id, Device.table_id, WritingTable.event_id, WritingTable.seats, Device.revoked_at)
    .join_from(Device, WritingTable, WritingTable.id == Device.table_id)
    .where(Device.token_hash == bindparam("token_hash"))
)


def get_device(token: str | None) -> JoinedDevice:
    """The device behind a cookie; raises NotSignedIn (never joined), NotAllowed (revoked)."""
    rows = []
    if token:
        with read_prepared() as connection:
            rows = _DEVICE.run(connection, token_hash=hash_token(token))
    if not rows:
        raise NotSignedIn(_("This device has not joined a table yet."), error="no_device")
    *device, revoked_at = rows[0]
    if revoked_at is not None:
        raise NotAllowed(_("This device was signed off from the table."), error="device_revoked")
    return JoinedDevice(*device)


def get_own_event(user: User, slug: str) -> Event:
    """An event this user runs: their own, or any for an admin; raises NotFound otherwise."""
    query = select(Event).where(Event.slug == slug, Event.is_written_at_home.is_(False))
    if not user.is_admin:
        query = query.join(event_organiser).where(event_organiser.c.user_id == user.id)
    event = db.session.execute(query).scalar_one_or_none()
    if event is None:
        raise NotFound(_("There is no such event among yours."))
    return event


def get_public_event(slug: str) -> Event:
    """An event anybody may see; a private one is known by its unguessable slug alone."""
    event = db.session.execute(
        select(Event).where(Event.slug == slug, Event.is_written_at_home.is_(False))
    ).scalar_one_or_none()
    if event is None:
        raise NotFound(_("There is no such event."))
    return event


def get_own_table(event: Event, table_id: int) -> WritingTable:
    """A table of an event that was loaded by its permission check; raises NotFound."""
    table = db.session.get(WritingTable, table_id)
    if table is None or table.event_id != event.id:
        raise NotFound(_("There is no such table at this event."))
    return table


def get_own_device(event: Event, device_id: int) -> Device:
    """A device at a table of an event that was loaded by its permission check; raises NotFound."""
    device = db.session.get(Device, device_id)
    if device is None or device.table.event_id != event.id:
        raise NotFound(_("There is no such device at this event."))
    return device


def get_table_by_code(code: str, *, holding: str | None = None, now: datetime) -> WritingTable:
    """The table that a code opens; raises one NotFound for unknown, closed and expired alike.

    `holding` is the token of a device that may sit there already.
    """
    normal = normal_code(code)
    table = None
    if CODE.fullmatch(normal):
        table = db.session.execute(
            select(WritingTable).where(WritingTable.join_code == normal)
        ).scalar_one_or_none()
    if table is None:
        raise _no_such_code()
    check_may_join(table, code, holding=holding, now=now)
    return table


def check_may_join(table: WritingTable, code: str, *, holding: str | None, now: datetime) -> None:
    """The code still opens the table: raises the same NotFound when it is renewed or too late.

    An event that takes no new phones opens to those that joined before.
    """
    event = table.event
    is_over = event.state == "closed" or now > event.ends_at + JOINABLE_AFTER_END
    is_over = is_over or event.is_cancelled or event.is_draft
    if is_over or table.join_code != normal_code(code):
        raise _no_such_code()
    if event.is_shut and not _sits_at(table, holding):
        raise _no_such_code()


def _sits_at(table: WritingTable, token: str | None) -> bool:
    device = select(Device.id).where(
        Device.table_id == table.id,
        Device.token_hash == hash_token(token or ""),
        Device.revoked_at.is_(None),
    )
    return db.session.execute(device).first() is not None


def normal_code(code: str) -> str:
    """A code as it is stored, however it was typed: case, spaces and hyphens do not matter."""
    return PARTS_OF_A_TYPED_CODE.sub("", code).upper()


def _no_such_code() -> NotFound:
    return NotFound(
        _("No open table has this code. Check each letter, or ask your organiser."),
        field="code",
        error="unknown_code",
    )
