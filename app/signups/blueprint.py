"""The feature's one blueprint, and the words that its templates share."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint
from flask.blueprints import BlueprintSetupState
from sqlalchemy.orm import Session

from app.events.models import Event
from app.events.signals import (
    event_became_young,
    event_cancelled,
    event_copied,
    event_keeps_names_longer,
    event_moved,
    event_reinstated,
)
from app.signups import guest_wording
from app.signups.cancelling import mail_cancellation
from app.signups.desk_view import count_guests
from app.signups.event_changes import confirm_each, follow_move
from app.signups.list_copies import copy_lists
from app.signups.mailing import mail_reinstated
from app.signups.purging import keep_promise
from app.signups.wording import list_title, nameless_in_words, shift_in_words, state_word

blueprint = Blueprint("signups", __name__)

WORDS = (
    list_title,
    nameless_in_words,
    shift_in_words,
    state_word,
    guest_wording.public_shift,
    guest_wording.when_of_list,
    guest_wording.rule_in_words,
    guest_wording.seats_left,
)


def mail_cancellation_of(event: Event, *, session: Session, now: datetime) -> None:
    """Tell the first who were to come, in the transaction of the cancellation."""
    mail_cancellation(session, event, now=now)


def mail_reinstated_of(event: Event, *, session: Session, now: datetime) -> None:
    """Tell those who heard that it was cancelled, in the transaction that takes it back."""
    mail_reinstated(session, event, now=now)


@blueprint.record_once
def prepare(state: BlueprintSetupState) -> None:
    """Hear what becomes of events, and give every template the words about lists."""
    event_cancelled.connect(mail_cancellation_of)
    event_reinstated.connect(mail_reinstated_of)
    event_copied.connect(copy_lists)
    event_moved.connect(follow_move)
    event_keeps_names_longer.connect(keep_promise)
    event_became_young.connect(confirm_each)
    state.app.jinja_env.filters.update({each.__name__: each for each in WORDS})
    state.app.jinja_env.globals.update(count_guests=count_guests)
