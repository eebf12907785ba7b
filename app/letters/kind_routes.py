"""The section's own kinds: names, order, which are chosen from, and which are letters."""

from __future__ import annotations

from typing import Any

from flask import flash, url_for
from flask_babel import gettext as _

from app.accounts.access import admins_only, who
from app.campaigns import queries
from app.campaigns.kinds import KINDS, Kind, letters_in
from app.campaigns.models import Section
from app.campaigns.own_kinds import kinds_by_name, list_kinds
from app.database import db
from app.exceptions import Conflict, NotFound, Refusal, RuleBroken
from app.fields import Clash, clash_between, sent_form
from app.formatting import languages_named, load_locale
from app.fragments import Answer, respond, see_other
from app.languages import offered_languages
from app.letters import kind_actions
from app.letters.blueprint import blueprint
from app.letters.facts import has_logged
from app.letters.kind_forms import KindForm, form_of_kind


@blueprint.get("/section/kinds")
@admins_only
def kinds() -> Answer:
    """All kinds in the section's order."""
    return show_kinds(queries.get_section())


@blueprint.route("/section/kinds/<kind>", methods=["GET", "POST"])
@admins_only
def name_kind(kind: str) -> Answer:
    """Call a kind by the section's own words."""
    section, found = queries.get_section(), get_kind(kind)
    form = kind_form(section, found, sent_form())
    if not form.validate_on_submit():
        return show_kind(form, found, 422 if form.is_submitted() else 200)
    version = form.edit_version.data
    try:
        kind_actions.name_kind(section, kind, form.names(), edit_version=version, **who())
    except Conflict as refusal:
        clash = clash_between(form, kind_form(section, found), refusal)
        return show_kind(form, found, refusal.status, clash)
    flash(_("The name is saved."), "success")
    return see_other(url_for("letters.kinds", _anchor=f"kind-{kind}"))


@blueprint.post("/section/kinds/<kind>/move/<any('up','down'):way>")
@admins_only
def move_kind(kind: str, way: str) -> Answer:
    """Let a kind change places with its neighbour in the list."""
    name = get_kind(kind).name
    kind_actions.move_kind(queries.get_section(), name, by=-1 if way == "up" else 1, **who())
    return see_other(url_for("letters.kinds", _anchor=f"kind-{kind}"))


@blueprint.post("/section/kinds/<kind>/<any('hide','show'):seen>")
@admins_only
def hide_kind(kind: str, seen: str) -> Answer:
    """Offer a kind no more at tables and desks, or again."""
    section, name = queries.get_section(), get_kind(kind).name
    try:
        kind_actions.hide_kind(section, name, is_hidden=seen == "hide", **who())
    except RuleBroken as refusal:
        return show_kinds(section, refusal)
    return see_other(url_for("letters.kinds", _anchor=f"kind-{kind}"))


@blueprint.post("/section/kinds/<kind>/count-as/<any('letters','other'):group>")
@admins_only
def regroup_kind(kind: str, group: str) -> Answer:
    """Count a kind among this season's letters, or beside them."""
    campaign, name = queries.get_campaign(), get_kind(kind).name
    try:
        kind_actions.regroup_kind(campaign, name, is_letter=group == "letters", **who())
    except (RuleBroken, Conflict) as refusal:
        return show_kinds(queries.get_section(), refusal)
    return see_other(url_for("letters.kinds", _anchor=f"kind-{kind}"))


def get_kind(name: str) -> Kind:
    """One of the eleven; raises NotFound."""
    if name not in KINDS:
        raise NotFound(_("There is no such kind."))
    return KINDS[name]


def show_kinds(section: Section, refusal: Refusal | None = None) -> Answer:
    """The list, and why the last wish could not be granted."""
    campaign = queries.find_campaign()
    return respond(
        "letters/kinds.html",
        "letters/_kinds.html",
        refusal.status if refusal else 200,
        kinds=list_kinds(),
        hidden=section.kinds.get("hidden", ()),
        campaign=campaign,
        letter_kinds=letters_in(campaign.letter_kinds) if campaign else (),
        is_fixed=campaign is not None and has_logged(db.session(), campaign.id),
        refusal=refusal,
    )


def kind_form(section: Section, kind: Kind, sent: Any = None) -> KindForm:
    """The form as it was sent, else as things stand."""
    names = section.kinds.get("names", {}).get(kind.name, {})
    languages = offered_languages()
    return form_of_kind(kind, names, languages, edit_version=section.edit_version, sent=sent)


def show_kind(form: KindForm, kind: Kind, status: int, clash: Clash | None = None) -> Answer:
    """The form of a kind's names."""
    offered = languages_named(offered_languages())
    return respond(
        "letters/kind.html",
        "letters/_kind_form.html",
        status,
        form=form,
        kind=kind,
        shown=kinds_by_name()[kind.name],
        clash=clash,
        languages=[(str(load_locale(code)), name) for code, name in offered],
    )
