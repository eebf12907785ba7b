"""Texts as people search and sort them: without accents, capitals, and letters' several forms."""

from __future__ import annotations

import unicodedata

ONE_FOR_ALL = {
    # Letters with a stroke, or two in one, which Unicode does not take apart.
    **dict(zip("łøđðħŧıŋə", "loddhtine", strict=True)),
    "æ": "ae",
    "œ": "oe",
    "ß": "ss",
    "þ": "th",
    # One Arabic letter that is typed in several ways, in Arabic, Persian and Urdu.
    **dict.fromkeys("أإآٱ", "ا"),
    **dict.fromkeys("ىئیے", "ي"),
    **dict.fromkeys("ؤۆ", "و"),
    **dict.fromkeys("ةۀہھە", "ه"),
    "ک": "ك",
    # The hamza on its own, and the stroke that lengthens a word for beauty.
    **dict.fromkeys("ءـ", ""),
    **dict(zip("٠١٢٣٤٥٦٧٨٩", "0123456789", strict=True)),
    **dict(zip("۰۱۲۳۴۵۶۷۸۹", "0123456789", strict=True)),
    # Quotation marks and hyphens as keyboards have them.
    **dict.fromkeys("’‘ʼ`´", "'"),
    **dict.fromkeys("‐‑‒–—", "-"),
}
WHOLE = str.maketrans(ONE_FOR_ALL)
NOT_LETTERS = ("Mn", "Cf")
"""Accents, vowel signs, marks of direction and joining."""


def folded(text: str) -> str:
    """The text as its neighbours in a list and whoever searches would write it."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(WHOLE))
    letters = "".join(c for c in apart if unicodedata.category(c) not in NOT_LETTERS)
    # Ligatures and full-width letters are taken apart only now.
    return " ".join(letters.casefold().translate(WHOLE).split())
