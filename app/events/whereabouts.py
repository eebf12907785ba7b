"""When and where an event is: whoever comes must hear when that changes."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.events.local_times import Beginning
from app.events.models import Event


class Whereabouts(NamedTuple):
    """What an event says of itself under these names."""

    starts_at: datetime
    ends_at: datetime
    time_zone: str
    place: str
    address: str
    town: str
    online_link: str

    @property
    def beginning(self) -> Beginning:
        """When it started there."""
        return Beginning(self.starts_at, ZoneInfo(self.time_zone))

    @property
    def likeness(self) -> list[str]:
        """What is the same for the same time and place, to be kept."""
        return [str(each) for each in self]


def whereabouts_of(event: Event) -> Whereabouts:
    """When and where an event is now."""
    return Whereabouts(*(getattr(event, name) for name in Whereabouts._fields))
