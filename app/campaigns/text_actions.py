"""Tell a case in another language, or no longer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from app.audit import note_deed
from app.campaigns.models import Case, CaseText
from app.campaigns.versions import move_season
from app.database import campaign_scope, write
from app.editing import check_version
from app.exceptions import NotFound, RuleBroken


def translate_case(
    case: Case,
    language: str,
    *,
    texts: Mapping[str, str],
    roles: Mapping[str, str],
    salutations: Mapping[str, str],
    pause_reason: str | None = None,
    edit_version: int,
    actor: str,
    now: datetime,
) -> None:
    """Save the texts of a case in a language; `edit_version` is 0 for a new translation.

    Why it is paused is said too, unless that is None or it is not paused any more. Raises
    Conflict (somebody else saved meanwhile), RuleBroken (it is the case's own language).
    """
    with write(campaign_scope(case.campaign_id)) as session:
        if language == case.language:
            raise RuleBroken(_("The case itself is told in this language."), field="story")
        found = session.execute(
            select(CaseText).where(CaseText.case_id == case.id, CaseText.language == language)
        ).scalar_one_or_none()
        check_version(found, edit_version)
        text = found or CaseText(case_id=case.id, language=language, edit_version=0)
        for name, value in texts.items():
            setattr(text, name, value)
        text.roles, text.salutations = dict(roles), dict(salutations)
        text.edit_version += 1
        if case.is_paused and pause_reason is not None:
            _say_why_paused(case, language, pause_reason)
        session.add(text)
        move_season(session, case.campaign_id)
        note_deed(
            session, actor=actor, verb="case_translated", thing="case", thing_id=case.id, now=now
        )


def remove_translation(case: Case, language: str, *, actor: str, now: datetime) -> None:
    """Forget a case's texts in a language; raises NotFound."""
    with write(campaign_scope(case.campaign_id)) as session:
        text = session.execute(
            select(CaseText).where(CaseText.case_id == case.id, CaseText.language == language)
        ).scalar_one_or_none()
        if text is None:
            raise NotFound(_("There is no such translation."))
        session.delete(text)
        _say_why_paused(case, language, "")
        move_season(session, case.campaign_id)
        note_deed(
            session,
            actor=actor,
            verb="translation_removed",
            thing="case",
            thing_id=case.id,
            now=now,
        )


def _say_why_paused(case: Case, language: str, reason: str) -> None:
    others = {code: said for code, said in case.pause_reasons.items() if code != language}
    case.pause_reasons = others | ({language: reason} if reason else {})
