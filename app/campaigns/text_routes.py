"""A case in other languages: choosing one, writing it, taking it away."""

from __future__ import annotations

from typing import Any

from flask import flash, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts.access import admins_only
from app.campaigns import queries, text_actions
from app.campaigns.blueprint import blueprint
from app.campaigns.forms import TranslationForm
from app.campaigns.languages import CODES, direction, language_name
from app.campaigns.models import Case
from app.clock import now
from app.exceptions import Conflict, NotFound
from app.fields import Clash, clash_between, sent_form
from app.fragments import Answer, respond, see_other


@blueprint.get("/section/cases/<slug>/texts")
@admins_only
def choose_language(slug: str) -> Answer:
    """Go to the translation that was chosen from the list."""
    language = request.args.get("language", "")
    if language not in CODES:
        return see_other(url_for("campaigns.edit_case", slug=slug))
    return see_other(url_for("campaigns.translate_case", slug=slug, language=language))


@blueprint.route("/section/cases/<slug>/texts/<language>", methods=["GET", "POST"])
@admins_only
def translate_case(slug: str, language: str) -> Answer:
    """Tell a case in another language."""
    case = queries.get_case(slug)
    if language not in CODES or language == case.language:
        raise NotFound(_("Choose another language than the case’s own."))
    form = translation_form(case, language, sent=True)
    if not form.validate_on_submit():
        return show_translation(case, language, form, 422 if form.is_submitted() else 200)
    said: dict[str, Any] = {"texts": form.texts(), "roles": form.roles.data}
    said["salutations"] = form.salutations.data
    if form.pause_reason.raw_data:
        said["pause_reason"] = form.pause_reason.data
    said |= {"edit_version": form.edit_version.data, "actor": current_user.public_id}
    try:
        text_actions.translate_case(case, language, **said, now=now())
    except Conflict as refusal:
        clash = clash_between(form, translation_form(case, language), refusal)
        return show_translation(case, language, form, refusal.status, clash)
    flash(_("Saved in %(language)s.", language=language_name(language)), "success")
    return see_other(url_for("campaigns.edit_case", slug=slug, _anchor="translations"))


@blueprint.post("/section/cases/<slug>/texts/<language>/remove")
@admins_only
def remove_translation(slug: str, language: str) -> Answer:
    """Take a translation away."""
    case = queries.get_case(slug)
    text_actions.remove_translation(case, language, actor=current_user.public_id, now=now())
    flash(_("The translation is gone."), "success")
    return see_other(url_for("campaigns.edit_case", slug=slug, _anchor="translations"))


def translation_form(case: Case, language: str, *, sent: bool = False) -> TranslationForm:
    """The form as it was sent, else as the translation stands."""
    stored = next((text for text in case.translations if text.language == language), None)
    reason = case.pause_reasons.get(language, "")
    form = TranslationForm(sent_form() if sent else None, obj=stored, pause_reason=reason)
    for field in (form.roles, form.salutations):
        field.speaks_of(case.targets)
    return form


def show_translation(
    case: Case, language: str, form: TranslationForm, status: int, clash: Clash | None = None
) -> Answer:
    """The form, each field beside what the case itself says."""
    return respond(
        "campaigns/translation.html",
        "campaigns/_translation_form.html",
        status,
        case=case,
        form=form,
        clash=clash,
        language=language,
        direction=direction,
    )
