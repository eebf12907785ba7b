"""Lists as people keep them: reading an uploaded CSV however it was saved, and writing one."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

from flask_babel import LazyString, get_locale, ngettext
from flask_babel import gettext as _

from app.exceptions import RuleBroken

Read = TypeVar("Read")

SEPARATORS = ",;\t"
CODE_PAGES = {
    **dict.fromkeys(("pl", "cs", "sk", "hu", "ro", "hr", "sl"), "cp1250"),
    **dict.fromkeys(("ru", "uk", "be", "bg", "mk", "sr"), "cp1251"),
    **dict.fromkeys(("el",), "cp1253"),
    **dict.fromkeys(("tr", "az"), "cp1254"),
    **dict.fromkeys(("he", "yi"), "cp1255"),
    **dict.fromkeys(("ar", "fa", "ur"), "cp1256"),
    **dict.fromkeys(("et", "lv", "lt"), "cp1257"),
}
"""How a spreadsheet on Windows saves a plain CSV where a language is spoken; elsewhere cp1252.

After https://learn.microsoft.com/en-us/windows/win32/intl/code-page-identifiers
"""
MOST_CHARACTERS_OF_A_CELL = 20_000
MOST_FAULTS = 10
"""More are mended one upload later."""
FORMULA = re.compile(r"(?:^|[;\t\r\n]) *(?=[=+\-@＝＋－＠])")
"""Where a spreadsheet might begin to read a command: whose commas are semicolons, also inside."""


class Row(NamedTuple):
    """One row with its place in the file as a spreadsheet counts: the headings are row 1."""

    number: int
    cells: Mapping[str, str]
    """By the column's own name, stripped; empty where the file has no such column."""


class Column(NamedTuple):
    """A column that is looked for, by any of its headings in any case and spacing.

    Beside the English ones stand those of our own lists, in the reader's language.
    """

    name: str
    headings: tuple[str | LazyString, ...]
    is_required: bool = True
    is_one_line: bool = False
    """Whether a cell of it that goes over several lines has most likely swallowed the next row."""


class Fault(NamedTuple):
    """What is wrong with which row, and how to mend it."""

    number: int
    mend: str


class BadRows(RuleBroken):
    """Some rows cannot be taken, so none is; `faults` names the first of them."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = list(faults[:MOST_FAULTS])
        super().__init__(
            ngettext(
                "One row cannot be read, so nothing was done yet.",
                "%(num)s rows cannot be read, so nothing was done yet.",
                len(faults),
            ),
            field="file",
            error="bad_rows",
        )


def read_rows(data: bytes, columns: Sequence[Column], *, most: int) -> list[Row]:
    """The rows that have anything in them.

    UTF-8 and UTF-16 with or without a mark, else Latin-1; commas, semicolons or tabs.
    Raises RuleBroken (no text, a heading is missing, no row, more than `most`), BadRows, where
    quotation marks are not as they should be: a row may be hidden behind one.
    """
    lines = _parse(decode(data))
    places = _find_columns(next(lines, (0, []))[1], columns)
    short = [column.name for column in columns if column.is_one_line]
    rows = []
    for number, cells in lines:
        if any(cells):
            named = {n: cells[at] if at < len(cells) else "" for n, at in places.items()}
            if any("\n" in named.get(name, "") for name in short):
                raise _over_lines(number)
            rows.append(Row(number, dict.fromkeys((c.name for c in columns), "") | named))
        if len(rows) > most:
            raise _refusal(_("The list has more than %(most)s rows: send it in parts.", most=most))
    if not rows:
        raise _refusal(_("There is no row below the headings."))
    return rows


def read_each(
    data: bytes, columns: Sequence[Column], read: Callable[[Row], Read], *, most: int
) -> list[Read]:
    """What `read` makes of each row; a RuleBroken of its is that row's fault.

    Raises what `read_rows` raises; BadRows names every row that has a fault, not the first alone.
    """
    things, faults = [], []
    for row in read_rows(data, columns, most=most):
        try:
            things.append(read(row))
        except RuleBroken as refusal:
            faults.append(Fault(row.number, refusal.message))
    if faults:
        raise BadRows(faults)
    return things


def write_rows(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV that every spreadsheet opens rightly, and in which no cell is a formula."""
    return b"".join(stream_rows(headings, rows))


