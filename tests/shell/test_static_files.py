"""Static files: an address that changes with every release, kept for a year, sent compressed."""

from __future__ import annotations

import gzip
from pathlib import Path

import brotli
import pytest

from app.static_files import fingerprint_of, static_url

PACKED = {"br": brotli.decompress, "gzip": gzip.decompress}


@pytest.fixture
def sheet(shell):
    """The versioned address of a style sheet."""
    with shell.test_request_context():
        return static_url("css/base.css")


@pytest.fixture
def original(shell):
    return Path(shell.static_folder, "css", "base.css").read_bytes()


def test_a_versioned_file_is_kept_for_a_year(stranger, sheet):
    answer = stranger.get(sheet, status=200)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Cookie" not in answer.headers["Vary"]


def test_an_old_versions_address_still_answers_but_is_not_kept(stranger):
    answer = stranger.get("/static/v/0123456789ab/css/base.css", status=200)
    assert answer.headers["Cache-Control"] == "no-cache"


def test_a_file_without_a_version_is_asked_for_again(stranger):
    assert stranger.get("/static/css/base.css").headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("encoding", sorted(PACKED))
def test_a_style_sheet_is_sent_compressed_without_its_preface(stranger, sheet, original, encoding):
    answer = stranger.get(sheet, headers={"Accept-Encoding": encoding})
    assert answer.headers["Content-Encoding"] == encoding
    assert "Accept-Encoding" in answer.headers["Vary"]
    preface, rest = original.split(b"*/\n", 1)
    assert preface.startswith(b"/*\nbase.css")
    assert PACKED[encoding](answer.response.data) == rest
    assert len(answer.response.data) < len(rest) / 2


def test_others_scripts_are_sent_whole_with_their_licence(stranger, shell):
    path = "vendor/htmx-4.0.1/htmx.min.js"
    answer = stranger.get(f"/static/{path}", status=200)
    assert answer.response.data == Path(shell.static_folder, path).read_bytes()
    with shell.test_request_context():
        packed = stranger.get(static_url(path), headers={"Accept-Encoding": "br"})
    assert brotli.decompress(packed.response.data) == answer.response.data


def test_a_browser_that_cannot_unpack_gets_it_plain(stranger, sheet, original):
    for asked in ("", "identity"):
        answer = stranger.get(sheet, headers={"Accept-Encoding": asked})
        assert "Content-Encoding" not in answer.headers
        assert answer.response.data == original


def test_a_font_is_not_compressed_twice(stranger, shell):
    with shell.test_request_context():
        font = static_url("fonts/bricolage-grotesque-latin.woff2")
    answer = stranger.get(font, headers={"Accept-Encoding": "br, gzip"}, status=200)
    assert "Content-Encoding" not in answer.headers
    assert "immutable" in answer.headers["Cache-Control"]


def test_a_known_file_is_not_sent_again(stranger, sheet):
    asked = {"Accept-Encoding": "br"}
    tag = stranger.get(sheet, headers=asked).headers["ETag"]
    again = stranger.get(sheet, headers=asked | {"If-None-Match": tag}, status=304)
    assert again.response.data == b""


@pytest.mark.parametrize(
    "path", ["../config.py", "..%2fconfig.py", "css/", "none.css", "/etc/passwd"]
)
def test_nothing_outside_the_folder_is_sent(stranger, path):
    stranger.get(f"/static/v/0123456789ab/{path}", status=404)


def test_the_address_changes_with_any_file(tmp_path):
    (tmp_path / "a.css").write_text("a")
    first = fingerprint_of(tmp_path)
    (tmp_path / "b.css").write_text("")
    second = fingerprint_of(tmp_path)
    (tmp_path / "a.css").write_text("b")
    assert len({first, second, fingerprint_of(tmp_path)}) == 3
