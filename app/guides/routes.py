"""The guides, for everybody; and a volunteer's that an organiser prints for an event."""

from __future__ import annotations

from flask import Blueprint, url_for
from flask_login import current_user

from app.accounts.access import signed_in
from app.events.access import get_own_event
from app.events.models import Event
from app.events.sharing import link_of
from app.fragments import Answer, respond
from app.qr import draw_qr, public_link

WHO = ("volunteer", "organiser", "admin")

blueprint = Blueprint("guides", __name__)


@blueprint.get(f"/guides/<any({', '.join(WHO)}):who>/")
def guide(who: str) -> Answer:
    """What somebody of this role does, step by step, on one sheet of paper."""
    return show_guide(who)


@blueprint.get("/desk/events/<slug>/print/guide")
@signed_in
def event_guide(slug: str) -> Answer:
    """The volunteer's guide with an event's name, and a code that leads to its page."""
    return show_guide(WHO[0], get_own_event(current_user, slug))


def show_guide(who: str, event: Event | None = None) -> Answer:
    """A guide, of no event or of one."""
    link = link_of(event) if event else ""
    return respond(
        "guides/guide.html",
        f"guides/_{who}.html",
        who=who,
        event=event,
        link=link,
        qr=draw_qr(link) if link else "",
        typed_at=public_link(url_for("events.join")).partition("://")[2],
    )
