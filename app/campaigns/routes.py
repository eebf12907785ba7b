"""The season: what everybody reads of its cases, and the admins' page and form."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, request, send_file, url_for
from flask.wrappers import Response
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.datastructures import ImmutableMultiDict

from app import pictures
from app.accounts.access import admins_only, who
from app.campaigns import actions, case_routes, import_routes, queries, text_routes
from app.campaigns.blueprint import blueprint
from app.campaigns.forms import CampaignForm, chosen_languages, usual_calendar
from app.campaigns.languages import reader_language
from app.campaigns.models import Campaign
from app.campaigns.telling import sources_of, told
from app.campaigns.wording import rules_in_words
from app.clock import now
from app.config import Settings
from app.exceptions import Conflict
from app.fields import Clash, clash_between, pick_list, sent_form
from app.formatting import languages_named, posix
from app.fragments import Answer, respond, see_other
from app.languages import known_languages
from app.qr import draw_qr, public_link

__all__ = ["blueprint", "case_routes", "import_routes", "text_routes"]

FOR_EVER = "public, max-age=31536000, immutable"
"""A picture's address is made of what it shows."""


@blueprint.get("/cases/")
def list_cases() -> Answer:
    """Who this season's letters are for."""
    campaign = queries.find_shown_campaign()
    cases = queries.list_public_cases(campaign.id) if campaign else []
    is_early = campaign is not None and campaign.public_on > now().date()
    page = ("campaigns/cases.html", "campaigns/_cases.html")
    return respond(*page, campaign=campaign, cases=cases, is_early=is_early)


@blueprint.get("/cases/<slug>/")
def show_case(slug: str) -> Answer:
    """The story, what is asked, to whom, and what not to write."""
    case = queries.get_public_case(slug)
    return respond(
        "campaigns/case.html",
        "campaigns/_case.html",
        case=case,
        told=told(case, reader_language()),
        rules=rules_in_words(case),
        sources=sources_of(case.sources),
    )


@blueprint.get("/cases/<slug>/card")
def case_card(slug: str) -> Answer:
    """The card to print and to lay on a writing table."""
    case = queries.get_public_case(slug)
    is_young = request.args.get("young") == "1"
    link = public_link(url_for("campaigns.show_case", slug=slug))
    return respond(
        "campaigns/case_card.html",
        "campaigns/_case_card_sheet.html",
        case=case,
        told=told(case, reader_language()),
        rules=rules_in_words(case, for_young_people=is_young),
        for_young_people=is_young,
        qr=draw_qr(link),
        link=link,
    )


@blueprint.get("/pictures/<name>")
def show_picture(name: str) -> Response:
    """A portrait in one of its sizes."""
    answer = send_file(pictures.find_file(name), mimetype="image/webp", etag=False)
    answer.headers["Cache-Control"] = FOR_EVER
    return answer


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
    if campaign is None:
        actions.create_campaign(about, fields, **who())
        flash(_("The campaign is set up. Now add its cases."), "success")
        return see_other(url_for("campaigns.section"))
    version = form.edit_version.data
    try:
        actions.edit_campaign(campaign, about, fields, edit_version=version, **who())
    except Conflict as refusal:
        clash = clash_between(form, campaign_form(campaign), refusal)
        return show_campaign_form(form, campaign, refusal.status, clash)
    flash(_("The campaign is saved."), "success")
    return see_other(url_for("campaigns.section"))


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
        language=about.language if about else _reader(),
        languages=about.languages if about else (),
        time_zone=about.time_zone if about else settings.time_zone,
    )
    offer_languages(form, is_sent=sent is not None)
    if sent is None and campaign and about:
        form.edit_version.data = campaign.edit_version + about.edit_version
    return form


def offer_languages(form: Any, *, is_sent: bool) -> None:
    """Let a form choose among all the languages there are; nothing chosen yet is all of them."""
    known = known_languages()
    form.language.choices = form.languages.choices = pick_list(languages_named(known))
    if is_sent:
        form.languages.data = chosen_languages(form)
    elif not form.languages.data:
        form.languages.data = list(known)


def _reader() -> str:
    """The language that whoever sets the section up reads, as the settings write it."""
    return next((code for code in known_languages() if posix(code) == str(get_locale())), "en")
