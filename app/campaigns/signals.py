"""What the features above may need to hear of, inside the same transaction."""

from __future__ import annotations

from blinker import Signal

campaign_created = Signal("Sent with the new campaign: `campaign`, `section`, `session`, `now`.")
section_changed = Signal("Sent when the section's own row is changed: `section`.")
case_changed = Signal("Sent when screens must stop or resume a case: `case`, `session`.")
