"""What the launcher installs: all that is locked, and for a server only what the app leads to."""

from __future__ import annotations

import ast
import importlib.metadata
import re

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from app.config import ROOT

NAME = re.compile("^[a-z0-9][a-z0-9-]*", re.MULTILINE)


def names(text: str) -> set[str]:
    return set(NAME.findall(text))


def test_a_server_gets_the_app_s_own_requirements_and_none_of_the_tests_tools(launcher):
    of_app, _, of_tests = (ROOT / "requirements.in").read_text().partition(launcher.TESTS_HEADING)
    server = names(launcher.read_lock("server"))
    assert names(of_app) <= server
    assert not names(of_tests) & server


def test_a_server_gets_everything_that_its_packages_require(launcher):
    server = names(launcher.read_lock("server"))
    for name in server:
        try:
            required = importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:
            continue  # Locked for another kind of machine.
        for requirement in map(Requirement, required):
            if is_needed_here(requirement.marker):
                assert canonicalize_name(requirement.name) in server, f"{name} needs it"


def is_needed_here(marker: Marker | None) -> bool:
    return marker is None or marker.evaluate({"extra": ""})


def test_the_tests_get_all_that_is_locked(launcher):
    assert launcher.read_lock("tests") == (ROOT / "requirements.txt").read_text()


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-browser.txt"])
def test_a_lock_names_no_address_to_fetch_from(lock):
    text = (ROOT / lock).read_text()
    assert "://" not in text
    assert "index" not in text


def test_the_browser_s_tools_are_locked_with_their_hashes():
    text = (ROOT / "requirements-browser.txt").read_text()
    assert names((ROOT / "requirements-browser.in").read_text()) <= names(text)
    for block in re.split(r"\n(?=[a-z0-9])", text.strip()):
        assert re.match(r"[a-z0-9-]+==[^ ]+ ", block), block[:80]
        assert "--hash=sha256:" in block, block[:80]


def test_the_browser_s_tools_do_not_contradict_the_rest():
    def pins(lock: str) -> dict[str, str]:
        return dict(re.findall("^([a-z0-9-]+)==([^ ]+)", (ROOT / lock).read_text(), re.MULTILINE))

    everything, browser = pins("requirements.txt"), pins("requirements-browser.txt")
    shared = everything.keys() & browser.keys()
    assert {name: everything[name] for name in shared} == {name: browser[name] for name in shared}


def test_a_python_that_is_too_old_can_still_read_the_launcher_far_enough_to_say_so():
    ast.parse((ROOT / "run").read_text(), feature_version=(3, 7))
