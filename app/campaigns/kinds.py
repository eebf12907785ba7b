"""The kinds of action: their wire names, words and grouping."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_babel.speaklater import LazyString

LETTERS = "letters"
OTHER = "other"


class Kind(NamedTuple):
    """One kind of action; `name` is a wire name and never changes."""

    name: str
    group: str
    label: LazyString
    """As on a button: a word or two."""
    counted: Callable[[int], str]
    """`counted(12)` is "12 postcards", in the reader's language."""

    @property
    def is_letter(self) -> bool:
        """Whether it counts among the letters, the headline."""
        return self.group == LETTERS


ALL_KINDS = (
    Kind(
        "handwritten_letter",
        LETTERS,
        _l("Hand-written"),
        lambda n: ngettext("%(num)s letter", "%(num)s letters", n),
    ),
    Kind(
        "signed_letter",
        LETTERS,
        _l("Printed, signed"),
        lambda n: ngettext("%(num)s printed letter", "%(num)s printed letters", n),
    ),
    Kind(
        "postcard",
        LETTERS,
        _l("Postcard"),
        lambda n: ngettext("%(num)s postcard", "%(num)s postcards", n),
    ),
    Kind(
        "solidarity_card",
        LETTERS,
        _l("Card to them"),
        lambda n: ngettext("%(num)s solidarity card", "%(num)s solidarity cards", n),
    ),
    Kind("email", OTHER, _l("E-mail"), lambda n: ngettext("%(num)s e-mail", "%(num)s e-mails", n)),
    Kind("fax", OTHER, _l("Fax"), lambda n: ngettext("%(num)s fax", "%(num)s faxes", n)),
    Kind(
        "text_message",
        OTHER,
        _l("Text message"),
        lambda n: ngettext("%(num)s text message", "%(num)s text messages", n),
    ),
    Kind(
        "social_post",
        OTHER,
        _l("Social post"),
        lambda n: ngettext("%(num)s social post", "%(num)s social posts", n),
    ),
    Kind(
        "petition_signature",
        OTHER,
        _l("Petition signature"),
        lambda n: ngettext("%(num)s signature", "%(num)s signatures", n),
    ),
    Kind(
        "photo_action",
        OTHER,
        _l("Photo action"),
        lambda n: ngettext("%(num)s photo", "%(num)s photos", n),
    ),
    Kind(
        "other",
        OTHER,
        _l("Other"),
        lambda n: ngettext("%(num)s other action", "%(num)s other actions", n),
    ),
)

KINDS = {kind.name: kind for kind in ALL_KINDS}
LETTER_KINDS = frozenset(kind.name for kind in ALL_KINDS if kind.is_letter)
DEFAULT_IN_FRONT = ("handwritten_letter", "signed_letter", "postcard", "solidarity_card")
MOST_IN_FRONT = 4


def kinds_named(names: Iterable[str]) -> list[Kind]:
    """The kinds of these wire names, in the given order; unknown names are left out."""
    return [KINDS[name] for name in names if name in KINDS]
