"""Links as people type them and as phones scan them: always on the public address."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from flask import current_app
from markupsafe import Markup

from app.config import Settings


def public_link(path: str) -> str:
    """A path of this site on the address that people type."""
    settings: Settings = current_app.config["LETTERTALLY"]
    return settings.public_url + path


def is_loopback_address() -> bool:
    """Whether the public address is this very machine, so that no phone can follow a code."""
    settings: Settings = current_app.config["LETTERTALLY"]
    host = urlsplit(settings.public_url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def draw_qr(link: str) -> Markup:
    """The link as an SVG without a size of its own; its box gives it one, and a light ground."""
    # Only here, because most people see no code and its tables stay in memory.
    import segno

    # Level M mends a coffee stain. The box's light rim makes the quiet zone up to four modules.
    drawing = segno.make(link, error="m", micro=False)
    return Markup(drawing.svg_inline(border=2, omitsize=True, svgclass=None, lineclass=None))  # noqa: S704
