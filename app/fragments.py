"""The whole htmx seam: one URL, two answers, and what tells them apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue as Answer
from flask.wrappers import Response

JSON = "application/json"

__all__ = [
    "Answer",
    "respond",
    "see_other",
    "takes_files",
    "unchanged",
    "wants_fragment",
    "wants_json",
]

View = TypeVar("View", bound=Callable[..., Answer])


def wants_fragment() -> bool:
    """Whether htmx asked, and so gets the fragment alone."""
    return request.headers.get("HX-Request") == "true"


def wants_json() -> bool:
    """Whether a script of ours asked; browsers put HTML first and htmx asks for nothing else."""
    accept = request.headers.get("Accept")
    return accept == JSON or request.accept_mimetypes.best == JSON


def respond(
    page_template: str, fragment_template: str, status: int = 200, **context: Any
) -> Response:
    """The page, or for htmx the fragment alone; the page includes that same fragment."""
    template = fragment_template if wants_fragment() else page_template
    response = make_response(render_template(template, **context), status)
    response.vary.add("HX-Request")
    return response


def unchanged() -> Response:
    """Tell a poll that what it shows is current: nothing is swapped, nobody hears of it."""
    response = make_response("", 204)
    response.vary.add("HX-Request")
    return response


def see_other(url: str) -> Response:
    """Send a browser to what its POST changed; a reload there posts nothing again."""
    response = make_response(redirect(url, code=303))
    # Without the page that Werkzeug writes, in English, for browsers of the last century.
    response.set_data(b"")
    response.vary.add("HX-Request")
    return response


def takes_files(most: int) -> Callable[[View], View]:
    """Let a view take a body of `most` bytes, from admins alone; see `security`."""

    def mark(view: View) -> View:
        view.most_bytes = most  # type: ignore[attr-defined]
        return view

    return mark
