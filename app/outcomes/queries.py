"""Reads of outcomes, of past totals, and of the section's own texts."""

from __future__ import annotations

from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import ScalarSelect, Select, exists, func, select, true
from sqlalchemy.orm import joinedload

from app.campaigns.models import Case
from app.campaigns.queries import SectionName
from app.database import db
from app.exceptions import NotFound
from app.outcomes.models import Outcome, PageText, PastTotal


class WhatThereIs(NamedTuple):
    """Which public pages have something to show, and what stands at the foot of each page."""

    good_news: bool = False
    history: bool = False
    footer: str = ""
    welcome: str = ""


class YearOfNews(NamedTuple):
    """What happened in one year, the latest first."""

    year: int
    outcomes: list[Outcome]


def find_what_there_is(section: SectionName, *, language: str) -> WhatThereIs:
    """In one query, because every page asks; words are in `language`, else in the section's."""
    languages = [language, section.language]
    news, years, footer, welcome = db.session.execute(
        select(
            exists().where(Outcome.is_public == true()),
            exists().where(PastTotal.id.is_not(None)),
            _words("footer", languages),
            _words("welcome", languages),
        )
    ).one()
    return WhatThereIs(
        good_news=news and section.shows_good_news,
        history=years and section.shows_history,
        footer=footer or "",
        welcome=welcome or "",
    )


def list_outcomes() -> list[Outcome]:
    """Every outcome, hidden ones too: for admins."""
    return list(db.session.execute(_LATEST_FIRST).scalars())


def list_news(*, most: int | None = None) -> list[Outcome]:
    """What anybody may read, the latest first."""
    return list(db.session.execute(_shown().limit(most)).scalars())


def list_good_news(*, most: int) -> list[Outcome]:
    """The same without setbacks."""
    query = _shown().where(Outcome.change != "setback").limit(most)
    return list(db.session.execute(query).scalars())


def list_news_by_year() -> list[YearOfNews]:
    """What anybody may read, year by year."""
    years: dict[int, list[Outcome]] = {}
    for outcome in list_news():
        years.setdefault(outcome.told_in, []).append(outcome)
    return [YearOfNews(year, outcomes) for year, outcomes in years.items()]


def list_outcomes_of(case_id: int) -> list[Outcome]:
    """What became of one case, as anybody may read it; the order in which it happened."""
    return list(db.session.execute(_shown().where(Outcome.case_id == case_id)).scalars())[::-1]


def get_outcome(outcome_id: int) -> Outcome:
    """One outcome, for admins; raises NotFound."""
    outcome = db.session.get(Outcome, outcome_id)
    if outcome is None:
        raise NotFound(_("There is no such outcome."))
    return outcome


def list_cases_to_tell_of() -> list[Case]:
    """The cases of all seasons that went public, the newest season's first."""
    return list(
        db.session.execute(
            select(Case)
            .where(Case.state != "draft")
            .order_by(Case.campaign_id.desc(), Case.position, Case.id)
        ).scalars()
    )


def list_totals(whose: str) -> list[PastTotal]:
    """The totals of the world or of the section, the earliest year first."""
    return list(
        db.session.execute(
            select(PastTotal).where(PastTotal.whose == whose).order_by(PastTotal.year)
        ).scalars()
    )


def get_total(total_id: int) -> PastTotal:
    """One year's total; raises NotFound."""
    total = db.session.get(PastTotal, total_id)
    if total is None:
        raise NotFound(_("There is no such year."))
    return total


def find_text(page: str, language: str) -> PageText | None:
    """What the section wrote for a page in this very language."""
    return db.session.execute(
        select(PageText).where(PageText.page == page, PageText.language == language)
    ).scalar_one_or_none()


def list_texts() -> list[PageText]:
    """All that the section wrote in its own words."""
    return list(
        db.session.execute(select(PageText).order_by(PageText.page, PageText.language)).scalars()
    )


_YEAR = func.coalesce(Outcome.year, Outcome.campaign_year)
# A day that is not known comes after those of its month that are.
_LATEST_FIRST: Select[Outcome] = (
    select(Outcome)
    .options(joinedload(Outcome.case))
    .order_by(
        _YEAR.desc(),
        func.coalesce(Outcome.month, 0).desc(),
        func.coalesce(Outcome.day, 0).desc(),
        Outcome.id.desc(),
    )
)


def _shown() -> Select[Outcome]:
    # What is told of a case that is a draft again would name it.
    return _LATEST_FIRST.where(Outcome.is_public == true())


def _words(page: str, languages: list[str]) -> ScalarSelect[str]:
    """What the section wrote for a page, in the first of these languages that it wrote in."""
    return (
        select(PageText.text)
        .where(PageText.page == page, PageText.language.in_(languages))
        .order_by((PageText.language == languages[0]).desc())
        .limit(1)
        .scalar_subquery()
    )
