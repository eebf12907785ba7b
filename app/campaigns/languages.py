"""The languages that a case may be told in or its letters be read in, whatever pages speak."""

from __future__ import annotations

import functools
import re
from typing import Any

from flask_babel import get_locale

from app.catalogues import shipped_languages
from app.fields import pick_list
from app.folding import folded
from app.formatting import introduce, load_locale, names_of_languages, posix

CODES = tuple(
    re.findall(
        "[a-zA-Z-]+",
        "am ar az be bg bn bs ca ckb cs cy da de el en es et eu fa fi fr ga gl gn gu ha he hi hr "
        "ht hu hy id ig is it ja ka kk km kn ko ku ky ln lo lt lv mg mk ml mn mr ms mt my nb ne nl "
        "nn pa pl ps pt pt-BR qu ro ru rw si sk sl so sq sr sv sw ta te tg th ti tr uk ur uz vi yo "
        "zh zh-Hant zu",
    )
)
"""As HTML writes them."""
BABELS = {posix(code): code for code in CODES} | {"no": "nb"}
"""The same by what Babel calls them; Norwegian is what many call one of the two."""


def language_name(code: str) -> str:
    """What the reader calls a language."""
    return str(load_locale(code).get_display_name(get_locale()) or code)


def code_of(name: str) -> str | None:
    """The language that somebody calls so, in any language of our pages or in its own."""
    for called in (folded(name), _bare(name)):
        if code := _codes_by_our_names().get(called) or _codes_by_own_names().get(called):
            return code
    return None


@functools.cache
def _codes_by_our_names() -> dict[str, str]:
    codes = {folded(code): code for code in CODES}
    for names in map(names_of_languages, shipped_languages()):
        told = [known for known in BABELS if known in names]
        codes = {folded(names[known]): BABELS[known] for known in told} | codes
    return codes


@functools.cache
def _codes_by_own_names() -> dict[str, str]:
    """Asked only for what nobody here calls so: there are ninety files to read."""
    own = {code: names_of_languages(known).get(known, code) for known, code in BABELS.items()}
    return {_bare(name): code for code, name in reversed(own.items())}


def _bare(name: str) -> str:
    """As people search for it, without a remark in brackets behind it."""
    return folded(name.partition(" (")[0])


def direction(code: str) -> str:
    """`ltr` or `rtl`."""
    return introduce(code).dir


def reader_language() -> str:
    """The language of this answer, as HTML writes it."""
    return str(get_locale() or "en").replace("_", "-")


def language_choices() -> list[Any]:
    """All of them by the names that the reader knows, in the alphabet's order."""
    named: dict[str, str] = {code: language_name(code) for code in CODES}
    return pick_list(sorted(named.items(), key=lambda pair: str(pair[1]).casefold()))


def closest(wanted: str, codes: list[str]) -> str | None:
    """Which of `codes` a reader of `wanted` is served with: that very one, or its language."""
    plain = wanted.partition("-")[0]
    return next((code for code in (wanted, plain) if code in codes), None)
