"""The twelve invented cases as the file that any section may bring in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from app.campaigns.case_files import write_zip
from app.demo.season import known_up_to, told_today

DATA = Path(__file__).parent / "data"
OURS = ("as_of", "paused")
"""What the file holds in another way, or not at all."""


def read_told_cases() -> list[dict[str, Any]]:
    """The cases as they are told in the data, with whatever only the demo needs."""
    told: list[dict[str, Any]] = json.loads((DATA / "cases.json").read_text(encoding="utf-8"))
    return told


def pack_practice_cases(today: date) -> bytes:
    """A cases.zip whose stories end with the latest autumn."""
    return write_zip([_record(told, today) for told in read_told_cases()], {})


def _record(told: Mapping[str, Any], today: date) -> dict[str, Any]:
    record = {name: _moved(value, today) for name, value in told.items() if name not in OURS}
    translations = told.get("translations", {}).items()
    return record | {
        "as_of": known_up_to(told["as_of"], today).isoformat(),
        "translations": {code: _moved(texts, today, code) for code, texts in translations},
    }


def _moved(value: Any, today: date, language: str = "en") -> Any:
    """The same, with the days that belong to today's telling in every text."""
    if isinstance(value, str):
        return told_today(value, today, language)
    if isinstance(value, list):
        return [_moved(one, today, language) for one in value]
    if isinstance(value, dict):
        return {name: _moved(one, today, language) for name, one in value.items()}
    return value
