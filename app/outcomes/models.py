"""What became of cases, the totals of past years, and texts that the section writes itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.campaigns.models import Case
from app.database import Model

CHANGES = (
    "freed",
    "released_early",
    "acquitted",
    "sentence_changed",
    "protected",
    "law_changed",
    "step",
    "setback",
)
"""What may have happened, the good and the bad."""
PRECISIONS = ("exact", "more_than", "about", "disputed")
WORLD, OWN = "world", "section"
WHOSE = (WORLD, OWN)
"""Whose total: the world's, in actions, or this section's own, in letters."""


class Outcome(Model):
    """What became of a case: of this instance, or of an older one that is told by name alone."""

    __tablename__ = "outcome"
    __table_args__ = (
        CheckConstraint(
            "(year IS NOT NULL OR campaign_year IS NOT NULL)"
            " AND (year IS NOT NULL OR month IS NULL) AND (month IS NOT NULL OR day IS NULL)",
            name="date",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id"), index=True)
    name: Mapped[str] = mapped_column(String(120), default="")
    """Of an older case; where there is a `case`, its own name stands."""
    country: Mapped[str] = mapped_column(String(80), default="")
    campaign_year: Mapped[int | None]
    year: Mapped[int | None]
    month: Mapped[int | None]
    day: Mapped[int | None]
    """When it happened, as exactly as it is known; without a year, sometime after its campaign."""
    change: Mapped[str] = mapped_column(String(20))
    headline: Mapped[str] = mapped_column(String(160))
    text: Mapped[str] = mapped_column(Text, default="")
    actions_stated: Mapped[str] = mapped_column(String(160), default="")
    """As they were published, in words: they are rounded, or differ by source."""
    sources: Mapped[str] = mapped_column(Text, default="")
    """One a line: a web address, or words."""
    quote: Mapped[str] = mapped_column(String(600), default="")
    quote_by: Mapped[str] = mapped_column(String(120), default="")
    quote_agreed: Mapped[bool] = mapped_column(default=False)
    is_public: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime]
    edit_version: Mapped[int] = mapped_column(default=1)

    case: Mapped[Case | None] = relationship()

    @property
    def of_whom(self) -> str:
        """The name, of the case that is here or as it was told."""
        return self.case.name if self.case else self.name

    @property
    def of_where(self) -> str:
        """The country."""
        return self.case.country if self.case else self.country

    @property
    def told_in(self) -> int:
        """The year under which it is told."""
        return self.year or self.campaign_year or 0

    @property
    def shown_quote(self) -> str:
        """Their words, and never without their yes."""
        return self.quote if self.quote_agreed else ""

    @property
    def is_setback(self) -> bool:
        """Whether it is no good news."""
        return self.change == "setback"


class PastTotal(Model):
    """One year's total, with how sure it is."""

    __tablename__ = "past_total"
    __table_args__ = (
        CheckConstraint("whose IN ('world', 'section')", name="whose"),
        CheckConstraint(
            "precision IN ('exact', 'more_than', 'about', 'disputed')", name="precision"
        ),
        UniqueConstraint("whose", "year"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    whose: Mapped[str] = mapped_column(String(8))
    year: Mapped[int]
    total: Mapped[int]
    precision: Mapped[str] = mapped_column(String(12), default="exact")
    at_close: Mapped[int | None]
    """What was known when the marathon closed, weeks before the total."""
    note: Mapped[str] = mapped_column(String(300), default="")
    sources: Mapped[str] = mapped_column(Text, default="")
    edit_version: Mapped[int] = mapped_column(default=1)


class PageText(Model):
    """What the section says in its own words, in one language; without a row ours stands."""

    __tablename__ = "page_text"
    __table_args__ = (UniqueConstraint("page", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    page: Mapped[str] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(Text)
    edit_version: Mapped[int] = mapped_column(default=1)
