"""Keys that lock names, one for each scope (an event, the section), outside the database.

A name in the database is AES-256-GCM under its scope's key; the key is a file in the instance's
`keys/` that no backup takes along. So a stolen database or backup holds no names, and whoever
destroys a key has deleted the names from every copy there is.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
import unicodedata
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import String, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.addresses import one_spelling
from app.config import Settings
from app.database import Model
from app.exceptions import Conflict
from app.prepared import Prepared

FOLDER = "keys"
KEY, DESTROYED, UNKNOWN = ".key", ".destroyed", ".unknown"
"""A key's file; the empty file that says for ever that it is no more; the one that says since when
the database does not name it."""
KEY_BYTES = 32
NONCE_BYTES = 12
EVENT = "event:"
"""How the scopes of the names on an event's lists begin."""
SECTION = "section"
"""The scope of what belongs to no event, like mail to people who sign in."""


class KeyGone(Conflict):
    """The key of a scope was destroyed, or its file is missing or damaged: nothing to be read."""

    error = "names_deleted"

    def __init__(self) -> None:
        super().__init__(
            _("The names were deleted, or the key to them is lost. None can be added.")
        )


class DataKey(Model):
    """Which file holds the key of a scope; the key itself is never here."""

    __tablename__ = "data_key"

    scope: Mapped[str] = mapped_column(String(40), primary_key=True)
    key_id: Mapped[str] = mapped_column(String(32), unique=True)
    """Random, so that the key of another life of this database is never taken for this one's."""
    created_at: Mapped[datetime]
    destroyed_at: Mapped[datetime | None]


class Keeper:
    """Locks and unlocks texts with one scope's key; keep it no longer than a request."""

    def __init__(self, key: bytes) -> None:
        # Ten megabytes of memory that a server without lists never needs.
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        self._cipher = AESGCM(key)
        self._likeness_key = hmac.digest(key, b"lettertally likeness", hashlib.sha256)

    def seal(self, text: str, *, at: str) -> bytes:
        """The text locked for one place, `table:row:column`: it opens nowhere else."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, text.encode(), at.encode())

    def unseal(self, sealed: bytes, *, at: str) -> str:
        """The text again, byte for byte; KeyGone when it was locked with another key or moved."""
        from cryptography.exceptions import InvalidTag

        try:
            opened = self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], at.encode())
        except (InvalidTag, ValueError):
            raise KeyGone from None
        return opened.decode()

    def likeness(self, text: str) -> str:
        """64 hex digits that are the same for texts a person would call the same, in this scope.

        Capitals, spaces at the ends and Unicode's several spellings do not matter.
        """
        normal = unicodedata.normalize("NFKC", " ".join(text.split()).casefold())
        return hmac.new(self._likeness_key, normal.encode(), hashlib.sha256).hexdigest()

    def address_likeness(self, address: str) -> str:
        """The same for however one mail address is spelled."""
        return self.likeness(one_spelling(address))


def event_keys(event_id: int) -> str:
    """The scope of the names on an event's lists."""
    return f"{EVENT}{event_id}"


def key_for(session: Session, scope: str, *, now: datetime) -> Keeper:
    """The scope's keeper, made when there is none yet; inside `write()`.

    Raises KeyGone when it was destroyed or its file is lost: a new one would mix with old rows.
    """
    return _open(session.get(DataKey, scope) or _make_key(session, scope, now=now))


def find_key(session: Session, scope: str) -> Keeper | None:
    """The scope's keeper, or None where there is nothing that could be read (any more)."""
    row = session.get(DataKey, scope)
    if row is None:
        return None
    try:
        return _open(row)
    except KeyGone:
        return None


def destroy_key(session: Session, scope: str, *, now: datetime) -> None:
    """Make every name of the scope unreadable, in all backups, too; inside `write()`.

    The file goes before the commit: killed in between, the names are gone and it is done again.
    A scope that never had a key gets none afterwards.
    """
    row = session.get(DataKey, scope)
    if row is None:
        row = DataKey(scope=scope, key_id=secrets.token_hex(16), created_at=now)
        session.add(row)
    else:
        _delete_key(row.key_id)
    row.destroyed_at = row.destroyed_at or now


def list_destroyed() -> set[str]:
    """Ids of the keys that were destroyed here, whatever a database from a backup says of them."""
    return {file.stem for file in _folder().glob(f"*{DESTROYED}")}


