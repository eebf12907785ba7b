"""Everything a list, its guests and its door answer to."""

from __future__ import annotations

from app.signups.blueprint import blueprint

__all__ = ["blueprint"]
