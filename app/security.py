"""What holds for every request and every answer: hosts, origins, tokens, headers, request ids."""

from __future__ import annotations

import contextlib
import copy
import functools
import secrets
import string
import time
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_from_bytes

from flask import Flask, current_app, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask.wrappers import Request, Response
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import validate_csrf
from itsdangerous import BadSignature
from werkzeug.exceptions import NotFound
from werkzeug.middleware.proxy_fix import ProxyFix
from wtforms import ValidationError

from app import logs, static_files
from app.clock import now
from app.config import Settings
from app.cookies import cookie_name
from app.database import db
from app.exceptions import NotAllowed, RuleBroken, TooMany
from app.lanes import FULL

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FLASK_CONFIG: dict[str, object] = {
    # A case's story in a script of three bytes a letter, percent-encoded, still fits.
    "MAX_CONTENT_LENGTH": 256 * 1024,
    "MAX_FORM_MEMORY_SIZE": 256 * 1024,
    "MAX_FORM_PARTS": 300,
    "PERMANENT_SESSION_LIFETIME": timedelta(days=60),
    "SESSION_REFRESH_EACH_REQUEST": False,
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    # Identity lives in our own table of sessions; Flask-Login may not write into Flask's cookie.
    "SESSION_PROTECTION": None,
    # check_request() asks for the token, header first; a tablet idle for 13 hours still logs.
    "WTF_CSRF_CHECK_DEFAULT": False,
    "WTF_CSRF_TIME_LIMIT": None,
    "COMPRESS_ALGORITHM": ["br", "gzip"],
    # Streams are files, which static_files.py compresses once.
    "COMPRESS_STREAMS": False,
}

SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")
BIGGEST_ID = 2**31 - 1
"""What both databases' integer columns hold."""
REMEMBERED = 2048
"""Cookies and tokens whose signature need not be checked again, in each process."""

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    # "no-referrer" would turn the Origin of our own forms into "null".
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": (
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), "
        "midi=(), display-capture=(), accelerometer=(), gyroscope=(), magnetometer=(), "
        "browsing-topics=(), fullscreen=(self), screen-wake-lock=(self)"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
HSTS = "max-age=31536000"


class FormSession(SecureCookieSession):
    """Flask's session: the CSRF token and passing notices, kept when the browser is killed."""

    @property
    def permanent(self) -> bool:
        return True

    @permanent.setter
    def permanent(self, value: bool) -> None:
        raise AttributeError("the session is always permanent")


class FormSessions(SecureCookieSessionInterface):
    """Makes every session permanent without writing so into its cookie.

    A tablet sends the same cookie with every press: its signature is checked once, not each time.
    """

    session_class = FormSession

    def __init__(self) -> None:
        self.read = functools.lru_cache(maxsize=REMEMBERED)(self._read_signed)

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        cookie = request.cookies.get(self.get_cookie_name(app))
        if cookie:
            with contextlib.suppress(BadSignature):
                kept, signed_at = self.read(app, cookie)
                if now() - signed_at < app.permanent_session_lifetime:
                    # What is remembered stays as it was signed, whatever the request adds.
                    is_flat = all(type(value) is str for value in kept.values())
                    return self.session_class(kept if is_flat else copy.deepcopy(kept))
        return self.session_class()

    def _read_signed(self, app: Flask, cookie: str) -> tuple[dict[str, Any], datetime]:
        signer = self.get_signing_serializer(app)
        assert signer is not None
        kept, signed_at = signer.loads(cookie, return_timestamp=True)
        return kept, signed_at


def cookie_config(settings: Settings) -> dict[str, object]:
    """Flask's own cookie, which holds the key of the forms' tokens."""
    return {
        "SESSION_COOKIE_NAME": cookie_name(settings, "form"),
        "SESSION_COOKIE_SECURE": settings.is_https,
    }


def init_app(app: Flask, settings: Settings) -> None:
    """Put the checks before every request and the headers on every answer, errors included."""
    app.config["TRUSTED_HOSTS"] = list(settings.trusted_hosts)
    app.session_interface = FormSessions()
    logs.init_app(app, settings)
    static_files.init_app(app)
    app.before_request(check_request)
    headers = [*HEADERS.items()]
    if settings.is_https:
        headers.append(("Strict-Transport-Security", HSTS))
    readable = with_readable_address(app.wsgi_app)
    app.wsgi_app = with_headers(readable, headers)  # type: ignore[method-assign,assignment]
    app.after_request(finish_answer)
    if settings.proxies:
        # The host is not taken from a header of its own: a proxy must pass Host on.
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=1, x_host=0
        )


