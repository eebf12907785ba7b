"""Every "no" and every mishap, as a page, a fragment or JSON, in words that say what to do next."""

from __future__ import annotations

from typing import NamedTuple

from flask import (
    Flask,
    current_app,
    g,
    jsonify,
    make_response,
    render_template,
    request,
    url_for,
)
from flask.wrappers import Response
from flask_babel import LazyString, force_locale, lazy_gettext
from flask_babel import gettext as _
from sqlalchemy.exc import DataError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError

from app.accounts import destinations
from app.config import Settings
from app.database import db
from app.exceptions import Refusal, TooMany
from app.formatting import locale_info
from app.fragments import see_other, wants_fragment, wants_json
from app.languages import locale_of_browser


class Words(NamedTuple):
    """What a status is called: on the wire, on the postmark, as a heading, in a sentence."""

    error: str
    stamp: LazyString
    heading: LazyString
    sentence: LazyString


WORDS = {
    400: Words(
        "bad_request",
        lazy_gettext("Cannot be read"),
        lazy_gettext("We could not read that"),
        lazy_gettext("The link or the form came through damaged. Go back and try again."),
    ),
    401: Words(
        "not_signed_in",
        lazy_gettext("Sender unknown"),
        lazy_gettext("Please sign in first"),
        lazy_gettext("This page is for people who are signed in."),
    ),
    403: Words(
        "not_allowed",
        lazy_gettext("Not addressed to you"),
        lazy_gettext("This is not yours to open"),
        lazy_gettext("Your account does not reach this page. If it should, ask your section."),
    ),
    404: Words(
        "not_found",
        lazy_gettext("Not known here"),
        lazy_gettext("Nothing at this address"),
        lazy_gettext("The page may have moved, or the link is missing a piece."),
    ),
    405: Words(
        "method_not_allowed",
        lazy_gettext("Wrong way round"),
        lazy_gettext("This address works another way"),
        lazy_gettext("Go to the page itself and press its button."),
    ),
    409: Words(
        "conflict",
        lazy_gettext("Crossed in the post"),
        lazy_gettext("Somebody was here first"),
        lazy_gettext("This changed while you were looking at it. Look again, then decide."),
    ),
    413: Words(
        "too_large",
        lazy_gettext("Too heavy to carry"),
        lazy_gettext("That is too much at once"),
        lazy_gettext("Send less in one go, and it will fit."),
    ),
    415: Words(
        "unsupported_type",
        lazy_gettext("Wrong envelope"),
        lazy_gettext("This came in a form we do not read"),
        lazy_gettext("Use the page's own form to send it."),
    ),
    422: Words(
        "rule_broken",
        lazy_gettext("Something missing"),
        lazy_gettext("Something needs mending"),
        lazy_gettext("Go back, mend the field that is marked, and send it again."),
    ),
    429: Words(
        "too_many",
        lazy_gettext("One moment please"),
        lazy_gettext("A little slower, please"),
        lazy_gettext("Too many tries at once from here. Wait a minute, then try again."),
    ),
    500: Words(
        "broken",
        lazy_gettext("Return to sender"),
        lazy_gettext("Something broke on our side"),
        lazy_gettext("Nothing you logged is lost. Try again in a moment."),
    ),
    503: Words(
        "busy",
        lazy_gettext("One moment please"),
        lazy_gettext("Too much at once just now"),
        lazy_gettext("Others were writing at the same moment. Wait a second and send it again."),
    ),
}
SERIALIZATION_FAILURE, DEADLOCK_DETECTED = "40001", "40P01"
"""What PostgreSQL calls it."""
# The same status, but another thing happened.
HEADINGS = {
    "no_device": lazy_gettext("Join a table first"),
    "device_revoked": lazy_gettext("This device was signed off"),
    "not_set_up": lazy_gettext("Lettertally is not set up yet"),
    "password_needed": lazy_gettext("Your password once more, please"),
    "names_deleted": lazy_gettext("The names were deleted"),
    "stale_token": lazy_gettext("This page has grown old"),
    "foreign_origin": lazy_gettext("This came from another site"),
}


class Way(NamedTuple):
    """The one thing to do next: where to, and what the link says."""

    href: str
    words: str


class Mishap(NamedTuple):
    """What every shape of answer is made from."""

    status: int
    error: str
    message: str
    field: str | None = None

    @property
    def words(self) -> Words:
        return WORDS.get(self.status) or WORDS[500 if self.status >= 500 else 400]

    @property
    def heading(self) -> LazyString:
        """What happened, in a few words."""
        return HEADINGS.get(self.error, self.words.heading)


