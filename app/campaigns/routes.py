"""The section's season and cases: public pages, and the admins' forms."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, current_app, flash, g, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.local import LocalProxy

from app.accounts.access import admins_only
from app.campaigns import actions, queries
from app.campaigns.forms import CampaignForm, CaseForm, PauseForm, usual_calendar
from app.campaigns.models import Campaign, Case
from app.campaigns.queries import SectionName
from app.campaigns.wording import rules_in_words
from app.clock import now
from app.config import Settings
from app.exceptions import Conflict
from app.fields import Clash, clash_between, pick_list, sent_form
from app.formatting import languages_named
from app.fragments import Answer, respond, see_other

blueprint = Blueprint("campaigns", __name__)


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


@blueprint.app_template_filter()
def paragraphs(text: str) -> list[str]:
    """Plain text, split where a line is left blank."""
    return [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]


@blueprint.get("/cases/")
def list_cases() -> Answer:
    """Who this season's letters are for."""
    campaign = queries.find_campaign()
    cases = queries.list_public_cases(campaign.id) if campaign else []
    return respond("campaigns/cases.html", "campaigns/_cases.html", campaign=campaign, cases=cases)


@blueprint.get("/cases/<slug>/")
def show_case(slug: str) -> Answer:
    """The story, what is asked, and what not to write."""
    case = queries.get_public_case(slug)
    return respond(
        "campaigns/case.html", "campaigns/_case.html", case=case, rules=rules_in_words(case)
    )


@blueprint.get("/section/")
@admins_only
def section() -> Answer:
    """The season at a glance, and the next thing to do."""
    campaign = queries.find_campaign()
    cases = queries.list_cases(campaign.id) if campaign else []
    return respond(
        "campaigns/section.html", "campaigns/_section.html", campaign=campaign, cases=cases
    )


@blueprint.route("/section/campaign", methods=["GET", "POST"])
@admins_only
def edit_campaign() -> Answer:
    """Set up the season, or change it."""
    campaign = queries.find_campaign()
    form = campaign_form(campaign, sent_form())
    if not form.validate_on_submit():
        return show_campaign_form(form, campaign, 422 if form.is_submitted() else 200)
    about, fields = form.about_section(), form.fields()
    who: dict[str, Any] = {"actor": current_user.public_id, "now": now()}
    if campaign is None:
        actions.create_campaign(about, fields, **who)
        flash(_("The campaign is set up. Now add its cases."), "success")
        return see_other(url_for("campaigns.section"))
    version = form.edit_version.data
    try:
        actions.edit_campaign(campaign, about, fields, edit_version=version, **who)
    except Conflict as refusal:
        clash = clash_between(form, campaign_form(campaign), refusal)
        return show_campaign_form(form, campaign, refusal.status, clash)
    flash(_("The campaign is saved."), "success")
    return see_other(url_for("campaigns.section"))


@blueprint.get("/section/cases")
@admins_only
def section_cases() -> Answer:
    """Every case of the season, drafts too."""
    campaign = queries.get_campaign()
    return respond(
        "campaigns/section_cases.html",
        "campaigns/_section_cases.html",
        campaign=campaign,
        cases=queries.list_cases(campaign.id),
    )


@blueprint.route("/section/cases/new", methods=["GET", "POST"])
@admins_only
def new_case() -> Answer:
    """Add a case to the season."""
    campaign = queries.get_campaign()
    form = CaseForm(sent_form())
    if not form.validate_on_submit():
        return show_case_form(form, None, 422 if form.is_submitted() else 200)
    case = actions.add_case(campaign, form.fields(), is_public=form.is_public.data, now=now())
    flash(_("%(name)s is on the list.", name=case.name), "success")
    return see_other(url_for("campaigns.section_cases"))


@blueprint.route("/section/cases/<slug>/edit", methods=["GET", "POST"])
@admins_only
def edit_case(slug: str) -> Answer:
    """Change a case."""
    case = queries.get_case(slug)
    form = CaseForm(sent_form(), obj=case)
    if not form.validate_on_submit():
        return show_case_form(form, case, 422 if form.is_submitted() else 200)
    said: dict[str, Any] = {
        "is_public": form.is_public.data,
        "edit_version": form.edit_version.data,
    }
    try:
        actions.edit_case(case, form.fields(), **said)
    except Conflict as refusal:
        clash = clash_between(form, CaseForm(None, obj=case), refusal)
        return show_case_form(form, case, refusal.status, clash=clash)
    flash(_("%(name)s is saved.", name=case.name), "success")
    return see_other(url_for("campaigns.section_cases"))


@blueprint.post("/section/cases/<slug>/pause")
@admins_only
def pause_case(slug: str) -> Answer:
    """Ask everybody to stop writing for a case."""
    case = queries.get_case(slug)
    form = PauseForm(sent_form())
    if not form.validate():
        return show_case_form(CaseForm(None, obj=case), case, 422, pause=form)
    reason = str(form.reason.data)
    actions.pause_case(case, reason=reason, actor=current_user.public_id, now=now())
    flash(
        _("Every screen now asks people to stop writing for %(name)s.", name=case.name), "success"
    )
    return see_other(url_for("campaigns.edit_case", slug=slug))


@blueprint.post("/section/cases/<slug>/resume")
@admins_only
def resume_case(slug: str) -> Answer:
    """Let people write for a case again."""
    case = queries.get_case(slug)
    actions.resume_case(case, actor=current_user.public_id, now=now())
    flash(_("People may write for %(name)s again.", name=case.name), "success")
    return see_other(url_for("campaigns.edit_case", slug=slug))


def show_campaign_form(
    form: CampaignForm, campaign: Campaign | None, status: int, clash: Clash | None = None
) -> Answer:
    """The form of the season that is there, or of a new one."""
    return respond(
        "campaigns/campaign_form.html",
        "campaigns/_campaign_form.html",
        status,
        form=form,
        campaign=campaign,
        clash=clash,
    )


def show_case_form(
    form: CaseForm,
    case: Case | None,
    status: int,
    *,
    clash: Clash | None = None,
    pause: PauseForm | None = None,
) -> Answer:
    """The form of a case that is there, or of a new one."""
    return respond(
        "campaigns/case_form.html",
        "campaigns/_case_form.html",
        status,
        form=form,
        case=case,
        clash=clash,
        pause=pause or PauseForm(None),
    )


def campaign_form(
    campaign: Campaign | None, sent: ImmutableMultiDict[str, str] | None = None
) -> CampaignForm:
    """The form as it was sent, else as things stand, else with the usual calendar."""
    settings: Settings = current_app.config["LETTERTALLY"]
    about = queries.find_section()
    form = CampaignForm(
        sent,
        obj=campaign,
        data=usual_calendar(now().date()),
        section_name=about.name if about else "",
        language=about.language if about else settings.languages[0],
        time_zone=about.time_zone if about else settings.time_zone,
    )
    form.language.choices = pick_list(languages_named(settings.languages))
    return form
