"""The demo's sign-up lists: who comes, who helps, who waits, and who is here already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from app.database import event_scope, write
from app.events.models import Event
from app.signups.actions import Wish, cancel_sign_up, sign_up
from app.signups.list_actions import ListFields, add_lists, usual_guest_list
from app.signups.models import SignUp, SignUpList
from app.signups.queries import count_seats, list_lists
from app.signups.sealing import Person
from app.signups.wording import list_title

SHIFT = timedelta(hours=1)
BEFORE = timedelta(hours=30)
"""How long before the start the last of those signs up who come to an event that is on."""
CANCELLED = timedelta(minutes=10)
"""How long ago somebody cancelled, so that a seat is on offer now."""
NETWORK = "192.0.2.1"


def fill_lists(
    event: Event,
    told: Sequence[Mapping[str, Any]],
    *,
    actor: str,
    planned_at: datetime,
    now: datetime,
) -> None:
    """Put an event's lists up, and everybody on them one after the other, up to now."""
    fields = [_fields(event, each) for each in told]
    made = add_lists(event, fields, actor=actor, now=planned_at)
    last = min(now, event.starts_at - BEFORE)
    for the_list, each in zip(made, told, strict=True):
        step = (last - planned_at) / (len(each["people"]) + 1)
        for number, who in enumerate(each["people"], 1):
            _sign_up(the_list, who, planned_at + number * step)


def come_in(event: Event, told: Sequence[Mapping[str, Any]], *, now: datetime) -> None:
    """Let those be here who are said to be, and somebody cancel late, if the event is on."""
    for the_list, each in zip(list_lists(event.id), told, strict=True):
        parties = list(the_list.sign_ups)
        _arrive(event, parties[: each.get("here", 0)], now)
        for number in each.get("cancelled", ()):
            cancel_sign_up(parties[number], now=now - CANCELLED)


def describe_lists(event: Event) -> list[dict[str, Any]]:
    """Name, capacity and free seats of each, None where there is no end of them."""
    lists = list_lists(event.id)
    seats = count_seats(lists)
    return [
        {"name": list_title(one), "capacity": one.capacity, "free": seats[one.id].free}
        for one in lists
    ]


def _fields(event: Event, told: Mapping[str, Any]) -> ListFields:
    said = {name: told[name] for name in ("title", "party_limit", "is_checked") if name in told}
    if "shift" in told:
        said |= {
            name: event.starts_at + hours * SHIFT
            for name, hours in zip(("starts_at", "ends_at"), told["shift"], strict=True)
        }
    usual = usual_guest_list(event)._replace(purpose=told["purpose"], capacity=told["capacity"])
    return usual._replace(**said)


def _sign_up(the_list: SignUpList, who: Mapping[str, Any], then: datetime) -> None:
    person = Person(who["name"], *(who.get(name, "") for name in Person._fields[1:]))
    wish = Wish(who.get("people", 1), who.get("language", ""), may_show_name="shows" in who)
    sign_up(the_list, person, wish, network=NETWORK, sends_link=False, now=then)


def _arrive(event: Event, parties: Sequence[SignUp], now: datetime) -> None:
    with write(event_scope(event.id)):
        for number, one in enumerate(parties):
            one.arrived = one.party_size
            one.arrived_at = max(event.starts_at, now - timedelta(hours=20) + number * SHIFT / 4)
