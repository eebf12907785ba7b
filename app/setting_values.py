"""What may stand in a setting: each is read from the text that somebody wrote, or refused.

A `ValueError` says how to mend the text; `config` puts the setting's name in front of it.
Standard library only, because `run` reads the settings before anything is installed.
"""

from __future__ import annotations

import contextlib
import difflib
import ipaddress
import re
import zoneinfo
from collections.abc import Callable, Iterable
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from app.catalogues import shipped_languages

HOST_PATTERN = r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]*:[0-9a-f:.]*\]"
LOG_LEVELS = ("debug", "info", "warning", "error")


def read_number(smallest: int, largest: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not re.fullmatch("[0-9]{1,9}", text) or not smallest <= int(text) <= largest:
            raise ValueError(f"must be a whole number from {smallest} to {largest}")
        return int(text)

    return read


def read_address(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise ValueError("must be an address of this machine, like 127.0.0.1 or 0.0.0.0") from None


def read_public_url(text: str) -> str:
    """The address as browsers write an origin: lower case, no path, no usual port."""
    with contextlib.suppress(ValueError):
        parts = urlsplit(text)
        rest = parts.path.strip("/") or parts.query or parts.fragment or parts.username
        host = (parts.hostname or "").encode("idna").decode()
        host = f"[{host}]" if ":" in host else host
        usual_port = {"http": 80, "https": 443}.get(parts.scheme)
        if usual_port and not rest and re.fullmatch(HOST_PATTERN, host):
            port = "" if parts.port in (None, usual_port) else f":{parts.port}"
            return f"{parts.scheme}://{host}{port}"
    raise ValueError("must be an address without a path, like https://letters.example.org")


def read_database_url(text: str) -> str:
    scheme, _, rest = text.partition("://")
    if scheme in ("postgres", "postgresql") and urlsplit(text).path.strip("/"):
        return f"postgresql+psycopg://{rest}"
    # A relative path would depend on where the command was typed; SQLite reads on after a "?".
    if scheme == "sqlite" and rest.startswith("//") and rest.strip("/") and "?" not in rest:
        return text
    raise ValueError(
        "must be postgresql://user:password@host/name, "
        "or sqlite:/// and a file's path from the root (no question mark in it)"
    )


class MailServer(NamedTuple):
    """Where mail is handed over, and how; `tls` is start (STARTTLS, required), wrap or none."""

    host: str
    port: int
    user: str
    password: str
    tls: str


def read_mail_server(text: str) -> MailServer | None:
    with contextlib.suppress(ValueError, UnicodeError):
        parts = urlsplit(text)
        host = parts.hostname or ""
        is_here = host in ("localhost", "127.0.0.1", "::1")
        is_open = is_here or parts.query == "tls=none"
        tls = {"smtps": "wrap", "smtp": "none" if is_open else "start"}.get(parts.scheme)
        port = parts.port or {"wrap": 465, "start": 587}.get(tls or "", 25)
        rest = parts.path.strip("/") or parts.fragment or parts.query not in ("", "tls=none")
        name, password = unquote(parts.username or ""), unquote(parts.password or "")
        is_whole = bool(name) == bool(password) and (name + password).isascii()
        if tls and host and not rest and is_whole:
            return MailServer(host, port, name, password, tls)
    if not text:
        return None
    raise ValueError(
        "must be smtp://user:password@host:587 or smtps://user:password@host:465, "
        "signs like @ / : in user and password written as %40 %2F %3A"
    )


def read_sender(text: str) -> tuple[str, str]:
    """The sender's name, which may be empty, and the address."""
    named = re.fullmatch(r"(?:\"?([^<>\"\x00-\x1f]*?)\"?\s*<)?([!-;=?-~]+@[a-zA-Z0-9.-]+)>?", text)
    if text and (not named or ("<" in text) != text.endswith(">")):
        raise ValueError("must be an address, like letters@example.org or Letters <letters@…>")
    return ((named[1] or "").strip(), named[2]) if named else ("", "")


def read_hosts(text: str) -> tuple[str, ...]:
    hosts = _listed(text.lower())
    if not all(re.fullmatch(HOST_PATTERN, host) for host in hosts):
        raise ValueError("must be host names with commas between, like tally.local,192.168.1.20")
    return hosts


def read_languages(text: str) -> tuple[str, ...]:
    shipped = shipped_languages()
    languages = shipped if text == "all" else _listed(text)
    if not languages or not set(shipped).issuperset(languages):
        raise ValueError(f"must be languages with commas between, out of {','.join(shipped)}")
    return languages


def _listed(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def read_time_zone(text: str) -> str:
    try:
        zoneinfo.ZoneInfo(text)
    except (OSError, ValueError, zoneinfo.ZoneInfoNotFoundError):
        known = zoneinfo.available_timezones()
        # A slim machine has no zones to compare with until the packages are installed.
        if known:
            raise ValueError(f"must be a time zone, like {find_nearest(text, known)}") from None
    return text


def read_log_level(text: str) -> str:
    if text.lower() not in LOG_LEVELS:
        raise ValueError(f"must be one of {', '.join(LOG_LEVELS)}")
    return text.lower()


def find_nearest(text: str, names: Iterable[str], otherwise: str = "Europe/Lisbon") -> str:
    return next(iter(difflib.get_close_matches(text, sorted(names), n=1)), otherwise)
