"""Cases as a file to hand on: a zip of cases.json, pictures and checksums.

Reading one trusts nothing: not the names in it, not the sizes it claims, not the types in its JSON.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import stat
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flask_babel import gettext as _

from app.exceptions import RuleBroken

FORMAT, VERSION = "lettertally-cases", 1
MOST_BYTES = 30 * 1024 * 1024
MOST_MEMBERS = 400
MOST_UNPACKED = 60 * 1024 * 1024
MOST_TIMES = 200
"""How many times larger than its place in the zip a file may become."""
MOST_JSON = 6 * 1024 * 1024
CASES, CHECKSUMS = "cases.json", "checksums.txt"
PICTURE = re.compile(r"pictures/[a-z0-9-]{1,80}\.(webp|png|jpg|jpeg)")
SUM = re.compile(r"([0-9a-f]{64})  (\S{1,120})")
ALWAYS = (1980, 1, 1, 0, 0, 0)
"""The same cases make the same file, whenever."""


class CaseFile(NamedTuple):
    """What is in a zip: the cases as they were written, and its pictures by name."""

    cases: list[dict[str, Any]]
    pictures: dict[str, bytes]


def write_zip(cases: Sequence[Mapping[str, Any]], pictures: Mapping[str, bytes]) -> bytes:
    """A file that `read_zip` reads."""
    told = {"format": FORMAT, "version": VERSION, "cases": list(cases)}
    members = {CASES: json.dumps(told, ensure_ascii=False, indent=1).encode(), **pictures}
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {n}\n" for n, data in members.items())
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in {CHECKSUMS: sums.encode(), **members}.items():
            file.writestr(zipfile.ZipInfo(name, ALWAYS), data, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def read_zip(data: bytes) -> CaseFile:
    """What is in a file that somebody sent; raises RuleBroken, field `file`."""
    if len(data) > MOST_BYTES:
        raise refusal(_("This file is too large: at most 30 MB."))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            members = _read_members(file)
    except RuleBroken:
        raise
    except Exception as fault:
        # Whatever the reader says of a hostile file, it is no zip to us.
        raise refusal(_("This is no zip file, or it is damaged.")) from fault
    _check_sums(members)
    cases = _read_cases(members.pop(CASES))
    members.pop(CHECKSUMS)
    return CaseFile(cases, members)


def refusal(message: str) -> RuleBroken:
    """What is wrong with the file, for whoever sent it."""
    return RuleBroken(message, field="file")


def _read_members(file: zipfile.ZipFile) -> dict[str, bytes]:
    if len(file.infolist()) > MOST_MEMBERS:
        raise refusal(_("There are too many files in this zip."))
    members: dict[str, bytes] = {}
    room = MOST_UNPACKED
    for info in file.infolist():
        if info.filename == "pictures/" and not info.file_size:
            continue
        _check_member(info)
        if info.filename in members:
            raise refusal(_("Two files in this zip have the same name."))
        with file.open(info) as member:
            members[info.filename] = member.read(min(room, MOST_TIMES * info.compress_size) + 1)
        room -= len(members[info.filename])
        if room < 0 or len(members[info.filename]) > MOST_TIMES * info.compress_size:
            raise refusal(_("What is packed in this zip is too large."))
    if not {CASES, CHECKSUMS} <= members.keys():
        raise refusal(_("This zip holds no cases: cases.json and checksums.txt are missing."))
    return members


def _check_member(info: zipfile.ZipInfo) -> None:
    is_known = info.filename in (CASES, CHECKSUMS) or PICTURE.fullmatch(info.filename)
    if not is_known or info.is_dir():
        raise refusal(_("There is something in this zip that does not belong into it."))
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG) or info.flag_bits & 1:
        raise refusal(_("There is something in this zip that does not belong into it."))


def _check_sums(members: Mapping[str, bytes]) -> None:
    lines = members[CHECKSUMS].decode("ascii", "replace").splitlines()
    found = [SUM.fullmatch(line) for line in lines]
    sums = {match[2]: match[1] for match in found if match}
    real = {n: hashlib.sha256(d).hexdigest() for n, d in members.items() if n != CHECKSUMS}
    if sums != real:
        raise refusal(_("The checksums do not fit: the file was changed or damaged on its way."))


def _read_cases(data: bytes) -> list[dict[str, Any]]:
    if len(data) > MOST_JSON:
        raise refusal(_("What is packed in this zip is too large."))
    try:
        told = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as fault:
        raise refusal(_("cases.json in this zip cannot be read.")) from fault
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise refusal(_("cases.json in this zip is no list of cases."))
    if told.get("version") != VERSION:
        raise refusal(_("This file comes from a newer Lettertally. Upgrade first."))
    cases = told.get("cases")
    if not isinstance(cases, list) or not all(isinstance(case, dict) for case in cases):
        raise refusal(_("cases.json in this zip is no list of cases."))
    return cases
