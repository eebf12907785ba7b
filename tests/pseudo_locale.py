"""A language nobody speaks: every string long and right to left, so that forgotten ones show."""

from __future__ import annotations

import math
import re
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import write_po

from tests import messages

LOCALE = "ar_XB"
"""Unicode's own made-up right-to-left locale; its numbers and dates are Arabic's."""
LONGER = 0.4
LETTERS = str.maketrans(
    "abcdefghijklmnopqrstuvwxyz" + "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "ابكديفغهىجقلمنوپڨرستؤڤۋخیز" * 2,
)
KEPT = re.compile(r"(%\(\w+\)[#0 +-]*\d*[a-z]|%%|\{\w*\}|<[^>]+>|&\w+;)")


def translate(text: str) -> str:
    """The text in Arabic letters and some 40 % longer; placeholders and tags stay."""
    parts = [part if KEPT.fullmatch(part) else part.translate(LETTERS) for part in KEPT.split(text)]
    letters = "".join(re.findall(r"[^\W\d_]", "".join(p for p in parts if not KEPT.fullmatch(p))))
    more = math.ceil(LONGER * len(text))
    return f"{''.join(parts)} {(letters * more)[:more]}" if letters else text


def translate_message(message: Message) -> str | tuple[str, ...]:
    """A message's translation: one form, or one for each of Arabic's six numbers."""
    if isinstance(message.id, str):
        return translate(message.id)
    one, many = (translate(form) for form in message.id)
    return (many, one, many, many, many, many)


def write_catalogue(folder: Path) -> Path:
    """Write the catalogue below `folder`, a folder of translations, and return that one.

    Compiled for the app in this process; and as translators write it, for a server to compile.
    """
    catalogue = Catalog(locale="ar")
    for said in messages.extract():
        catalogue.add(said.message, context=said.context)
    for entry in catalogue:
        if entry.id:
            entry.string = translate_message(entry)
    target = folder / LOCALE / "LC_MESSAGES"
    target.mkdir(parents=True, exist_ok=True)
    with (target / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
    with (target / "messages.po").open("wb") as file:
        write_po(file, catalogue)
    return folder
