"""How the demo's events came about: offered by their hosts, approved, announced."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from app.accounts.browsers import UNSEEN
from app.accounts.invitation_actions import accept_invitation
from app.accounts.links import token_of
from app.accounts.models import User
from app.campaigns.models import Campaign
from app.demo.season import start_of
from app.events.actions import edit_event
from app.events.drafting import EventFields
from app.events.models import Event
from app.events.organiser_queries import list_event_invitations
from app.events.table_actions import add_table
from app.hosts.actions import OfferFields, approve_offers, offer_event
from app.hosts.queries import list_events_of, list_hosts

PLANNED = timedelta(days=30)
"""How long before now the events were planned."""


class Planned(NamedTuple):
    """An event, and what the data tells of it."""

    event: Event
    starts_at: datetime
    told: Mapping[str, Any]
    organiser: str
    """Their opaque id."""


def plan_as_offered(
    campaign: Campaign,
    told: Mapping[str, Any],
    *,
    organiser: User,
    password: str,
    admin: User,
    zone: ZoneInfo,
    now: datetime,
) -> Planned:
    """Let `organiser` offer an event for the host that holds it, say yes and plan it."""
    starts_at = start_of(told["starts"], zone, now)
    fields = EventFields(
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=told["hours"]),
        time_zone=zone.key,
        cases=tuple(told["cases"]),
        kinds_in_front=tuple(told["kinds_in_front"]),
        **{name: told[name] for name in ("title", "place", "description", "goal", "people")},
        has_young_people=told["has_young_people"],
        **told["more"],
    )
    then = now - PLANNED
    event = _draft(campaign, fields, organiser=organiser, admin=admin, then=then)
    actor = organiser.public_id
    [invitation] = list_event_invitations(event.id)
    token = token_of("invitation", invitation.nonce)
    said = {"name": organiser.name, "password": password}
    accept_invitation(token, **said, arrival=UNSEEN, now=then)
    edit_event(event, fields, edit_version=event.edit_version, actor=actor, now=then)
    for table in told["tables"]:
        add_table(event, **table, actor=actor, now=then)
    return Planned(event, starts_at, told, actor)


def _draft(
    campaign: Campaign, fields: EventFields, *, organiser: User, admin: User, then: datetime
) -> Event:
    [host] = [row.host for row in list_hosts(fields.held_by)]
    said = OfferFields(
        name=organiser.name,
        email=organiser.email,
        held_by=host.name,
        kind=host.kind,
        size=host.size,
        town=host.town,
        wished_on=fields.starts_at.date(),
    )
    offer = offer_event(campaign, said, network="demo", now=then)
    approve_offers([offer.id], by=admin, now=then)
    [event] = list_events_of(host)
    return event
