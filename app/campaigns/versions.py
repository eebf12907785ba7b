"""Tell a season's live screens that they show something old."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.campaigns.models import Campaign
from app.database import do_last

ALL = 0


def move_season(session: Session, campaign_id: int = ALL) -> None:
    """Move the `live_version` of a season, or of all, when this `write()` ends.

    Deeds of the section, of the season and of each of its events come to that one row, and most
    write to events as well: those first, the season last.
    """
    moved = update(Campaign).values(live_version=Campaign.live_version + 1)
    if campaign_id != ALL:
        moved = moved.where(Campaign.id == campaign_id)
    do_last(session, ("season", campaign_id), moved.execution_options(synchronize_session=False))
