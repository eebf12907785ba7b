"""What an event tells other programs: its link, the words of a preview, schema.org's Event."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.events.finding import codes_of
from app.events.models import Event
from app.events.queries import find_next
from app.events.wording import (
    public_address,
    public_host,
    public_link_there,
    public_place,
    public_spot,
    public_when,
)
from app.formatting import locale_info, number
from app.markdown import plain
from app.qr import public_link

SCHEMA = "https://schema.org/"


def shared_facts(event: Event) -> dict[str, Any]:
    """What an event's public page tells beside what stands on it."""
    return {
        "link": link_of(event),
        "teaser": teaser_of(event),
        "preview": preview_of(event),
        "structured": None if event.is_unlisted else structured_event(event),
        "next_event": find_next(event),
    }


def link_of(event: Event) -> str:
    """Where anybody finds the event; never a table's code."""
    return public_link(url_for("board.show_event", slug=event.slug))


def preview_of(event: Event) -> str:
    """Where its picture is, in the reader's language."""
    language = locale_info().code
    return public_link(
        url_for("board.preview", slug=event.slug, v=event.edit_version, lang=language)
    )


def teaser_of(event: Event) -> str:
    """When and where in one line, no more than the public may know."""
    facts = [public_when(event), public_host(event), public_spot(event)]
    if event.is_cancelled:
        facts.insert(0, _("Cancelled"))
    return " · ".join(filter(None, facts))


def message_of_today(event: Event, letters: int) -> str:
    """What an organiser may send to friends and newspapers: at first an invitation."""
    link = link_of(event)
    if not letters:
        told = {"title": event.title, "when": public_when(event), "link": link}
        return _("Come and write with us at “%(title)s”, %(when)s: %(link)s", **told)
    return ngettext(
        "%(count)s letter so far at “%(title)s”: %(link)s",
        "%(count)s letters so far at “%(title)s”: %(link)s",
        letters,
        count=number(letters),
        title=event.title,
        link=link,
    )


def structured_event(event: Event) -> dict[str, Any]:
    """The event in schema.org's words; of young people's the day alone, and no place."""
    status = "EventCancelled" if event.is_cancelled else "EventScheduled"
    said: dict[str, Any] = {
        "@context": SCHEMA.rstrip("/"),
        "@type": "Event",
        "name": event.title,
        "url": link_of(event),
        "description": plain(event.description) or teaser_of(event),
        "image": preview_of(event),
        "eventStatus": SCHEMA + status,
        "isAccessibleForFree": True,
        "inLanguage": codes_of(event.languages) or event.language,
        "organizer": _named("Organization", public_host(event)),
        **_hours(event),
        **_where(event),
    }
    return {name: value for name, value in said.items() if value}


def _hours(event: Event) -> dict[str, str]:
    hours = {"startDate": event.starts_at, "endDate": event.ends_at}
    if event.has_young_people:
        return {name: f"{at.astimezone(event.zone):%Y-%m-%d}" for name, at in hours.items()}
    return {name: at.astimezone(event.zone).isoformat() for name, at in hours.items()}


def _where(event: Event) -> dict[str, Any]:
    place, online = public_place(event), public_link_there(event)
    there = _named("Place", place) or {}
    if public_address(event):
        address = public_address(event)
        there = {"@type": "Place", "name": place or event.title, "address": address}
    virtual = {"@type": "VirtualLocation", "url": online} if online else {}
    both = [each for each in (there, virtual) if each]
    if not both:
        return {}
    mode = "Mixed" if len(both) == 2 else "Online" if virtual else "Offline"
    return {
        "location": both if len(both) == 2 else both[0],
        "eventAttendanceMode": f"{SCHEMA}{mode}EventAttendanceMode",
    }


def _named(kind: str, name: str) -> dict[str, str] | None:
    return {"@type": kind, "name": name} if name else None
