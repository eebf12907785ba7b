"""An event whose names are deleted: what its guests and its organisers find afterwards."""

from __future__ import annotations

from app import clock
from app.events.models import Event
from app.signups.actions import cancel_sign_up
from app.signups.door_actions import check_in
from app.signups.purging import delete_names
from app.signups.visits import link_token
from tests import factories, lists
from tests.browser.deeds import send_it, unfold_people
from tests.browser.views import View


def forget_guests(event: Event) -> dict[str, str]:
    """Somebody who came, who did not and who cancelled, all forgotten; their private links."""
    guests, now = lists.sign_up_list(event, capacity=4), clock.now()
    parties = {
        "forgotten": lists.sign_up(guests, "Noor", party_size=2, note="We bring the small one."),
        "forgotten, never came": lists.sign_up(guests, "Ada", party_size=2),
        "forgotten, cancelled": lists.sign_up(guests, "Ilse"),
    }
    shift = {"starts_at": event.starts_at, "ends_at": event.ends_at}
    lists.sign_up(lists.sign_up_list(event, purpose="helpers", title="Counter", **shift), "Kim")
    check_in(parties["forgotten"], arrived=2, seen=0, actor="", now=now)
    cancel_sign_up(parties["forgotten, cancelled"], now=now)
    factories.change(event, state="closed")
    links = {name: f"/sign-ups/{link_token(party)}/" for name, party in parties.items()}
    delete_names(event, by="", now=now)
    return links


def forgotten_views(desk: str) -> list[View]:
    """What its organiser still finds on the desk."""
    return [
        View("forgotten event", desk),
        View("forgotten sign-ups", f"{desk}sign-ups"),
        View("forgotten, unfolded", f"{desk}sign-ups", unfold_people, is_wordless=True),
        View("forgotten, off the list", f"{desk}sign-ups?state=ended"),
        View("forgotten, sought", f"{desk}sign-ups?q=noor"),
        View("door of the forgotten", f"{desk}door"),
        View("sheet of the forgotten", f"{desk}door/sheet"),
        View("names, deleted", f"{desk}names"),
        View("names, deleted again", f"{desk}names/delete", send_it("Delete the names")),
        *(View(f"forgotten {name}", f"{desk}print/{name}") for name in ("sign-in", "rota")),
    ]
