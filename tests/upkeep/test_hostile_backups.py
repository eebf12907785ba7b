"""Damaged, foreign and hostile files are refused in words, before anything gets to its place."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from pathlib import Path

import pytest

from app.database import db
from app.upkeep.dumps import UpkeepFailed
from app.upkeep.restoring import restore as restore_backup
from tests.upkeep.conftest import NOW, instance_of, put_back


def rewrite(archive: Path, change) -> Path:
    """The same archive with its members changed: a dict of name to bytes."""
    with tarfile.open(archive) as found:
        members = {name: found.extractfile(name).read() for name in found.getnames()}
    change(members)
    target = archive.with_name("changed.tar.gz")
    with tarfile.open(target, "w:gz") as changed:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            changed.addfile(member, io.BytesIO(content))
    return target


def change_manifest(**values: object):
    def change(members: dict[str, bytes]) -> None:
        said = json.loads(members["manifest.json"]) | values
        members["manifest.json"] = json.dumps(said).encode()

    return change


def flip_a_byte(members: dict[str, bytes]) -> None:
    name = next(name for name in members if name.startswith("database"))
    content = bytearray(members[name])
    content[len(content) // 2] ^= 1
    members[name] = bytes(content)


HOSTILE = {
    "a changed byte": (flip_a_byte, "damaged: database"),
    "a path up": (lambda m: m.update({"pictures/../../evil": b"x"}), "it holds"),
    "a path from the root": (lambda m: m.update({"/tmp/evil": b"x"}), "it holds"),
    "a hidden file": (lambda m: m.update({"pictures/.evil": b"x"}), "it holds"),
    "a key": (lambda m: m.update({"secret.key": b"x"}), "it holds"),
    "one more picture": (lambda m: m.update({"pictures/evil": b"x"}), "damaged: pictures/evil"),
    "a picture less": (lambda m: m.pop("pictures/amina.webp"), "damaged: pictures/amina"),
    "no manifest": (lambda m: m.pop("manifest.json"), "cut short"),
    "a manifest of nothing": (lambda m: m.update({"manifest.json": b"[]"}), "manifest"),
    "a manifest of rubbish": (lambda m: m.update({"manifest.json": b"\xff{"}), "manifest"),
    "another format": (change_manifest(format=99), "manifest"),
    "a newer schema": (change_manifest(schema="9999"), "newer Lettertally .schema 9999."),
    "a strange schema": (change_manifest(schema="../../x"), "newer Lettertally"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_or_damaged_backup_is_refused_and_changes_nothing(archive, elsewhere, name):
    change, words = HOSTILE[name]
    before = set(instance_of(elsewhere).rglob("*"))
    with pytest.raises(UpkeepFailed, match=words):
        put_back(elsewhere, rewrite(archive, change))
    left = set(instance_of(elsewhere).rglob("*"))
    assert left - before <= {instance_of(elsewhere) / "secret.key"}


def test_the_same_archive_rewritten_unchanged_is_taken(archive, elsewhere):
    """The control of the test above."""
    assert put_back(elsewhere, rewrite(archive, lambda members: None)).picture_count == 1


def test_a_link_is_refused(archive, elsewhere):
    target = archive.with_name("linked.tar.gz")
    with tarfile.open(target, "w:gz") as hostile:
        link = tarfile.TarInfo("pictures/evil")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        hostile.addfile(link)
    with pytest.raises(UpkeepFailed, match="it holds"):
        put_back(elsewhere, target)


@pytest.mark.parametrize("share", [0.0, 0.2, 0.7, 0.99])
def test_a_file_that_was_cut_short_is_refused(archive, elsewhere, share):
    content = archive.read_bytes()
    archive.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(UpkeepFailed, match="cut short"):
        put_back(elsewhere, archive)


@pytest.mark.parametrize("content", [b"not a backup", gzip.compress(b"nor this", mtime=0), b""])
def test_any_other_file_is_refused(app, folder, content):
    (folder / "letter.txt").write_bytes(content)
    with pytest.raises(UpkeepFailed, match="no backup"):
        restore_backup(folder / "letter.txt", is_replacing=True, now=NOW)


def test_a_backup_of_the_other_database_is_refused_in_words(archive, elsewhere):
    with elsewhere.app_context():
        other = {"sqlite": "postgresql", "postgresql": "sqlite"}[db.engine.dialect.name]
    names = {"sqlite": "database.sqlite", "postgresql": "database.pgdump"}

    def disguise(members: dict[str, bytes]) -> None:
        said = json.loads(members["manifest.json"])
        own = names[said["engine"]]
        members[names[other]] = members.pop(own)
        said["files"][names[other]] = said["files"].pop(own)
        members["manifest.json"] = json.dumps(said | {"engine": other}).encode()

    with pytest.raises(UpkeepFailed, match="not carried over"):
        put_back(elsewhere, rewrite(archive, disguise))
