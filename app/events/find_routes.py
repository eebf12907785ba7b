"""The list of events, and how guests find theirs in it."""

from __future__ import annotations

from flask import request

from app.campaigns.queries import find_shown_campaign
from app.clock import now
from app.events.blueprint import blueprint
from app.events.find_forms import FindForm
from app.events.finding import Wanted, find_events
from app.fragments import Answer, respond


@blueprint.get("/events/")
def list_events() -> Answer:
    """Where people write: now, soon, and before; as far as somebody asks, a page at a time."""
    campaign = find_shown_campaign()
    if campaign is None:
        return respond("events/events.html", "events/_events.html", campaign=None, found=None)
    form = FindForm(request.args)
    is_asked_well = form.validate()
    wanted = form.wanted() if is_asked_well else Wanted()
    page = request.args.get("page", 1, type=int)
    found = find_events(campaign.id, wanted, page=page, now=now())
    form.offer(found.towns, found.languages)
    return respond(
        "events/events.html",
        "events/_events.html",
        200 if is_asked_well else 422,
        campaign=campaign,
        form=form,
        found=found,
    )
