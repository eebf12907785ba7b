"""The last part of an address, made from a name."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Callable

LONGEST = 60
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""What cannot be mistaken for anything else when it is read out."""
UNDECOMPOSED = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i"}
)
"""Latin letters that Unicode does not take apart into a plain letter and a mark."""
TAKEN_BY_PAGES = frozenset({"new", "import"})


def make_slug(name: str, *, otherwise: str, is_taken: Callable[[str], bool]) -> str:
    """A free slug like the name; a name without Latin letters or digits gets a random one.

    "Public library, Ärla" → `public-library-arla`, then `public-library-arla-2`.
    """
    plain = slug_of(name)
    if not plain:
        plain = f"{otherwise}-{random_word(6)}"
    slug, number = plain, 1
    while slug in TAKEN_BY_PAGES or is_taken(slug):
        number += 1
        slug = f"{plain}-{number}"
    return slug


def slug_of(name: str) -> str:
    """The name in small Latin letters, digits and hyphens, cut between words where it can be."""
    folded = unicodedata.normalize("NFKD", name.lower().translate(UNDECOMPOSED))
    unmarked = "".join(c for c in folded if not unicodedata.combining(c))
    # An apostrophe stands inside a word; everything else that is not kept parts two words.
    words = re.findall("[a-z0-9]+", re.sub("['’]", "", unmarked))
    slug = "-".join(words)
    if len(slug) > LONGEST:
        slug = slug[: LONGEST + 1].rpartition("-")[0] or slug[:LONGEST]
    return slug


def random_word(length: int) -> str:
    """Letters and digits that nobody can guess: almost five bits each."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
