"""What guests read of lists, seats and the waiting list: whole sentences, no word of ours."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from app.events.wording import span_in_words, when_in_words
from app.formatting import moment, number
from app.outbox.owing import is_mail_on
from app.signups.models import SignUp, SignUpList


def public_shift(the_list: SignUpList) -> str:
    """When a shift is; empty for a list that lasts as long as its event."""
    if the_list.starts_at is None or the_list.event.has_young_people:
        return ""
    return when_of_list(the_list)


def when_of_list(the_list: SignUpList) -> str:
    """When somebody on the list is awaited, for those who may know exactly."""
    event = the_list.event
    if the_list.starts_at is None:
        return when_in_words(event)
    return span_in_words(event, *the_list.hours)


def rule_in_words(the_list: SignUpList) -> str:
    """How seats and offers are dealt out."""
    if the_list.offer_hours is None:
        stands = _(
            "An offer stands for 24 hours, in the last 24 hours before the start for 2 hours."
        )
    else:
        stands = ngettext(
            "An offer stands for one hour.",
            "An offer stands for %(hours)s hours.",
            the_list.offer_hours,
            hours=number(the_list.offer_hours),
        )
    return " ".join(
        (
            _("Who comes first is served first."),
            _("When all seats are taken you wait in line."),
            _("A seat that gets free is offered to whoever has waited longest."),
            stands,
        )
    )


def seats_left(free: int) -> str:
    """How many seats a list still has."""
    return str(ngettext("%(free)s seat left", "%(free)s seats left", free, free=number(free)))


def state_in_words(sign_up: SignUp, place: int | None) -> str:
    """How it stands with a sign-up, told to whom it belongs; `place` is theirs in the line."""
    the_list = sign_up.list
    if sign_up.state == "waiting":
        return _("You wait in line, at place %(place)s.", place=number(place or 1))
    if sign_up.state == "offered":
        return _(
            "A seat is free for you. Take it before %(moment)s.",
            moment=moment(sign_up.offer_ends_at or sign_up.queued_at, the_list.event.zone),
        )
    if sign_up.state == "in":
        return _in(sign_up)
    if sign_up.state == "cancelled" and sign_up.ended_by:
        return _("The organisers have taken you off this list.")
    return {
        "asked": _("The organisers will confirm your place. Look here again in a day or two."),
        "lapsed": _("The offer ran out, and the next in line was asked."),
        "cancelled": _("You have cancelled. Thank you for saying so."),
        "declined": _("The organisers could not say yes this time."),
    }[sign_up.state]


def _in(sign_up: SignUp) -> str:
    purpose, size = sign_up.list.purpose, sign_up.party_size
    if purpose == "helpers":
        return str(_("You are down to help. Thank you!"))
    if purpose == "home":
        if is_mail_on() and sign_up.email is not None:
            return str(_("You write at home. Thank you! We remind you once."))
        return str(_("You write at home. Thank you!"))
    return ngettext(
        "You have a seat. See you there!",
        "You have %(seats)s seats. See you there!",
        size,
        seats=number(size),
    )
