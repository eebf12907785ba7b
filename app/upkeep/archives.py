"""A backup as one file: database, pictures, and a manifest with everybody's checksum.

Reading one believes nothing: names, sizes, checksums and schema are checked before anything of
it gets to its place.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from app.upkeep.dumps import UpkeepFailed

if TYPE_CHECKING:
    from tarfile import TarFile, TarInfo

FORMAT = 1
MANIFEST = "manifest.json"
PICTURES = "pictures"
DATABASES = {"sqlite": "database.sqlite", "postgresql": "database.pgdump"}
MEMBER = re.compile(rf"{PICTURES}(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)+")
"""What a picture may be called: no dot in front, so no way up and nothing hidden."""
MOST_OF_A_MANIFEST = 32_000_000
PIECE = 1 << 20


class Manifest(NamedTuple):
    """What a backup says about itself."""

    made_at: str
    engine: str
    schema: str
    files: dict[str, dict[str, Any]]

    @property
    def picture_count(self) -> int:
        return len(self.files) - 1


def write_archive(
    to: Path, dump: Path, pictures: Path, *, engine: str, schema: str, now: datetime, **about: str
) -> Manifest:
    """Write a new archive, for its owner only, and wait until the disk has it."""
    import tarfile

    descriptor = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with tarfile.open(fileobj=file, mode="w:gz", compresslevel=4) as archive:
            files = {DATABASES[engine]: _add(archive, DATABASES[engine], dump)}
            for picture in _list_pictures(pictures):
                name = f"{PICTURES}/{picture.relative_to(pictures).as_posix()}"
                files[name] = _add(archive, name, picture)
            manifest = Manifest(now.isoformat(timespec="seconds"), engine, schema, files)
            said = {"format": FORMAT, **manifest._asdict(), **about}
            # Last, so that a file which was cut short has none.
            content = json.dumps(said, indent=1).encode()
            archive.addfile(_member(MANIFEST, len(content)), io.BytesIO(content))
        file.flush()
        os.fsync(file.fileno())
    return manifest


def _list_pictures(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        name = f"{PICTURES}/{path.relative_to(folder).as_posix()}"
        if path.is_file() and not path.is_symlink() and MEMBER.fullmatch(name):
            yield path


def _add(archive: TarFile, name: str, path: Path) -> dict[str, Any]:
    with path.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256")
        size = content.tell()
        content.seek(0)
        archive.addfile(_member(name, size), content)
    return {"size": size, "sha256": digest.hexdigest()}


def _member(name: str, size: int) -> TarInfo:
    import tarfile

    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


def unpack(file: Path, into: Path) -> Manifest:
    """Unpack an archive into an empty folder, all checksums proven; raises UpkeepFailed."""
    import tarfile

    try:
        with tarfile.open(file, "r:gz") as archive:
            found = dict(_unpack_each(archive, into))
    except FileNotFoundError:
        raise UpkeepFailed(f"There is no file {file}.") from None
    except (tarfile.TarError, EOFError, zlib.error, OSError, ValueError) as error:
        if getattr(error, "filename", None):
            raise
        raise UpkeepFailed(f"{file} is no backup, is damaged, or was cut short.") from None
    if MANIFEST not in found:
        raise UpkeepFailed(f"{file} is no backup of Lettertally, or was cut short.")
    manifest = _read_manifest(into / MANIFEST)
    wanted = {name: about.get("sha256") for name, about in manifest.files.items()}
    del found[MANIFEST]
    if found != wanted:
        wrong = sorted(
            name for name in found.keys() | wanted.keys() if found.get(name) != wanted.get(name)
        )
        raise UpkeepFailed(
            f"{file} is damaged: {wrong[0]} is not what its checksum says. Use another backup."
        )
    return manifest


def _unpack_each(archive: TarFile, into: Path) -> Iterator[tuple[str, str]]:
    seen = set()
    for member in archive:
        name = member.name
        is_ours = name in (MANIFEST, *DATABASES.values()) or MEMBER.fullmatch(name)
        if not (is_ours and member.isreg()) or name in seen:
            raise UpkeepFailed(f"This is no backup of Lettertally: it holds {name!r}.")
        seen.add(name)
        if member.size > shutil.disk_usage(into).free:
            raise UpkeepFailed("The disk has no room for what is in this backup.")
        if name == MANIFEST and member.size > MOST_OF_A_MANIFEST:
            raise UpkeepFailed("This is no backup of Lettertally: its manifest is too long.")
        content = archive.extractfile(member)
        assert content is not None
        target = into / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        yield name, _copy(content.read, target)


def _copy(read: Callable[[int], bytes], target: Path) -> str:
    digest = hashlib.sha256()
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while piece := read(PIECE):
            digest.update(piece)
            file.write(piece)
        sync(file)
    return digest.hexdigest()


def sync(file: IO[bytes]) -> None:
    """Wait until the disk has a file that is being written."""
    file.flush()
    os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until the disk knows a folder's names."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read_manifest(file: Path) -> Manifest:
    try:
        said = json.loads(file.read_text("utf-8"))
        manifest = Manifest(said["made_at"], said["engine"], said["schema"], said["files"])
        is_sound = (
            said["format"] == FORMAT
            and all(isinstance(about, dict) for about in manifest.files.values())
            and manifest.files.keys() >= {DATABASES[manifest.engine]}
            and isinstance(manifest.schema, str)
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        is_sound = False
    if not is_sound:
        raise UpkeepFailed("This backup's manifest cannot be read: use another backup.")
    return manifest
