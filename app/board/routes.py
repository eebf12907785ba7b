"""Pages that show tallies: home, live board, hall screen, desk; and the polls they make."""

from __future__ import annotations

from collections.abc import Mapping
from time import monotonic
from typing import Any

from flask import Blueprint, flash, make_response, render_template, request, url_for
from flask.wrappers import Response
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts.access import signed_in
from app.board import health, json_views, queries
from app.board.desk_queries import find_todays, list_own_rows
from app.board.preview import draw_preview
from app.board.screens import (
    desk_screen,
    event_screen,
    hall_screen,
    home_screen,
    live_screen,
    public_screen,
    season_screen,
)
from app.campaigns.queries import find_shown_campaign, get_told_campaign
from app.campaigns.regions import list_regions
from app.clock import now
from app.events.access import get_own_event, get_public_event
from app.events.find_forms import FindForm
from app.events.finding import Wanted, find_events
from app.events.queries import list_public_events
from app.exceptions import NotFound
from app.formatting import load_locale, locale_info, number
from app.fragments import Answer, respond, see_other, unchanged, wants_fragment
from app.languages import is_known, prefer, usual_language
from app.letters.queries import get_sums
from app.signups.guest_queries import free_seats, lists_version
from app.signups.guest_screens import sign_up_screen
from app.signups.reminding import thank

blueprint = Blueprint("board", __name__)


@blueprint.get("/")
def home() -> Answer:
    """The season at a glance, and the ways in."""
    campaign = find_shown_campaign()
    if campaign is None:
        return render_template("board/first_page.html")
    screen = home_screen(queries.get_live_campaign(campaign), now=now())
    return render_template("board/home.html", **screen)


@blueprint.get("/events/")
def list_events() -> Answer:
    """Where people write: now, soon, and before; as far as somebody asks, a page at a time."""
    campaign, at = find_shown_campaign(), now()
    if campaign is None:
        return respond("events/events.html", "events/_events.html", campaign=None, found=None)
    version = lists_version(campaign, now=at)
    if wants_fragment() and request.args.get("v") == version:
        return unchanged()
    form = FindForm(request.args)
    is_asked_well = form.validate()
    wanted = form.wanted() if is_asked_well else Wanted()
    page = request.args.get("page", 1, type=int)
    found = find_events(campaign.id, wanted, page=page, now=at)
    form.offer(found.towns, found.languages)
    return respond(
        "events/events.html",
        "events/_events.html",
        200 if is_asked_well else 422,
        campaign=campaign,
        form=form,
        found=found,
        version=version,
        seats_of=free_seats([*found.events.running, *found.events.upcoming], now=at),
    )


@blueprint.get("/events/<slug>/")
def show_event(slug: str) -> Answer:
    """What, when, where, whom people write for there, and how many letters so far."""
    event = get_public_event(slug)
    prefer(event.language)
    at = now()
    screen = public_screen(event, now=at) | sign_up_screen(event, now=at)
    response = respond("events/event.html", "events/_event.html", **screen)
    return unlisted(response, is_private=event.is_unlisted)


@blueprint.get("/events/<slug>/live")
def live(slug: str) -> Answer:
    """The live board of an event."""
    found = queries.get_live_event(slug)
    prefer(found.event.language)
    page = render_template("board/live.html", **live_screen(found, now=now()))
    return unlisted(make_response(page), is_private=found.event.is_unlisted)


@blueprint.get("/events/<slug>/hall")
def hall(slug: str) -> Answer:
    """The hall screen of an event, for a projector."""
    found = queries.get_live_event(slug)
    prefer(found.event.language, is_for_the_wall=True)
    page = render_template("board/hall.html", **hall_screen(found, now=now()))
    return unlisted(make_response(page), is_private=found.event.is_unlisted)


@blueprint.get("/events/<slug>/tally")
def tally(slug: str) -> Answer:
    """The live fragment of an event: 204 while `v` is current; the same for everybody."""
    since = monotonic()
    found = queries.get_live_event(slug)
    view, language = get_asked(queries.EVENT_VIEWS)
    if request.args.get("v") == found.version:
        return unlisted(for_everybody("", 204), is_private=found.event.is_unlisted)
    with force_locale(load_locale(language)):
        screen = unhurried(event_screen(found, view, now=now()), since)
        fragment = render_template(f"board/_tally_{view}.html", **screen)
    return unlisted(for_everybody(fragment), is_private=found.event.is_unlisted)


