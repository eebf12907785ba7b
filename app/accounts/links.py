"""Links that are a key: what they carry is worked out from the app's secret, never stored."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import NamedTuple

from flask import current_app

from app.config import Settings

KEY = b"lettertally one-time links"


class Minted(NamedTuple):
    """What is stored of a new link: the half that it is worked out from, and its hash."""

    nonce: str
    token_hash: str


def mint(kind: str) -> Minted:
    """A new link's two columns."""
    nonce = secrets.token_hex(16)
    return Minted(nonce, hash_of(token_of(kind, nonce)))


def token_of(kind: str, nonce: str) -> str:
    """What the link carries: 256 bits that nobody has who holds the database alone.

    Whoever may see an open link can so be shown it again, and mail can be written later.
    """
    secret = str(current_app.config["SECRET_KEY"]).encode()
    key = hmac.new(secret, KEY, hashlib.sha256).digest()
    return hmac.new(key, f"{kind}\0{nonce}".encode(), hashlib.sha256).hexdigest()


def hash_of(token: str) -> str:
    """What a link is found by."""
    return hashlib.sha256(token.encode()).hexdigest()


def outside(path: str) -> str:
    """The address that somebody elsewhere types; it follows the settings, not the request."""
    settings: Settings = current_app.config["LETTERTALLY"]
    return settings.public_url + path
