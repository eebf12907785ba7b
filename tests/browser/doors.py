"""The door in its states: people to be ticked, heads to be counted, and where there is neither."""

from __future__ import annotations

from collections.abc import Mapping

from app import clock
from app.events.models import Event
from app.signups.door_actions import check_in
from tests import factories, lists
from tests.browser.deeds import let_nobody_in, type_numbers
from tests.browser.views import View


def pages_of_the_door(desk: Mapping[str, str]) -> list[View]:
    """What an organiser sees at the doors of these events, whose desks are there."""
    running = f"{desk['running']}door"
    return [
        View("door", running),
        View("door, nobody called so", f"{running}?q=zzz"),
        View("door, no walk-in", running, let_nobody_in),
        View("door counting heads", f"{desk['closed']}door"),
        View("door without a list", f"{desk['bare']}door"),
        View("from the printed list", f"{running}/sheet"),
        View("from the printed list, looked at", f"{running}/sheet", type_numbers("1-2 +4")),
        View("from the printed list, rubbish", f"{running}/sheet", type_numbers("1-99 x")),
        View("sign-in sheet", f"{desk['running']}print/sign-in"),
        View("rota", f"{desk['running']}print/rota"),
        View("no rota", f"{desk['bare']}print/rota"),
    ]


def invite_people(event: Event, nameless: Event) -> None:
    """Guests here, partly here, not yet, and waiting; a helper; and 31 heads at another event."""
    guests = lists.sign_up_list(event, capacity=4, title="Evening")
    for name, size, arrived in (("Noor", 1, 1), ("أحمد الحسن", 3, 2), ("Ada Lovelace", 2, 0)):
        party = lists.sign_up(guests, name, party_size=size)
        check_in(party, arrived=arrived, seen=0, actor="", now=clock.now())
    shift = {"starts_at": event.starts_at, "ends_at": event.ends_at}
    lists.sign_up(lists.sign_up_list(event, purpose="helpers", title="Counter", **shift), "Kim")
    factories.change(nameless, counts_heads=True, head_count=31)
