"""The feature's one blueprint, and the words that its templates share."""

from __future__ import annotations

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

from app.signups.desk_view import count_guests
from app.signups.wording import list_title

blueprint = Blueprint("signups", __name__)


@blueprint.record_once
def prepare(state: BlueprintSetupState) -> None:
    """Give every template the words about lists, and how full an event's are."""
    state.app.jinja_env.filters["list_title"] = list_title
    state.app.jinja_env.globals["count_guests"] = count_guests
