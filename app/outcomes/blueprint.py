"""The blueprint of outcomes, history and settings, and what every template may ask."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.local import LocalProxy

from app.campaigns.blueprint import section_name
from app.formatting import locale_info
from app.outcomes import queries, wording
from app.outcomes.queries import WhatThereIs

blueprint = Blueprint("outcomes", __name__)


@blueprint.app_context_processor
def say_what_there_is() -> dict[str, Any]:
    """The global `there_is`, and `outcomes_of(case)`; nothing is asked until a template does."""
    return {"there_is": LocalProxy(what_there_is), "outcomes_of": outcomes_of}


def what_there_is() -> WhatThereIs:
    """Asked for once a request; a mishap's page must do without a database."""
    if "there_is" not in g:
        try:
            g.there_is = queries.find_what_there_is(section_name(), language=locale_info().code)
        except SQLAlchemyError:
            g.there_is = WhatThereIs()
    there_is: WhatThereIs = g.there_is
    return there_is


def outcomes_of(case: Any) -> list[Any]:
    """What became of a case, unless the section shows no good news."""
    return queries.list_outcomes_of(case.id) if what_there_is().good_news else []


for filter_ in (
    wording.day_in_words,
    wording.machine_day,
    wording.sources_of,
    wording.total_in_words,
    wording.share_at_close,
):
    blueprint.add_app_template_filter(filter_)
blueprint.add_app_template_filter(
    lambda change: wording.CHANGES_IN_WORDS[change], name="change_in_words"
)
