"""The numbers for other programs: stable names, no personal data; examples in docs/json.md."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.board.queries import CampaignBoard, CaseRow, EventBoard, EventRow


def event_as_json(board: EventBoard) -> dict[str, Any]:
    """`tally.json` of an event."""
    return {
        "event": board.event.slug,
        **_numbers(board),
        "as_of": _as_of(board),
        "people": board.event.people,
        "goal": board.event.goal,
    }


def _as_of(board: EventBoard) -> str | None:
    """The moment; of young people's events the day alone, or it would tell their hours."""
    event, as_of = board.event, board.as_of
    if as_of is None:
        return None
    moment = as_of.astimezone(event.zone).date() if event.has_young_people else as_of
    return moment.isoformat()


def campaign_as_json(board: CampaignBoard, events: Iterable[EventRow]) -> dict[str, Any]:
    """`totals.json` of the season; private events and letters from home count unnamed."""
    return {
        "campaign": board.campaign.slug,
        **_numbers(board),
        "people": board.people,
        "goal": board.campaign.goal,
        "previous_total": board.campaign.previous_total,
        "events": [
            {
                "event": row.event.slug,
                "total": row.counted.total,
                "letters": row.counted.letters,
                "other": row.counted.other,
            }
            for row in events
        ],
    }


def _numbers(board: EventBoard | CampaignBoard) -> dict[str, Any]:
    return {
        "version": board.version,
        "as_of": board.as_of.isoformat() if board.as_of else None,
        "state": "final" if board.is_final else "provisional",
        "total": board.counted.total,
        "letters": board.counted.letters,
        "other": board.counted.other,
        "kinds": board.kinds,
        "cases": [_case(row) for row in board.rows],
    }


def _case(row: CaseRow) -> dict[str, Any]:
    return {
        "slug": row.case.slug,
        "name": row.case.name,
        "total": row.counted.total,
        "kinds": row.kinds,
    }
