"""An event as a calendar file (RFC 5545): times in UTC, so that no rule of a zone can be wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from app.events.models import Event
from app.events.sharing import link_of
from app.events.wording import public_address, public_link_there, public_place
from app.qr import public_link

LONGEST_LINE = 75
"""Octets, the line's end left out (section 3.1)."""


def calendar_of(event: Event) -> str:
    """The whole file; of young people's events the day alone."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Lettertally//Events//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{uid_of(event)}",
        f"DTSTAMP:{_utc(event.edited_at or event.created_at)}",
        # Every change moves it, and so does a cancellation: calendars take the later one.
        f"SEQUENCE:{event.edit_version - 1}",
        *_hours(event),
        f"SUMMARY:{escaped(event.title)}",
        *_named("LOCATION", ", ".join(filter(None, (public_place(event), public_address(event))))),
        *_named("DESCRIPTION", "\n".join(filter(None, _words(event)))),
        f"URL:{link_of(event)}",
        f"STATUS:{'CANCELLED' if event.is_cancelled else 'CONFIRMED'}",
        "TRANSP:OPAQUE",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{folded(line)}\r\n" for line in lines)


def uid_of(event: Event) -> str:
    """The same for ever, also when the event's address changes."""
    return f"event-{event.id}@{urlsplit(public_link('/')).hostname}"


def escaped(text: str) -> str:
    """A text that ends neither its line nor its value (section 3.3.11)."""
    for plain, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,")):
        text = text.replace(plain, written)
    kept = (c for c in "\\n".join(text.splitlines()) if c >= " " and c != "\x7f")
    return "".join(kept)


def folded(line: str) -> str:
    """The line in pieces of at most 75 octets; no character is torn."""
    pieces, room = [""], LONGEST_LINE
    for character in line:
        size = len(character.encode())
        if size > room:
            pieces.append(" ")
            room = LONGEST_LINE - 1
        pieces[-1] += character
        room -= size
    return "\r\n".join(pieces)


def _hours(event: Event) -> list[str]:
    if not event.has_young_people:
        return [f"DTSTART:{_utc(event.starts_at)}", f"DTEND:{_utc(event.ends_at)}"]
    first, last = (at.astimezone(event.zone).date() for at in (event.starts_at, event.ends_at))
    # A calendar's last day is the one after.
    days = (("DTSTART", first), ("DTEND", last + timedelta(days=1)))
    return [f"{name};VALUE=DATE:{day:%Y%m%d}" for name, day in days]


def _words(event: Event) -> list[str]:
    reason = event.cancel_reason if event.is_cancelled else ""
    return [reason, event.description, public_link_there(event), link_of(event)]


def _named(name: str, text: str) -> list[str]:
    return [f"{name}:{escaped(text)}"] if text else []


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
