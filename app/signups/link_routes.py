"""The private link of one sign-up: whoever holds it sees it, changes it, ends it."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import flash, make_response, request, url_for
from flask_babel import gettext as _

from app.clock import now
from app.exceptions import Conflict, RuleBroken
from app.fields import sent_form
from app.fragments import Answer, respond, see_other
from app.languages import prefer
from app.signups import actions
from app.signups.access import get_sign_up_by_token
from app.signups.blueprint import blueprint
from app.signups.erasing import erase_person, is_address_proven
from app.signups.guest_forms import PartyForm, SureForm
from app.signups.link_screens import everything_held, link_screen
from app.signups.models import SignUp
from app.signups.proving import prove_address
from app.signups.visits import calendar_for


def private(view: Callable[[str, SignUp], Answer]) -> Callable[[str], Answer]:
    """Load the sign-up of the link, in its own language; keep the answer out of every cache.

    Whatever is done by it proves the address; looking proves nothing, for programs look, too.
    """

    @wraps(view)
    def guarded(own_token: str) -> Answer:
        sign_up = get_sign_up_by_token(own_token)
        if request.method == "POST":
            prove_address(sign_up, now=now())
        prefer(sign_up.language or sign_up.list.event.language)
        response = make_response(view(own_token, sign_up))
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Cache-Control"] = "no-store"
        return response

    return guarded


@blueprint.get("/sign-ups/<own_token>/")
@private
def show_link(own_token: str, sign_up: SignUp) -> Answer:
    """What one signed up for and how it stands; looking changes nothing."""
    return show(own_token, sign_up, PartyForm(None, obj=sign_up))


@blueprint.post("/sign-ups/<own_token>/party")
@private
def change_party(own_token: str, sign_up: SignUp) -> Answer:
    """Come with more or fewer."""
    form = PartyForm(sent_form())
    if not form.validate():
        return show(own_token, sign_up, form, 422)
    try:
        actions.change_party(sign_up, size=form.party_size.data or 1, now=now())
    except RuleBroken as refusal:
        form.party_size.errors = [refusal.message]
        return show(own_token, sign_up, form, refusal.status)
    except Conflict as refusal:
        return show_refused(own_token, sign_up, refusal)
    return said(own_token, _("Changed. Thank you for saying so."))


@blueprint.post("/sign-ups/<own_token>/cancel")
@private
def cancel(own_token: str, sign_up: SignUp) -> Answer:
    """Let the seat go, or decline the one that was offered."""
    try:
        actions.cancel_sign_up(sign_up, now=now())
    except Conflict as refusal:
        return show_refused(own_token, sign_up, refusal)
    return said(own_token, _("Cancelled. Somebody else may come now."))


@blueprint.post("/sign-ups/<own_token>/accept")
@private
def accept(own_token: str, sign_up: SignUp) -> Answer:
    """Take the seat that was offered."""
    try:
        actions.accept_offer(sign_up, now=now())
    except Conflict as refusal:
        return show_refused(own_token, sign_up, refusal)
    return said(own_token, _("The seat is yours."))


@blueprint.post("/sign-ups/<own_token>/mine")
@private
def own_address(own_token: str, sign_up: SignUp) -> Answer:
    """Say that the address is one's own, which whatever is done by the link says as well."""
    return said(own_token, _("Thank you. From now on we write to you at once."))


@blueprint.post("/sign-ups/<own_token>/erase")
@private
def erase(own_token: str, sign_up: SignUp) -> Answer:
    """Delete at once everything that says who somebody is; only with the box ticked.

    With an address that the link proves, on all lists of the event; else this sign-up's alone.
    """
    if not SureForm(sent_form()).sure.data:
        flash(_("Nothing was deleted: tick the box first."), "info")
        return see_other(url_for("signups.show_link", own_token=own_token))
    is_all = is_address_proven(sign_up)
    erase_person(sign_up, now=now())
    if is_all:
        return said(own_token, _("Everything about you is deleted."))
    return said(own_token, _("Everything about this sign-up is deleted."))


@blueprint.get("/sign-ups/<own_token>/event.ics")
@private
def link_calendar(own_token: str, sign_up: SignUp) -> Answer:
    """The event as a calendar takes it, with what only those who come may know."""
    response = make_response(calendar_for(sign_up))
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = 'attachment; filename="event.ics"'
    return response


@blueprint.get("/sign-ups/<own_token>/data.json")
@private
def download(own_token: str, sign_up: SignUp) -> Answer:
    """Everything that is kept about this sign-up."""
    held = json.dumps(everything_held(sign_up), ensure_ascii=False, indent=2)
    response = make_response(f"{held}\n")
    response.headers["Content-Type"] = "application/json; charset=utf-8"
    response.headers["Content-Disposition"] = 'attachment; filename="sign-up.json"'
    return response


def show_refused(token: str, sign_up: SignUp, refusal: Conflict) -> Answer:
    """The page of the link as it stands, and why nothing was changed."""
    form = PartyForm(None, obj=sign_up)
    return show(token, sign_up, form, refusal.status, refusal.message)


def show(
    token: str, sign_up: SignUp, form: PartyForm, status: int = 200, refused: str = ""
) -> Answer:
    """The page of the link, with why something was not done."""
    sure = SureForm(None)
    if not is_address_proven(sign_up):
        sure.sure.label.text = _("Yes, delete everything about this sign-up")
    screen: dict[str, Any] = link_screen(token, sign_up, now=now())
    return respond(
        "signups/link.html",
        "signups/_link.html",
        status,
        party_form=form,
        refused=refused,
        sure=sure,
        **screen,
    )


def said(token: str, words: str) -> Answer:
    """Back to the page of the link, where it says what happened."""
    flash(words, "success")
    return see_other(url_for("signups.show_link", own_token=token))
