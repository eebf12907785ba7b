"""The section's settings, and the pages it writes in its own words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit import note_deed
from app.campaigns.models import Section
from app.campaigns.signals import section_changed
from app.campaigns.versions import move_season
from app.database import SECTION, write
from app.editing import change, check_version
from app.exceptions import RuleBroken
from app.outcomes.colours import is_legible, nearest_legible
from app.outcomes.models import PageText


class SettingsFields(NamedTuple):
    """What the section says of itself, and what it shows; an empty colour is ours."""

    name: str
    language: str
    time_zone: str
    languages: Sequence[str] = ()
    """Those that readers may choose from; none said are all there are."""
    contact: str = ""
    act_colour: str = ""
    link_colour: str = ""
    shows_good_news: bool = True
    shows_history: bool = True
    shows_totals: bool = True


def change_settings(
    section: Section, fields: SettingsFields, *, edit_version: int, actor: str, now: datetime
) -> None:
    """Change the section; raises RuleBroken (a colour nobody could read), Conflict (older)."""
    with write(SECTION) as session:
        check_version(section, edit_version)
        for name in ("act_colour", "link_colour"):
            _check_legible(name, getattr(fields, name))
        change(section, fields._asdict())
        section_changed.send(section)
        # What a cache kept of the season must not outlive a total that is hidden.
        move_season(session)
        note_deed(
            session,
            actor=actor,
            verb="settings_changed",
            thing="section",
            thing_id=section.id,
            now=now,
        )


def set_logo(section: Section, key: str, *, actor: str, now: datetime) -> None:
    """Name the picture that stands for the section; empty for the postmark."""
    with write(SECTION) as session:
        section.logo = key
        move_season(session)
        verb = "logo_set" if key else "logo_removed"
        note_deed(session, actor=actor, verb=verb, thing="section", thing_id=section.id, now=now)


def _check_legible(name: str, colour: str) -> None:
    if colour and not is_legible(colour):
        raise RuleBroken(
            _(
                "Words in %(colour)s could not be read by everybody: it is too light. "
                "The nearest that can is %(better)s.",
                colour=colour,
                better=nearest_legible(colour),
            ),
            field=name,
        )


def write_text(
    page: str, language: str, text: str, *, edit_version: int, actor: str, now: datetime
) -> None:
    """Let a page say this in one language; raises Conflict on an older version."""
    with write(SECTION) as session:
        written = _find(session, page, language)
        check_version(written, edit_version)
        if written is None:
            session.add(PageText(page=page, language=language, text=text))
        else:
            change(written, {"text": text})
        _note(session, "text_written", page, language, actor, now)


def drop_text(page: str, language: str, *, actor: str, now: datetime) -> None:
    """Go back to our text; that it is ours already is no mistake."""
    with write(SECTION) as session:
        written = _find(session, page, language)
        if written is not None:
            session.delete(written)
            _note(session, "text_dropped", page, language, actor, now)


def _find(session: Session, page: str, language: str) -> PageText | None:
    return session.execute(
        select(PageText).where(PageText.page == page, PageText.language == language)
    ).scalar_one_or_none()


def _note(session: Session, verb: str, page: str, language: str, actor: str, now: datetime) -> None:
    about = f"{page}-{language}"
    note_deed(session, actor=actor, verb=verb, thing="text", thing_id=about, now=now)