def stream_rows(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """The same, row by row as they come."""
    yield codecs.BOM_UTF8
    for row in itertools.chain([headings], rows):
        line = io.StringIO()
        csv.writer(line, lineterminator="\r\n").writerow([tame(cell) for cell in row])
        yield line.getvalue().encode()


def tame(cell: str) -> str:
    """The text, with an apostrophe wherever a spreadsheet might run what follows."""
    return FORMULA.sub(r"\g<0>'", cell)


def decode(data: bytes) -> str:
    """The file's text; raises RuleBroken when it is none, as that of a workbook is."""
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")):
        raise _refusal(_("This is no CSV file. In your spreadsheet, choose “Save as CSV”."))
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(unicodedata.category(c) == "Cc" and c not in "\r\n\t\x85" for c in text):
            return text.removeprefix("\ufeff")
    raise _refusal(_("This is no text. In your spreadsheet, choose “Save as CSV (UTF-8)”."))


def _encodings(data: bytes) -> tuple[str, ...]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    # Latin letters in UTF-16 without a mark: every second byte is nothing.
    if b"\0" in data[:200]:
        return ("utf-16-le", "utf-16-be") if data[1:2] == b"\0" else ("utf-16-be", "utf-16-le")
    reader = get_locale()
    # Such a file does not say its encoding: its reader's machine has most likely written it.
    code_page = CODE_PAGES.get(reader.language if reader else "", "cp1252")
    # Windows' own Latin-1 has quotes and the euro where the standard has controls.
    return ("utf-8-sig", code_page, "cp1252", "latin-1")


def _parse(text: str) -> Iterator[tuple[int, list[str]]]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(SEPARATORS, key=first.count)
    lines = io.StringIO(text, newline=None)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            stripped = [cell.strip() for cell in cells]
            if any(len(cell) > MOST_CHARACTERS_OF_A_CELL for cell in stripped):
                raise BadRows([Fault(number, str(_("A cell is far too long.")))])
            if number == 1 and not any(stripped):
                raise _refusal(_("The first row must hold the headings."))
            if any(_holds_a_row(cell, separator, first.count(separator)) for cell in stripped):
                raise _over_lines(number)
            yield number, stripped
    except csv.Error:
        mend = _("A quotation mark is left open or stands inside a cell, or a cell is too long.")
        raise BadRows([Fault(number + 1, str(mend))]) from None


def _holds_a_row(cell: str, separator: str, separators: int) -> bool:
    later = cell.split("\n")[1:]
    return separators > 0 and any(line.count(separator) >= separators for line in later)


def _over_lines(number: int) -> BadRows:
    mend = _("A cell goes over several lines: close its quotation mark, or write it in one line.")
    return BadRows([Fault(number, str(mend))])


def _find_columns(headings: list[str], columns: Sequence[Column]) -> dict[str, int]:
    found = {_plain(heading): at for at, heading in reversed(list(enumerate(headings)))}
    places = {}
    for column in columns:
        names = [_plain(str(name)) for name in column.headings]
        at = [found[name] for name in names if name in found]
        if at:
            places[column.name] = at[0]
        elif column.is_required:
            raise _refusal(
                _(
                    "No column is called “%(name)s”. Name it so in the first row.",
                    name=column.headings[0],
                )
            )
    return places


def _plain(heading: str) -> str:
    folded = unicodedata.normalize("NFKD", heading.casefold())
    return "".join(mark for mark in folded if mark.isalnum())


def _refusal(message: str) -> RuleBroken:
    return RuleBroken(message, field="file", error="bad_file")
