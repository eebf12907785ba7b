"""What the features above may need to hear of, inside the same transaction."""

from __future__ import annotations

from blinker import Signal

event_cancelled = Signal("Sent when an event is not held after all: `event`, `session`, `now`.")
event_moved = Signal(
    "Sent when an event is at another time or place: `event`, `before` (its `Whereabouts`), "
    "`session`, `now`. Answered with what its organiser is to be told, or nothing."
)
event_became_young = Signal(
    "Sent when young people take part in an event after all: `event`, `session`, `now`. Answered "
    "with what its organiser is to be told, or nothing."
)
event_keeps_names_longer = Signal(
    "Sent before an event's names are to be kept longer: `event`, `session`. Whoever promised "
    "less raises RuleBroken."
)
event_reinstated = Signal("Sent when it is held after all: `event`, `session`, `now`.")
event_copied = Signal("Sent with the event that was copied: `event`, `copy`, `session`, `now`.")
