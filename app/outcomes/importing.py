"""Totals of past years out of JSON or CSV, row by row, with what to mend in each."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from flask_babel import gettext as _

from app.exceptions import RuleBroken
from app.outcomes.actions import TotalFields
from app.outcomes.models import OWN, PRECISIONS, WHOSE, WORLD
from app.spreadsheets import BadRows, Column, read_rows

MOST_ROWS = 500
MOST_ACTIONS = 2_000_000_000
YEARS = range(1961, 2100)
AMOUNTS = ("total", "actions", "letters")
LONGEST = {"note": 300, "sources": 3_000}
COLUMNS = (
    Column("year", ("year",), is_required=False),
    Column("total", ("total", "actions"), is_required=False),
    Column("letters", ("letters",), is_required=False),
    Column("whose", ("whose",), is_required=False),
    Column("precision", ("precision",), is_required=False),
    Column("at_close", ("at_close", "known at close"), is_required=False),
    Column("note", ("note",), is_required=False),
    Column("sources", ("sources", "source"), is_required=False),
)


class Row(NamedTuple):
    """One row that was read: its place, and what it says of a total or what to mend.

    What it leaves out is None or empty, its precision too.
    """

    place: int
    fields: TotalFields | None
    fault: str


def read_totals(text: str) -> list[Row]:
    """Every row of a JSON or CSV text; raises RuleBroken when it is neither, or too long."""
    told = _read_json(text) if text.lstrip()[:1] in ("{", "[") else _read_csv(text)
    if not told:
        raise RuleBroken(_("There was no row in it."), field="rows")
    if len(told) > MOST_ROWS:
        raise RuleBroken(_("Bring in at most %(most)s rows at once.", most=MOST_ROWS), field="rows")
    rows: list[Row] = []
    seen: set[tuple[str, int]] = set()
    for place, row in enumerate(told, 1):
        rows.append(_row(place, row, seen))
    return rows


def _row(place: int, told: Any, seen: set[tuple[str, int]]) -> Row:
    try:
        fields = _fields(told)
    except ValueError as fault:
        return Row(place, None, str(fault))
    if (fields.whose, fields.year) in seen:
        return Row(place, None, _("The year %(year)s is there twice.", year=fields.year))
    seen.add((fields.whose, fields.year))
    return Row(place, fields, "")


def _read_json(text: str) -> list[Any]:
    try:
        told = json.loads(text)
        # Half of a pair, as \ud800, can be neither kept nor said in an answer.
        json.dumps(told, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise RuleBroken(
            _("This is no JSON that can be read: look for a missing comma or bracket."),
            field="rows",
        ) from None
    if isinstance(told, list):
        return told
    if isinstance(told.get("world_totals"), list):
        return list(_published(told))
    raise RuleBroken(
        _("Write a list of rows, or an object with the list “world_totals”."), field="rows"
    )


def _published(told: Mapping[str, Any]) -> Iterator[Any]:
    """The rows of the published figures, where what was known at the close stands apart."""
    closes = told.get("known_at_close")
    known = {
        row.get("year"): row.get("at_close")
        for row in (closes if isinstance(closes, list) else [])
        if isinstance(row, dict) and isinstance(row.get("year"), int)
    }
    for row in told["world_totals"]:
        if isinstance(row, dict) and isinstance(row.get("year"), int):
            yield {"whose": WORLD, "at_close": known.get(row["year"])} | row
        else:
            yield row


def _read_csv(text: str) -> list[Any]:
    try:
        rows = read_rows(text.encode(), COLUMNS, most=MOST_ROWS)
    except BadRows as refusal:
        [fault] = refusal.faults
        said = f"{_('Row %(number)s:', number=fault.number)} {fault.mend}"
        raise RuleBroken(said, field="rows") from None
    return [dict(row.cells) for row in rows]


def _fields(told: Any) -> TotalFields:
    if not isinstance(told, dict):
        raise ValueError(_("This row is no object with “year” and “total”."))
    row = {str(name): said for name, said in told.items()}
    # The section's own history is told in letters, the world's in all actions.
    usual = OWN if row.get("letters") not in (None, "") else WORLD
    row["total"] = next((row[n] for n in AMOUNTS if row.get(n) not in (None, "")), None)
    whose = str(row.get("whose") or usual).strip().lower()
    precision = str(row.get("precision") or "").strip().lower().replace(" ", "_")
    if whose not in WHOSE:
        raise ValueError(_("“whose” is one of: %(words)s.", words=", ".join(WHOSE)))
    if precision and precision not in PRECISIONS:
        said = ", ".join(PRECISIONS).replace("_", " ")
        raise ValueError(_("“precision” is one of: %(words)s.", words=said))
    year = _whole(row, "year", YEARS.start, YEARS.stop - 1)
    total = _whole(row, "total", 0, MOST_ACTIONS)
    if year is None or total is None:
        raise ValueError(_("A row needs “year” and “total”."))
    at_close = _whole(row, "at_close", 0, MOST_ACTIONS)
    note, sources = _words(row, "note"), _words(row, "sources")
    return TotalFields(whose, year, total, precision, at_close, note, sources)


def _whole(row: Mapping[str, Any], name: str, least: int, most: int) -> int | None:
    value = row.get(name)
    text = "" if value is None else str(value).strip()
    if not text:
        return None
    if not re.fullmatch("[0-9]{1,12}", text) or not least <= int(text) <= most:
        raise ValueError(
            _(
                "“%(name)s” is a whole number from %(least)s to %(most)s, in figures.",
                name=name,
                least=least,
                most=most,
            )
        )
    return int(text)


def _words(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name) or ""
    lines = [str(each) for each in value] if isinstance(value, list) else [str(value)]
    text = "\n".join(line.strip() for line in lines).strip()
    if len(text) > LONGEST[name] or re.search(r"[\x00-\x08\x0b-\x1f\x7f]", text):
        raise ValueError(
            _(
                "“%(name)s” is at most %(most)s characters of plain text.",
                name=name,
                most=LONGEST[name],
            )
        )
    return text
