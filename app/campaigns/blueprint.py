"""The feature's one blueprint, and what it prepares when it is registered."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from flask import Blueprint, g
from flask.blueprints import BlueprintSetupState
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.local import LocalProxy

from app import languages
from app.campaigns import queries
from app.campaigns.languages import language_name, reader_language
from app.campaigns.models import Case
from app.campaigns.queries import SectionName
from app.campaigns.signals import section_changed
from app.campaigns.telling import Said, ShortTexts, lines_of, short_text_of, why_paused
from app.campaigns.wording import languages_in_words

blueprint = Blueprint("campaigns", __name__)


@blueprint.record_once
def prepare(state: BlueprintSetupState) -> None:
    """Give every template the words about cases."""
    of_cases = (told_country, told_summary, told_pause)
    words = (*of_cases, lines_of, paragraphs, languages_in_words, language_name)
    state.app.jinja_env.filters.update({each.__name__: each for each in words})
    languages.offers(state.app).ask = say_languages


@blueprint.app_context_processor
def name_the_section() -> dict[str, Any]:
    """The global `section`; nothing is asked of the database until a template does."""
    return {"section": LocalProxy(section_name)}


def section_name() -> SectionName:
    """The section's name, asked for once a request; a mishap's page must do without a database."""
    if "section_name" not in g:
        try:
            g.section_name = queries.get_section_name()
        except SQLAlchemyError:
            g.section_name = SectionName()
    name: SectionName = g.section_name
    return name


def say_languages() -> tuple[Collection[str], str]:
    """The languages that the section offers, and its usual one; the row that every page reads."""
    section = section_name()
    return section.languages, section.language


@section_changed.connect
def forget_languages(_section: object) -> None:
    """What was offered until now is not any more."""
    languages.offers().forget()


def told_country(case: Case) -> Said:
    """Where a case is."""
    return _short_text(case, "country")


def told_summary(case: Case) -> Said:
    """The few words after a case's name."""
    return _short_text(case, "summary")


def _short_text(case: Case, name: str) -> Said:
    """One of both; what is translated is asked for once a request."""
    language = reader_language()

    def translated() -> ShortTexts:
        if "short_texts" not in g:
            g.short_texts = queries.list_short_texts(language)
        short_texts: ShortTexts = g.short_texts
        return short_texts

    return short_text_of(case, name, language, translated)


def told_pause(case: Case) -> Said:
    """Why people are asked to stop writing."""
    return why_paused(case, reader_language())


def paragraphs(text: str) -> list[str]:
    """Plain text, split where a line is left blank."""
    return [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]
