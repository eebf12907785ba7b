"""Guests of an event whose lists are worth a look."""

from __future__ import annotations

from app import clock
from app.events.models import Event
from app.signups.actions import cancel_sign_up
from app.signups.visits import link_token
from tests import factories, lists
from tests.browser.deeds import send_it
from tests.browser.views import View


def sign_guests_up(at: Event, school: Event) -> dict[str, str]:
    """Lists with a seat left and without one: the addresses of all that guests come to see."""
    guests = lists.sign_up_list(at, capacity=3)
    lists.sign_up_list(at, purpose="home", capacity=None, position=2)
    lists.sign_up_list(school, capacity=None)
    now = clock.now()
    shift = {"starts_at": at.starts_at, "ends_at": at.ends_at, "position": 1}
    helpers = lists.sign_up_list(at, purpose="helpers", title="Counter", capacity=1, **shift)
    found = {
        "a seat": lists.sign_up(guests, "Noor", party_size=2),
        "cancelled": lists.sign_up(helpers, "Ilse"),
        "an offer": lists.sign_up(helpers, "نور"),
        "in line": lists.sign_up(helpers, "Ada"),
    }
    factories.change(found["a seat"], may_show_name=True, shows_name=True)
    cancel_sign_up(found["cancelled"], now=now)
    return {
        "form": f"/events/{at.slug}/sign-up",
        "at a school": f"/events/{school.slug}/sign-up",
        "mailed": f"/events/{at.slug}/sign-up/mailed",
        **{state: f"/sign-ups/{link_token(each)}/" for state, each in found.items()},
    }


def guest_views(paths: dict[str, str]) -> list[View]:
    """What a guest walks through, whatever becomes of the sign-up."""
    return [
        *(View(f"sign up: {name}", path) for name, path in paths.items()),
        View("sign up, nothing said", paths["form"], send_it("Sign up")),
    ]