def list_missing(session: Session) -> list[str]:
    """Scopes whose key should be here and is not: their names cannot be read any more."""
    query = select(DataKey.scope, DataKey.key_id).where(DataKey.destroyed_at.is_(None))
    there = {file.stem for file in _folder().glob(f"*{KEY}")} | list_destroyed()
    return [
        row.scope
        for row in session.execute(query.order_by(DataKey.scope))
        if row.key_id not in there
    ]


def list_unknown(session: Session) -> dict[str, datetime | None]:
    """Ids of the keys here that the database does not name, and when that was first noticed.

    A restore of an older database leaves such keys behind. One that is being made at this very
    moment is among them.
    """
    known = set(session.execute(select(DataKey.key_id)).scalars())
    here = {file.stem for file in _folder().glob(f"*{KEY}")}
    return {key_id: _noticed_at(key_id) for key_id in sorted(here - known)}


def note_unknown(session: Session, *, now: datetime) -> None:
    """Notice the keys that the database does not name, and forget those that it names again."""
    unknown = list_unknown(session)
    for key_id, since in unknown.items():
        # Noticed in the future: the clock was set back since.
        if since is None or since > now:
            _notice(key_id, now)
    for note in _folder().glob(f"*{UNKNOWN}"):
        if note.stem not in unknown:
            note.unlink(missing_ok=True)


def note_all_unknown(*, now: datetime) -> None:
    """Take every key for unknown from now on, until the database that is put back names it."""
    for file in _folder().glob(f"*{KEY}"):
        _notice(file.stem, now)


def destroy_unknown(key_id: str) -> None:
    """Destroy a key that the database does not name; a backup that does knows it is gone."""
    _delete_key(key_id)
    _file(key_id, UNKNOWN).unlink(missing_ok=True)


def _notice(key_id: str, now: datetime) -> None:
    _file(key_id, UNKNOWN).write_text(now.isoformat())


def _noticed_at(key_id: str) -> datetime | None:
    try:
        since = datetime.fromisoformat(_file(key_id, UNKNOWN).read_text())
    except (OSError, ValueError):
        return None
    return since if since.tzinfo else None


_INSERT = Prepared(
    lambda insert: (
        insert(DataKey.__table__)
        .values({name: bindparam(name) for name in ("scope", "key_id", "created_at")})
        .on_conflict_do_nothing(index_elements=["scope"])
        .returning(DataKey.__table__.c.key_id)
    )
)


def _make_key(session: Session, scope: str, *, now: datetime) -> DataKey:
    """A new key, or the one that another write has made at this very moment.

    Events have locks of their own and share the section's key: of two that are the first to need
    it, PostgreSQL lets one wait here until the other has committed.
    """
    made: dict[str, Any] = {"scope": scope, "key_id": secrets.token_hex(16), "created_at": now}
    if _INSERT.run(session.connection(), **made):
        # Before the commit: a row without its file would be a scope that nobody can use.
        _write_key(made["key_id"])
    return session.get_one(DataKey, scope)


def _open(row: DataKey) -> Keeper:
    if row.destroyed_at is not None:
        raise KeyGone
    # Read anew each time: another process may have destroyed it a moment ago.
    if _file(row.key_id, DESTROYED).exists():
        raise KeyGone
    try:
        key = _file(row.key_id).read_bytes()
    except OSError:
        raise KeyGone from None
    if len(key) != KEY_BYTES:
        raise KeyGone
    return Keeper(key)


def _folder() -> Path:
    settings: Settings = current_app.config["LETTERTALLY"]
    return settings.instance / FOLDER


def _file(key_id: str, suffix: str = KEY) -> Path:
    return _folder() / f"{key_id}{suffix}"


def _write_key(key_id: str) -> None:
    file = _file(key_id)
    file.parent.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as new_file:
        new_file.write(secrets.token_bytes(KEY_BYTES))
        new_file.flush()
        # A name that is stored must be readable after a power cut, too.
        os.fsync(new_file.fileno())
    _sync_folder(file.parent)


def _delete_key(key_id: str) -> None:
    file = _file(key_id)
    file.parent.mkdir(mode=0o700, exist_ok=True)
    # Written first: from now on the key is gone, however far the rest comes.
    _file(key_id, DESTROYED).touch(mode=0o600)
    _sync_folder(file.parent)
    with contextlib.suppress(FileNotFoundError):
        with file.open("r+b") as old_file:
            old_file.write(bytes(KEY_BYTES))
            old_file.flush()
            os.fsync(old_file.fileno())
        file.unlink()
        _sync_folder(file.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
