"""At the desk: plan an event, change, open, close."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import ImmutableMultiDict

from app.accounts.access import signed_in, who
from app.campaigns.queries import find_section, get_campaign, list_public_cases
from app.clock import now
from app.config import Settings
from app.events import (
    actions,
    life_routes,
    organiser_routes,
    presets,
    queries,
    sharing_routes,
    table_routes,
)
from app.events.access import get_own_event
from app.events.blueprint import blueprint
from app.events.forms import EventForm, case_choices, next_choices, said_of
from app.events.models import Event
from app.exceptions import Conflict, RuleBroken
from app.fields import Clash, clash_between, pick_list, sent_form
from app.formatting import languages_named
from app.fragments import Answer, respond, see_other
from app.languages import offered_languages

__all__ = [
    "blueprint",
    "life_routes",
    "organiser_routes",
    "sharing_routes",
    "table_routes",
]


@blueprint.route("/desk/events/new", methods=["GET", "POST"])
@signed_in
def new_event() -> Answer:
    """Choose a sort of event, then plan it; whoever plans it runs it."""
    campaign = get_campaign()
    sent = sent_form()
    if sent is None and request.args.get("preset") not in presets.ALL:
        return respond("events/presets.html", "events/_presets.html", presets=presets.ALL.values())
    form = event_form(campaign.id, sent=sent)
    if change_preset(form):
        return show_event_form(form, None, 200)
    if form.validate_on_submit():
        try:
            event = actions.plan_event(campaign, form.fields(), organiser=current_user, now=now())
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            flash(_("Planned. Next: put up its tables."), "success")
            return see_other(url_for("board.desk_event", slug=event.slug))
    return show_event_form(form, None, 422 if form.is_submitted() else 200)


@blueprint.route("/desk/events/<slug>/edit", methods=["GET", "POST"])
@signed_in
def edit_event(slug: str) -> Answer:
    """Change what is said of an event."""
    event = get_own_event(current_user, slug)
    form = event_form(event.campaign_id, event, sent_form())
    if change_preset(form):
        return show_event_form(form, event, 200)
    if not form.validate_on_submit():
        return show_event_form(form, event, 422 if form.is_submitted() else 200)
    try:
        version = form.edit_version.data
        told = actions.edit_event(event, form.fields(), edit_version=version, **who())
    except RuleBroken as refusal:
        form.refuse(refusal)
        return show_event_form(form, event, refusal.status)
    except Conflict as refusal:
        clash = clash_between(form, event_form(event.campaign_id, event), refusal)
        return show_event_form(form, event, refusal.status, clash)
    flash(_("The event is saved."), "success")
    for words in told:
        flash(words, "warning")
    return see_other(url_for("board.desk_event", slug=event.slug))


@blueprint.post("/desk/events/<slug>/open")
@signed_in
def open_event(slug: str) -> Answer:
    """Let letters count from now on."""
    event = get_own_event(current_user, slug)
    actions.open_event(event, actor=current_user.public_id, now=now())
    flash(_("The event is open: letters count from now on."), "success")
    return see_other(url_for("board.desk_event", slug=slug))


@blueprint.post("/desk/events/<slug>/close")
@signed_in
def close_event(slug: str) -> Answer:
    """End the writing; letters pressed before still arrive and count."""
    event = get_own_event(current_user, slug)
    actions.close_event(event, actor=current_user.public_id, now=now())
    flash(_("The event is closed. Letters pressed before still arrive and count."), "success")
    return see_other(url_for("board.desk_event", slug=slug))


def event_form(
    campaign_id: int,
    event: Event | None = None,
    sent: ImmutableMultiDict[str, str] | None = None,
) -> EventForm:
    """The form as it was sent, else as the event stands, else with every open case ticked."""
    cases = list_public_cases(campaign_id)
    settings: Settings = current_app.config["LETTERTALLY"]
    section = find_section()
    zone = section.time_zone if section else settings.time_zone
    if event is None:
        preset = request.args.get("preset")
        said: dict[str, Any] = {
            "preset": preset if preset in presets.ALL else presets.USUAL_PRESET,
            "time_zone": zone,
            "cases": [case.slug for case in cases if not case.is_paused],
            "has_young_people": preset == "class",
        }
    else:
        said = said_of(event)
    form = EventForm(sent, data=said)
    form.cases.choices = case_choices(cases)
    form.next_event.choices = next_choices(queries.list_next_choices(campaign_id, but=event))
    form.usual_zone = zone
    nobodys = ("", _("as the browser asks for"))
    form.language.choices = pick_list([nobodys, *languages_named(offered_languages())])
    return form


def change_preset(form: EventForm) -> bool:
    """Whether somebody asked for another sort of form; what they typed so far is kept."""
    chosen = request.form.get("change_preset")
    if chosen not in presets.ALL:
        return False
    form.preset.data = chosen
    if chosen == "class":
        # Better told too little than too much: whoever reads the form can untick it.
        form.has_young_people.data = True
    return True


def show_event_form(
    form: EventForm, event: Event | None, status: int, clash: Clash | None = None
) -> Answer:
    """The form of an event that is there, or of a new one."""
    return respond(
        "events/event_form.html",
        "events/_event_form.html",
        status,
        form=form,
        event=event,
        clash=clash,
        presets=presets.ALL.values(),
    )