def check_request() -> None:
    """Raises NotAllowed (origin, token), RuleBroken or NotFound (impossible text), TooMany."""
    # A stranger's own X-Request-Id is not believed.
    g.request_id = secrets.token_hex(6)
    g.arrived_at = time.perf_counter()
    if request.endpoint is None:
        return
    check_crowd()
    check_path()
    if request.method not in SAFE_METHODS:
        check_origin()
        make_room()
        check_token()
        check_text()


def check_crowd() -> None:
    """Raises TooMany when there was no place in its lane for what was sent."""
    if FULL in request.environ:
        raise TooMany(
            _("Many people are doing this right now. Wait a moment, then try again."),
            retry_after=request.environ[FULL],
        )


def check_origin() -> None:
    """A form that another site posts says so in its Origin; scripts and tools may send none."""
    origin = request.headers.get("Origin")
    if origin is None:
        return
    settings: Settings = current_app.config["LETTERTALLY"]
    if origin == settings.origin:
        return
    # By another of our names, such as this machine's LAN address: TRUSTED_HOSTS vouches for it.
    scheme = "https" if settings.is_https else "http"
    if origin != f"{scheme}://{request.host}":
        raise NotAllowed(
            _("This was sent from another site, so nothing was done."), error="foreign_origin"
        )


def make_room() -> None:
    """Let a picture or a file in where one may be sent, from nobody but admins."""
    most = getattr(current_app.view_functions.get(str(request.endpoint)), "most_bytes", None)
    if most and getattr(current_user, "is_admin", False):
        request.max_content_length = most
        # The body comes now, perhaps for minutes: no connection may be held as long.
        db.session.rollback()


def check_token() -> None:
    """One good CSRF token is enough: a page's stale hidden field does not beat a fresh header."""
    for token in _sent_tokens():
        with contextlib.suppress(ValidationError):
            _check_pair(token, session.get("csrf_token"))
            # Tells Flask-WTF's forms that the token was checked.
            g.csrf_valid = True
            return
    raise NotAllowed(
        _("This page was open for too long. Load it again, then do it once more."),
        error="stale_token",
    )


@functools.lru_cache(maxsize=REMEMBERED)
def _check_pair(token: str, _kept: str | None) -> None:
    # The two alone decide, and a refusal is not remembered: a page presses many times.
    validate_csrf(token)


def _sent_tokens() -> Iterator[str]:
    yield request.headers.get("X-CSRFToken", "")
    yield from request.form.getlist("csrf_token")[:2]


def check_path() -> None:
    """A number no column holds, or a NUL no text holds, names nothing here."""
    if b"%00" in request.query_string:
        raise NotFound
    for value in (request.view_args or {}).values():
        if isinstance(value, int) and value > BIGGEST_ID:
            raise NotFound
        if isinstance(value, str) and "\0" in value:
            raise NotFound


def check_text() -> None:
    """PostgreSQL's texts cannot hold a NUL, and nobody types one."""
    for name, values in request.form.lists():
        if any("\0" in value for value in values):
            raise RuleBroken(
                _("There is a character in this field that cannot be kept. Type it again."),
                field=name,
                error="bad_text",
            )


def with_headers(application: WSGIApplication, headers: list[tuple[str, str]]) -> WSGIApplication:
    """The same application, every answer of which, of errors and files too, has these headers."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, own: list[tuple[str, str]], exc_info: Any = None) -> Any:
            return start_response(status, own + headers, exc_info)

        return application(environ, start)

    return answer


def with_readable_address(application: WSGIApplication) -> WSGIApplication:
    """The same application; Werkzeug stumbles over neither scheme nor query, even on error pages.

    Raw bytes in the query are percent-encoded, as browsers do it; a proxy may have passed on
    anything as the scheme.
    """

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not environ.get("QUERY_STRING", "").isascii():
            raw = environ["QUERY_STRING"].encode("latin-1")
            environ["QUERY_STRING"] = quote_from_bytes(raw, safe=string.punctuation)
        if environ["wsgi.url_scheme"] not in ("http", "https"):
            environ["wsgi.url_scheme"] = "http"
        return application(environ, start_response)

    return answer


def finish_answer(response: Response) -> Response:
    """Give every answer its own headers, and note it in the log."""
    response.headers["X-Request-Id"] = g.request_id
    if "Cache-Control" not in response.headers:
        set_caching(response)
    logs.note_request(response.status_code, since=g.arrived_at)
    return response


def set_caching(response: Response) -> None:
    """Keep what is somebody's out of every cache; the view has not said what holds for it."""
    is_somebodys = request.method not in SAFE_METHODS or any(
        name.endswith(("lettertally_session", "lettertally_device")) for name in request.cookies
    )
    response.headers["Cache-Control"] = "no-store" if is_somebodys else "private, no-cache"
    varies = response.headers.get("Vary")
    response.headers["Vary"] = ", ".join(
        filter(None, (varies, "Cookie, Accept-Language, X-Language"))
    )
