"""What events do when something happens below them, in the same transaction."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import insert, literal, select, update
from sqlalchemy.orm import Session

from app.accounts.models import Invitation, User
from app.accounts.signals import invitation_accepted
from app.campaigns.models import Campaign, Case, Section
from app.campaigns.signals import campaign_created, case_changed
from app.events.models import Event, event_case, event_invitation, event_organiser


def subscribe() -> None:
    """Listen to campaign and accounts; more than once is the same as once."""
    campaign_created.connect(add_written_at_home)
    case_changed.connect(refresh_screens)
    invitation_accepted.connect(hand_over_events)


def add_written_at_home(
    campaign: Campaign, *, section: Section, session: Session, now: datetime
) -> None:
    """Give a new campaign its one built-in event, for letters that people write at home."""
    zone = ZoneInfo(section.time_zone)
    session.add(
        Event(
            campaign_id=campaign.id,
            slug=f"written-at-home-{campaign.slug}",
            title=_("Written at home"),
            starts_at=_midnight(campaign.public_on, zone),
            ends_at=_midnight(campaign.writing_until + timedelta(days=1), zone),
            time_zone=section.time_zone,
            is_written_at_home=True,
            created_at=now,
        )
    )


def refresh_screens(case: Case, *, session: Session) -> None:
    """Move the version of every event that writes for a case."""
    session.execute(
        update(Event)
        .where(Event.id.in_(select(event_case.c.event_id).where(event_case.c.case_id == case.id)))
        .values(live_version=Event.live_version + 1)
        .execution_options(synchronize_session=False)
    )


def hand_over_events(
    invitation: Invitation, *, user: User, session: Session, now: datetime
) -> None:
    """Let somebody who said yes run the events that they were asked to run with others."""
    run_already = select(event_organiser.c.event_id).where(event_organiser.c.user_id == user.id)
    asked = select(event_invitation.c.event_id, literal(user.id)).where(
        event_invitation.c.invitation_id == invitation.id,
        event_invitation.c.event_id.not_in(run_already),
    )
    session.execute(insert(event_organiser).from_select(["event_id", "user_id"], asked))


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
