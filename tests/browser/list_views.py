"""An event's lists with somebody in every state, and the desk's pages of them."""

from __future__ import annotations

from app import clock
from app.events.models import Event
from app.signups.actions import cancel_sign_up
from app.signups.models import PURPOSES
from tests import lists
from tests.browser.deeds import send_it, unfold_people
from tests.browser.views import View


def fill_lists(event: Event) -> int:
    """Lists with parties in every state, one of them a shift with somebody at two places."""
    guests = lists.sign_up_list(event, capacity=4)
    party = lists.sign_up(guests, "Ольга Вайс", party_size=2, note="We bring the small one.")
    lists.sign_up(guests, "نور", access_needs="step-free", language="ar", may_show_name=True)
    for name in ("Jo Ferreira Antunes da Conceição", "Jo", "jo"):
        lists.sign_up(guests, name, party_size=2)
    cancel_sign_up(party, now=clock.now())
    lists.sign_up(lists.sign_up_list(event, is_checked=True, title="Friends"), "Ada")
    for role in ("Counter", "Case leader"):
        lists.sign_up(lists.sign_up_list(event, purpose="helpers", title=role), "Mia")
    return guests.id


def sign_up_views(running: str, bare: str, list_id: int) -> list[View]:
    """What an organiser sees of the lists of two events, one of which has none."""
    page = f"{running}sign-ups"
    new = f"{page}/lists/new?purpose="
    return [
        View("sign-ups", page),
        View("sign-ups, unfolded", page, unfold_people, is_wordless=True),
        View("sign-ups off the list", f"{page}?state=ended"),
        View("no sign-up called so", f"{page}?q=nobody+at+all"),
        View("no lists", f"{bare}sign-ups"),
        *(View(f"new list: {purpose}", f"{new}{purpose}") for purpose in PURPOSES),
        View("a list", f"{page}/lists/{list_id}"),
        *(View(name, running + name) for name in ("names", "names/delete")),
        View("names, not sure", f"{running}names/delete", send_it("Delete the names")),
        View("roles, none said", f"{new}helpers", send_it("Put up the roles")),
    ]
