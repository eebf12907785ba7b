"""What is different where mail is on: links that are mailed, and an outbox to look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from app import clock
from app.database import db
from app.events.models import Event
from app.outbox.models import PARKED, SENT, MailServerState, OwedMail
from app.signups.actions import cancel_sign_up
from app.signups.door_actions import check_in
from app.signups.visits import link_token
from tests import factories, lists
from tests.browser.deeds import ask_for_a_new_password, open_menu, send_it, unfold_people
from tests.browser.scenery import session_of, set_up_marathon
from tests.browser.views import View

MAIL_ROLES = ("a guest by mail", "an organiser by mail", "an admin by mail")
AWAY = "smtp://localhost:9"
"""A mail server that nobody has ever seen up."""
SENDER = "letters@example.org"


@dataclass
class MailWorld:
    """Addresses and cookies, like `World`."""

    event: str
    over: str
    links: dict[str, str]
    cookies: dict[str, dict[str, str]]

    def views(self, role: str) -> list[View]:
        """What somebody of this role walks through."""
        views: list[View] = {
            "a guest by mail": self.of_a_guest,
            "an organiser by mail": self.of_an_organiser,
            "an admin by mail": self.of_an_admin,
        }[role]()
        return views

    def of_a_guest(self) -> list[View]:
        form = f"/events/{self.event}/sign-up"
        return [
            View("form by mail", form),
            View("form by mail, nothing said", form, send_it("Join the waiting list")),
            View("link was mailed", f"{form}/mailed"),
            *(View(f"by mail: {name}", path) for name, path in self.links.items()),
            View("forgot the password", "/sign-in/forgotten"),
            View("forgot, nothing said", "/sign-in/forgotten", send_it("Send me the link")),
            View("new password was mailed", "/sign-in/forgotten", ask_for_a_new_password),
        ]

    def of_an_organiser(self) -> list[View]:
        desk = f"/desk/events/{self.event}/"
        return [
            View("sign-ups by mail", f"{desk}sign-ups"),
            View("sign-ups by mail, unfolded", f"{desk}sign-ups", unfold_people, is_wordless=True),
            View("sign-ups to be confirmed", f"{desk}sign-ups?state=asked"),
            View("door by mail", f"{desk}door"),
            View("names by mail", f"{desk}names"),
            View("cancel by mail", f"{desk}cancel"),
            View("organisers by mail", f"{desk}organisers"),
            View("thanks to be mailed", f"/desk/events/{self.over}/"),
        ]

    def of_an_admin(self) -> list[View]:
        return [
            View("outbox", "/section/outbox"),
            View("outbox, none ticked", "/section/outbox", send_it("Try those I ticked")),
            View("admin's menu by mail", "/section/outbox", open_menu, is_wordless=True),
            View("all right but mail?", "/section/all-right"),
            View("invite by mail", "/section/people/invite"),
            View("invite nobody by mail", "/section/people/invite", send_it("Send the invitation")),
            View("invite a list by mail", "/section/people/import"),
            View("invitations by mail", "/section/people/invitations"),
            View("hosts by mail", "/section/hosts"),
        ]


def make_mail_world() -> MailWorld:
    """Ana's event with guests who gave an address, one that is over, and mail in every state."""
    ana = factories.organiser(name="Ana Sandvall")
    admin = factories.organiser(name="Judit Ferm", role="admin")
    factories.offer()
    factories.invitation()
    marathon = set_up_marathon(organiser=ana, state="upcoming")
    over = set_up_marathon(organiser=ana)
    links = sign_guests_up(marathon.event)
    let_come(over.event)
    put_mail_into_every_state(marathon.event)
    return MailWorld(
        event=marathon.slug,
        over=over.slug,
        links=links,
        cookies={
            "a guest by mail": {},
            "an organiser by mail": {"lettertally_session": session_of(ana)},
            "an admin by mail": {"lettertally_session": session_of(admin)},
        },
    )


def let_the_mail_server_be_away() -> None:
    """Since before any mail is owed, and so that the ticker leaves all of it as it is."""
    now = clock.now()
    lately = now - timedelta(hours=2)
    factories.saved(
        MailServerState(
            id=1,
            down_since=lately,
            tries=3,
            next_try_at=now + timedelta(days=1),
            reason="unreachable",
            succeeded_at=lately,
        )
    )


def sign_guests_up(event: Event) -> dict[str, str]:
    """Guests with an address, in every state; their private links."""
    guests = lists.sign_up_list(event, capacity=2)
    friends = lists.sign_up_list(event, is_checked=True, title="Friends", position=1)
    shift = {"starts_at": event.starts_at, "ends_at": event.ends_at, "position": 2}
    helpers = lists.sign_up_list(event, purpose="helpers", title="Counter", capacity=1, **shift)
    sent = {
        "a seat": (guests, "Noor"),
        "cancelled": (guests, "Ilse"),
        "an offer": (guests, "نور"),
        "in line": (guests, "Ada"),
        "to be confirmed": (friends, "Mia"),
        "at two places": (helpers, "Noor"),
    }
    found = {
        state: lists.sign_up(on, name, email=f"guest-{ord(name[0])}@example.org", sends_link=True)
        for state, (on, name) in sent.items()
    }
    cancel_sign_up(found["cancelled"], now=clock.now())
    return {state: f"/sign-ups/{link_token(each)}/" for state, each in found.items()}


def let_come(event: Event) -> None:
    """Somebody with an address came, and the event is over: there is a thank-you to be mailed."""
    guests = lists.sign_up_list(event)
    came = lists.sign_up(guests, "Olga", email="olga@example.org", sends_link=True)
    check_in(came, arrived=1, seen=0, actor="", now=clock.now())
    factories.change(event, state="closed")


def put_mail_into_every_state(event: Event) -> None:
    """One was sent, two were given back, one is for later, others wait for their server."""
    now = clock.now()
    soon, lately = now + timedelta(hours=3), now - timedelta(hours=2)
    of_event = select(OwedMail).where(OwedMail.scope == f"event:{event.id}").order_by(OwedMail.id)
    owed = list(db.session.execute(of_event).scalars())
    settled = {"settled_at": lately, "tries": 1}
    factories.change(owed[0], state=SENT, code=250, **settled)
    factories.change(owed[1], state=PARKED, reason="address", code=550, **settled)
    factories.change(owed[2], state=PARKED, reason="content", code=554, **settled)
    factories.change(owed[3], owed_at=soon, due_at=soon)
    assert any(mail.state == "waiting" for mail in owed[4:])
