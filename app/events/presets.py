"""The four sorts of event, and what the form asks of each: no more than it needs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

A_WHOLE_DAY = timedelta(hours=24)
"""How long a marathon lasts, whatever the clocks do meanwhile."""
USUAL = (
    *("title", "held_by", "starts", "ends", "place", "town"),
    *("description", "cases", "kinds_in_front"),
)
ROOM = ("address", "what_to_bring", "languages", "language", "access", "access_notes")
FLAGS = ("has_young_people", "is_private", "is_rehearsal")


class Preset(NamedTuple):
    """A sort of event: how it is chosen, and which fields its form shows at once."""

    name: str
    label: Any
    words: Any
    icon: str
    shows: frozenset[str]


ALL = {
    preset.name: preset
    for preset in (
        Preset(
            "class",
            _l("Class"),
            _l("A lesson or a school day. Place and hour stay among you."),
            "school",
            frozenset((*USUAL, *FLAGS, "logged_by")),
        ),
        Preset(
            "group",
            _l("Group"),
            _l("An evening in a library, a café, a parish hall, a living room."),
            "users",
            frozenset((*USUAL, *ROOM, *FLAGS, "time_zone", "online_link", "goal", "logged_by")),
        ),
        Preset(
            "stall",
            _l("Stall"),
            _l("In the street, at a market, in a foyer: people stop for one letter."),
            "building-store",
            frozenset(
                (*USUAL, "address", "languages", "language", "access", "access_notes", "goal")
                + ("is_rehearsal",)
            ),
        ),
        Preset(
            "day",
            _l("24 hours"),
            _l("Noon to noon, then the next time zone goes on."),
            "clock",
            frozenset(
                (*USUAL, *ROOM, *FLAGS, "time_zone", "online_link", "goal", "logged_by")
                + ("next_event",)
            )
            - {"ends"},
        ),
    )
}
USUAL_PRESET = "group"
