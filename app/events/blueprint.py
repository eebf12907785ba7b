"""The feature's one blueprint, and what it prepares when it is registered."""

from __future__ import annotations

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

from app.events import wording
from app.events.poster import poster_size
from app.events.queries import has_events
from app.events.subscriptions import subscribe

blueprint = Blueprint("events", __name__)
blueprint.add_app_template_global(has_events)

WORDS = (
    wording.when_in_words,
    wording.when_in_short,
    wording.hours_in_words,
    wording.zone_in_words,
    wording.public_when,
    wording.public_hours,
    wording.public_place,
    wording.public_address,
    wording.full_address,
    wording.public_spot,
    wording.public_link_there,
    wording.public_host,
    wording.access_in_words,
    poster_size,
    wording.leaf_of,
    wording.code_in_parts,
)


@blueprint.record_once
def prepare(state: BlueprintSetupState) -> None:
    """Hear of the campaign, and let every template tell when and where an event is."""
    subscribe()
    state.app.jinja_env.filters.update({each.__name__: each for each in WORDS})
