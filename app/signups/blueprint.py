"""The feature's one blueprint, and the words that its templates share."""

from __future__ import annotations

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

from app.signups.wording import list_title

blueprint = Blueprint("signups", __name__)


@blueprint.record_once
def prepare(state: BlueprintSetupState) -> None:
    """Give every template the words about lists."""
    state.app.jinja_env.filters["list_title"] = list_title
