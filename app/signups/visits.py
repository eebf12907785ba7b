"""Somebody's own coming: their private link, and the event as their calendar takes it."""

from __future__ import annotations

from app.accounts.links import token_of
from app.events.calendar_file import Visit, calendar_of
from app.outbox.writing import link_to
from app.signups.models import SignUp
from app.signups.wording import list_title

LINK = "sign_up"
"""The kind of a private link, as `accounts.links` mints them."""


def link_token(sign_up: SignUp) -> str:
    """What the private link of a sign-up carries; stored is its hash alone."""
    return token_of(LINK, sign_up.nonce)


def private_link(token: str) -> str:
    """The whole address of a sign-up's own page, also where there is no request."""
    return link_to("signups.show_link", own_token=token)


def may_know_place(sign_up: SignUp) -> bool:
    """Whether somebody is told the hour and the street of an event that keeps them to itself."""
    return sign_up.state == "in"


def calendar_for(*sign_ups: SignUp) -> str:
    """Their event as a calendar takes it: of a shift its hours, of a seat the street."""
    visits = [_visit(each) for each in sign_ups if may_know_place(each)]
    # Two seats for the whole event are one entry.
    entries = {visit.public_id: visit for visit in reversed(visits)}
    return calendar_of(sign_ups[0].list.event, *reversed(entries.values()))


def _visit(sign_up: SignUp) -> Visit:
    the_list = sign_up.list
    event = the_list.event
    shift = None
    if the_list.starts_at is not None:
        shift = the_list.starts_at, the_list.ends_at or event.ends_at
    is_own = shift is not None or the_list.purpose != "guests"
    title = f"{event.title} · {list_title(the_list)}" if is_own else event.title
    own_id = sign_up.public_id if shift else ""
    return Visit(private_link(link_token(sign_up)), title, own_id, shift)
