"""Static files at an address that changes with every release, compressed once."""

from __future__ import annotations

import functools
import gzip
import hashlib
from pathlib import Path

import brotli
from flask import Flask, current_app, has_request_context, make_response, request
from flask.wrappers import Response

FINGERPRINT_LENGTH = 12
COMPRESSIBLE = {".css", ".js", ".svg", ".json", ".txt", ".webmanifest"}
A_YEAR = 365 * 24 * 3600


def init_app(app: Flask) -> None:
    """Serve the folder of static files under its fingerprint, beside Flask's plain address."""
    folder = Path(str(app.static_folder))
    app.config["STATIC_FINGERPRINT"] = fingerprint_of(folder)
    app.jinja_env.globals["static_url"] = static_url
    app.add_url_rule("/static/v/<fingerprint>/<path:filename>", "static_version", send_version)


def static_url(path: str) -> str:
    """The address of a file in app/static; it changes when any of them does, so it never expires.

    The fingerprint is a folder: files that name each other by relative addresses stay together.
    """
    root = request.script_root if has_request_context() else ""
    return f"{root}/static/v/{current_app.config['STATIC_FINGERPRINT']}/{path}"


def send_version(fingerprint: str, filename: str) -> Response:
    """A static file; a page that was open during an upgrade gets today's by its old address."""
    response = _compressed(filename) or current_app.send_static_file(filename)
    if fingerprint == current_app.config["STATIC_FINGERPRINT"]:
        response.cache_control.no_cache = None
        response.cache_control.public = True
        response.cache_control.max_age = A_YEAR
        response.cache_control.immutable = True
    return response


def fingerprint_of(folder: Path) -> str:
    """A few hex digits that stand for every name and byte in `folder`."""
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            digest.update(file.relative_to(folder).as_posix().encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:FINGERPRINT_LENGTH]


def _compressed(filename: str) -> Response | None:
    encoding = _encoding_for(filename)
    if encoding is None:
        return None
    # Flask has the last word on which files there are, and of what type and age they are.
    response = current_app.send_static_file(filename)
    file = Path(str(current_app.static_folder), filename)
    body = _compress(file, encoding, file.stat().st_mtime_ns)
    packed = make_response(body, 200, {"Content-Type": response.headers["Content-Type"]})
    packed.headers["Content-Encoding"] = encoding
    packed.headers["Cache-Control"] = response.headers["Cache-Control"]
    packed.vary.add("Accept-Encoding")
    packed.set_etag(f"{response.get_etag()[0]}-{encoding}")
    packed.make_conditional(request)
    response.close()
    return packed


def _encoding_for(filename: str) -> str | None:
    if Path(filename).suffix not in COMPRESSIBLE:
        return None
    accepted = request.accept_encodings
    return next((encoding for encoding in ("br", "gzip") if accepted.quality(encoding) > 0), None)


@functools.lru_cache(maxsize=128)
def _compress(file: Path, encoding: str, _changed_at: int) -> bytes:
    data = _without_preface(file, file.read_bytes())
    return brotli.compress(data) if encoding == "br" else gzip.compress(data, mtime=0)


def _without_preface(file: Path, data: bytes) -> bytes:
    """A script or sheet of ours without the comment at its top, which says what is in it."""
    is_prefaced = file.suffix in (".css", ".js") and data.startswith(b"/*\n")
    return data.partition(b"*/")[2].lstrip() if is_prefaced else data
