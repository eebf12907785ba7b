"""Where a stranger asks from: enough to limit them, not enough to know them."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress

from flask import current_app, request

IPV6_PREFIX = 64
"""One household or one server has a whole /64 to itself."""


def limit_key(kind: str, *parts: str) -> str:
    """The key of a limit; without the app's secret nobody can tell whose it is."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    digest = hmac.new(secret, "\0".join((kind, *parts)).encode(), hashlib.sha256)
    return f"{kind}:{digest.hexdigest()[:32]}"


def client_network() -> str:
    """The network this request comes from: an IPv4 address, or an IPv6 /64."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, IPV6_PREFIX), strict=False))
    return str(address)
