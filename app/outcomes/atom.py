"""Good news as an Atom feed: valid, with ids that stay, no persons but in the news."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from app.markdown import markdown
from app.outcomes.models import Outcome

ATOM = "http://www.w3.org/2005/Atom"
MOST = 50
"""Entries of the feed; the page has them all."""


def write_feed(
    outcomes: Iterable[Outcome], *, title: str, author: str, public_url: str, language: str
) -> bytes:
    """The feed of these outcomes, the latest first; ids are made of `public_url`."""
    news = list(outcomes)
    page = f"{public_url}/good-news/"
    register_namespace("", ATOM)
    feed = Element(f"{{{ATOM}}}feed", {"xml:lang": language})
    _add(feed, "id", page)
    _add(feed, "title", title)
    _add(feed, "updated", _moment(max((one.edited_at for one in news), default=None)))
    _add(feed, "link", rel="self", type="application/atom+xml", href=f"{public_url}/good-news.atom")
    _add(feed, "link", rel="alternate", type="text/html", href=page)
    _add(SubElement(feed, f"{{{ATOM}}}author"), "name", author)
    for outcome in news:
        _add_entry(SubElement(feed, f"{{{ATOM}}}entry"), outcome, f"{page}#outcome-{outcome.id}")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(feed, encoding="utf-8")


def _add_entry(entry: Element, outcome: Outcome, address: str) -> None:
    _add(entry, "id", address)
    _add(entry, "title", f"{outcome.of_whom}, {outcome.of_where}: {outcome.headline}")
    _add(entry, "published", _moment(outcome.created_at))
    _add(entry, "updated", _moment(outcome.edited_at))
    _add(entry, "link", rel="alternate", type="text/html", href=address)
    _add(entry, "summary", outcome.headline)
    if outcome.text:
        _add(entry, "content", str(markdown(outcome.text)), type="html")


def _add(parent: Element, name: str, text: str = "", **attributes: str) -> None:
    element = SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    element.text = text or None


def _moment(when: datetime | None) -> str:
    # A feed without news has not changed since there were feeds.
    return (when or datetime(2001, 12, 8, tzinfo=UTC)).isoformat(timespec="seconds")
