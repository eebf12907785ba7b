"""Offer to hold an event; approve or decline an offer; keep the list of hosts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app import limits
from app.accounts.enrolling import add_invitation, check_email, note_invitation
from app.accounts.mailing import mail_invitation
from app.accounts.models import User
from app.audit import note_deed
from app.campaigns.kinds import DEFAULT_IN_FRONT
from app.campaigns.models import Campaign, Case, Section
from app.database import SECTION, write
from app.editing import change, check_version
from app.events.drafting import EventFields, add_event
from app.events.models import Event, event_invitation
from app.exceptions import Conflict, RuleBroken, TooMany
from app.hosts.kinds import KINDS
from app.hosts.models import Host, Offer, hosting

OFFERS_OF_ONE = limits.Rate(burst=10, per_minute=0.2)
"""From one network: a whole staff room may offer on one afternoon."""
OFFERS_OF_ALL = limits.Rate(burst=500, per_minute=10)
KEPT_FOR = timedelta(days=90)
"""How long after the answer an offer and its address are kept."""
USUAL_HOURS = (time(15), time(18))
"""Of a draft, until its organiser puts in the right ones."""


class OfferFields(NamedTuple):
    """What somebody says who wants to hold an event."""

    name: str
    email: str
    held_by: str
    kind: str
    size: int | None
    town: str
    wished_on: date
    wish: str = ""


class HostFields(NamedTuple):
    """What is written down of a host."""

    name: str
    kind: str
    size: int | None = None
    town: str = ""
    region: str = ""
    contact: str = ""


def offer_event(campaign: Campaign, fields: OfferFields, *, network: str, now: datetime) -> Offer:
    """Put an offer before the section; raises RuleBroken (address, kind), TooMany.

    The same pressed twice on a slow line is one offer.
    """
    email = check_email(fields.email)
    if fields.kind not in KINDS:
        raise RuleBroken(_("Choose one from the list."), field="kind")
    with write(SECTION) as session:
        rates = ((network, OFFERS_OF_ONE), ("offer:all", OFFERS_OF_ALL))
        connection = session.connection()
        wait = max(limits.take(connection, key, rate, now=now) for key, rate in rates)
        if wait:
            raise TooMany(
                _("Many offers came from here just now. Try again a little later."),
                retry_after=wait,
            )
        said = fields._asdict() | {"email": email, "campaign_id": campaign.id}
        known = session.execute(select(Offer).filter_by(**said, state="waiting")).scalar()
        if known is not None:
            return known
        offer = Offer(created_at=now, **said)
        session.add(offer)
        session.flush()
    return offer


def approve_offers(ids: Sequence[int], *, by: User, now: datetime) -> int:
    """Make host, draft event and invitation of each offer, of all or none; how many there were.

    Raises Conflict (one is answered already).
    """
    actor = by.public_id
    with write(SECTION) as session:
        found = session.execute(select(Offer).where(Offer.id.in_(ids)).order_by(Offer.id)).scalars()
        offers = list(found)
        if not offers or any(offer.state != "waiting" for offer in offers):
            raise _answered()
        for offer in offers:
            _approve(session, offer, actor, now)
    return len(offers)


def decline_offer(offer: Offer, *, reason: str, by: User, now: datetime) -> None:
    """Say no, with a word that admins can look up; raises Conflict (answered already)."""
    actor = by.public_id
    with write(SECTION) as session:
        if offer.state != "waiting":
            raise _answered()
        offer.state, offer.decided_at, offer.decline_reason = "declined", now, reason
        _note(session, "offer_declined", "offer", offer.id, actor, now)


def forget_old_offers(*, now: datetime) -> None:
    """Drop offers 90 days after their answer, and those that nobody answered for a year."""
    with write(SECTION) as session:
        session.execute(delete(Offer).where(Offer.decided_at < now - KEPT_FOR))
        session.execute(delete(Offer).where(Offer.created_at < now - timedelta(days=365)))


def add_host(fields: HostFields, *, by: User, now: datetime) -> Host:
    """Write down a host; raises RuleBroken (there is one of that name and kind)."""
    actor = by.public_id
    with write(SECTION) as session:
        _check_new(session, fields)
        host = Host(created_at=now, **fields._asdict())
        session.add(host)
        session.flush()
        _note(session, "host_added", "host", host.id, actor, now)
    return host


def edit_host(
    host: Host, fields: HostFields, *, edit_version: int, by: User, now: datetime
) -> None:
    """Change what is written down; raises Conflict (older version), RuleBroken (name taken)."""
    actor = by.public_id
    with write(SECTION) as session:
        check_version(host, edit_version)
        _check_new(session, fields, but=host)
        change(host, fields._asdict())
        _note(session, "host_edited", "host", host.id, actor, now)


def forget_host(host: Host, *, by: User, now: datetime) -> None:
    """Take a host off the list, as they asked for; the events it held stay as they are."""
    actor = by.public_id
    with write(SECTION) as session:
        _note(session, "host_forgotten", "host", host.id, actor, now)
        session.delete(host)


def import_hosts(wanted: Sequence[HostFields], *, by: User, now: datetime) -> int:
    """Take a whole list; who is known by name and kind gets what the list adds. How many rows."""
    actor = by.public_id
    with write(SECTION) as session:
        known = {_key(host.name, host.kind): host for host in session.execute(_ALL).scalars()}
        for fields in wanted:
            host = known.get(_key(fields.name, fields.kind))
            if host is None:
                host = Host(created_at=now, **fields._asdict())
                known[_key(host.name, host.kind)] = host
                session.add(host)
            else:
                _fill(host, fields)
        session.flush()
        _note(session, "hosts_imported", "host", len(wanted), actor, now)
    return len(wanted)


def _approve(session: Session, offer: Offer, actor: str, now: datetime) -> None:
    campaign = session.get_one(Campaign, offer.campaign_id)
    host = _host_of(session, offer, now)
    fields = _draft(session, offer)._replace(region=host.region)
    event = add_event(session, campaign, fields, is_draft=True, now=now)
    session.execute(hosting.insert().values(event_id=event.id, host_id=host.id))
    _invite_organiser(session, event, offer, actor, now)
    offer.state, offer.decided_at = "approved", now
    _note(session, "offer_approved", "offer", offer.id, actor, now)


def _host_of(session: Session, offer: Offer, now: datetime) -> Host:
    # Not who offered: that is forgotten with the offer, as its form says.
    fields = HostFields(name=offer.held_by, kind=offer.kind, size=offer.size, town=offer.town)
    host = _find_host(session, fields)
    if host is None:
        host = Host(created_at=now, **fields._asdict())
        session.add(host)
        session.flush()
    else:
        _fill(host, fields)
    return host


def _draft(session: Session, offer: Offer) -> EventFields:
    kind = KINDS[offer.kind]
    zone = ZoneInfo(session.execute(select(Section.time_zone)).scalars().first() or "UTC")
    starts_at, ends_at = (
        datetime.combine(offer.wished_on, hour, zone).astimezone(UTC) for hour in USUAL_HOURS
    )
    open_cases = select(Case.slug).where(
        Case.campaign_id == offer.campaign_id, Case.state == "public"
    )
    return EventFields(
        title=offer.held_by,
        starts_at=starts_at,
        ends_at=ends_at,
        time_zone=zone.key,
        preset=kind.preset,
        held_by=offer.held_by,
        town=offer.town,
        cases=tuple(session.execute(open_cases).scalars()),
        kinds_in_front=tuple(DEFAULT_IN_FRONT),
        has_young_people=kind.has_young_people,
        is_private=kind.is_private,
    )


def _invite_organiser(
    session: Session, event: Event, offer: Offer, actor: str, now: datetime
) -> None:
    # Also whoever has an account, or is invited already (decision 12).
    who = {"email": offer.email, "name": offer.name, "role": "organiser"}
    invitation = add_invitation(session, **who, actor=actor, now=now)
    session.flush()
    session.execute(
        event_invitation.insert().values(event_id=event.id, invitation_id=invitation.id)
    )
    mail_invitation(session, invitation, now=now)
    note_invitation(session, invitation, "invite", actor=actor, now=now)


_ALL = select(Host).order_by(Host.id)


def _find_host(session: Session, fields: HostFields) -> Host | None:
    wanted = _key(fields.name, fields.kind)
    hosts = session.execute(_ALL.where(Host.kind == fields.kind)).scalars()
    return next((host for host in hosts if _key(host.name, host.kind) == wanted), None)


def _check_new(session: Session, fields: HostFields, *, but: Host | None = None) -> None:
    same = _find_host(session, fields)
    if same is not None and same is not but:
        raise RuleBroken(_("There is a host of this name and kind already."), field="name")


def _fill(host: Host, fields: HostFields) -> None:
    for name in ("size", "town", "region", "contact"):
        setattr(host, name, getattr(fields, name) or getattr(host, name))
    host.edit_version += 1


def _key(name: str, kind: str) -> tuple[str, str]:
    return name.casefold(), kind


def _answered() -> Conflict:
    return Conflict(_("This offer is answered already. Load the page again."), error="answered")


def _note(
    session: Session, verb: str, thing: str, thing_id: object, actor: str, now: datetime
) -> None:
    note_deed(session, actor=actor, verb=verb, thing=thing, thing_id=thing_id, now=now)
