"""What a link opens for whoever holds it: an invitation, or a new password."""

from __future__ import annotations

from flask import flash, render_template, url_for
from flask_babel import gettext as _

from app.accounts import invitation_actions, own_actions, password_wishes
from app.accounts.blueprint import blueprint
from app.accounts.forms import AcceptForm, ForgottenForm, NewPasswordForm
from app.accounts.models import Invitation
from app.accounts.networks import client_network, limit_key
from app.accounts.people_access import get_open_invitation, get_open_password_link
from app.accounts.visitors import count_try, own_arrival, set_session_cookie
from app.clock import now
from app.exceptions import RuleBroken
from app.fields import sent_form
from app.fragments import Answer, see_other
from app.outbox.owing import is_mail_on


@blueprint.route("/invitations/<token>/", methods=["GET", "POST"])
def invited(token: str) -> Answer:
    """Say yes to an invitation; the page is the same whether its address has an account or not."""
    invitation = get_open_invitation(token, now=now())
    form = AcceptForm(sent_form(), name=invitation.name)
    if not form.validate_on_submit():
        return show_invitation(invitation, form, 422 if form.is_submitted() else 200)
    count_try(invitation.email)
    said = {"name": str(form.name.data), "password": str(form.password.data)}
    try:
        session_token = invitation_actions.accept_invitation(
            token, **said, arrival=own_arrival(), now=now()
        )
    except RuleBroken as refusal:
        form[refusal.field].errors = [refusal.message]
        return show_invitation(invitation, form, 422)
    response = see_other(url_for("board.desk"))
    set_session_cookie(response, session_token)
    return response


@blueprint.route("/new-password/<password_token>/", methods=["GET", "POST"])
def new_password(password_token: str) -> Answer:
    """Choose a new password by an admin's link; then everybody signs in anew."""
    link = get_open_password_link(password_token, now=now())
    form = NewPasswordForm(sent_form())
    if not form.validate_on_submit():
        page = render_template("accounts/new_password.html", form=form, user=link.user)
        return page, 422 if form.is_submitted() else 200
    chosen = str(form.new_password.data)
    own_actions.choose_new_password(password_token, new_password=chosen, now=now())
    flash(_("Your new password is set. Sign in with it."), "success")
    return see_other(url_for("accounts.sign_in"))


@blueprint.route("/sign-in/forgotten", methods=["GET", "POST"])
def forgot_password() -> Answer:
    """Ask for a link to a new password; the answer says nothing of who is here."""
    form = ForgottenForm(sent_form())
    if not is_mail_on() or not form.validate_on_submit():
        page = render_template("accounts/forgot_password.html", form=form)
        return page, 422 if is_mail_on() and form.is_submitted() else 200
    network_key = limit_key("forgot-network", client_network())
    password_wishes.wish_password(str(form.email.data), network_key=network_key, now=now())
    flash(_("If this address has an account here, a link comes to it within minutes."), "success")
    return see_other(url_for("accounts.sign_in"))


def show_invitation(invitation: Invitation, form: AcceptForm, status: int) -> Answer:
    """The page of the invited."""
    return render_template("accounts/invited.html", invitation=invitation, form=form), status
