"""The kinds of host, and what an event held by one is like at first."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l


class Kind(NamedTuple):
    """A kind of host: its stored name, its label, and how its first draft begins."""

    name: str
    label: Any
    preset: str = "group"
    has_young_people: bool = False
    is_private: bool = False


KINDS = {
    kind.name: kind
    for kind in (
        Kind("school", _l("School"), "class", has_young_people=True),
        Kind("class", _l("Class"), "class", has_young_people=True),
        Kind("youth_group", _l("Youth group"), has_young_people=True),
        Kind("local_group", _l("Local group")),
        Kind("library", _l("Library")),
        Kind("cafe", _l("Café or shop")),
        Kind("workplace", _l("Workplace")),
        Kind("faith_group", _l("Faith group")),
        Kind("household", _l("Household"), is_private=True),
        Kind("other", _l("Somebody else")),
    )
}
