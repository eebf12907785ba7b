"""What the app says, and what each language's catalogue lacks: `./run messages`, and the tests."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from gettext import c2py
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from app.catalogues import list_catalogues

ROOT = Path(__file__).resolve().parent.parent
KEYWORDS = DEFAULT_KEYWORDS | {
    "_l": None,
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
    "lazy_pgettext": ((1, "c"), 2),
}
KEPT = re.compile(r"%\(\w+\)[#0 +-]*\d*[a-z]|%%|\{\w*\}|</?\w+[^>]*>|https?://\S+")
"""What a translation takes over as it is: placeholders, tags, addresses."""
CHANGES_BY_ITSELF = re.compile(
    r'^"(Report-Msgid|POT-Creation|PO-Revision|Last-Translator|Language-Team|Generated-By).*\n',
    re.M,
)
"""Header lines with dates, persons and versions: a conflict whenever two branches meet."""
CATEGORIES = ("zero", "one", "two", "few", "many", "other")


class Said(NamedTuple):
    """Something that the app says somewhere."""

    file: str
    line: int
    message: str | tuple[str, ...]
    context: str | None


@cache
def extract(folder: Path = ROOT / "app") -> list[Said]:
    """Every string that the app asks to be translated."""
    with (ROOT / "babel.cfg").open() as config:
        methods, options = parse_mapping_cfg(config)
    found = extract_from_dir(folder, methods, options, keywords=KEYWORDS)
    return [Said(file, line, text, about) for file, line, text, _notes, about in found]


def template() -> Catalog:
    """The catalogue of what there is to translate."""
    catalogue = Catalog()
    for said in extract():
        catalogue.add(said.message, context=said.context)
    return catalogue


def read(file: Path) -> Catalog:
    """A language's catalogue; raises PoFileError where it cannot be read."""
    with file.open("rb") as source:
        return read_po(source, locale=file.parts[-3], abort_invalid=True)


def written(catalogue: Catalog) -> bytes:
    """A catalogue as it is kept: sorted, without places or dates, so that branches merge."""
    catalogue.project, catalogue.version, catalogue.header_comment = "Lettertally", "", ""
    file = io.BytesIO()
    write_po(file, catalogue, width=100, no_location=True, sort_output=True, ignore_obsolete=True)
    text = CHANGES_BY_ITSELF.sub("", file.getvalue().decode())
    return (text.replace("Lettertally \\n", "Lettertally\\n", 1).strip() + "\n").encode()


def updated(file: Path, wanted: Catalog) -> Catalog:
    """A language's catalogue with what is new and without what is no longer said."""
    catalogue = read(file)
    catalogue.update(wanted, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    return catalogue


def find_faults(catalogue: Catalog, wanted: Catalog) -> list[str]:
    """What is missing or malformed, one line each; nothing for a whole catalogue."""
    counts = _counts_as_its_language_does(catalogue)
    faults = [] if counts else ["the header: Plural-Forms is not the language’s"]
    for message in filter(_is_one, wanted):
        found = catalogue.get(message.id, message.context)
        faults += [f"{_shown(message)}: {fault}" for fault in _faults_of(message, found, catalogue)]
    left_over = [each for each in catalogue if _is_one(each) and not _is_in(wanted, each)]
    faults += [f"{_shown(each)}: no longer said" for each in left_over]
    return faults + [f"{_shown(each)}: no longer said" for each in catalogue.obsolete.values()]


def _faults_of(message: Message, found: Message | None, catalogue: Catalog) -> Iterator[str]:
    forms = _forms(found.string) if found else ()
    if found is None or found.id != message.id or not all(forms) or not forms:
        yield "missing"
        return
    if found.fuzzy:
        yield "marked as fuzzy"
    wanted = catalogue.num_plurals if message.pluralizable else 1
    if len(forms) != wanted:
        yield f"{len(forms)} forms instead of {wanted}"
    for form in forms:
        yield from _faults_of_form(message, form, is_last=form == forms[-1])


def _faults_of_form(message: Message, form: str, *, is_last: bool) -> Iterator[str]:
    *one, usual = _forms(message.id)
    # One or two of a thing may be said without a number; many may not.
    may, must = set(_kept(usual)), set(_kept(usual)) if is_last or not one else set()
    may = may.union(*map(_kept, one))
    here = set(_kept(form))
    is_counted = bool(one) or _kept(form) == _kept(usual)
    if not (must <= here <= may and is_counted):
        yield f"placeholders or tags differ: {', '.join(sorted(here ^ may)) or form}"
    if KEPT.sub("", form).count("%") != KEPT.sub("", usual).count("%"):
        yield "a percent sign on its own: write it as the English does"
    if (form[:1].isspace(), form[-1:].isspace()) != (usual[:1].isspace(), usual[-1:].isspace()):
        yield "the space at its beginning or end differs"


def _kept(text: str) -> list[str]:
    return sorted(KEPT.findall(text))


def _counts_as_its_language_does(catalogue: Catalog) -> bool:
    """Each of Unicode's categories that whole numbers have has its form, in Unicode's order."""
    assert catalogue.locale is not None
    said = [catalogue.locale.plural_form(number) for number in range(1001)]
    used = [each for each in CATEGORIES if each in said]
    form_of = c2py(catalogue.plural_expr)
    is_right = all(form_of(number) == used.index(each) for number, each in enumerate(said))
    return catalogue.num_plurals == len(used) and is_right


def _forms(text: str | Iterable[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def _is_one(message: Message) -> bool:
    return bool(message.id)


def _is_in(wanted: Catalog, message: Message) -> bool:
    return wanted.get(message.id, message.context) is not None


def _shown(message: Message) -> str:
    about = f"({message.context}) " if message.context else ""
    return f"{about}{_forms(message.id)[0]!r}"


def main() -> int:
    """Bring every catalogue up to the code, and say what it lacks; 1 when it lacks something."""
    wanted = template()
    lacking = 0
    for file in list_catalogues():
        catalogue = updated(file, wanted)
        file.write_bytes(written(catalogue))
        faults = find_faults(read(file), wanted)
        lacking += len(faults)
        print(f"{file.relative_to(ROOT)}: {len(wanted)} messages, {len(faults) or 'no'} faults")
        print("".join(f"  {fault}\n" for fault in faults), end="")
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
