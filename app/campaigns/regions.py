"""The section's regions, to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import pgettext

from app.campaigns.blueprint import section_name
from app.fields import pick_list


def list_regions() -> Sequence[str]:
    """Their names, in the section's order."""
    return section_name().regions


def region_choices() -> list[Any]:
    """None of them first, then each."""
    none = ("", pgettext("region", "none"))
    return pick_list([none, *((name, name) for name in list_regions())])
