"""What the routes share about whoever stands before a browser: its cookie, and its tries."""

from __future__ import annotations

from flask import request
from flask.wrappers import Response

from app.accounts import actions
from app.accounts.access import SIGNED_IN_FOR, session_cookie
from app.accounts.browsers import Arrival, read_browser
from app.accounts.networks import client_network, limit_key
from app.accounts.queries import normal_email
from app.clock import now
from app.cookies import SESSION, drop_cookie, set_cookie


def own_token() -> str | None:
    """The token that this browser came with, good or not."""
    return request.cookies.get(session_cookie())


def own_arrival() -> Arrival:
    """What this browser says it is, and the session it came with."""
    return Arrival(read_browser(request.user_agent.string), own_token())


def count_try(email: str) -> None:
    """One try at a password, for this address from here, and from here at all."""
    network = client_network()
    actions.take_try(
        person_key=limit_key("sign-in-person", normal_email(email), network),
        network_key=limit_key("sign-in-network", network),
        now=now(),
    )


def set_session_cookie(response: Response, token: str) -> None:
    """Hand the browser its token; it outlives the browser's own end, as the session does."""
    set_cookie(response, SESSION, token, lasts=SIGNED_IN_FOR)


def drop_session_cookie(response: Response) -> None:
    """Take the token away from the browser."""
    drop_cookie(response, SESSION)
