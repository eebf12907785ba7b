"""The language that somebody reads, chosen on any page and kept in their browser."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from flask import current_app, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from app import languages
from app.accounts.blueprint import blueprint
from app.exceptions import RuleBroken
from app.fragments import Answer, see_other


@blueprint.post("/language")
def choose_language() -> Answer:
    """Remember a language in this browser, and go back to the page."""
    language = request.form.get("language", "")
    if language not in languages.offered_codes():
        raise RuleBroken(_("Choose one from the list."), field="language")
    response = see_other(page_or_home(request.form.get("back", "")))
    languages.remember(response, language)
    return response


def page_or_home(path: str) -> str:
    """The address if it is a page of ours that can be opened, else the first page's."""
    # A browser reads a backslash as a slash, and drops what is not printed.
    is_ours = path.startswith("/") and path.isprintable() and "\\" not in path
    try:
        parts = urlsplit(path)
        known = unquote(parts.path) if is_ours and not parts.netloc else ""
        current_app.url_map.bind("").match(known, method="GET")
    except (HTTPException, ValueError):
        return url_for("board.home")
    return path
