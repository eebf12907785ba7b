"""Uploaded pictures: really decoded, made anew in our own sizes, kept by their content's hash.

Nothing of the file itself is kept: no metadata, no place, nothing that another program might read
in it. Which pictures there are is what the database says; files that it does not name are cleared.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import re
import threading
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from flask import current_app
from flask_babel import gettext as _

from app.exceptions import NotFound, RuleBroken

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 25_000_000
LEAST_SIDE = 200
LEAST_OF_A_LOGO = 64
WIDTHS = (160, 320, 640)
"""Of what is kept, each four wide to five high: a stamp's shape. A logo keeps its own."""
QUALITY = 80
FACE = (0.5, 0.35)
"""What is kept of a picture of another shape: its middle, and rather the top, where faces are."""
KINDS = {
    "PNG": (b"\x89PNG\r\n\x1a\n", (".png",)),
    "JPEG": (b"\xff\xd8\xff", (".jpg", ".jpeg")),
    "WEBP": (b"RIFF", (".webp",)),
}
"""How a file of each kind begins, and its name ends."""
NAME = re.compile(r"([0-9a-f]{64})-(160|320|640)\.webp")
YOUNG = timedelta(hours=1)
"""A file may be this old before the row that names it is written."""

_one_at_a_time = threading.Lock()
"""A large picture takes a hundred megabytes for a moment: no two at once."""


class MadePicture(NamedTuple):
    """A picture in all our sizes, not yet kept."""

    key: str
    """What its files are called: SHA-256 of the largest."""
    made_from: str
    """SHA-256 of the file that was sent."""
    files: dict[int, bytes]
    """By width."""


def make_picture(data: bytes, *, name: str, is_logo: bool = False) -> MadePicture:
    """The picture in `data`, a file called `name`; raises RuleBroken, field `picture`.

    A portrait is cut to a stamp's shape; a logo is kept whole, fitted into a box twice as wide.
    """
    kind = _check_kind(data, name)
    with _one_at_a_time:
        try:
            files = _decode(data, kind, is_logo)
        except RuleBroken:
            raise
        except Exception as fault:
            # Whatever a decoder says of a hostile file, it is no picture to us.
            raise _refusal(
                _("This picture is damaged or cut short. Open it, save it anew, and try again.")
            ) from fault
    key = hashlib.sha256(files[max(WIDTHS)]).hexdigest()
    return MadePicture(key, hashlib.sha256(data).hexdigest(), files)


def keep_picture(picture: MadePicture) -> None:
    """Write its files, readable by the server alone."""
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for width, data in picture.files.items():
        file = folder / f"{picture.key}-{width}.webp"
        unfinished = folder / f"{picture.key}-{width}.{os.getpid()}.{threading.get_ident()}"
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as new_file:
            new_file.write(data)
        # In one step, and as new as this very moment: see clear_pictures().
        unfinished.replace(file)


def find_file(name: str) -> Path:
    """The file behind a picture's address; raises NotFound."""
    file = _folder() / name
    if NAME.fullmatch(name) is None or not file.is_file():
        raise NotFound(_("There is no such picture."))
    return file


def read_picture(key: str) -> bytes:
    """The largest of a picture's files; raises NotFound."""
    return find_file(f"{key}-{max(WIDTHS)}.webp").read_bytes()


def clear_pictures(named: Collection[str], *, gone: Collection[str] = (), now: datetime) -> None:
    """Delete the files of pictures that no row names: those just given up, and old ones."""
    with contextlib.suppress(FileNotFoundError):
        for file in sorted(_folder().iterdir()):
            key = file.name.partition("-")[0]
            with contextlib.suppress(FileNotFoundError):
                is_old = now.timestamp() - file.stat().st_mtime > YOUNG.total_seconds()
                if key not in named and (key in gone or is_old):
                    file.unlink()


def _folder() -> Path:
    return Path(current_app.instance_path) / "pictures"


def _check_kind(data: bytes, name: str) -> str:
    if len(data) > MOST_BYTES:
        raise _refusal(_("This picture is too heavy: send one of at most 5 MB."))
    kind = next((kind for kind, (begins, _ends) in KINDS.items() if data.startswith(begins)), "")
    if not kind or (kind == "WEBP" and data[8:12] != b"WEBP"):
        raise _refusal(_("Send a picture as PNG, JPEG or WebP."))
    if Path(name).suffix.lower() not in KINDS[kind][1]:
        raise _refusal(
            _("This file’s name says something else than its content. Save it anew as a picture.")
        )
    if _has_something_behind(data, kind):
        raise _refusal(_("There is something else in this file. Save it anew as a picture."))
    return kind


def _has_something_behind(data: bytes, kind: str) -> bool:
    """Whether the file goes on after its picture; telephones do that to a JPEG, and may."""
    if kind == "PNG":
        return b"IEND" not in data[-12:]
    return kind == "WEBP" and int.from_bytes(data[4:8], "little") + 8 not in (
        len(data),
        len(data) - 1,
    )


def _decode(data: bytes, kind: str, is_logo: bool) -> dict[int, bytes]:
    # Loaded with the first picture: a server that gets none need not hold it in memory.
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(data), formats=[kind]) as sent:
        _check_size(sent, kind, LEAST_OF_A_LOGO if is_logo else LEAST_SIDE)
        sent.draft("RGB", (2 * max(WIDTHS), 2 * max(WIDTHS)))
        picture = _flatten(ImageOps.exif_transpose(sent))
    files = {}
    for width in WIDTHS:
        if is_logo:
            cut = ImageOps.contain(picture, (width, width // 2), Image.Resampling.LANCZOS)
        else:
            cut = ImageOps.fit(picture, (width, width * 5 // 4), Image.Resampling.LANCZOS, 0, FACE)
        written = io.BytesIO()
        cut.save(written, "WEBP", quality=QUALITY, method=4)
        files[width] = written.getvalue()
    return files


def _check_size(sent: Picture, kind: str, least: int) -> None:
    if sent.width * sent.height > MOST_PIXELS:
        raise _refusal(_("This picture has too many pixels: send one of at most 25 megapixels."))
    if min(sent.size) < least:
        raise _refusal(
            _("This picture is too small: it needs at least %(n)s pixels each way.", n=least)
        )
    # A telephone's JPEG may hold a second picture for depth; a moving picture is another thing.
    if kind != "JPEG" and getattr(sent, "is_animated", False):
        raise _refusal(_("This picture moves. Send one that stands still."))


def _flatten(picture: Picture) -> Picture:
    """In plain colours, upon white; without what the file said beside the picture itself."""
    from PIL import Image

    upright = picture.convert("RGBA")
    plain = Image.new("RGB", upright.size, "white")
    plain.paste(upright, mask=upright.getchannel("A"))
    return plain


def _refusal(message: str) -> RuleBroken:
    return RuleBroken(message, field="picture")
