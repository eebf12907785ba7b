"""Between the clock on the wall of an event and UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from app.events.models import Event
from app.events.presets import A_WHOLE_DAY
from app.exceptions import RuleBroken


class Beginning(NamedTuple):
    """When something starts, and by whose clocks."""

    at: datetime
    zone: ZoneInfo


def beginning_of(event: Event) -> Beginning:
    """When an event starts."""
    return Beginning(event.starts_at, event.zone)


def moved_along(moment: datetime, before: Beginning, after: Beginning) -> datetime:
    """A moment of something that started at `before` once it starts at `after`, by the clocks."""
    distance = local_of(after.at, after.zone) - local_of(before.at, before.zone)
    local = local_of(moment, before.zone) + distance
    return local.replace(tzinfo=after.zone).astimezone(UTC)


def utc_of(local: datetime, zone: ZoneInfo, *, field: str) -> datetime:
    """The moment at which the clocks of `zone` show `local`; raises RuleBroken.

    In spring there is an hour that no clock shows, in autumn one that every clock shows twice:
    neither is one moment, so both are told rather than guessed.
    """
    first, second = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first == second:
        return first
    shown = f"{local:%H:%M}"
    mended = mended_hour(local, zone)
    if mended is not None:
        raise RuleBroken(
            _(
                "There is no %(time)s on that day: the clocks go forward. "
                "It now says %(mended)s; save again if that is right.",
                time=shown,
                mended=f"{mended:%H:%M}",
            ),
            field=field,
        )
    raise RuleBroken(
        _(
            "It is %(time)s twice on that day: the clocks go back. "
            "Choose a time before or after that hour.",
            time=shown,
        ),
        field=field,
    )


def mended_hour(local: datetime, zone: ZoneInfo) -> datetime | None:
    """What clocks show instead of an hour that they skip; None for every other hour."""
    there = local.replace(tzinfo=zone, fold=0).astimezone(UTC).astimezone(zone)
    mended = there.replace(tzinfo=None, fold=0)
    return None if mended == local else mended


def local_of(moment: datetime, zone: ZoneInfo) -> datetime:
    """What the clocks of `zone` show at `moment`, without a zone: as forms want it."""
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def end_like(event: Event, starts_at: datetime) -> datetime:
    """When a copy of `event` ends that starts at `starts_at`: the same hour of the same evening."""
    if event.preset == "day":
        return starts_at + A_WHOLE_DAY
    shown = local_of(event.ends_at, event.zone) - local_of(event.starts_at, event.zone)
    local = local_of(starts_at, event.zone) + shown
    ends_at = local.replace(tzinfo=event.zone).astimezone(UTC)
    # Only a clock change can turn a short event around.
    return ends_at if ends_at > starts_at else starts_at + (event.ends_at - event.starts_at)
