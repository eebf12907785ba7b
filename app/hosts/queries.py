"""Reads of hosts and offers."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from app.database import db
from app.events.models import Event
from app.exceptions import NotFound
from app.folding import folded
from app.hosts.models import Host, Offer, hosting


class HostRow(NamedTuple):
    """A host, and how many events it has held or will hold."""

    host: Host
    events: int


def list_offers(state: str) -> list[Offer]:
    """Offers that are waiting, approved or declined, the oldest first."""
    query = select(Offer).where(Offer.state == state).order_by(Offer.created_at, Offer.id)
    return list(db.session.execute(query).scalars())


def count_waiting_offers() -> int:
    """How many offers wait for an answer."""
    waiting = select(func.count()).select_from(Offer).where(Offer.state == "waiting")
    return db.session.execute(waiting).scalar_one()


def get_offer(offer_id: int) -> Offer:
    """An offer, for admins; raises NotFound."""
    offer = db.session.get(Offer, offer_id)
    if offer is None:
        raise NotFound(_("There is no such offer: they are forgotten some time after the answer."))
    return offer


def list_hosts(search: str = "", region: str = "") -> list[HostRow]:
    """Hosts by name, of all years; only those with `search` in name or place, of one region."""
    held = (
        select(hosting.c.host_id, func.count().label("held")).group_by(hosting.c.host_id).subquery()
    )
    query = select(Host, func.coalesce(held.c.held, 0)).outerjoin(held, held.c.host_id == Host.id)
    if region:
        query = query.where(Host.region == region)
    rows = [HostRow(host, events) for host, events in db.session.execute(query.order_by(Host.id))]
    wanted = folded(search)
    # Neither database folds accents and capitals of all scripts by itself.
    found = [row for row in rows if wanted in folded(_words_of(row.host))]
    return sorted(found, key=lambda row: folded(row.host.name))


def _words_of(host: Host) -> str:
    return f"{host.name} {host.town} {host.region}"


def count_in_regions() -> Counter[str]:
    """How many hosts and events are in each region."""
    counted: Counter[str] = Counter()
    for column in (Host.region, Event.region):
        query = select(column, func.count()).group_by(column).order_by(column)
        for region, count in db.session.execute(query):
            counted[region] += count
    return counted


def get_host(host_id: int) -> Host:
    """A host, for admins; raises NotFound."""
    host = db.session.get(Host, host_id)
    if host is None:
        raise NotFound(_("There is no such host."))
    return host


def list_events_of(host: Host) -> list[Event]:
    """What it held and will hold, and who runs it; the newest first."""
    query = select(Event).join(hosting, hosting.c.event_id == Event.id)
    query = query.where(hosting.c.host_id == host.id).order_by(Event.starts_at.desc(), Event.id)
    query = query.options(selectinload(Event.organisers))
    return list(db.session.execute(query).scalars())
