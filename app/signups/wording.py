"""What lists and the states of a sign-up are called."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.signups.models import SignUpList

PURPOSES: dict[str, LazyString] = {
    "guests": _l("Come and write"),
    "helpers": _l("Help"),
    "home": _l("I’ll write at home"),
}


def list_title(the_list: SignUpList) -> str:
    """What a list is called: a helper's role, the organiser's own name of it, or the usual one."""
    return the_list.title or str(PURPOSES[the_list.purpose])


def states() -> dict[str, str]:
    """What organisers read of each state."""
    return {
        "asked": _("to be confirmed"),
        "waiting": _("waiting for a seat"),
        "offered": _("a seat is offered"),
        "in": _("has a seat"),
        "lapsed": _("did not answer"),
        "cancelled": _("cancelled"),
        "declined": _("declined"),
    }