@blueprint.get("/tally")
def campaign_tally() -> Answer:
    """The season's live fragment."""
    since = monotonic()
    found = queries.get_live_campaign(get_told_campaign())
    view, language = get_asked(queries.CAMPAIGN_VIEWS)
    if request.args.get("v") == found.version:
        return for_everybody("", 204)
    with force_locale(load_locale(language)):
        screen = unhurried(season_screen(found, now=now()), since)
        return for_everybody(render_template(f"board/_tally_{view}.html", **screen))


@blueprint.get("/events/<slug>/tally.json")
def tally_json(slug: str) -> Answer:
    """An event's numbers for other programs; docs/json.md shows an example."""
    found = queries.get_live_event(slug)
    numbers = json_views.event_as_json(queries.get_event_board(found, now=now()))
    return unlisted(for_everybody(numbers), is_private=found.event.is_unlisted)


@blueprint.get("/totals.json")
def totals_json() -> Answer:
    """The season's numbers for other programs."""
    campaign = get_told_campaign()
    board = queries.get_campaign_board(queries.get_live_campaign(campaign))
    events = list_public_events(campaign.id)
    rows = queries.list_event_rows([*events.running, *events.upcoming, *events.closed])
    return for_everybody(json_views.campaign_as_json(board, rows))


@blueprint.get("/events/<slug>/preview.png")
def preview(slug: str) -> Answer:
    """The picture that goes with a link to an event: its title, its day, its letters so far."""
    found = queries.get_live_event(slug)
    letters = get_sums(found.event.id).counted.letters
    response = make_response(draw_preview(found.event, letters))
    response.headers["Content-Type"] = "image/png"
    if request.args.get("lang") == locale_info().code:
        # Its words are the address's own, whoever asks.
        response.headers["Cache-Control"] = "public, max-age=300"
    return unlisted(response, is_private=found.event.is_unlisted)


@blueprint.get("/desk/")
@signed_in
def desk() -> Answer:
    """The organiser's events, today's first."""
    region = request.args.get("region", "")
    rows = list_own_rows(current_user, region=region)
    return render_template(
        "board/desk.html",
        rows=rows,
        today=find_todays(rows, now=now()),
        region=region,
        regions=list_regions(),
    )


@blueprint.get("/desk/events/<slug>/")
@signed_in
def desk_event(slug: str) -> Answer:
    """One event on the day: its count, its tables, the one next thing to do."""
    event = get_own_event(current_user, slug)
    screen = desk_screen(queries.get_live_event(event.slug), now=now())
    return render_template("board/desk_event.html", **screen)


@blueprint.post("/desk/events/<slug>/thank")
@signed_in
def thank_guests(slug: str) -> Answer:
    """Write to those who came how many letters it became."""
    event = get_own_event(current_user, slug)
    letters = get_sums(event.id).counted.letters
    count = thank(event, letters=letters, actor=current_user.public_id, now=now())
    flash(
        ngettext(
            "%(shown)s person is thanked by mail.",
            "%(shown)s people are thanked by mail.",
            count,
            shown=number(count),
        ),
        "success",
    )
    return see_other(url_for("board.desk_event", slug=slug))


@blueprint.get("/healthz")
def healthz() -> Answer:
    """Whether the database answers; asked at most every ten seconds."""
    is_well = health.is_well()
    return {"status": "ok" if is_well else "unwell"}, 200 if is_well else 503


def get_asked(views: Mapping[str, int]) -> tuple[str, str]:
    """The view and language of a poll, the usual ones when unsaid; raises NotFound."""
    view = request.args.get("view", next(iter(views)))
    language = request.args["lang"] if "lang" in request.args else usual_language()
    if view not in views or not is_known(language):
        raise NotFound(_("There is no such live view."))
    return view, language


def unhurried(screen: dict[str, Any], since: float) -> dict[str, Any]:
    """The same view, to be asked for less often where reading it took long: others wait, too."""
    return screen | {"pace": queries.pace_under_pressure(screen["pace"], monotonic() - since)}


def for_everybody(body: str | dict[str, object], status: int = 200) -> Response:
    """An answer that a cache in front may give to a crowd for a second."""
    response = make_response(body, status)
    response.headers["Cache-Control"] = "public, max-age=1"
    # A mishap at the same address is a page for a browser and a fragment for htmx.
    response.vary.add("HX-Request")
    return response


def unlisted(response: Response, *, is_private: bool) -> Response:
    """Keep a private event, known by its address alone, out of search engines."""
    if is_private:
        response.headers["X-Robots-Tag"] = "noindex"
    return response
