"""The section's own kinds: its names for them, its order, and which are chosen from.

What a kind is called on the wire and in the ledger never changes, and what was logged of a hidden
one counts on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from zlib import crc32

from babel import Locale
from flask_babel import get_locale
from flask_babel.speaklater import LazyString

from app.campaigns.blueprint import section_name
from app.campaigns.kinds import ALL_KINDS, KINDS, Kind
from app.formatting import number

LABEL = "label"
"""Beside the plural categories of a language: what stands on a switch."""
CATEGORIES = ("zero", "one", "two", "few", "many", "other")
Names = Mapping[str, Mapping[str, str]]
"""By language: the label, and the noun by plural category."""


def list_kinds() -> list[Kind]:
    """All eleven in the section's order, by its own names where it has some."""
    said = section_name().kinds
    names = said.get("names", {})
    return [_by_own_names(KINDS[each], names.get(each, {})) for each in order_of(said)]


def list_chosen_kinds() -> list[Kind]:
    """The same without those that the section has hidden."""
    hidden = section_name().kinds.get("hidden", ())
    return [kind for kind in list_kinds() if kind.name not in hidden]


def kinds_by_name() -> dict[str, Kind]:
    """All eleven by their wire names."""
    return {kind.name: kind for kind in list_kinds()}


def kind_choices() -> list[tuple[str, LazyString | str]]:
    """Name and label of those that can be chosen, for a list to pick from."""
    return [(kind.name, kind.label) for kind in list_chosen_kinds()]


def digest_of_kinds() -> str:
    """Another one as soon as the section has made something else of its kinds."""
    return f"{crc32(json.dumps(section_name().kinds, sort_keys=True).encode()):08x}"


def order_of(said: Mapping[str, Any]) -> list[str]:
    """The wire names in the section's order; one that it does not name comes last."""
    ordered = [name for name in said.get("order", ()) if name in KINDS]
    return [*ordered, *(kind.name for kind in ALL_KINDS if kind.name not in ordered)]


def count_samples(locale: Locale) -> dict[str, list[int]]:
    """The plural categories of a language's whole numbers, each with the first few of them."""
    samples: dict[str, list[int]] = {}
    for n in range(200):
        samples.setdefault(locale.plural_form(n), []).append(n)
    return {tag: samples[tag][:3] for tag in CATEGORIES if tag in samples}


def _by_own_names(kind: Kind, names: Names) -> Kind:
    if not names:
        return kind

    def own() -> Mapping[str, str]:
        return names.get(str(get_locale()), {})

    def noun(n: int) -> str:
        words = own()
        # Only for whole millions have some languages a form that nobody was asked for.
        return words.get(get_locale().plural_form(n)) or words["other"] if words else kind.noun(n)

    def counted(n: int) -> str:
        return f"{number(n)} {noun(n)}" if own() else kind.counted(n)

    label = LazyString(lambda: own().get(LABEL) or str(kind.label))
    return kind._replace(label=label, noun=noun, counted=counted)
