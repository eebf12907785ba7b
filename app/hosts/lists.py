"""A list of hosts out of a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from app.exceptions import RuleBroken
from app.hosts.actions import HostFields
from app.hosts.kinds import KINDS
from app.spreadsheets import Column, Row, read_each

MOST = 2_000
LONGEST = {"name": 120, "town": 80, "region": 80, "contact": 300}
COLUMNS = (
    Column("name", ("name", "host", "school", "group"), is_one_line=True),
    Column("kind", ("kind", "type"), is_required=False),
    Column("size", ("size", "people", "pupils", "members"), is_required=False),
    Column("town", ("town", "city", "place"), is_required=False, is_one_line=True),
    Column("region", ("region",), is_required=False, is_one_line=True),
    Column("contact", ("contact", "e-mail", "email", "person"), is_required=False),
)


def read_hosts(data: bytes, regions: Sequence[str]) -> list[HostFields]:
    """The hosts of a list; raises RuleBroken (no list), BadRows (naming each row).

    A region must be one of `regions`. A section that has none means a town by it.
    """
    return read_each(data, COLUMNS, lambda row: _read(row, regions), most=MOST)


def _read(row: Row, regions: Sequence[str]) -> HostFields:
    cells = {name: " ".join(cell.split()) for name, cell in row.cells.items()}
    if not cells["name"]:
        raise RuleBroken(_("The name is missing."), field="name")
    for name, most in LONGEST.items():
        if len(cells[name]) > most or not cells[name].isprintable():
            raise RuleBroken(
                _("“%(name)s” is too long or has a character in it that cannot be kept.", name=name)
            )
    size = cells["size"]
    if size and not (size.isascii() and size.isdigit() and 0 < int(size[:9]) <= 100_000):
        raise RuleBroken(_("The size is a whole number from 1 to 100000, or empty."))
    return HostFields(
        name=cells["name"],
        kind=_kind(cells["kind"]),
        size=int(size) if size else None,
        town=cells["town"] if regions else cells["town"] or cells["region"],
        region=_region(cells["region"], regions),
        contact=cells["contact"],
    )


def _region(word: str, regions: Sequence[str]) -> str:
    if not word or not regions:
        return ""
    known = next((each for each in regions if each.casefold() == word.casefold()), "")
    if not known:
        raise RuleBroken(
            _(
                "The section has no region “%(name)s”. There are: %(regions)s.",
                name=word,
                regions=", ".join(regions),
            )
        )
    return known


def _kind(word: str) -> str:
    plain = word.casefold().replace(" ", "_").replace("é", "e")
    by_label = {str(kind.label).casefold(): name for name, kind in KINDS.items()}
    kind = plain if plain in KINDS else by_label.get(word.casefold(), "" if word else "other")
    if not kind:
        raise RuleBroken(_("The kind can be: %(kinds)s.", kinds=", ".join(KINDS)))
    return kind
