"""Between the clock on the wall of an event and UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from app.exceptions import RuleBroken


def utc_of(local: datetime, zone: ZoneInfo, *, field: str) -> datetime:
    """The moment at which the clocks of `zone` show `local`; raises RuleBroken.

    In spring there is an hour that no clock shows, in autumn one that every clock shows twice:
    neither is one moment, so both are asked back rather than guessed.
    """
    first, second = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first == second:
        return first
    shown = f"{local:%H:%M}"
    if first.astimezone(zone).replace(tzinfo=None) != local:
        raise RuleBroken(
            _(
                "There is no %(time)s on that day: the clocks go forward. "
                "Choose a time before or after that hour.",
                time=shown,
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


def local_of(moment: datetime, zone: ZoneInfo) -> datetime:
    """What the clocks of `zone` show at `moment`, without a zone: as forms want it."""
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)
