"""Whether the database answers; remembered for ten seconds, however often somebody asks."""

from __future__ import annotations

import time

from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app.campaigns.models import Section
from app.database import db

REMEMBERED_FOR = 10.0


def is_well() -> bool:
    """Whether a read went through within the last ten seconds."""
    asked_at, was_well = current_app.extensions.get("health", (0.0, False))
    if not asked_at or time.monotonic() - asked_at > REMEMBERED_FOR:
        was_well = _answers()
        current_app.extensions["health"] = (time.monotonic(), was_well)
    return bool(was_well)


def _answers() -> bool:
    try:
        db.session.execute(select(Section.id).limit(1)).all()
    except SQLAlchemyError:
        return False
    return True
