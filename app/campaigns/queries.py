"""Reads of the section, its campaign and its cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import exists, func, select
from sqlalchemy.orm import selectinload, undefer_group

from app.campaigns.models import Campaign, Case, CaseText, Section
from app.database import db
from app.exceptions import NotFound

SHOWN_CAMPAIGN = (
    select(Campaign.id)
    .order_by(Campaign.locked_at.is_not(None), Campaign.id.desc())
    .limit(1)
    .scalar_subquery()
)
"""The id of the campaign that the public sees; a locked one only while none is being run."""


class SectionName(NamedTuple):
    """What every page says of the section."""

    name: str = "Lettertally"
    language: str = ""
    languages: Sequence[str] = ()
    contact: str = ""
    act_colour: str = ""
    link_colour: str = ""
    shows_good_news: bool = True
    shows_history: bool = True
    shows_totals: bool = True
    kinds: Mapping[str, Any] = MappingProxyType({})
    regions: Sequence[str] = ()
    logo: str = ""


def find_section() -> Section | None:
    """The section's own row; None before the first campaign is set up."""
    return db.session.execute(select(Section).order_by(Section.id).limit(1)).scalar_one_or_none()


def get_section() -> Section:
    """The section's own row; raises NotFound before it is set up."""
    section = find_section()
    if section is None:
        raise NotFound(_("The section has not been set up yet."))
    return section


def get_section_name() -> SectionName:
    """The section's name and what it chose, or Lettertally's own before it has any."""
    columns = (getattr(Section, field) for field in SectionName._fields)
    row = db.session.execute(select(*columns).order_by(Section.id).limit(1)).one_or_none()
    return SectionName(*row) if row else SectionName()


def find_shown_campaign() -> Campaign | None:
    """What the public sees: the current campaign, and until there is one the last one, final."""
    return db.session.execute(
        select(Campaign).where(Campaign.id == SHOWN_CAMPAIGN)
    ).scalar_one_or_none()


def get_told_campaign() -> Campaign:
    """The same, if everybody may see its total; raises NotFound."""
    keeps_silent = exists().where(Section.shows_totals.is_(False))
    campaign = db.session.execute(
        select(Campaign).where(Campaign.id == SHOWN_CAMPAIGN, ~keeps_silent)
    ).scalar_one_or_none()
    if campaign is None:
        raise NotFound(_("There is no total of a season to see."))
    return campaign


def find_campaign() -> Campaign | None:
    """The current campaign, which may be worked on: the newest that is not locked."""
    return db.session.execute(
        select(Campaign).where(Campaign.locked_at.is_(None)).order_by(Campaign.id.desc()).limit(1)
    ).scalar_one_or_none()


def get_campaign() -> Campaign:
    """The current campaign; raises NotFound while there is none."""
    campaign = find_campaign()
    if campaign is None:
        raise NotFound(_("The section has not set up this year’s campaign yet."))
    return campaign


def list_cases(campaign_id: int) -> list[Case]:
    """Every case of the campaign, drafts too: for admins."""
    return list(
        db.session.execute(
            select(Case).where(Case.campaign_id == campaign_id).order_by(Case.position, Case.id)
        ).scalars()
    )


def list_whole_cases(campaign_id: int) -> list[Case]:
    """Every case of the campaign with all its texts and translations."""
    return list(
        db.session.execute(
            select(Case)
            .where(Case.campaign_id == campaign_id)
            .options(undefer_group("texts"), selectinload(Case.translations))
            .order_by(Case.position, Case.id)
        ).scalars()
    )


def list_public_cases(campaign_id: int) -> list[Case]:
    """The cases that anybody may read, the paused ones among them."""
    return list(
        db.session.execute(
            select(Case)
            .where(Case.campaign_id == campaign_id, Case.state != "draft")
            .order_by(Case.position, Case.id)
        ).scalars()
    )


def list_earlier_cases(campaign_id: int) -> list[Case]:
    """The cases of the season before, and whose names are not in this one yet: for admins."""
    before = select(func.max(Campaign.id)).where(Campaign.id < campaign_id).scalar_subquery()
    here = select(Case.name).where(Case.campaign_id == campaign_id)
    return list(
        db.session.execute(
            select(Case)
            .where(Case.campaign_id == before, Case.name.not_in(here))
            .order_by(Case.position, Case.id)
        ).scalars()
    )


def list_pictures() -> set[str]:
    """What the files of all pictures are called: every season's portraits, and the logo."""
    portraits = select(Case.portrait).where(Case.portrait != "")
    logo = select(Section.logo).where(Section.logo != "")
    return set(db.session.execute(portraits.union(logo)).scalars())


def list_short_texts(language: str) -> dict[tuple[int, str], tuple[str, str]]:
    """Country and summary of each case that is told in a language, or in its plain form.

    By the case's id and the text's name: language and words, the very language before its plain
    form.
    """
    plain = language.partition("-")[0]
    rows = db.session.execute(
        select(CaseText.case_id, CaseText.language, CaseText.country, CaseText.summary)
        .where(CaseText.language.in_([plain, language]))
        .order_by(func.length(CaseText.language), CaseText.id)
    ).all()
    return {
        (row.case_id, name): (row.language, words)
        for row in rows
        for name, words in (("country", row.country), ("summary", row.summary))
        if words
    }


def get_public_case(slug: str) -> Case:
    """A case that anybody may read, with its texts; raises NotFound, for drafts too."""
    case = _find_case(slug)
    if case is None or case.state == "draft":
        raise NotFound(_("There is no such case."))
    return case


def get_case(slug: str) -> Case:
    """A case, for admins; raises NotFound."""
    case = _find_case(slug)
    if case is None:
        raise NotFound(_("There is no such case."))
    return case


def count_cases(campaign_id: int) -> dict[str, int]:
    """How many cases are draft, public and paused; states without any are left out."""
    rows = db.session.execute(
        select(Case.state, func.count())
        .where(Case.campaign_id == campaign_id)
        .group_by(Case.state)
        .order_by(Case.state)
    ).all()
    return {row[0]: row[1] for row in rows}


def _find_case(slug: str) -> Case | None:
    return db.session.execute(
        select(Case).where(Case.slug == slug).options(undefer_group("texts"))
    ).scalar_one_or_none()
