"""An event for calendars, and on a poster."""

from __future__ import annotations

from flask import make_response
from flask_login import current_user

from app.accounts.access import signed_in
from app.events.access import get_own_event, get_public_event
from app.events.blueprint import blueprint
from app.events.calendar_file import calendar_of
from app.events.sharing import link_of
from app.fragments import Answer, respond
from app.languages import prefer
from app.qr import draw_qr, is_loopback_address


@blueprint.get("/events/<slug>.ics")
def calendar(slug: str) -> Answer:
    """The event as a calendar takes it."""
    event = get_public_event(slug)
    response = make_response(calendar_of(event))
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{event.slug}.ics"'
    if event.is_unlisted:
        response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.get("/desk/events/<slug>/print/poster")
@signed_in
def poster(slug: str) -> Answer:
    """A poster to print; its code opens the event's page, never a table."""
    event = get_own_event(current_user, slug)
    prefer(event.language, is_for_the_wall=True)
    link = link_of(event)
    return respond(
        "events/poster.html",
        "events/_poster.html",
        event=event,
        link=link,
        qr=draw_qr(link),
        is_loopback=is_loopback_address(),
    )
