"""Everything a list, its guests and its door answer to."""

from __future__ import annotations

from app.signups import (
    desk_routes,
    door_routes,
    guest_routes,
    link_routes,
    list_routes,
    names_routes,
    sheet_routes,
)
from app.signups.blueprint import blueprint

__all__ = [
    "blueprint",
    "desk_routes",
    "door_routes",
    "guest_routes",
    "link_routes",
    "list_routes",
    "names_routes",
    "sheet_routes",
]
