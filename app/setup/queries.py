"""How far the first hour has come."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import exists, func, select

from app.accounts.models import Invitation, User
from app.campaigns.models import Campaign, Case, Section
from app.database import db
from app.events.models import Event
from app.setup.models import SetupCode


class NextSteps(NamedTuple):
    """What there is already of what a new section needs next."""

    cases: int
    people: int
    """Everybody but the first admin, the invited among them."""
    events: int


def has_people() -> bool:
    """Whether anybody is on record: then the first step is done for ever."""
    return bool(db.session.scalar(select(exists().where(User.id.is_not(None)))))


def has_section() -> bool:
    """Whether the section has a name: then the second step is done for ever."""
    return bool(db.session.scalar(select(exists().where(Section.id.is_not(None)))))


def find_code_hash() -> str | None:
    """The hash of the code that was told in the terminal last."""
    return db.session.scalar(select(SetupCode.code_hash).order_by(SetupCode.id.desc()).limit(1))


def count_next_steps(campaign: Campaign) -> NextSteps:
    """How much there is of cases, people and events, in one question."""
    cases = select(func.count()).where(Case.campaign_id == campaign.id).scalar_subquery()
    people = select(func.count()).select_from(User).scalar_subquery()
    waiting = Invitation.accepted_at.is_(None) & Invitation.revoked_at.is_(None)
    invited = select(func.count()).where(waiting).scalar_subquery()
    events = (
        select(func.count())
        .where(Event.campaign_id == campaign.id, Event.is_written_at_home.is_(False))
        .scalar_subquery()
    )
    row = db.session.execute(select(cases, people + invited - 1, events)).one()
    return NextSteps(*row)
