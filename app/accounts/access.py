"""Who is signed in, and what only they may do."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any, ParamSpec, TypeVar

from flask import Flask, g
from flask.wrappers import Request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from app.accounts.models import SignInSession, User
from app.clock import now
from app.cookies import SESSION, own_cookie
from app.database import db
from app.exceptions import NotAllowed, NotSignedIn
from app.extensions import login_manager
from app.outbox.owing import is_mail_on

IDLE_FOR = timedelta(hours=12)
SIGNED_IN_FOR = timedelta(days=30)
PASSWORD_FRESH_FOR = timedelta(minutes=15)

P = ParamSpec("P")
R = TypeVar("R")


def init_app(app: Flask) -> None:
    """Tell Flask-Login whom to load.

    Its own `init_app` would read Flask's session for every answer and load the user for every
    template: public answers would vary by cookie, and no cache could share them.
    """
    login_manager.request_loader(load_user)
    app.login_manager = login_manager  # type: ignore[attr-defined]
    app.jinja_env.globals.update(current_user=current_user, is_mail_on=is_mail_on)


def who() -> dict[str, Any]:
    """Whoever is signed in, and when it is: what an action on the desk wants to know."""
    return {"actor": current_user.public_id, "now": now()}


def session_cookie() -> str:
    """The name of the cookie of whoever signs in."""
    return own_cookie(SESSION)


def hash_token(token: str) -> str:
    """What is stored of a session's cookie: SHA-256, enough for 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()


def load_user(request: Request) -> User | None:
    """The user behind a request's cookie, or None; reads only, whenever it is first asked.

    A session ends at sign-out, after 12 idle hours, and after 30 days whatever happens.
    """
    token = request.cookies.get(session_cookie())
    if not token:
        return None
    moment = now()
    session = db.session.execute(
        select(SignInSession)
        .join(SignInSession.user)
        .options(contains_eager(SignInSession.user))
        .where(
            SignInSession.token_hash == hash_token(token),
            SignInSession.revoked_at.is_(None),
            SignInSession.last_seen_at > moment - IDLE_FOR,
            SignInSession.created_at > moment - SIGNED_IN_FOR,
            User.is_active,
        )
    ).scalar_one_or_none()
    g.sign_in_session = session
    return session.user if session else None


def signed_in(view: Callable[P, R]) -> Callable[P, R]:
    """Let only people who are signed in through; raises NotSignedIn."""

    @functools.wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        check_signed_in()
        return view(*args, **kwargs)

    return guarded


def admins_only(view: Callable[P, R]) -> Callable[P, R]:
    """Let only admins of the section through; raises NotSignedIn, NotAllowed."""

    @functools.wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        check_signed_in()
        if not current_user.is_admin:
            raise NotAllowed(_("Only an admin of the section may do this."))
        return view(*args, **kwargs)

    return guarded


def check_signed_in() -> None:
    """Raises NotSignedIn unless somebody is signed in."""
    if not current_user.is_authenticated:
        raise NotSignedIn(_("Please sign in first."))


def check_fresh_password() -> None:
    """Raises NotAllowed, as `password_needed`, unless the password was typed within 15 minutes."""
    check_signed_in()
    if now() - g.sign_in_session.password_checked_at > PASSWORD_FRESH_FOR:
        raise NotAllowed(_("Please type your password again first."), error="password_needed")
