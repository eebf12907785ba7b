"""Put cases in order, bring them over from an earlier season, set their portraits."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.audit import note_deed
from app.campaigns.models import Campaign, Case, CaseText, Told
from app.campaigns.slugs import make_slug
from app.campaigns.versions import move_season
from app.database import SECTION, campaign_scope, write
from app.exceptions import Conflict

NOT_COPIED = {
    *("id", "campaign_id", "slug", "position", "created_at", "edit_version", "case_id"),
    *("state", "paused_at", "pause_reason", "pause_reasons", "file_slug", "file_sum"),
}
"""What belongs to one season's case alone."""


def move_case(case: Case, *, by: int) -> None:
    """Move a case by so many places; beyond the end of the list nothing happens."""
    with write(campaign_scope(case.campaign_id)) as session:
        cases = list(
            session.execute(
                select(Case)
                .where(Case.campaign_id == case.campaign_id)
                .order_by(Case.position, Case.id)
            ).scalars()
        )
        place = cases.index(case)
        cases.insert(max(0, place + by), cases.pop(place))
        for position, each in enumerate(cases, 1):
            each.position = position
        move_season(session, case.campaign_id)


def bring_over(earlier: Case, campaign: Campaign, *, actor: str, now: datetime) -> Case:
    """Copy an earlier season's case, with its translations, as a draft; raises Conflict."""
    with write(SECTION) as session:
        if earlier.campaign_id == campaign.id:
            raise Conflict(_("This case is in this season already."))
        last = session.execute(
            select(func.max(Case.position)).where(Case.campaign_id == campaign.id)
        ).scalar()
        case = Case(
            campaign_id=campaign.id,
            slug=make_slug(
                earlier.name,
                otherwise="case",
                is_taken=lambda slug: bool(
                    session.execute(select(Case.id).where(Case.slug == slug)).first()
                ),
            ),
            position=(last or 0) + 1,
            state="draft",
            created_at=now,
            **_copied(earlier),
            translations=[CaseText(**_copied(text)) for text in earlier.translations],
        )
        session.add(case)
        move_season(session, campaign.id)
        session.flush()
        note_deed(
            session, actor=actor, verb="case_brought_over", thing="case", thing_id=case.id, now=now
        )
    return case


def set_portrait(case: Case, key: str, *, made_from: str, actor: str, now: datetime) -> None:
    """Name the picture that is shown for a case; empty for none."""
    with write(campaign_scope(case.campaign_id)) as session:
        case.portrait, case.portrait_made_from = key, made_from
        move_season(session, case.campaign_id)
        verb = "portrait_set" if key else "portrait_removed"
        note_deed(session, actor=actor, verb=verb, thing="case", thing_id=case.id, now=now)


def _copied(told: Told) -> dict[str, object]:
    columns = type(told).__table__.columns.keys()  # type: ignore[attr-defined]
    return {name: getattr(told, name) for name in columns if name not in NOT_COPIED}
