"""What everybody may read: good news, the feed, history, and how it works."""

from __future__ import annotations

from flask import current_app, make_response
from flask_babel import gettext as _

from app.campaigns.queries import get_section_name
from app.config import Settings
from app.exceptions import NotFound
from app.formatting import locale_info
from app.fragments import Answer, respond
from app.outcomes import atom, queries, section_routes, settings_routes
from app.outcomes.blueprint import blueprint, what_there_is
from app.outcomes.chart import draw_chart
from app.outcomes.models import OWN, WORLD
from app.outcomes.texts import our_text

__all__ = ["blueprint", "section_routes", "settings_routes"]


@blueprint.get("/good-news/")
def good_news() -> Answer:
    """What became of those people wrote for, year by year."""
    check_shown("good_news")
    years = queries.list_news_by_year()
    return respond("outcomes/good_news.html", "outcomes/_good_news.html", years=years)


@blueprint.get("/good-news.atom")
def good_news_feed() -> Answer:
    """The same for feed readers."""
    check_shown("good_news")
    settings: Settings = current_app.config["LETTERTALLY"]
    section = get_section_name()
    feed = atom.write_feed(
        queries.list_news(most=atom.MOST),
        title=_("Good news: %(section)s", section=section.name),
        author=section.name,
        public_url=settings.public_url,
        language=locale_info().code,
    )
    response = make_response(feed)
    response.content_type = "application/atom+xml; charset=utf-8"
    return response


@blueprint.get("/history/")
def history() -> Answer:
    """The totals of past years, of the world and of the section."""
    check_shown("history")
    is_rtl = locale_info().dir == "rtl"
    world, own = queries.list_totals(WORLD), queries.list_totals(OWN)
    return respond(
        "outcomes/history.html",
        "outcomes/_history.html",
        world=world,
        own=own,
        world_chart=draw_chart(world, is_rtl=is_rtl),
        own_chart=draw_chart(own, is_rtl=is_rtl),
    )


@blueprint.get("/how/")
def how() -> Answer:
    """How the marathon works: in the section's words, else in ours."""
    written = queries.find_text("how", locale_info().code)
    text = written.text if written else our_text("how")
    return respond("outcomes/how.html", "outcomes/_how.html", text=text)


def check_shown(page: str) -> None:
    """Raises NotFound while there is nothing to show, or the section does not want to."""
    if not getattr(what_there_is(), page):
        raise NotFound(_("There is nothing to read here yet."))
