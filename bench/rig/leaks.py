"""Words that must be nowhere: in several scripts, looked for in all the guises a file may hold."""

from __future__ import annotations

import base64
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

STEMS = ("Zq9Kxw7", "ظقكضغصثذ", "ဥဋ္ဌဈဃဏ္ဍ", "🦑🪗🧿🪐", "Ǿẞþŋǽĸ")
"""Each name, address and note of a run begins with one of these, and nothing else holds them."""
FEWEST_BYTES = 6
"""A shorter piece of base64 would be met by chance."""


def guises(stem: str) -> Iterator[tuple[str, bytes]]:
    """Every way that the word may be written down."""
    plain = stem.encode()
    yield "UTF-8", plain
    yield "UTF-16 (little end)", stem.encode("utf-16-le")
    yield "UTF-16 (big end)", stem.encode("utf-16-be")
    yield "hex", plain.hex().encode()
    yield "HEX", plain.hex().upper().encode()
    if not stem.isascii():
        yield "URL", quote(stem).encode()
        yield "url", quote(stem).lower().encode()
        yield "JSON", json.dumps(stem)[1:-1].encode()
        yield "HTML", stem.encode("ascii", "xmlcharrefreplace")
        yield "Python", repr(plain)[2:-1].encode()
    for before in range(3):
        # Its neighbours share the first and the last character of base64 with it.
        whole = base64.b64encode(bytes(before) + plain)
        piece = whole.rstrip(b"=")[(4, 4, 4)[before] if before else 0 : -2]
        if len(piece) >= FEWEST_BYTES:
            yield f"base64 (at {before})", piece
            yield f"base64, for URLs (at {before})", piece.replace(b"+", b"-").replace(b"/", b"_")


PATTERNS = [(stem, guise, pattern) for stem in STEMS for guise, pattern in guises(stem)]


def find_leaks(name: str, data: bytes) -> list[str]:
    """What was found in some bytes, in words."""
    return [f"{stem!a} as {guise} in {name}" for stem, guise, piece in PATTERNS if piece in data]


def search_folder(folder: Path) -> tuple[list[str], int, int]:
    """Every file below, and what is in its archives: what was found, files, bytes."""
    found, files, size = [], 0, 0
    for name, data in _contents(folder):
        found += find_leaks(name, data)
        files, size = files + 1, size + len(data)
    return found, files, size


def _contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    for file in sorted(folder.rglob("*")):
        if not file.is_file() or file.is_symlink():
            continue
        name = str(file.relative_to(folder))
        yield name, file.read_bytes()
        if file.name.endswith(".tar.gz"):
            with tarfile.open(file) as archive:
                for member in archive:
                    part = archive.extractfile(member)
                    if part is not None:
                        yield f"{name}/{member.name}", part.read()
