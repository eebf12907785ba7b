"""What an event's page shows of its lists, and what a private link shows of one sign-up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from app.events.models import Event
from app.fields import pick_list
from app.formatting import languages_named, locale_info
from app.languages import offered_languages
from app.signups.guest_forms import SignUpForm
from app.signups.guest_queries import list_public_names
from app.signups.models import PURPOSES, SignUpList
from app.signups.queries import Seats, count_seats, list_lists


class OpenList(NamedTuple):
    """A list as guests see it: its seats, and whether one may sign up now."""

    list: SignUpList
    seats: Seats
    state: str
    """`open`, `full` (one waits in line), `soon`, `closed`."""

    @property
    def takes(self) -> bool:
        """Whether anybody may sign up, if only to wait."""
        return self.state in ("open", "full")


def sign_up_screen(
    event: Event, *, now: datetime, chosen: int | None = None, form: SignUpForm | None = None
) -> dict[str, Any]:
    """The lists of an event and the form of one of them; no list, no form."""
    rows = list_rows(event, now=now)
    row = choose(rows, chosen)
    if form is None and row is not None and row.takes:
        form = form_for(row.list, now=now)
    return {
        "event": event,
        "sign_up_rows": rows,
        "chosen": row,
        "sign_up_form": form if row is not None and row.takes else None,
        "public_names": list_public_names(event, [each.list for each in rows if each.seats.named]),
    }


def list_rows(event: Event, *, now: datetime) -> list[OpenList]:
    """What is on offer: guests first, then helpers by role and hour, then writing at home."""
    if event.is_cancelled or event.is_draft or event.is_over(now):
        return []
    lists = list_lists(event.id)
    seats = count_seats(lists) if lists else {}
    first = {each.title: number for number, each in reversed(list(enumerate(lists)))}
    lists.sort(
        key=lambda each: (
            PURPOSES.index(each.purpose),
            first[each.title],
            each.hours,
        )
    )
    return [OpenList(each, seats[each.id], _state(each, seats[each.id], now)) for each in lists]


def choose(rows: Sequence[OpenList], chosen: int | None) -> OpenList | None:
    """The list that was asked for, else the first that takes people."""
    asked = [row for row in rows if row.list.id == chosen]
    return next(iter([*asked, *(row for row in rows if row.takes), *rows]), None)


def form_for(the_list: SignUpList, sent: Any = None, *, now: datetime) -> SignUpForm:
    """The list's form as it was sent, or empty."""
    form = SignUpForm(sent, data={"list": the_list.id, "language": locale_info().code})
    form.fit_to(the_list, pick_list(languages_named(offered_languages())))
    form.begin(now=now)
    return form


def _state(the_list: SignUpList, seats: Seats, now: datetime) -> str:
    opening = the_list.opening(now)
    if opening != "open":
        return opening
    return "full" if seats.free == 0 or seats.waiting else "open"
