"""axe-core, which finds what keeps people out of a page."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.browser.motions import bring_to_rest

FILE = Path(__file__).parents[1] / "vendor" / "axe-core-4.14.1" / "axe.min.js"
SHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"


@cache
def _source() -> str:
    content = FILE.read_bytes()
    assert hashlib.sha256(content).hexdigest() == SHA256, "axe-core was changed"
    return content.decode()


def find_barriers(page: Page, *, rules: tuple[str, ...] = ()) -> list[str]:
    """What axe finds wrong, one line for each element; by all its rules but the experimental.

    Evaluated from outside, as the policy of the page forbids to add a script to it.
    """
    # No colour is looked at on its way from one to another.
    page.emulate_media(reduced_motion="reduce")
    bring_to_rest(page)
    how: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules:
        how["runOnly"] = {"type": "rule", "values": rules}
    if not page.evaluate("'axe' in window"):
        page.evaluate(_source())
    found: dict[str, Any] = page.evaluate("how => axe.run(document, how)", how)
    return [
        f"{violation['id']}: {node['target'][0]}: {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
