"""The cookies of ours: whose names and flags say that no other host and no script may have them."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app
from flask.wrappers import Response

from app.config import Settings

SESSION = "session"
"""The name of the cookie of whoever signs in."""


def cookie_name(settings: Settings, name: str) -> str:
    """The name as browsers keep it; `__Host-` pins it to this host, which only https allows."""
    return f"{'__Host-' if settings.is_https else ''}lettertally_{name}"


def own_cookie(name: str) -> str:
    """The same by the settings of this app."""
    return cookie_name(_settings(), name)


def set_cookie(response: Response, name: str, value: str, *, lasts: timedelta) -> None:
    """Let the browser keep a value, also beyond its own end."""
    response.set_cookie(
        own_cookie(name),
        value,
        max_age=lasts,
        secure=_settings().is_https,
        httponly=True,
        samesite="Lax",
    )


def drop_cookie(response: Response, name: str) -> None:
    """Take it away from the browser."""
    response.delete_cookie(
        own_cookie(name), secure=_settings().is_https, httponly=True, samesite="Lax"
    )


def _settings() -> Settings:
    settings: Settings = current_app.config["LETTERTALLY"]
    return settings
