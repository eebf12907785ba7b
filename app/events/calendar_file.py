"""An event as a calendar file (RFC 5545): times in UTC, so that no rule of a zone can be wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from app.events.models import Event
from app.events.sharing import link_of
from app.events.wording import full_address, public_address, public_link_there, public_place
from app.markdown import plain
from app.qr import public_link

LONGEST_LINE = 75
"""Octets, the line's end left out (section 3.1)."""


class Visit(NamedTuple):
    """Somebody's own coming: they may know the exact hours and the street."""

    link: str
    """Their private one."""
    title: str
    public_id: str = ""
    """Of a shift, which stands in a calendar beside the event."""
    shift: tuple[datetime, datetime] | None = None


def calendar_of(event: Event, *visits: Visit) -> str:
    """The whole file; without a visit, of young people's events the day alone."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Lettertally//Events//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        *(line for visit in visits or (None,) for line in _entry(event, visit)),
        "END:VCALENDAR",
    ]
    return "".join(f"{folded(line)}\r\n" for line in lines)


def _entry(event: Event, visit: Visit | None) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{uid_of(event, visit.public_id if visit else '')}",
        f"DTSTAMP:{_utc(event.edited_at or event.created_at)}",
        # Every change moves it, and so does a cancellation: calendars take the later one.
        f"SEQUENCE:{event.edit_version - 1}",
        *_hours(event, visit),
        f"SUMMARY:{escaped(visit.title if visit else event.title)}",
        *_named("LOCATION", ", ".join(filter(None, _where(event, visit)))),
        *_named("DESCRIPTION", "\n".join(filter(None, _words(event, visit)))),
        f"URL:{visit.link if visit else link_of(event)}",
        f"STATUS:{'CANCELLED' if event.is_cancelled else 'CONFIRMED'}",
        "TRANSP:OPAQUE",
        "END:VEVENT",
    ]


def uid_of(event: Event, own: str = "") -> str:
    """The same for ever, also when the event's address changes."""
    return f"event-{own or event.id}@{urlsplit(public_link('/')).hostname}"


def escaped(text: str) -> str:
    """A text that ends neither its line nor its value (section 3.3.11)."""
    for sign, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,")):
        text = text.replace(sign, written)
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


def _hours(event: Event, visit: Visit | None) -> list[str]:
    if visit or not event.has_young_people:
        starts_at, ends_at = visit and visit.shift or (event.starts_at, event.ends_at)
        return [f"DTSTART:{_utc(starts_at)}", f"DTEND:{_utc(ends_at)}"]
    first, last = (at.astimezone(event.zone).date() for at in (event.starts_at, event.ends_at))
    # A calendar's last day is the one after.
    days = (("DTSTART", first), ("DTEND", last + timedelta(days=1)))
    return [f"{name};VALUE=DATE:{day:%Y%m%d}" for name, day in days]


def _where(event: Event, visit: Visit | None) -> tuple[str, str]:
    if visit:
        return event.place, full_address(event)
    return public_place(event), public_address(event)


def _words(event: Event, visit: Visit | None) -> list[str]:
    reason = event.cancel_reason if event.is_cancelled else ""
    online = event.online_link if visit else public_link_there(event)
    return [reason, plain(event.description), online, visit.link if visit else link_of(event)]


def _named(name: str, text: str) -> list[str]:
    return [f"{name}:{escaped(text)}"] if text else []


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
