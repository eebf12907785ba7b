"""One's own account: name, language, password, and where one is signed in."""

from __future__ import annotations

from flask import flash, g, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts import actions, own_actions
from app.accounts.access import signed_in
from app.accounts.blueprint import blueprint
from app.accounts.browsers import SignedInWith, browser_in_words
from app.accounts.forms import AccountForm, ChangePasswordForm
from app.accounts.models import SignInSession
from app.accounts.queries import list_live_sessions
from app.accounts.visitors import count_try
from app.clock import now
from app.exceptions import Conflict, RuleBroken
from app.fields import pick_list, sent_form
from app.formatting import languages_named
from app.fragments import Answer, see_other
from app.languages import forget_choice, offered_languages


@blueprint.get("/account/")
@signed_in
def account() -> Answer:
    """Who I am here, and where I am signed in."""
    return show_account(own_form(), ChangePasswordForm(None))


@blueprint.post("/account/details")
@signed_in
def edit_account() -> Answer:
    """Change my name and language."""
    form = own_form(sent_form())
    if not form.validate():
        return show_account(form, ChangePasswordForm(None), 422)
    try:
        own_actions.edit_own_account(
            current_user,
            name=str(form.name.data),
            language=form.language.data or None,
            edit_version=form.edit_version.data,
        )
    except Conflict as refusal:
        form.name.errors = [refusal.message]
        form.edit_version.data = current_user.edit_version
        return show_account(form, ChangePasswordForm(None), refusal.status)
    flash(_("Your account is saved."), "success")
    response = see_other(url_for("accounts.account"))
    # What was chosen here before would hide what is chosen now.
    forget_choice(response)
    return response


@blueprint.post("/account/new-password")
@signed_in
def change_password() -> Answer:
    """Choose another password, and end every other session of mine."""
    form = ChangePasswordForm(sent_form())
    if not form.validate():
        return show_account(own_form(), form, 422)
    count_try(current_user.email)
    said = {"password": str(form.password.data), "new_password": str(form.new_password.data)}
    try:
        own_actions.change_own_password(g.sign_in_session, now=now(), **said)
    except RuleBroken as refusal:
        form[refusal.field].errors = [refusal.message]
        return show_account(own_form(), form, 422)
    flash(_("Your password is changed. You are signed out everywhere else."), "success")
    return see_other(url_for("accounts.account"))


@blueprint.post("/account/sessions/<int:session_id>/sign-out")
@signed_in
def sign_out_there(session_id: int) -> Answer:
    """End one of my own sessions."""
    actions.sign_out_there(current_user, session_id, now=now())
    flash(_("Signed out there."), "success")
    return see_other(url_for("accounts.account"))


def own_form(sent: object = None) -> AccountForm:
    """The form as it was sent, else as things stand."""
    form = AccountForm(sent, obj=current_user)
    usual = ("", _("as the browser asks for"))
    form.language.choices = pick_list([usual, *languages_named(offered_languages())])
    return form


def show_account(form: AccountForm, change: ChangePasswordForm, status: int = 200) -> Answer:
    """The page with both forms and all sessions."""
    page = render_template(
        "accounts/account.html",
        form=form,
        change=change,
        sessions=list_live_sessions(current_user, now=now()),
        own_session=g.sign_in_session,
        browser_of=browser_of,
    )
    return page, status


def browser_of(session: SignInSession) -> str:
    """What a session was signed in with, in words."""
    return browser_in_words(SignedInWith(session.browser, session.system))
