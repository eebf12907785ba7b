"""Pages that show tallies: home, live board, hall screen, desk; and the polls they make."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts.access import signed_in
from app.board import health, json_views, queries
from app.campaigns.models import Campaign
from app.campaigns.queries import find_campaign, get_campaign
from app.clock import now
from app.events.access import get_own_event, get_public_event
from app.events.models import Event
from app.events.qr import draw_qr, public_link
from app.events.queries import list_own_events
from app.events.wording import seen_in_words
from app.exceptions import NotFound
from app.formatting import is_offered, load_locale, number, offered_languages, plural_forms
from app.fragments import Answer
from app.letters.entries import count_held
from app.letters.forms import LogForm
from app.letters.queries import get_campaign_version, get_version

blueprint = Blueprint("board", __name__)

LIVE = {"Cache-Control": "public, max-age=1"}


@blueprint.get("/")
def home() -> Answer:
    """The season at a glance, and the ways in."""
    campaign = find_campaign()
    if campaign is None:
        return render_template("board/first_page.html")
    rows = queries.list_season_rows(campaign.id)
    return render_template("board/home.html", **season_context(campaign), rows=rows)


@blueprint.get("/events/<slug>/live")
def live(slug: str) -> Answer:
    """The live board of an event."""
    return render_template("board/live.html", **live_context(get_public_event(slug), "board"))


@blueprint.get("/events/<slug>/hall")
def hall(slug: str) -> Answer:
    """The hall screen of an event, for a projector."""
    event = get_public_event(slug)
    # The event's page, never a table's code: whoever sees the wall may come, not log.
    link = public_link(url_for("events.show_event", slug=slug))
    return render_template(
        "board/hall.html", **live_context(event, "hall"), link=link, qr=draw_qr(link)
    )


@blueprint.get("/events/<slug>/tally")
def tally(slug: str) -> Answer:
    """The live fragment of an event: 204 while `v` is current; the same for everybody."""
    event = get_public_event(slug)
    view, language = get_asked(queries.EVENT_VIEWS)
    if request.args.get("v") == get_version(event.id):
        return "", 204, LIVE
    with force_locale(load_locale(language)):
        return render_template(f"board/_tally_{view}.html", **live_context(event, view)), 200, LIVE


@blueprint.get("/tally")
def campaign_tally() -> Answer:
    """The season's live fragment."""
    campaign = get_campaign()
    view, language = get_asked(queries.CAMPAIGN_VIEWS)
    if request.args.get("v") == get_campaign_version(campaign.id):
        return "", 204, LIVE
    with force_locale(load_locale(language)):
        return render_template(f"board/_tally_{view}.html", **season_context(campaign)), 200, LIVE


@blueprint.get("/events/<slug>/tally.json")
def tally_json(slug: str) -> Answer:
    """An event's numbers for other programs; docs/json.md shows an example."""
    board = queries.get_event_board(get_public_event(slug), now=now())
    return json_views.event_as_json(board), 200, LIVE


@blueprint.get("/totals.json")
def totals_json() -> Answer:
    """The season's numbers for other programs."""
    campaign = get_campaign()
    board = queries.get_campaign_board(campaign)
    rows = queries.list_season_rows(campaign.id)
    return json_views.campaign_as_json(board, rows), 200, LIVE


@blueprint.get("/desk/")
@signed_in
def desk() -> Answer:
    """The organiser's events, today's first."""
    events = list_own_events(current_user)
    rows = queries.list_event_rows([*events.running, *events.upcoming, *events.closed])
    return render_template("board/desk.html", rows=rows, today=queries.find_todays(rows, now=now()))


@blueprint.get("/desk/events/<slug>/")
@signed_in
def desk_event(slug: str) -> Answer:
    """One event on the day: its count, its tables, the one next thing to do."""
    event = get_own_event(current_user, slug)
    return render_template(
        "board/desk_event.html",
        **live_context(event, "desk"),
        held=count_held(event.id),
        tables=queries.list_table_rows(event, now=now()),
        log=LogForm.choosing(event.cases, event.tables),
        seen_in_words=seen_in_words,
        now=now(),
    )


@blueprint.get("/healthz")
def healthz() -> Answer:
    """Whether the database answers; asked at most every ten seconds."""
    is_well = health.is_well()
    return {"status": "ok" if is_well else "unwell"}, 200 if is_well else 503


def live_context(event: Event, view: str) -> dict[str, Any]:
    """What a live view of an event shows, as a page and as its fragment."""
    moment = now()
    board = queries.get_event_board(event, now=moment)
    return {
        "event": event,
        "board": board,
        "pace": queries.pace_of(event, view),
        "hours": queries.list_hours(event, now=moment) if view == "desk" else [],
        "fresh_words": fresh_in_words(board.pulse.fresh),
        "fresh_forms": plural_forms(fresh_in_words),
    }


def season_context(campaign: Campaign) -> dict[str, Any]:
    """What the season's live view shows, as a page and as its fragment."""
    return {
        "board": queries.get_campaign_board(campaign),
        "days_left": queries.days_left(campaign, now=now()),
        "pace": queries.CAMPAIGN_VIEWS["home"],
        "zone": queries.get_zone(),
    }


def fresh_in_words(count: int) -> str:
    """What happened of late, with the number open for a script that lets it grow old."""
    return ngettext(
        "%(count)s in the last ten minutes",
        "%(count)s in the last ten minutes",
        count,
        count=number(count),
    )


def get_asked(views: Mapping[str, int]) -> tuple[str, str]:
    """The view and language of a poll, the usual ones when unsaid; raises NotFound."""
    view = request.args.get("view", next(iter(views)))
    language = request.args.get("lang", offered_languages()[0])
    if view not in views or not is_offered(language):
        raise NotFound(_("There is no such live view."))
    return view, language
