"""Files of cases that mean harm: each is refused in a sentence, and nothing of it is kept."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app.campaigns import case_files
from app.campaigns.case_files import read_zip
from app.campaigns.queries import list_cases
from app.exceptions import RuleBroken


def send(admin, data, **how):
    limit, body = encode_multipart({"file": FileStorage(io.BytesIO(data), "cases.zip")})
    headers = {"Content-Type": f"multipart/form-data; boundary={limit}"}
    return admin.post("campaigns.import_file", body, headers=headers, **how)


def raw(members: dict[str, bytes], *, mode: int = 0, sums: dict[str, str] | None = None) -> bytes:
    """A zip with right checksums, unless others are said, and whatever names."""
    right = {name: hashlib.sha256(data).hexdigest() for name, data in members.items()}
    lines = "".join(f"{s}  {name}\n" for name, s in (right if sums is None else sums).items())
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in {"checksums.txt": lines.encode(), **members}.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16 if name != "checksums.txt" else 0
            file.writestr(info, data, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def cases_json(*cases: object, **more: object) -> bytes:
    return json.dumps({"format": "lettertally-cases", "version": 1, "cases": cases} | more).encode()


GOOD = {"slug": "su", "name": "Su", "country": "Menduri"}
CASES = cases_json(GOOD)
DEEP = b'{"format": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
HOSTILE = {
    "nothing": (b"", "no zip"),
    "a text": (b"PK but not really", "no zip"),
    "half a zip": (raw({"cases.json": CASES})[:-30], "no zip"),
    "a way up": (raw({"cases.json": CASES, "../evil.png": b"x"}), "does not belong"),
    "a way up in pictures": (raw({"cases.json": CASES, "pictures/../x.png": b"x"}), "not belong"),
    "an absolute name": (raw({"cases.json": CASES, "/etc/passwd": b"x"}), "does not belong"),
    "a Windows name": (raw({"cases.json": CASES, "C:\\x.png": b"x"}), "does not belong"),
    "a link": (raw({"cases.json": CASES}, mode=0o120777), "does not belong"),
    "a device": (raw({"cases.json": CASES}, mode=0o020666), "does not belong"),
    "an SVG": (raw({"cases.json": CASES, "pictures/a.svg": b"<svg>"}), "does not belong"),
    "a bomb": (raw({"cases.json": CASES, "pictures/a.png": b"\0" * 20_000_000}), "too large"),
    "many files": (raw({f"pictures/{n}.png": b"" for n in range(500)}), "too many files"),
    "no cases": (raw({"pictures/a.png": b"x"}), "holds no cases"),
    "a wrong sum": (raw({"cases.json": CASES}, sums={"cases.json": "0" * 64}), "do not fit"),
    "an unlisted picture": (
        raw({"cases.json": CASES, "pictures/a.png": b""}, sums={}),
        "do not fit",
    ),
    "no JSON": (raw({"cases.json": b"{"}), "cannot be read"),
    "not UTF-8": (raw({"cases.json": b'"\xff"'}), "cannot be read"),
    "deep JSON": (raw({"cases.json": DEEP}), ""),
    "a list": (raw({"cases.json": b"[]"}), "no list of cases"),
    "another format": (raw({"cases.json": cases_json(format="x")}), "no list of cases"),
    "a newer format": (raw({"cases.json": cases_json(version=2)}), "newer Lettertally"),
    "cases of text": (raw({"cases.json": cases_json("Su")}), "no list of cases"),
    "no case at all": (raw({"cases.json": cases_json()}), "one case at least"),
    "a hundred and one": (raw({"cases.json": cases_json(*[GOOD] * 101)}), "at most"),
    "two of a slug": (raw({"cases.json": cases_json(GOOD, GOOD)}), "the same slug"),
}
FIELDS = [
    ({"slug": "../x"}, "“slug” must be"),
    ({"slug": None}, "“slug” must be"),
    ({"name": "\ud800"}, "“name” is no text"),
    ({"translations": {"\ud800": {}}}, "no translation"),
    ({"name": ""}, "Give the name"),
    ({"name": {"a": 1}}, "“name” is no text"),
    ({"name": True}, "“name” is no text"),
    ({"country": 10**40}, "“country” is no text"),
    ({"story": "x" * 20_001}, "Use at most 20000"),
    ({"story": "a\0b"}, "“story” is no text"),
    ({"story": "\ud800"}, "“story” is no text"),
    ({"summary": "a\x07b"}, "cannot be kept"),
    ({"key_points": [1]}, "“key_points” is no text"),
    ({"targets": "x"}, "“targets” is no list"),
    ({"targets": [{"postal_address": "x"}]}, "a name or a role"),
    ({"rules": []}, None),
    ({"rules": ["no"]}, "“rules” is no group"),
    ({"rules": {"mention_charges": "perhaps"}}, "Choose one from the list."),
    ({"as_of": "yesterday"}, "Choose a day"),
    ({"from_age": 200}, "Write a whole number"),
    ({"from_age": 1.5}, "“from_age” is no text"),
    ({"language": "tlh"}, "Choose one from the list."),
    ({"languages": ["tlh"]}, "Choose from the list"),
    ({"translations": {"tlh": {}}}, "no translation"),
    ({"translations": {"en": {}}}, "no translation"),
    ({"translations": {"fr": "x"}}, "no translation"),
    ({"translations": {"fr": {"story": "x" * 20_001}}}, "fr, “Story”: Use at most"),
    ({"portrait": {"file": "pictures/none.webp"}}, "not in the zip"),
]


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_refused_in_a_sentence_and_nothing_is_kept(admin, app, campaign, what):
    data, words = HOSTILE[what]
    before = len(list_cases(campaign.id))
    answer = send(admin, data, status=422)
    said = answer.words("#file-error")
    assert words in said
    assert said.endswith(".")
    assert not Path(app.instance_path, "held").exists()
    assert len(list_cases(campaign.id)) == before


def test_a_zip_that_names_a_file_twice_is_refused(app):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file, pytest.warns(UserWarning):
        file.writestr("cases.json", CASES)
        file.writestr("cases.json", CASES)
    with pytest.raises(RuleBroken, match="the same name"):
        read_zip(packed.getvalue())


def test_too_large_a_file_is_refused(app, monkeypatch):
    monkeypatch.setattr(case_files, "MOST_BYTES", 100)
    with pytest.raises(RuleBroken, match="too large"):
        read_zip(raw({"cases.json": CASES}))


@pytest.mark.parametrize(("change", "words"), FIELDS)
def test_a_bad_field_names_its_case(admin, campaign, change, words):
    answer = send(admin, raw({"cases.json": cases_json(GOOD | {"slug": "ok"}, GOOD | change)}))
    if words is None:
        assert answer.status == 303
        return
    assert answer.status == 422
    said = answer.words("#file-error")
    assert words in said
    assert said.startswith("Case 2")
