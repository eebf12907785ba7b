"""What a restore leaves behind: the database it replaced, and keys that the new one does not name.

It can be gone back to for a while, and then it goes for good.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple, TypeVar

from flask import current_app
from sqlalchemy.orm import Session

from app.audit import note_deed
from app.config import Settings
from app.database import SECTION, db, write
from app.keyring import destroy_unknown, list_unknown, note_unknown

KEPT = timedelta(days=30)
"""How long it can be gone back to.

That an older backup lacks something shows within days, and a newer one is put back then; of our
own daily fourteen the last from before the restore is gone by this time, too. It counts from the
restore, or from when a key was first noticed, never from a key's own age: an old one may have
become unknown a minute ago. So a name whose time came meanwhile stays readable for this much
longer at most, and *All right?* says so.
"""
Kept = TypeVar("Kept")
NAMED = "set-aside-%Y%m%dT%H%M%SZ"


class SetAside(NamedTuple):
    """What there is of it, each with when it was left behind."""

    folders: dict[Path, datetime]
    keys: dict[str, datetime]

    @property
    def deleted_at(self) -> datetime | None:
        """When the last of it goes; None when there is nothing."""
        return max((*self.folders.values(), *self.keys.values()), default=None)


def folder_for(now: datetime) -> Path:
    """Where what is replaced at this moment is put."""
    settings: Settings = current_app.config["LETTERTALLY"]
    return settings.instance / now.astimezone(UTC).strftime(NAMED)


def find_set_aside(session: Session) -> SetAside:
    """What there is, and when each part of it goes."""
    noticed = {key_id: since for key_id, since in list_unknown(session).items() if since}
    return SetAside(
        {folder: since + KEPT for folder, since in _folders()},
        {key_id: since + KEPT for key_id, since in noticed.items()},
    )


def forget_old_set_aside(*, now: datetime) -> None:
    """Notice what is left behind, and delete what nobody went back to in time."""
    note_unknown(db.session(), now=now)
    found = find_set_aside(db.session())
    if any(due <= now for due in (*found.folders.values(), *found.keys.values())):
        forget_set_aside(due_by=now, now=now)


def forget_set_aside(*, due_by: datetime | None = None, now: datetime) -> SetAside:
    """Delete for good what was left behind, all of it or what is due; what that was."""
    with write(SECTION) as session:
        note_unknown(session, now=now)
        found = find_set_aside(session)
        gone = SetAside(_due(found.folders, due_by), _due(found.keys, due_by))
        for key_id in gone.keys:
            destroy_unknown(key_id)
            _note(session, thing="key", thing_id=key_id, now=now)
        for folder in gone.folders:
            shutil.rmtree(folder)
            _note(session, thing="folder", thing_id=folder.name, now=now)
    return gone


def _due(found: dict[Kept, datetime], by: datetime | None) -> dict[Kept, datetime]:
    return {each: due for each, due in found.items() if by is None or due <= by}


def _folders() -> Iterator[tuple[Path, datetime]]:
    settings: Settings = current_app.config["LETTERTALLY"]
    for folder in sorted(settings.instance.glob("set-aside-*")):
        try:
            since = datetime.strptime(folder.name, NAMED).replace(tzinfo=UTC)
        except ValueError:
            continue
        if folder.is_dir() and not folder.is_symlink():
            yield folder, since


def _note(session: Session, *, thing: str, thing_id: str, now: datetime) -> None:
    verb = "set_aside_deleted"
    note_deed(session, actor=None, verb=verb, thing=thing, thing_id=thing_id, now=now)
