"""An event's form, saved by who runs it."""

from __future__ import annotations

from datetime import timedelta

from app.database import db
from app.events.local_times import local_of


def save(organiser, event, **said):
    """Save it as it stands, but for what is said; the page that follows."""
    said |= {"cases": [case.slug for case in event.cases], "kinds_in_front": event.kinds_in_front}
    page = organiser.get("events.edit_event", slug=event.slug)
    answer = organiser.submit(page, "#event-form", status=303, **said)
    db.session.rollback()
    return organiser.get(answer.location)


def move(organiser, event, *, by=timedelta(days=7), **said):
    """Save it with other hours; the page that follows."""
    hours = {"starts": event.starts_at + by, "ends": event.ends_at + by}
    shown = {name: f"{local_of(at, event.zone):%Y-%m-%dT%H:%M}" for name, at in hours.items()}
    return save(organiser, event, **said | shown)
