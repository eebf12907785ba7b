"""The section's own row, the campaign, and the cases people write for."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.campaigns.kinds import USUAL_GROUPING
from app.database import Model

RULES = (
    "religious_card",
    "name_organisation",
    "sender_address",
    "mention_charges",
    "holiday_wishes",
)
"""What a writer must (not) do for a case; each is yes, no, school (addresses only) or unsaid."""


TEXTS = ("summary", "story", "what_is_asked", "key_points", "sample_lines", "portrait_alt")
"""What is said of a case in words, and so once in each language."""
TRANSLATED = ("country", *TEXTS)
"""What a translation says again, besides a role and a salutation for each target."""


class Section(Model):
    """The branch that runs this instance: one row."""

    __tablename__ = "section"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    language: Mapped[str] = mapped_column(String(12))
    """The usual one."""
    languages: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    """Those that readers may choose from; empty for all there are."""
    time_zone: Mapped[str] = mapped_column(String(64))
    contact: Mapped[str] = mapped_column(String(300), default="", server_default="")
    """How to reach the section, in its own words."""
    act_colour: Mapped[str] = mapped_column(String(7), default="", server_default="")
    link_colour: Mapped[str] = mapped_column(String(7), default="", server_default="")
    """As `#rrggbb`, or empty for ours."""
    shows_good_news: Mapped[bool] = mapped_column(default=True, server_default=true())
    shows_history: Mapped[bool] = mapped_column(default=True, server_default=true())
    shows_totals: Mapped[bool] = mapped_column(default=True, server_default=true())
    kinds: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    """What it made of the eleven kinds, as `own_kinds` reads it: order, hidden, names."""
    regions: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    """Their names, in its order; hosts and events are in one of them, or in none."""
    logo: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """What the picture's files are called; empty without one."""
    edit_version: Mapped[int] = mapped_column(default=1)


class Campaign(Model):
    """One year's marathon: its dates, goal and cases."""

    __tablename__ = "campaign"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    public_on: Mapped[date]
    core_from: Mapped[date]
    core_until: Mapped[date]
    writing_until: Mapped[date]
    reports_due_on: Mapped[date]
    goal: Mapped[int | None]
    """Letters hoped for."""
    previous_total: Mapped[int | None]
    """Letters of the season before."""
    letter_kinds: Mapped[str] = mapped_column(
        String(200), default=USUAL_GROUPING, server_default=USUAL_GROUPING
    )
    """Wire names of the kinds that this season counts as letters; never changed once any count."""
    live_version: Mapped[int] = mapped_column(default=1)
    """Moves with whatever every live fragment of the campaign shows; letters never move it."""
    locked_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    edit_version: Mapped[int] = mapped_column(default=1)

    cases: Mapped[list[Case]] = relationship(
        order_by="Case.position, Case.id", back_populates="campaign"
    )


class Told:
    """The texts of a case in one language; long ones are loaded only where they are shown."""

    summary: Mapped[str] = mapped_column(String(120), default="")
    """A few words after the country: "a teacher, in prison for a poem"."""
    story: Mapped[str] = mapped_column(Text, default="", deferred=True, deferred_group="texts")
    """Markdown, as is what is asked."""
    what_is_asked: Mapped[str] = mapped_column(
        Text, default="", deferred=True, deferred_group="texts"
    )
    key_points: Mapped[str] = mapped_column(Text, default="", deferred=True, deferred_group="texts")
    """One a line, as are the lines to start a letter from."""
    sample_lines: Mapped[str] = mapped_column(
        Text, default="", deferred=True, deferred_group="texts"
    )
    portrait_alt: Mapped[str] = mapped_column(String(200), default="")
    """What the portrait shows, for those who cannot see it."""


class Case(Told, Model):
    """The person or community written for."""

    # "case" itself is a reserved word of SQL.
    __tablename__ = "case_file"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'public', 'paused')", name="state"),
        Index("ix_case_file_campaign_id_position", "campaign_id", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    country: Mapped[str] = mapped_column(String(80))
    language: Mapped[str] = mapped_column(String(12), default="en")
    """The language of its own texts; others are translations."""
    targets: Mapped[list[dict[str, str]]] = mapped_column(
        JSON, default=list, deferred=True, deferred_group="texts"
    )
    """Who gets the letters: `key`, name, role, postal_address, salutation."""
    copies_to: Mapped[str] = mapped_column(Text, default="", deferred=True, deferred_group="texts")
    """Addresses with a blank line between."""
    solidarity_address: Mapped[str] = mapped_column(
        Text, default="", deferred=True, deferred_group="texts"
    )
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    """What the reader of the letters reads."""
    social_handles: Mapped[str] = mapped_column(
        Text, default="", deferred=True, deferred_group="texts"
    )
    sources: Mapped[str] = mapped_column(Text, default="", deferred=True, deferred_group="texts")
    """One a line, some words and a link."""
    portrait: Mapped[str] = mapped_column(String(64), default="")
    """What the picture's files are called; empty without one."""
    portrait_made_from: Mapped[str] = mapped_column(String(64), default="")
    """SHA-256 of the file that the picture was made from."""
    portrait_credit: Mapped[str] = mapped_column(String(160), default="")
    file_slug: Mapped[str] = mapped_column(String(80), default="")
    """What it was called in the file it came from; empty when it was typed here."""
    file_sum: Mapped[str] = mapped_column(String(64), default="")
    """SHA-256 of what it said after it was imported: another one means edited here."""
    position: Mapped[int] = mapped_column(default=0)
    from_age: Mapped[int | None]
    as_of_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(8), default="draft")
    paused_at: Mapped[datetime | None]
    pause_reason: Mapped[str] = mapped_column(String(300), default="")
    pause_reasons: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, server_default="{}")
    """The same in languages that it is translated into, as far as somebody has said it."""
    religious_card: Mapped[str | None] = mapped_column(String(8))
    name_organisation: Mapped[str | None] = mapped_column(String(8))
    sender_address: Mapped[str | None] = mapped_column(String(8))
    mention_charges: Mapped[str | None] = mapped_column(String(8))
    holiday_wishes: Mapped[str | None] = mapped_column(String(8))
    created_at: Mapped[datetime]
    edit_version: Mapped[int] = mapped_column(default=1)

    campaign: Mapped[Campaign] = relationship(back_populates="cases")
    translations: Mapped[list[CaseText]] = relationship(
        order_by="CaseText.language", back_populates="case"
    )

    @property
    def is_paused(self) -> bool:
        """Whether people are asked to stop writing."""
        return self.state == "paused"

    @property
    def portrait_palette(self) -> int:
        """Which of the six placeholder portraits stands in for a picture, 1 to 6."""
        return self.id % 6 + 1


class CaseText(Told, Model):
    """A case in another language than its own."""

    __tablename__ = "case_text"
    __table_args__ = (UniqueConstraint("case_id", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    language: Mapped[str] = mapped_column(String(12))
    country: Mapped[str] = mapped_column(String(80), default="", server_default="")
    roles: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, server_default="{}")
    """What each target is, by its key."""
    salutations: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    """How a letter in this language begins, by the target's key."""
    edit_version: Mapped[int] = mapped_column(default=1)

    case: Mapped[Case] = relationship(back_populates="translations")
