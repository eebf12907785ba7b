"""Set up the season, and add, edit, pause and resume its cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.audit import note_deed
from app.campaigns.kinds import USUAL_GROUPING
from app.campaigns.models import Campaign, Case, Section
from app.campaigns.signals import campaign_created, case_changed, section_changed
from app.campaigns.slugs import make_slug
from app.campaigns.versions import move_season
from app.database import SECTION, campaign_scope, write
from app.editing import check_version
from app.exceptions import Conflict, RuleBroken


class SectionFields(NamedTuple):
    """What is said of the section itself."""

    name: str
    language: str
    time_zone: str
    languages: Sequence[str] = ()
    """Those that readers may choose from; none said are all there are."""


class CampaignFields(NamedTuple):
    """What is said of a season."""

    title: str
    public_on: date
    core_from: date
    core_until: date
    writing_until: date
    reports_due_on: date
    goal: int | None = None
    previous_total: int | None = None


class CaseFields(NamedTuple):
    """What is said of a case; a writing rule is yes, no, school or None."""

    name: str
    country: str
    language: str = "en"
    summary: str = ""
    story: str = ""
    what_is_asked: str = ""
    key_points: str = ""
    sample_lines: str = ""
    targets: Sequence[dict[str, str]] = ()
    """Each with `key`, `name`, `role`, `postal_address`, `salutation`."""
    copies_to: str = ""
    solidarity_address: str = ""
    languages: Sequence[str] = ()
    social_handles: str = ""
    sources: str = ""
    portrait_alt: str = ""
    portrait_credit: str = ""
    position: int | None = None
    """Its place in the list; None puts a new case last and leaves another where it is."""
    from_age: int | None = None
    as_of_on: date | None = None
    religious_card: str | None = None
    name_organisation: str | None = None
    sender_address: str | None = None
    mention_charges: str | None = None
    holiday_wishes: str | None = None


def create_campaign(
    about_section: SectionFields, fields: CampaignFields, *, actor: str, now: datetime
) -> Campaign:
    """Begin a season, and with the first one the section itself.

    Raises Conflict while another season is not locked.
    """
    with write(SECTION) as session:
        running = session.execute(select(Campaign.id).where(Campaign.locked_at.is_(None))).first()
        if running is not None:
            raise Conflict(_("There is a campaign already. Look at it before you go on."))
        section = session.execute(select(Section).limit(1)).scalar_one_or_none()
        if section is None:
            section = Section(**about_section._asdict())
            session.add(section)
        else:
            _change(section, about_section._asdict())
        section_changed.send(section)
        slug = make_slug(
            fields.title,
            otherwise="campaign",
            is_taken=lambda slug: _is_taken(session, Campaign, slug),
        )
        before = select(Campaign.letter_kinds).order_by(Campaign.id.desc()).limit(1)
        campaign = Campaign(
            slug=slug,
            letter_kinds=session.execute(before).scalar() or USUAL_GROUPING,
            created_at=now,
            **fields._asdict(),
        )
        session.add(campaign)
        session.flush()
        campaign_created.send(campaign, section=section, session=session, now=now)
        note_deed(
            session,
            actor=actor,
            verb="campaign_created",
            thing="campaign",
            thing_id=campaign.id,
            now=now,
        )
    return campaign


def edit_campaign(
    campaign: Campaign,
    about_section: SectionFields,
    fields: CampaignFields,
    *,
    edit_version: int,
    actor: str,
    now: datetime,
) -> None:
    """Change the season and what is said of the section; raises Conflict on an older version.

    `edit_version` is the sum of both: either may be changed elsewhere, and versions only grow.
    """
    with write(SECTION) as session:
        section = session.execute(select(Section).limit(1)).scalar_one()
        check_version(campaign, edit_version - section.edit_version)
        _change(section, about_section._asdict())
        section_changed.send(section)
        _change(campaign, fields._asdict())
        move_season(session, campaign.id)
        note_deed(
            session,
            actor=actor,
            verb="campaign_edited",
            thing="campaign",
            thing_id=campaign.id,
            now=now,
        )


def add_case(
    campaign: Campaign, fields: CaseFields, *, is_public: bool = False, now: datetime
) -> Case:
    """Add a case, as a draft or for everybody to see."""
    # Two seasons may know the same name: a slug is free or taken in the whole section.
    with write(SECTION) as session:
        slug = make_slug(
            fields.name, otherwise="case", is_taken=lambda slug: _is_taken(session, Case, slug)
        )
        case = Case(
            campaign_id=campaign.id,
            slug=slug,
            state="public" if is_public else "draft",
            created_at=now,
            **fields._replace(
                position=fields.position or _last_place(session, campaign.id) + 1
            )._asdict(),
        )
        session.add(case)
        move_season(session, campaign.id)
    return case


def edit_case(case: Case, fields: CaseFields, *, is_public: bool, edit_version: int) -> None:
    """Change a case; raises Conflict on an older version, RuleBroken (told in that language).

    A draft may go public. It never goes back: letters may have been written; it can be paused.
    """
    with write(campaign_scope(case.campaign_id)) as session:
        check_version(case, edit_version)
        if fields.language in (text.language for text in case.translations):
            raise RuleBroken(
                _("There is a translation into this language. Remove that one first."),
                field="language",
            )
        _change(case, fields._replace(position=fields.position or case.position)._asdict())
        if is_public and case.state == "draft":
            # It came from a file with a reason to stop writing.
            case.state = "paused" if case.pause_reason else "public"
        move_season(session, case.campaign_id)


def pause_case(
    case: Case,
    *,
    reason: str,
    reasons: Mapping[str, str] = MappingProxyType({}),
    actor: str,
    now: datetime,
) -> None:
    """Ask everybody to stop writing; raises RuleBroken (no reason), Conflict (not public).

    `reasons` is the same in other languages.
    """
    with write(campaign_scope(case.campaign_id)) as session:
        if not reason:
            raise RuleBroken(_("Say why: everybody who writes will read it."), field="reason")
        if case.state != "public":
            raise Conflict(
                _("This case is paused already.")
                if case.is_paused
                else _("This case is a draft: nobody writes for it yet.")
            )
        case.state, case.paused_at = "paused", now
        case.pause_reason, case.pause_reasons = reason, dict(reasons)
        _tell_screens(session, case)
        note_deed(session, actor=actor, verb="case_paused", thing="case", thing_id=case.id, now=now)


def resume_case(case: Case, *, actor: str, now: datetime) -> None:
    """Let people write again; raises Conflict unless the case is paused."""
    with write(campaign_scope(case.campaign_id)) as session:
        if not case.is_paused:
            raise Conflict(_("This case is not paused."))
        case.state, case.paused_at, case.pause_reason = "public", None, ""
        case.pause_reasons = {}
        _tell_screens(session, case)
        note_deed(
            session, actor=actor, verb="case_resumed", thing="case", thing_id=case.id, now=now
        )


def _tell_screens(session: Session, case: Case) -> None:
    move_season(session, case.campaign_id)
    session.flush()
    case_changed.send(case, session=session)


def _change(thing: Section | Campaign | Case, fields: dict[str, object]) -> None:
    for name, value in fields.items():
        setattr(thing, name, value)
    thing.edit_version += 1


def _is_taken(session: Session, model: type[Campaign] | type[Case], slug: str) -> bool:
    return session.execute(select(model.id).where(model.slug == slug)).first() is not None


def _last_place(session: Session, campaign_id: int) -> int:
    last: int | None = session.execute(
        select(func.max(Case.position)).where(Case.campaign_id == campaign_id)
    ).scalar()
    return last or 0
