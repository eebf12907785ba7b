"""Whether the database answers; remembered for ten seconds, whoever asks how often."""

from __future__ import annotations

import time

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app.database import db

REMEMBERED_FOR = 10.0

_last: tuple[float, bool] | None = None


def is_well() -> bool:
    """Whether a read went through within the last ten seconds."""
    global _last
    if _last is None or time.monotonic() - _last[0] > REMEMBERED_FOR:
        _last = time.monotonic(), _answers()
    return _last[1]


def _answers() -> bool:
    try:
        db.session.execute(select(1))
    except SQLAlchemyError:
        return False
    return True
