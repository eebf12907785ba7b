"""What the features above may need to hear of, inside the same transaction."""

from __future__ import annotations

from blinker import Signal

invitation_accepted = Signal(
    "Sent when somebody has said yes: `invitation`, `user`, `session`, `now`."
)
