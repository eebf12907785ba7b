"""What the holder of a private link is shown, may take into a calendar, and may take home."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app.outbox.owing import is_mail_on
from app.qr import draw_qr
from app.signups.erasing import is_address_proven
from app.signups.guest_queries import count_place, list_overlapping, read_own
from app.signups.guest_wording import state_in_words, when_of_list
from app.signups.models import LIVING, SignUp
from app.signups.proving import may_prove
from app.signups.visits import may_know_place, private_link
from app.signups.wording import list_title


def link_screen(token: str, sign_up: SignUp, *, now: datetime) -> dict[str, Any]:
    """The page of a private link."""
    the_list = sign_up.list
    event = the_list.event
    person = read_own(sign_up)
    link = private_link(token)
    is_over = event.is_cancelled or event.is_over(now)
    is_living = sign_up.state in LIVING and not is_over and not sign_up.is_erased
    # The only way back for whom no mail was written to.
    keeps_link = is_living and not (person and person.email and is_mail_on())
    return {
        "token": token,
        "sign_up": sign_up,
        "the_list": the_list,
        "event": event,
        "person": person,
        "state": _state(sign_up, now=now),
        "knows_place": may_know_place(sign_up),
        "link": link,
        "qr": draw_qr(link) if keeps_link else None,
        "is_living": is_living,
        "may_accept": is_living and is_offer_open(sign_up, now=now),
        "may_cancel": is_living and not sign_up.arrived,
        "may_change": is_living and the_list.purpose != "home" and the_list.party_limit > 1,
        "may_return": not is_over and sign_up.state not in LIVING,
        "may_prove": is_living and may_prove(sign_up),
        "overlapping": list_overlapping(sign_up) if is_address_proven(sign_up) else [],
    }


def _state(sign_up: SignUp, *, now: datetime) -> str:
    """How it stands with it now: nothing is promised that can no longer be had."""
    event = sign_up.list.event
    if sign_up.state not in LIVING:
        return state_in_words(sign_up, None)
    if event.is_cancelled:
        return ""
    if event.is_over(now):
        return _("Thank you for coming!") if sign_up.arrived else _("This event is over.")
    if sign_up.state == "offered" and not is_offer_open(sign_up, now=now):
        return _("This offer has run out, and the next in line was asked.")
    return state_in_words(sign_up, count_place(sign_up))


def is_offer_open(sign_up: SignUp, *, now: datetime) -> bool:
    """Whether there is an offer that can still be taken."""
    ends_at = sign_up.offer_ends_at
    return sign_up.state == "offered" and ends_at is not None and now < ends_at


def everything_held(sign_up: SignUp) -> dict[str, Any]:
    """All that is kept about a sign-up, for whom it is about; names as programs read them.

    But not whether somebody like them was on the list before: anybody may sign up under a name.
    """
    the_list, person = sign_up.list, read_own(sign_up)
    times = ("created_at", "queued_at", "offer_ends_at", "ended_at", "arrived_at")
    plain = (
        *("state", "party_size", "arrived", "language", "wants_news", "may_show_name"),
        *("shows_name", "is_walk_in", "offers_made"),
    )
    return {
        "event": the_list.event.title,
        "list": list_title(the_list),
        "when": when_of_list(the_list) if may_know_place(sign_up) else None,
        **(person._asdict() if person else {"name": None}),
        **{name: getattr(sign_up, name) for name in plain},
        **{name: at.isoformat() if (at := getattr(sign_up, name)) else None for name in times},
    }
