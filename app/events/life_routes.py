"""An event's turns of fate at the desk: cancel it, hold it after all, copy it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import flash, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts.access import signed_in, who
from app.campaigns.queries import get_campaign
from app.clock import now
from app.events import life_actions
from app.events.access import get_own_event
from app.events.blueprint import blueprint
from app.events.forms import CancelForm, CopyForm, moment_of
from app.events.local_times import local_of
from app.events.models import Event
from app.exceptions import RuleBroken
from app.fields import sent_form
from app.fragments import Answer, respond, see_other

A_WEEK = timedelta(days=7)


@blueprint.route("/desk/events/<slug>/cancel", methods=["GET", "POST"])
@signed_in
def cancel_event(slug: str) -> Answer:
    """Say why an event is not held."""
    event = get_own_event(current_user, slug)
    form = CancelForm(sent_form())
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        page = ("events/cancel.html", "events/_cancel.html")
        return respond(*page, status, form=form, event=event)
    life_actions.cancel_event(event, reason=form.reason.data or "", **who())
    flash(_("The event is cancelled. Its page says so and why."), "success")
    return see_other(url_for("board.desk_event", slug=slug))


@blueprint.post("/desk/events/<slug>/hold-after-all")
@signed_in
def hold_after_all(slug: str) -> Answer:
    """Take a cancellation back."""
    event = get_own_event(current_user, slug)
    life_actions.hold_after_all(event, actor=current_user.public_id, now=now())
    flash(_("The event is on again, and its page says so."), "success")
    return see_other(url_for("board.desk_event", slug=slug))


@blueprint.route("/desk/events/<slug>/copy", methods=["GET", "POST"])
@signed_in
def copy_event(slug: str) -> Answer:
    """The same event once more, on another day of this season."""
    event = get_own_event(current_user, slug)
    campaign = get_campaign()
    form = CopyForm(sent_form(), data={"title": event.title, "starts": usual_day(event)})
    if form.validate_on_submit():
        try:
            starts_at = moment_of(form.starts, event.zone)
        except RuleBroken as refusal:
            form.starts.errors = [refusal.message]
        else:
            who: dict[str, Any] = {"organiser": current_user, "now": now()}
            said: dict[str, Any] = {"title": form.title.data, "starts_at": starts_at}
            copy = life_actions.copy_event(event, campaign, **said, **who)
            flash(_("Copied. Look it through: the tables have new codes."), "success")
            return see_other(url_for("events.edit_event", slug=copy.slug))
    status = 422 if form.is_submitted() else 200
    return respond("events/copy.html", "events/_copy.html", status, form=form, event=event)


def usual_day(event: Event) -> datetime:
    """The same hour a week later; of an event long ago, in the week to come."""
    weeks = max(1, -((event.starts_at - now()) // A_WEEK))
    return local_of(event.starts_at, event.zone) + weeks * A_WEEK
