"""Sign in and out, and the password once more."""

from __future__ import annotations

import contextlib
from typing import Any

from flask import flash, g, make_response, render_template, url_for
from flask.wrappers import Response
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy.exc import OperationalError

from app.accounts import (
    actions,
    destinations,
    invitation_routes,
    language_routes,
    link_routes,
    own_routes,
    people_routes,
)
from app.accounts.access import signed_in
from app.accounts.blueprint import blueprint
from app.accounts.forms import PasswordForm, SignInForm
from app.accounts.visitors import (
    count_try,
    drop_session_cookie,
    own_arrival,
    own_token,
    set_session_cookie,
)
from app.clock import now
from app.exceptions import RuleBroken
from app.fragments import Answer, see_other

__all__ = ["blueprint", "invitation_routes", "language_routes", "link_routes", "own_routes"]
__all__ += ["people_routes"]


@blueprint.get("/sign-in")
def sign_in() -> Answer:
    """The form, or straight on for whoever is signed in."""
    if current_user.is_authenticated:
        return see_other(destinations.url_of(destinations.asked_for()))
    return show_form("accounts/sign_in.html", SignInForm())


@blueprint.post("/sign-in")
def sign_in_post() -> Answer:
    """Check who it is and give them a session."""
    form = SignInForm()
    if not form.validate():
        return show_form("accounts/sign_in.html", form, 422)
    email, password = str(form.email.data), str(form.password.data)
    count_try(email)
    try:
        token = actions.sign_in(email, password, arrival=own_arrival(), now=now())
    except RuleBroken as refusal:
        return show_form("accounts/sign_in.html", form, 422, refusal)
    response = see_other(destinations.url_of(destinations.asked_for()))
    set_session_cookie(response, token)
    return response


@blueprint.post("/sign-out")
def sign_out() -> Answer:
    """End this session; pressed twice it is no mistake."""
    token = own_token()
    if token:
        actions.sign_out(token, now=now())
    return signed_out(_("You are signed out."))


@blueprint.post("/account/sign-out-everywhere")
@signed_in
def sign_out_everywhere() -> Answer:
    """End all my sessions."""
    actions.sign_out_everywhere(current_user, now=now())
    return signed_out(_("You are signed out everywhere."))


@blueprint.get("/account/password")
@signed_in
def confirm_password() -> Answer:
    """Ask for the password once more."""
    return show_form("accounts/confirm_password.html", PasswordForm())


@blueprint.post("/account/password")
@signed_in
def confirm_password_post() -> Answer:
    """Check the password once more, then go where they were going."""
    form = PasswordForm()
    if not form.validate():
        return show_form("accounts/confirm_password.html", form, 422)
    count_try(current_user.email)
    try:
        actions.confirm_password(g.sign_in_session, str(form.password.data), now=now())
    except RuleBroken as refusal:
        return show_form("accounts/confirm_password.html", form, 422, refusal)
    return see_other(destinations.url_of(destinations.asked_for()))


@blueprint.after_app_request
def note_seen(response: Response) -> Response:
    """Keep whoever was asked for signed in; after the answer, so that no reading is disturbed."""
    own_session = g.get("sign_in_session")
    if own_session is not None:
        # A busy database costs a minute of idleness, not the answer.
        with contextlib.suppress(OperationalError):
            actions.note_seen(own_session, now=now())
    return response


def show_form(
    template: str, form: FlaskForm, status: int = 200, refusal: RuleBroken | None = None
) -> Answer:
    """The page with the form, and the refusal at the field it names."""
    if refusal and refusal.field:
        form[refusal.field].errors = [refusal.message]
    context: dict[str, Any] = {"form": form, "destination": destinations.asked_for()}
    return render_template(template, **context), status


def signed_out(words: str) -> Response:
    """Take the cookie away and say so on the first page."""
    g.sign_in_session = None
    flash(words, "success")
    response = make_response(see_other(url_for("board.home")))
    drop_session_cookie(response)
    return response
