"""What stands in documents and lists agrees with what runs."""

from __future__ import annotations

import hashlib
import re
from dataclasses import fields

import pytest

from app.config import PREFIX, Settings, setting_name
from tests.architecture.sources import APP, ROOT, name_of

VENDORED = [file for file in sorted((APP / "static" / "vendor").rglob("*")) if file.is_file()]
FLOORS = {
    "babel": "2.9.1",
    "brotli": "1.2.0",
    "click": "8.1.0",
    "dnspython": "2.6.1",
    "flask": "3.1.3",
    "flask-wtf": "1.2.2",
    "granian": "2.0.0",
    "idna": "3.7",
    "itsdangerous": "2.2.0",
    "jinja2": "3.1.6",
    "mako": "1.2.2",
    "markupsafe": "3.0.0",
    "psycopg": "3.1.0",
    "sqlalchemy": "2.0.0",
    "werkzeug": "3.1.6",
    "wtforms": "3.0.0",
}
"""Below these, a known hole or an end of support."""


def test_every_setting_is_documented():
    text = (ROOT / "docs" / "operate.md").read_text()
    names = {setting_name(setting.name) for setting in fields(Settings)}
    documented = set(re.findall(rf"{PREFIX}[A-Z_]+[A-Z]", text))
    assert names - documented == set()
    assert {name for name in documented - names if "_TEST_" not in name} == set()


@pytest.mark.parametrize("file", [pytest.param(f, id=name_of(f)) for f in VENDORED])
def test_vendored_files_are_what_they_were(file):
    if file.name.startswith("LICENSE"):
        return
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert digest in (ROOT / "docs" / "architecture.md").read_text()


def test_vendored_folders_carry_version_and_licence():
    folders = {file.parent for file in VENDORED}
    assert folders
    for folder in folders:
        assert re.search(r"-\d+\.\d+\.\d+$", folder.name)
        assert any(folder.glob("LICENSE*"))


def locked() -> dict[str, str]:
    """Package and version of each pin in the lock file."""
    text = (ROOT / "requirements.txt").read_text()
    return dict(re.findall(r"^([a-z0-9-]+)(?:\[\w+\])?==([\w.]+)", text, re.MULTILINE))


def as_numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)]


@pytest.mark.parametrize("package", FLOORS)
def test_no_package_is_older_than_its_last_known_hole(package):
    assert as_numbers(locked()[package]) >= as_numbers(FLOORS[package])


def test_everything_installed_is_locked_with_its_hashes():
    text = (ROOT / "requirements.txt").read_text()
    pins = re.split(r"\n(?=[a-z])", text.strip())
    assert len(pins) == len(locked())
    assert [pin.partition("=")[0] for pin in pins if "--hash=sha256:" not in pin] == []


def test_everything_asked_for_is_locked():
    asked = (ROOT / "requirements.in").read_text()
    names = re.findall(r"^([a-z0-9-]+)", asked, re.MULTILINE)
    assert set(names) <= locked().keys()
