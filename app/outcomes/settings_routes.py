"""The section's own settings: the pages it writes itself."""

from __future__ import annotations

from typing import Any

from flask import flash, make_response, request, url_for
from flask.wrappers import Response
from flask_babel import force_locale
from flask_babel import gettext as _

from app import pictures
from app.accounts.access import admins_only, who
from app.campaigns.models import Section
from app.campaigns.queries import SectionName, get_section, list_pictures
from app.campaigns.routes import offer_languages
from app.clock import now
from app.exceptions import Conflict, NotFound, RuleBroken
from app.fields import Clash, clash_between, sent_form
from app.formatting import languages_named, load_locale
from app.fragments import Answer, respond, see_other, takes_files
from app.languages import is_known, offered_languages
from app.outcomes import queries, settings_actions
from app.outcomes.blueprint import blueprint
from app.outcomes.colours import HEX, is_legible, write_sheet
from app.outcomes.forms import SettingsForm, TextForm
from app.outcomes.models import PageText
from app.outcomes.texts import PAGES, WHERE, our_text

OURS = "ours"
MOST_SENT = pictures.MOST_BYTES + 1024 * 1024
"""A picture that is a little too heavy is still told so in words."""
FOR_EVER = "public, max-age=31536000, immutable"


@blueprint.route("/section/settings", methods=["GET", "POST"])
@admins_only
def settings() -> Answer:
    """The section's name, colours, words, and what everybody may see."""
    section = get_section()
    form = settings_form(section, sent_form())
    if not form.validate_on_submit():
        return show_settings(form, 422 if form.is_submitted() else 200)
    version = form.edit_version.data
    try:
        settings_actions.change_settings(section, form.fields(), edit_version=version, **who())
    except RuleBroken as refusal:
        form[refusal.field].errors = [refusal.message]
        return show_settings(form, refusal.status)
    except Conflict as refusal:
        clash = clash_between(form, settings_form(section), refusal)
        return show_settings(form, refusal.status, clash)
    flash(_("The settings are saved."), "success")
    return see_other(url_for("outcomes.settings"))


@blueprint.get("/colours/<act>/<link>.css")
def colours(act: str, link: str) -> Response:
    """The section's colours as a style sheet, which its address says already."""
    chosen = ["" if part == OURS else f"#{part}" for part in (act, link)]
    if any(part and not (HEX.fullmatch(part) and is_legible(part)) for part in chosen):
        raise NotFound(_("There is no such style sheet."))
    answer = make_response(write_sheet(*chosen))
    answer.content_type = "text/css; charset=utf-8"
    answer.headers["Cache-Control"] = FOR_EVER
    return answer


@blueprint.app_template_global()
def colours_url(section: SectionName) -> str:
    """Where the section's own colours are; nothing while they are ours."""
    if not (section.act_colour or section.link_colour):
        return ""
    act, link = (c.removeprefix("#") or OURS for c in (section.act_colour, section.link_colour))
    return url_for("outcomes.colours", act=act, link=link)


@blueprint.route("/section/settings/<page>/<lang>", methods=["GET", "POST"])
@admins_only
def edit_text(page: str, lang: str) -> Answer:
    """Write a page in one language."""
    check_page(page, lang)
    written = queries.find_text(page, lang)
    form = text_form(page, lang, written, sent_form())
    if not form.validate_on_submit():
        return show_text_form(form, page, lang, written, 422 if form.is_submitted() else 200)
    version = form.edit_version.data
    try:
        said = str(form.text.data)
        settings_actions.write_text(page, lang, said, edit_version=version, **who())
    except Conflict as refusal:
        clash = clash_between(form, text_form(page, lang, written), refusal)
        return show_text_form(form, page, lang, written, refusal.status, clash)
    flash(_("The page says it in your words now."), "success")
    return see_other(url_for("outcomes.edit_text", page=page, lang=lang))


@blueprint.post("/section/settings/<page>/<lang>/ours")
@admins_only
def drop_text(page: str, lang: str) -> Answer:
    """Go back to our text."""
    check_page(page, lang)
    settings_actions.drop_text(page, lang, **who())
    flash(_("The page says it in our words again."), "success")
    return see_other(url_for("outcomes.edit_text", page=page, lang=lang))


@blueprint.post("/section/logo")
@takes_files(MOST_SENT)
@admins_only
def put_logo() -> Answer:
    """Give the section its logo, or another one."""
    section = get_section()
    sent = request.files.get("picture")
    try:
        if not sent:
            raise RuleBroken(_("Choose a picture first."), field="picture")
        with sent.stream as file:
            made = pictures.make_picture(file.read(), name=sent.filename or "", is_logo=True)
    except RuleBroken as refusal:
        form = settings_form(section)
        return show_settings(form, refusal.status, refused_picture=refusal.message)
    pictures.keep_picture(made)
    return change_logo(made.key, _("The picture is saved."))


@blueprint.post("/section/logo/remove")
@admins_only
def remove_logo() -> Answer:
    """Let the postmark stand for the section again."""
    return change_logo("", _("The picture is gone."))


def change_logo(key: str, message: str) -> Answer:
    """Name another logo, or none, and clear away the one that was there."""
    section = get_section()
    before = section.logo
    settings_actions.set_logo(section, key, **who())
    pictures.clear_pictures(list_pictures(), gone=[before], now=now())
    flash(message, "success")
    return see_other(url_for("outcomes.settings", _anchor="logo"))


def check_page(page: str, language: str) -> None:
    """Raises NotFound for a page or a language that there is not."""
    if page not in PAGES or not is_known(language):
        raise NotFound(_("There is no such page to write."))


def show_settings(
    form: SettingsForm, status: int, clash: Clash | None = None, refused_picture: str = ""
) -> Answer:
    """The settings, and beside them the pages that the section may write."""
    written = {(text.page, text.language) for text in queries.list_texts()}
    return respond(
        "outcomes/settings.html",
        "outcomes/_settings.html",
        status,
        form=form,
        clash=clash,
        pages=PAGES,
        where=WHERE,
        languages=languages_named(offered_languages()),
        written=written,
        refused_picture=refused_picture,
    )


def settings_form(section: Section, sent: Any = None) -> SettingsForm:
    """The form as it was sent, else as things stand."""
    form = SettingsForm(sent, obj=section)
    offer_languages(form, is_sent=sent is not None)
    return form


def show_text_form(
    form: TextForm,
    page: str,
    language: str,
    written: PageText | None,
    status: int,
    clash: Clash | None = None,
) -> Answer:
    """The form of a page's text."""
    return respond(
        "outcomes/text_form.html",
        "outcomes/_text_form.html",
        status,
        form=form,
        page=page,
        language=load_locale(language),
        language_code=language,
        heading=PAGES[page],
        written=written,
        clash=clash,
    )


def text_form(page: str, language: str, written: PageText | None, sent: Any = None) -> TextForm:
    """The form as it was sent, else with what is written, else with our own text."""
    with force_locale(load_locale(language)):
        ours = our_text(page)
    form = TextForm(
        sent,
        text=written.text if written else ours,
        edit_version=written.edit_version if written else 0,
    )
    return form.about(page)