def init_app(app: Flask, settings: Settings) -> None:
    """Answer refusals and mishaps in the app's own words."""
    app.register_error_handler(Refusal, answer_refusal)
    app.register_error_handler(HTTPException, answer_http_exception)
    for absurd in (OverflowError, DataError):
        app.register_error_handler(absurd, answer_absurd_number)
    for gone in (ObjectDeletedError, StaleDataError):
        app.register_error_handler(gone, answer_gone)
    app.register_error_handler(SecurityError, answer_bare)
    app.register_error_handler(InternalServerError, answer_bare)


def answer_refusal(refusal: Refusal) -> Response:
    """What the domain declines, with its own sentence."""
    gate = GATES.get(refusal.error)
    if gate and request.method in ("GET", "HEAD") and not (wants_fragment() or wants_json()):
        return see_other(destinations.gate_url(gate))
    sentence = WORDS[refusal.status].sentence
    response = answer(
        Mishap(refusal.status, refusal.error, refusal.message or str(sentence), refusal.field)
    )
    if isinstance(refusal, TooMany):
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


GATES = {"not_signed_in": "accounts.sign_in", "password_needed": "accounts.confirm_password"}
"""Where a refused page sends its reader; there they are brought back."""


def answer_http_exception(exception: HTTPException) -> Response:
    """What Flask or Werkzeug declines: their headers, our words."""
    status = exception.code or 500
    words = Mishap(status, "", "").words
    response = answer(Mishap(status, words.error, str(words.sentence)))
    for name, value in exception.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def answer_absurd_number(_exception: Exception) -> Response:
    """A number or a date so big that no column, or no calendar, holds it."""
    db.session.rollback()
    return answer(Mishap(400, WORDS[400].error, str(WORDS[400].sentence)))


def answer_gone(_exception: Exception) -> Response:
    """What was to be changed was deleted by somebody else a moment ago."""
    db.session.rollback()
    return answer(Mishap(409, WORDS[409].error, str(WORDS[409].sentence)))


def answer(mishap: Mishap) -> Response:
    """The mishap in the shape that was asked for."""
    if wants_json():
        return _json(mishap)
    template = "errors/_error.html" if wants_fragment() else "errors/error.html"
    response = make_response(
        render_template(template, mishap=mishap, way=way_on(mishap.error), request_id=g.request_id),
        mishap.status,
    )
    return _varied(response)


def answer_bare(exception: HTTPException) -> Response:
    """When nothing may be relied on, not the database, not the host's name: a page without links.

    A forged Host is a SecurityError; whatever broke unforeseen an InternalServerError.
    """
    is_busy = _was_in_the_way(getattr(exception, "original_exception", None))
    status = 503 if is_busy else exception.code or 500
    response = _answer_bare(status)
    if is_busy:
        response.headers["Retry-After"] = "1"
    return response


def _was_in_the_way(error: BaseException | None) -> bool:
    """Whether the database undid it for others' sake alone: done again it goes through."""
    said = getattr(error, "orig", error)
    if getattr(said, "sqlstate", None) in (SERIALIZATION_FAILURE, DEADLOCK_DETECTED):
        return True
    return isinstance(error, TimeoutError | NoConnection) or "database is locked" in str(said)


def _answer_bare(status: int) -> Response:
    with force_locale(locale_of_browser()):
        words = WORDS[status]
        mishap = Mishap(status, words.error, str(words.sentence))
        if wants_json():
            return _json(mishap)
        template = "errors/_error.html" if wants_fragment() else "errors/bare.html"
        # Without what features give to every template: the section's name is in the database.
        text = current_app.jinja_env.get_template(template).render(
            mishap=mishap, request_id=g.get("request_id", ""), locale=locale_info()
        )
        return _varied(make_response(text, status))


def way_on(error: str) -> Way:
    """The one thing to do after a mishap."""
    if error in ("no_device", "device_revoked"):
        return Way(url_for("events.join"), _("Type the table's code"))
    if error == "not_set_up":
        return Way(url_for("setup.begin"), _("Set it up"))
    if error in GATES:
        words = _("Sign in") if error == "not_signed_in" else _("Type your password")
        return Way(destinations.gate_url(GATES[error]), words)
    # Only our own pages are linked to, by what their own form said it came from.
    referrer = request.referrer or ""
    if request.method not in ("GET", "HEAD") and referrer.startswith(request.host_url):
        return Way(referrer, _("Back to the page"))
    return Way(url_for("board.home"), _("Go to the first page"))


def _json(mishap: Mishap) -> Response:
    body = {"error": mishap.error, "message": mishap.message, "field": mishap.field}
    return _varied(make_response(jsonify(body), mishap.status))


def _varied(response: Response) -> Response:
    response.vary.update(("HX-Request", "Accept"))
    return response
