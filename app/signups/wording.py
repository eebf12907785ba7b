"""What lists and the states of a sign-up are called."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_babel.speaklater import LazyString

from app.events.wording import span_in_words
from app.formatting import clock, number
from app.signups.models import SignUp, SignUpList

PURPOSES: dict[str, LazyString] = {
    "guests": _l("Come and write"),
    "helpers": _l("Help"),
    "home": _l("I’ll write at home"),
}
ASKED: dict[str, LazyString] = {
    "email": _l("E-mail address"),
    "language": _l("Language"),
    "access_needs": _l("What would make it easier to come"),
    "note": _l("A note"),
}

STATES: dict[str, LazyString] = {
    "asked": _l("to be confirmed"),
    "waiting": _l("waiting for a seat"),
    "offered": _l("a seat is offered"),
    "in": _l("has a seat"),
    "lapsed": _l("did not answer"),
    "cancelled": _l("cancelled"),
    "declined": _l("declined"),
}


def nameless_in_words(sign_up: SignUp) -> str:
    """What stands in place of a name that is not there, or cannot be read."""
    if sign_up.is_erased:
        return str(_("name deleted"))
    return str(_("cannot be read: its key is missing"))


def list_title(the_list: SignUpList) -> str:
    """What a list is called: a helper's role, the organiser's own name of it, or the usual one."""
    return the_list.title or str(PURPOSES[the_list.purpose])


def state_word(sign_up: SignUp) -> str:
    """What organisers read of how it stands with a sign-up; who writes at home needs no seat."""
    if sign_up.state == "in" and sign_up.list.purpose == "home":
        return _("promised to write")
    return str(STATES[sign_up.state])


def shift_in_words(the_list: SignUpList) -> str:
    """When a helper is wanted, by the event's own clocks, with the day where there are several.

    Empty for the whole event."""
    event = the_list.event
    if the_list.starts_at is None and the_list.ends_at is None:
        return ""
    begins, ends = the_list.hours
    all_hours = (event.starts_at, event.ends_at, begins, ends)
    if len({at.astimezone(event.zone).date() for at in all_hours}) > 1:
        return span_in_words(event, begins, ends)
    return str(
        _("%(start)s to %(end)s", start=clock(begins, event.zone), end=clock(ends, event.zone))
    )


def count_sign_ups(count: int) -> str:
    """So many rows of a list, whatever their parties."""
    return ngettext("%(count)s sign-up", "%(count)s sign-ups", count, count=number(count))
