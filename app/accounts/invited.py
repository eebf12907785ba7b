"""Who was asked to join and has not answered, by pages and by a search."""

from __future__ import annotations

from typing import Any

from flask import request

from app.accounts import queries
from app.clock import now
from app.fields import read_id

PAGE = 100
"""Invitations on a page of their list."""
LONGEST_SEARCH = 80


def read_search() -> str:
    """What somebody looks for among people and invitations."""
    return " ".join(request.args.get("q", "").split())[:LONGEST_SEARCH]


def invited_page(search: str, *, after: str = "") -> dict[str, Any]:
    """One page of those who were asked, whom the search finds."""
    found = queries.list_waiting_invitations(search)
    first = read_id(after) or 0
    first = first if first < len(found) else 0
    return {
        "invitations": found[first : first + PAGE],
        "invited": len(found),
        "next_from": first + PAGE if len(found) > first + PAGE else None,
        "is_first": first == 0,
        "now": now(),
    }
