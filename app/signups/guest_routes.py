"""Signing up for an event, by anybody and without an account."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import make_response, render_template, request, url_for
from flask.wrappers import Response

from app.accounts.networks import client_network, limit_key
from app.clock import now
from app.events.access import get_public_event
from app.events.models import Event
from app.exceptions import Refusal, RuleBroken, TooMany
from app.fields import read_id
from app.formatting import locale_info
from app.fragments import Answer, respond, see_other, wants_fragment
from app.languages import prefer
from app.outbox.owing import is_mail_on
from app.signups import actions
from app.signups.access import get_list
from app.signups.blueprint import blueprint
from app.signups.guest_forms import SignUpForm
from app.signups.guest_screens import form_for, list_rows, sign_up_screen
from app.signups.models import SignUpList

PAGE = ("signups/take_part.html", "signups/_take_part.html")


@blueprint.get("/events/<slug>/sign-up")
def choose_list(slug: str) -> Answer:
    """The form of one list."""
    event = get_public_event(slug)
    prefer(event.language)
    chosen = read_id(request.args.get("list", ""))
    screen = sign_up_screen(event, now=now(), chosen=chosen)
    return unlisted(respond(*PAGE, **screen), event)


@blueprint.post("/events/<slug>/sign-up")
def sign_up(slug: str) -> Answer:
    """Put a party on a list; to an address the private link is mailed and nothing else is said."""
    event, at = get_public_event(slug), now()
    prefer(event.language)
    the_list = get_sent_list(event, at)
    form = form_for(the_list, request.form, now=at)
    if not form.validate():
        return show_form(form, the_list, 422)
    doubt = form.doubt(now=at)
    if doubt:
        return show_form(form, the_list, 422, doubt)
    person, wish = form.person(), form.wish(language=locale_info().code)
    sends_link = bool(person.email) and is_mail_on()
    network = limit_key("sign-up", str(event.id), client_network())
    how: dict[str, Any] = {"sends_link": sends_link, "network": network, "now": at}
    try:
        outcome = actions.sign_up(the_list, person, wish, **how)
    except (RuleBroken, TooMany) as refusal:
        return refuse(form, the_list, refusal)
    if sends_link:
        return show_mailed(event) if wants_fragment() else see_other(url_of_mailed(event))
    link = url_for("signups.show_link", own_token=outcome.token)
    if wants_fragment():
        return respond(*("signups/_signed_up.html",) * 2, event=event, link=link)
    return see_other(link)


@blueprint.get("/events/<slug>/sign-up/mailed")
def mailed(slug: str) -> Answer:
    """The same words for everybody who gave an address, known or not."""
    event = get_public_event(slug)
    prefer(event.language)
    return show_mailed(event)


@blueprint.get("/events/<slug>/seats")
def seats(slug: str) -> Answer:
    """The lists with their seats, as a fragment: 204 while `v` is current; never a name."""
    event = get_public_event(slug)
    prefer(event.language)
    if request.args.get("v") == str(event.lists_version):
        return unlisted(fragment_alone("", 204), event)
    rows = list_rows(event, now=now())
    fragment = render_template(
        "signups/_seats.html",
        event=event,
        sign_up_rows=rows,
        chosen_id=read_id(request.args.get("list", "")),
    )
    return unlisted(fragment_alone(fragment), event)


def fragment_alone(body: str, status: int = 200) -> Response:
    """An answer for htmx; a mishap at the same address is a page for a browser."""
    response = make_response(body, status)
    response.vary.add("HX-Request")
    return response


def get_sent_list(event: Event, at: datetime) -> SignUpList:
    """The list that was meant; with none said, the first that takes people."""
    sent = request.form.get("list", "")
    if not sent:
        takers = (row.list.id for row in list_rows(event, now=at) if row.takes)
        sent = str(next(takers, 0))
    return get_list(event, read_id(sent) or 0)


def refuse(form: SignUpForm, the_list: SignUpList, refusal: Refusal) -> Answer:
    """The form again with what the rule says."""
    if refusal.field and refusal.field != "list" and refusal.field in form:
        form[refusal.field].errors = [refusal.message]
        return show_form(form, the_list, refusal.status)
    answer = show_form(form, the_list, refusal.status, refusal.message)
    if isinstance(refusal, TooMany):
        answer.headers["Retry-After"] = str(refusal.retry_after)
    return answer


def show_form(form: SignUpForm, the_list: SignUpList, status: int, doubt: str = "") -> Any:
    """The form as it was sent, with what to mend."""
    screen = sign_up_screen(the_list.event, now=now(), chosen=the_list.id, form=form)
    return unlisted(respond(*PAGE, status, **screen, doubt=doubt), the_list.event)


def show_mailed(event: Event) -> Answer:
    """That the link is in the mail."""
    page = ("signups/mailed.html", "signups/_mailed.html")
    return unlisted(respond(*page, event=event), event)


def url_of_mailed(event: Event) -> str:
    """Where a browser is sent that gave an address."""
    return url_for("signups.mailed", slug=event.slug)


def unlisted(response: Any, event: Event) -> Any:
    """Keep a private event, known by its address alone, out of search engines."""
    if event.is_unlisted:
        response.headers["X-Robots-Tag"] = "noindex"
    return response
