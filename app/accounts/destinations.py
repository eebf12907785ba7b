"""Where to go after signing in: the name of one of our routes, never an address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import current_app, request, url_for
from werkzeug.routing import BuildError, Rule

USUAL = "board.desk"
NEVER = ("static", "static_version", "accounts.sign_in", "accounts.confirm_password")


def gate_url(gate: str) -> str:
    """The address of `gate`, an endpoint, from where this page can be come back to."""
    back: dict[str, Any] = here()
    return url_for(gate, **back)


def here() -> dict[str, str]:
    """This page as arguments of a link that leads back to it; none when it cannot be opened."""
    rule = request.url_rule
    if rule is None or not _is_page(rule):
        return {}
    return _as_arguments(rule, request.view_args or {})


def asked_for() -> dict[str, str]:
    """The destination that this request's query names, cleaned; none when it names no page."""
    for rule in current_app.url_map.iter_rules(endpoint=_known(request.args.get("next", ""))):
        if _is_page(rule) and rule.arguments <= request.args.keys():
            arguments = _as_arguments(rule, request.args)
            # No page of ours is named by a slash, and one could climb out of its place.
            return {} if any("/" in value for value in arguments.values()) else arguments
    return {}


def url_of(arguments: Mapping[str, str]) -> str:
    """The address of a destination, or of the desk when there is none."""
    values: dict[str, Any] = {key: value for key, value in arguments.items() if key != "next"}
    try:
        return url_for(arguments.get("next", USUAL), **values)
    except (BuildError, ValueError):
        return url_for(USUAL)


def _known(endpoint: str) -> str:
    return endpoint if endpoint in current_app.view_functions else USUAL


def _is_page(rule: Rule) -> bool:
    return "GET" in (rule.methods or ()) and rule.endpoint not in NEVER


def _as_arguments(rule: Rule, values: Mapping[str, object]) -> dict[str, str]:
    return {"next": rule.endpoint} | {name: str(values[name]) for name in rule.arguments}
