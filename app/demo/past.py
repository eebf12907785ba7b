"""What was achieved before: published facts, and the section's own invented seasons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from app.outcomes.actions import OutcomeFields, TotalFields, import_totals, tell_outcome
from app.outcomes.models import OWN, WORLD

CAMPAIGNS_PAGE = "the campaign’s own page of 2015"
PUBLISHED = "the campaign’s published totals"
FACTS = ("name", "country", "campaign_year", "change", "headline", "year", "month", "day")


def tell_the_past(
    outcomes: Iterable[Mapping[str, Any]],
    history: Mapping[str, Any],
    seasons: Iterable[Mapping[str, Any]],
    *,
    first_day: date,
    actor: str,
    now: datetime,
) -> None:
    """Put the outcomes and both histories on record; the season before began in `first_day`'s."""
    for told in outcomes:
        fields = OutcomeFields(
            **{name: told[name] for name in FACTS},
            actions_stated=told["actions_stated"] or "",
            sources="\n".join(told["sources"] or [CAMPAIGNS_PAGE]),
        )
        tell_outcome(fields, actor=actor, now=now)
    own = (_own_total(told, first_day.year) for told in seasons)
    import_totals([*_world(history), *own], actor=actor, now=now)


def _world(history: Mapping[str, Any]) -> Iterator[TotalFields]:
    at_close = {row["year"]: row["at_close"] for row in history["known_at_close"]}
    for row in history["world_totals"]:
        yield TotalFields(
            WORLD,
            row["year"],
            row["actions"],
            precision=row["precision"].replace(" ", "_"),
            at_close=at_close.get(row["year"]),
            note=row["note"],
            sources="\n".join(row["sources"] or [PUBLISHED]),
        )


def _own_total(told: Mapping[str, Any], this_year: int) -> TotalFields:
    return TotalFields(
        OWN,
        this_year - told["years_ago"],
        told["total"],
        precision=told["precision"],
        at_close=told.get("at_close"),
        note=told.get("note", ""),
    )
