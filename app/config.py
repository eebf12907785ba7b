"""The settings: one frozen object read from LETTERTALLY_* names in the environment.

Standard library only, because `run` reads the settings before anything is installed.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any

from app.setting_values import (
    MailServer,
    find_nearest,
    read_address,
    read_database_url,
    read_hosts,
    read_languages,
    read_log_level,
    read_mail_server,
    read_number,
    read_public_url,
    read_sender,
    read_time_zone,
)

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "LETTERTALLY_"
TESTS_PREFIX = "LETTERTALLY_TEST_"
"""What the tests are told by; the app reads none of these."""

THIS_MACHINE = ("localhost", "127.0.0.1", "[::1]")
SECRET_KEY_BYTES = 32


class SettingsError(Exception):
    """A setting is unknown or wrong; the message is one sentence for the person who set it."""


def read_folder(text: str) -> Path:
    return Path(os.path.normpath(ROOT / Path(text).expanduser()))


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
        "The folder of the database, the keys and the backups.",
        default="instance",
        read=read_folder,
    )
    host: str = _setting(
        "The address of this machine to listen on; 0.0.0.0 is all of them.",
        default="127.0.0.1",
        read=read_address,
    )
    port: int = _setting("The port to listen on.", default="8000", read=read_number(1, 65535))
    public_url: str = _setting(
        "The address people type; links, QR codes and cookies follow it.",
        default="http://localhost:{port}",
        read=read_public_url,
    )
    trusted_hosts: tuple[str, ...] = _setting(
        "More host names to answer to, besides the public address's and this machine's own.",
        default="",
        read=read_hosts,
    )
    database_url: str = _setting(
        "Where the letters are kept: a SQLite file or a PostgreSQL database.",
        default="sqlite:///{instance}/lettertally.db",
        read=read_database_url,
        secret=True,
    )
    proxies: int = _setting(
        "How many trusted proxies stand in front, each adding itself to X-Forwarded-For.",
        default="0",
        read=read_number(0, 5),
    )
    threads: int = _setting(
        "How many requests are worked on at once; slow files and passwords have a quarter each, "
        "other slow senders none.",
        default="16",
        read=read_number(1, 4096),
    )
    backpressure: int = _setting(
        "How many connections are held open; the next one waits to be served.",
        default="18000",
        read=read_number(1, 100_000),
    )
    keep_backups: int = _setting(
        "How many of the daily backups are kept; the oldest go first.",
        default="14",
        read=read_number(1, 1000),
    )
    languages: tuple[str, ...] = _setting(
        "The languages to offer, the usual one first.", default="all", read=read_languages
    )
    time_zone: str = _setting(
        "The time zone of dates and times on pages.", default="UTC", read=read_time_zone
    )
    smtp_url: MailServer | None = _setting(
        "The server that sends mail; without one links are shown on screen instead.",
        default="",
        read=read_mail_server,
        secret=True,
    )
    mail_from: tuple[str, str] = _setting(
        "The address that mail comes from, with a name if it is not the section's.",
        default="",
        read=read_sender,
    )
    log_level: str = _setting(
        "How much is logged: debug, info, warning or error.", default="info", read=read_log_level
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

    @property
    def folders(self) -> list[Path]:
        """Those that are there, which a server holds: its own and the database's."""
        database = self.sqlite_file.parent if self.sqlite_file else self.instance
        return [folder for folder in {self.instance, database} if folder.is_dir()]

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
        key = file.read_text("ascii", "replace").strip()
        if len(key) < SECRET_KEY_BYTES or not key.isascii():
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
            nearest = find_nearest(name.removeprefix(PREFIX).lower(), known, otherwise="")
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
