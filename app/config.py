"""The settings: one frozen object read from LETTERTALLY_* names in the environment.

Standard library only, because `run` reads the settings before anything is installed.
"""

from __future__ import annotations

import contextlib
import difflib
import ipaddress
import os
import re
import secrets
import zoneinfo
from collections.abc import Callable, Iterable, Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "LETTERTALLY_"
TESTS_PREFIX = "LETTERTALLY_TEST_"
"""What the tests are told by; the app reads none of these."""

THIS_MACHINE = ("localhost", "127.0.0.1", "[::1]")
HOST_PATTERN = r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]*:[0-9a-f:.]*\]"
LOG_LEVELS = ("debug", "info", "warning", "error")
SECRET_KEY_BYTES = 32


class SettingsError(Exception):
    """A setting is unknown or wrong; the message is one sentence for the person who set it."""


def _folder(text: str) -> Path:
    return Path(os.path.normpath(ROOT / Path(text).expanduser()))


def _number(smallest: int, largest: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not re.fullmatch("[0-9]{1,9}", text) or not smallest <= int(text) <= largest:
            raise ValueError(f"must be a whole number from {smallest} to {largest}")
        return int(text)

    return read


def _address(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise ValueError("must be an address of this machine, like 127.0.0.1 or 0.0.0.0") from None


def _public_url(text: str) -> str:
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


def _database_url(text: str) -> str:
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


def _smtp_url(text: str) -> MailServer | None:
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


def _mail_from(text: str) -> tuple[str, str]:
    """The sender's name, which may be empty, and the address."""
    named = re.fullmatch(r"(?:\"?([^<>\"\x00-\x1f]*?)\"?\s*<)?([!-;=?-~]+@[a-zA-Z0-9.-]+)>?", text)
    if text and (not named or ("<" in text) != text.endswith(">")):
        raise ValueError("must be an address, like letters@example.org or Letters <letters@…>")
    return ((named[1] or "").strip(), named[2]) if named else ("", "")


def _hosts(text: str) -> tuple[str, ...]:
    hosts = _listed(text.lower())
    if not all(re.fullmatch(HOST_PATTERN, host) for host in hosts):
        raise ValueError("must be host names with commas between, like tally.local,192.168.1.20")
    return hosts


def shipped_languages() -> tuple[str, ...]:
    """English, in which everything is written, and whatever it is translated into."""
    catalogues = (ROOT / "app" / "translations").glob("*/LC_MESSAGES/messages.po")
    return ("en", *sorted(catalogue.parts[-3] for catalogue in catalogues))


def _languages(text: str) -> tuple[str, ...]:
    shipped = shipped_languages()
    languages = shipped if text == "all" else _listed(text)
    if not set(shipped).issuperset(languages):
        raise ValueError(f"must be languages with commas between, out of {','.join(shipped)}")
    return languages


def _listed(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def _time_zone(text: str) -> str:
    try:
        zoneinfo.ZoneInfo(text)
    except (OSError, ValueError, zoneinfo.ZoneInfoNotFoundError):
        known = zoneinfo.available_timezones()
        # A slim machine has no zones to compare with until the packages are installed.
        if known:
            raise ValueError(f"must be a time zone, like {_nearest(text, known)}") from None
    return text


def _log_level(text: str) -> str:
    if text.lower() not in LOG_LEVELS:
        raise ValueError(f"must be one of {', '.join(LOG_LEVELS)}")
    return text.lower()


def _nearest(text: str, names: Iterable[str], otherwise: str = "Europe/Lisbon") -> str:
    return next(iter(difflib.get_close_matches(text, sorted(names), n=1)), otherwise)


def _setting(
    meaning: str, *, default: str, read: Callable[[str], Any], secret: bool = False
) -> Any:
    """A field read from the environment; `{name}` in its default is an earlier setting's value."""
    metadata = {"meaning": meaning, "default": default, "read": read, "secret": secret}
    return field(metadata=metadata, repr=not secret)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What whoever runs this server decides; what organisers decide lives in the database."""

    instance: Path = _setting(
        "The folder of the database, the keys and the backups.", default="instance", read=_folder
    )
    host: str = _setting(
        "The address of this machine to listen on; 0.0.0.0 is all of them.",
        default="127.0.0.1",
        read=_address,
    )
    port: int = _setting("The port to listen on.", default="8000", read=_number(1, 65535))
    public_url: str = _setting(
        "The address people type; links, QR codes and cookies follow it.",
        default="http://localhost:{port}",
        read=_public_url,
    )
    trusted_hosts: tuple[str, ...] = _setting(
        "More host names to answer to, besides the public address's and this machine's own.",
        default="",
        read=_hosts,
    )
    database_url: str = _setting(
        "Where the letters are kept: a SQLite file or a PostgreSQL database.",
        default="sqlite:///{instance}/lettertally.db",
        read=_database_url,
        secret=True,
    )
    proxies: int = _setting(
        "How many trusted proxies stand in front, each adding itself to X-Forwarded-For.",
        default="0",
        read=_number(0, 5),
    )
    threads: int = _setting(
        "How many requests are worked on at once; a slow sender takes none.",
        default="16",
        read=_number(1, 4096),
    )
    backpressure: int = _setting(
        "How many connections are held open; the next one waits to be served.",
        default="18000",
        read=_number(1, 100_000),
    )
    keep_backups: int = _setting(
        "How many of the daily backups are kept; the oldest go first.",
        default="14",
        read=_number(1, 1000),
    )
    languages: tuple[str, ...] = _setting(
        "The languages to offer, the usual one first.", default="all", read=_languages
    )
    time_zone: str = _setting(
        "The time zone of dates and times on pages.", default="UTC", read=_time_zone
    )
    smtp_url: MailServer | None = _setting(
        "The server that sends mail; without one links are shown on screen instead.",
        default="",
        read=_smtp_url,
        secret=True,
    )
    mail_from: tuple[str, str] = _setting(
        "The address that mail comes from, with a name if it is not the section's.",
        default="",
        read=_mail_from,
    )
    log_level: str = _setting(
        "How much is logged: debug, info, warning or error.", default="info", read=_log_level
    )

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Settings:
        """Read every setting, or raise `SettingsError` for the first one that is wrong."""
        _refuse_unknown_names(environ)
        values: dict[str, Any] = {}
        for setting in fields(cls):
            values[setting.name] = _read(setting, environ, values)
        if values["smtp_url"] and not values["mail_from"][1]:
            name = setting_name("mail_from")
            raise SettingsError(f"{name} must be the address that mail comes from, for it is on.")
        public_host = re.sub(":[0-9]+$", "", values["public_url"].partition("://")[2])
        hosts = (public_host, *THIS_MACHINE, *values["trusted_hosts"])
        return cls(**values | {"trusted_hosts": tuple(dict.fromkeys(hosts))})

    @property
    def origin(self) -> str:
        """What browsers send as Origin from our own pages."""
        return self.public_url

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def sqlite_file(self) -> Path | None:
        """The database's file, or None on PostgreSQL."""
        scheme, _, path = self.database_url.partition(":///")
        return Path(path) if scheme == "sqlite" else None

    def secret_key(self) -> str:
        """The key that signs cookies, made with the instance's folder when first asked for."""
        file = self.instance / "secret.key"
        with contextlib.suppress(FileExistsError):
            self.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as new_file:
                new_file.write(secrets.token_hex(SECRET_KEY_BYTES))
                new_file.flush()
                # A power cut right after the first start would leave an empty file behind.
                os.fsync(new_file.fileno())
        key = file.read_text().strip()
        if len(key) < SECRET_KEY_BYTES:
            raise SettingsError(f"{file} is damaged: delete it, and everybody signs in again.")
        return key


def setting_name(field_name: str) -> str:
    """The name in the environment of a field of `Settings`."""
    return PREFIX + field_name.upper()


def _refuse_unknown_names(environ: Mapping[str, str]) -> None:
    known = {setting.name: setting_name(setting.name) for setting in fields(Settings)}
    for name in sorted(filter(_is_ours, environ)):
        if name not in known.values():
            # Compared without the prefix, which alone would make everything look alike.
            nearest = _nearest(name.removeprefix(PREFIX).lower(), known, otherwise="")
            guesses = known[nearest] if nearest else " or ".join(known.values())
            raise SettingsError(f"{name} is not a setting; did you mean {guesses}?")


def _is_ours(name: str) -> bool:
    return name.startswith(PREFIX) and not name.startswith(TESTS_PREFIX)


def _read(setting: Field[Any], environ: Mapping[str, str], earlier: Mapping[str, Any]) -> Any:
    # An empty value is what compose files and unit files write for "not set".
    name = setting_name(setting.name)
    text = environ.get(name, "").strip() or setting.metadata["default"].format(**earlier)
    try:
        return setting.metadata["read"](text)
    except ValueError as mend:
        shown = "" if setting.metadata["secret"] else f", not {text!r}"
        raise SettingsError(f"{name} {mend}{shown}.") from None
