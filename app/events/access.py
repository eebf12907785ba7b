"""Who may touch an event: loading it is the permission check."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from flask import current_app, request
from flask_babel import gettext as _
from sqlalchemy import bindparam, select

from app.accounts.models import User
from app.config import Settings
from app.database import db
from app.events.models import Device, Event, WritingTable, event_organiser
from app.exceptions import NotAllowed, NotFound, NotSignedIn
from app.prepared import Prepared


class JoinedDevice(NamedTuple):
    """A live device, the table it sits at, and that table's event."""

    device_id: int
    table_id: int
    event_id: int
    seats: int


def device_cookie() -> str:
    """The name of the device's cookie; `__Host-` pins it to this host where https allows."""
    settings: Settings = current_app.config["LETTERTALLY"]
    return "__Host-lettertally_device" if settings.is_https else "lettertally_device"


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
    rows = token and _DEVICE.run(db.session.connection(), token_hash=hash_token(token))
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
