"""The wizard: the first admin, the section and its season, and what comes next."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts.access import admins_only
from app.accounts.visitors import own_arrival, set_session_cookie
from app.campaigns.actions import create_campaign
from app.campaigns.forms import CampaignForm
from app.campaigns.queries import find_campaign
from app.campaigns.routes import campaign_form
from app.clock import now
from app.exceptions import Conflict, RuleBroken
from app.fields import sent_form
from app.fragments import Answer, see_other
from app.setup import actions, queries
from app.setup.forms import OwnerForm

blueprint = Blueprint("setup", __name__)


@blueprint.get("/setup")
def begin() -> Answer:
    """The first step, or the one that this admin has come to."""
    if queries.has_people():
        return go_on()
    return show_owner_form(OwnerForm(None, code=request.args.get("code", "")[:60]))


@blueprint.post("/setup")
def begin_post() -> Answer:
    """Make the owner, and sign them in."""
    if queries.has_people():
        return go_on()
    actions.take_guess(now=now())
    form = OwnerForm(sent_form())
    if not form.validate():
        return show_owner_form(form, 422)
    said: dict[str, Any] = {name: str(form[name].data) for name in ("email", "name", "password")}
    try:
        token = actions.make_owner(str(form.code.data), arrival=own_arrival(), now=now(), **said)
    except RuleBroken as refusal:
        form[refusal.field].errors = [refusal.message]
        return show_owner_form(form, 422)
    response = see_other(url_for("setup.section"))
    set_session_cookie(response, token)
    return response


@blueprint.route("/setup/section", methods=["GET", "POST"])
@admins_only
def section() -> Answer:
    """The section and its first season, the usual days filled in."""
    if find_campaign() is not None:
        return see_other(url_for("setup.next_steps"))
    form = campaign_form(None, sent_form())
    if not form.validate_on_submit():
        return show_section_form(form, 422 if form.is_submitted() else 200)
    about, fields = form.about_section(), form.fields()
    try:
        create_campaign(about, fields, actor=current_user.public_id, now=now())
    except Conflict:
        flash(_("Somebody else has just set it up. Look at it before you go on."), "warning")
    return see_other(url_for("setup.next_steps"))


@blueprint.get("/setup/next")
@admins_only
def next_steps() -> Answer:
    """Cases, people, the first event: where each is begun, and whether it is."""
    campaign = find_campaign()
    if campaign is None:
        return see_other(url_for("setup.section"))
    done = queries.count_next_steps(campaign)
    return render_template("setup/next_steps.html", campaign=campaign, done=done)


@admins_only
def go_on() -> Answer:
    """To the step that an admin has come to; nobody else has any business here any more."""
    return see_other(url_for("setup.next_steps" if find_campaign() else "setup.section"))


def show_owner_form(form: OwnerForm, status: int = 200) -> Answer:
    """The first step's page."""
    return render_template("setup/owner.html", form=form), status


def show_section_form(form: CampaignForm, status: int) -> Answer:
    """The second step's page."""
    return render_template("setup/section.html", form=form), status
