"""The kinds of action: their wire names, words and grouping."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_babel.speaklater import LazyString

from app.formatting import number

LETTERS = "letters"
OTHER = "other"


class Kind(NamedTuple):
    """One kind of action; `name` is a wire name and never changes."""

    name: str
    group: str
    """Where it counts, unless the season groups it otherwise."""
    label: LazyString | str
    """As on a switch: a word or two."""
    noun: Callable[[int], str]
    """What stands under a "+12": "postcards"."""
    counted: Callable[[int], str]
    """`counted(12)` is "12 postcards", in the reader's language."""


ALL_KINDS = (
    Kind(
        "handwritten_letter",
        LETTERS,
        _l("Hand-written"),
        lambda n: ngettext("letter", "letters", n),
        lambda n: ngettext("%(count)s letter", "%(count)s letters", n, count=number(n)),
    ),
    Kind(
        "signed_letter",
        LETTERS,
        _l("Printed, signed"),
        lambda n: ngettext("printed letter", "printed letters", n),
        lambda n: ngettext(
            "%(count)s printed letter", "%(count)s printed letters", n, count=number(n)
        ),
    ),
    Kind(
        "postcard",
        LETTERS,
        _l("Postcard"),
        lambda n: ngettext("postcard", "postcards", n),
        lambda n: ngettext("%(count)s postcard", "%(count)s postcards", n, count=number(n)),
    ),
    Kind(
        "solidarity_card",
        LETTERS,
        _l("Card to them"),
        lambda n: ngettext("card", "cards", n),
        lambda n: ngettext(
            "%(count)s solidarity card", "%(count)s solidarity cards", n, count=number(n)
        ),
    ),
    Kind(
        "email",
        OTHER,
        _l("E-mail"),
        lambda n: ngettext("e-mail", "e-mails", n),
        lambda n: ngettext("%(count)s e-mail", "%(count)s e-mails", n, count=number(n)),
    ),
    Kind(
        "fax",
        OTHER,
        _l("Fax"),
        lambda n: ngettext("fax", "faxes", n),
        lambda n: ngettext("%(count)s fax", "%(count)s faxes", n, count=number(n)),
    ),
    Kind(
        "text_message",
        OTHER,
        _l("Text message"),
        lambda n: ngettext("text", "texts", n),
        lambda n: ngettext("%(count)s text message", "%(count)s text messages", n, count=number(n)),
    ),
    Kind(
        "social_post",
        OTHER,
        _l("Social post"),
        lambda n: ngettext("post", "posts", n),
        lambda n: ngettext("%(count)s social post", "%(count)s social posts", n, count=number(n)),
    ),
    Kind(
        "petition_signature",
        OTHER,
        _l("Petition signature"),
        lambda n: ngettext("signature", "signatures", n),
        lambda n: ngettext("%(count)s signature", "%(count)s signatures", n, count=number(n)),
    ),
    Kind(
        "photo_action",
        OTHER,
        _l("Photo action"),
        lambda n: ngettext("photo", "photos", n),
        lambda n: ngettext("%(count)s photo", "%(count)s photos", n, count=number(n)),
    ),
    Kind(
        "other",
        OTHER,
        _l("Other"),
        lambda n: ngettext("action", "actions", n),
        lambda n: ngettext("%(count)s other action", "%(count)s other actions", n, count=number(n)),
    ),
)

KINDS = {kind.name: kind for kind in ALL_KINDS}
LETTER_KINDS = frozenset(kind.name for kind in ALL_KINDS if kind.group == LETTERS)
"""What counts among the letters, the headline, unless the season says otherwise."""
USUAL_GROUPING = " ".join(kind.name for kind in ALL_KINDS if kind.group == LETTERS)
DEFAULT_IN_FRONT = ("handwritten_letter", "signed_letter", "postcard", "solidarity_card")
MOST_IN_FRONT = 4


@lru_cache(maxsize=64)
def letters_in(grouping: str) -> frozenset[str]:
    """The kinds that a season counts as letters, out of `Campaign.letter_kinds`."""
    return frozenset(grouping.split())
