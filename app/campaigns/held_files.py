"""Files that were looked at and wait for a decision: for an hour, for whoever sent them."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from datetime import datetime, timedelta
from pathlib import Path

from flask import current_app
from flask_babel import gettext as _

from app.exceptions import NotFound

HELD_FOR = timedelta(hours=1)
TOKEN = re.compile("[0-9a-f]{32}")


def hold_file(data: bytes, *, owner: str, now: datetime) -> str:
    """Keep a file for its owner, an opaque id; the token it is found again by."""
    sweep_held_files(now)
    token = secrets.token_hex(16)
    _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(_path(token, owner), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    return token


def read_held_file(token: str, *, owner: str, now: datetime) -> bytes:
    """The file again; raises NotFound when it is somebody else's, decided on, or too old."""
    sweep_held_files(now)
    with contextlib.suppress(FileNotFoundError):
        if TOKEN.fullmatch(token):
            return _path(token, owner).read_bytes()
    raise NotFound(_("This file is no longer here. Choose it once more."))


def drop_held_file(token: str, *, owner: str) -> None:
    """Forget a file."""
    if TOKEN.fullmatch(token):
        _path(token, owner).unlink(missing_ok=True)


def sweep_held_files(now: datetime) -> None:
    """Forget all that nobody decided on within the hour."""
    with contextlib.suppress(FileNotFoundError):
        for file in _folder().iterdir():
            with contextlib.suppress(FileNotFoundError):
                if now.timestamp() - file.stat().st_mtime > HELD_FOR.total_seconds():
                    file.unlink()


def _folder() -> Path:
    return Path(current_app.instance_path) / "held"


def _path(token: str, owner: str) -> Path:
    return _folder() / f"{owner}-{token}.zip"
