"""Until there are an owner and a section, every page leads to the setup."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, current_app, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.exceptions import SecurityError

from app.config import Settings
from app.exceptions import NotAllowed
from app.fragments import Answer, see_other, wants_fragment, wants_json
from app.setup import queries

OPEN = frozenset({"setup.begin", "setup.begin_post", "accounts.choose_language"})
OPEN |= {"board.healthz", "static", "static_version"}
"""What can be reached while there is nobody."""
ONWARDS = OPEN | {"setup.section", "accounts.sign_in", "accounts.sign_in_post", "accounts.sign_out"}
"""What leads an admin to the section's step."""
DONE = "lettertally_set_up"
"""Where it is remembered what is done for ever, so that it is asked no more."""


def init_app(app: Flask, _settings: Settings) -> None:
    """Stand before every request, behind the shell's own checks."""
    app.extensions.setdefault(DONE, set())
    app.before_request(lead_to_setup)


def lead_to_setup() -> Answer | None:
    """Where a request has to go first; None when it may go on."""
    if request.endpoint in OPEN or isinstance(request.routing_exception, SecurityError):
        return None
    if not is_done("people", queries.has_people):
        return send_to("setup.begin")
    if request.endpoint in ONWARDS or is_done("section", queries.has_section):
        return None
    if getattr(current_user, "is_admin", False):
        return send_to("setup.section")
    # Whoever comes too early is told so on the first page.
    return None if request.endpoint == "board.home" else send_to("board.home")


def is_done(step: str, asked: Callable[[], bool]) -> bool:
    """Whether a step is done; the database is asked until it says yes."""
    done: set[str] = current_app.extensions[DONE]
    if step not in done and asked():
        done.add(step)
    return step in done


def send_to(endpoint: str) -> Answer:
    """Lead a reader there; raises NotAllowed for whatever cannot be led."""
    if request.method in ("GET", "HEAD") and not (wants_fragment() or wants_json()):
        return see_other(url_for(endpoint))
    raise NotAllowed(
        _("Lettertally is not set up yet: nobody is here who could let you do this."),
        error="not_set_up",
    )
