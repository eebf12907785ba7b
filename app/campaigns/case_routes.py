"""The section's cases: adding, editing, ordering, pausing, their portraits."""

from __future__ import annotations

from typing import Any

from flask import flash, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app import pictures
from app.accounts.access import admins_only, who
from app.campaigns import actions, case_actions, queries
from app.campaigns.blueprint import blueprint
from app.campaigns.forms import CaseForm, PauseForm
from app.campaigns.languages import direction, language_choices
from app.campaigns.models import Case
from app.clock import now
from app.exceptions import Conflict, RuleBroken
from app.fields import Clash, clash_between, sent_form
from app.fragments import Answer, respond, see_other, takes_files
from app.languages import usual_language

MOST_SENT = pictures.MOST_BYTES + 1024 * 1024
"""A picture that is a little too heavy is still told so in words."""


@blueprint.get("/section/cases")
@admins_only
def section_cases() -> Answer:
    """Every case of the season, drafts too, and those of the season before."""
    campaign = queries.get_campaign()
    return respond(
        "campaigns/section_cases.html",
        "campaigns/_section_cases.html",
        campaign=campaign,
        cases=queries.list_cases(campaign.id),
        earlier=queries.list_earlier_cases(campaign.id),
    )


@blueprint.route("/section/cases/new", methods=["GET", "POST"])
@admins_only
def new_case() -> Answer:
    """Add a case to the season."""
    campaign = queries.get_campaign()
    form = CaseForm(sent_form(), data={"language": usual_language()})
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
    except RuleBroken as refusal:
        form[refusal.field].errors = [refusal.message]
        return show_case_form(form, case, refusal.status)
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
    form.reasons.takes({text.language for text in case.translations})
    if not form.validate():
        return show_case_form(CaseForm(None, obj=case), case, 422, pause=form)
    said: dict[str, Any] = {"reason": form.reason.data, "reasons": form.reasons.data}
    actions.pause_case(case, **said, **who())
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


@blueprint.post("/section/cases/<slug>/move/<any('up','down'):way>")
@admins_only
def move_case(slug: str, way: str) -> Answer:
    """Let a case change places with its neighbour in the list."""
    case_actions.move_case(queries.get_case(slug), by=-1 if way == "up" else 1)
    return see_other(url_for("campaigns.section_cases"))


@blueprint.post("/section/cases/<slug>/bring-over")
@admins_only
def bring_case_over(slug: str) -> Answer:
    """Take an earlier season's case into this one, as a draft."""
    campaign, earlier = queries.get_campaign(), queries.get_case(slug)
    case = case_actions.bring_over(earlier, campaign, **who())
    flash(_("%(name)s is here as a draft. Bring the story up to date.", name=case.name), "success")
    return see_other(url_for("campaigns.edit_case", slug=case.slug))


@blueprint.post("/section/cases/<slug>/portrait")
@takes_files(MOST_SENT)
@admins_only
def put_portrait(slug: str) -> Answer:
    """Give a case its picture, or another one."""
    case = queries.get_case(slug)
    sent = request.files.get("picture")
    try:
        if not sent:
            raise RuleBroken(_("Choose a picture first."), field="picture")
        with sent.stream as file:
            picture = pictures.make_picture(file.read(), name=sent.filename or "")
    except RuleBroken as refusal:
        return show_case_form(
            CaseForm(None, obj=case), case, refusal.status, refused_picture=refusal.message
        )
    pictures.keep_picture(picture)
    return change_portrait(case, picture.key, picture.made_from, _("The picture is saved."))


@blueprint.post("/section/cases/<slug>/portrait/remove")
@admins_only
def remove_portrait(slug: str) -> Answer:
    """Take a case's picture away."""
    return change_portrait(queries.get_case(slug), "", "", _("The picture is gone."))


def change_portrait(case: Case, key: str, made_from: str, message: str) -> Answer:
    """Name another picture, or none, and clear away the one that was there."""
    before = case.portrait
    case_actions.set_portrait(
        case, key, made_from=made_from, actor=current_user.public_id, now=now()
    )
    pictures.clear_pictures(queries.list_pictures(), gone=[before], now=now())
    flash(message, "success")
    return see_other(url_for("campaigns.edit_case", slug=case.slug, _anchor="portrait"))


def show_case_form(
    form: CaseForm,
    case: Case | None,
    status: int,
    *,
    clash: Clash | None = None,
    pause: PauseForm | None = None,
    refused_picture: str = "",
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
        refused_picture=refused_picture,
        language_choices=language_choices,
        direction=direction,
    )
