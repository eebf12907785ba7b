"""The kinds of action: their wire names, words and grouping."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from babel.numbers import format_decimal
from flask_babel import get_locale, ngettext
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

LETTERS = "letters"
OTHER = "other"


class NumberSlot(int):
    """A number whose place in a sentence is kept open for a script: it is told as `{n}`."""

    def __str__(self) -> str:
        return "{n}"


def _told(n: int) -> str:
    return str(n) if isinstance(n, NumberSlot) else format_decimal(n, locale=get_locale())


class Kind(NamedTuple):
    """One kind of action; `name` is a wire name and never changes."""

    name: str
    group: str
    label: LazyString
    """As on a switch: a word or two."""
    noun: Callable[[int], str]
    """What stands under a "+12": "postcards"."""
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
        lambda n: ngettext("letter", "letters", n),
        lambda n: ngettext("%(told)s letter", "%(told)s letters", n, told=_told(n)),
    ),
    Kind(
        "signed_letter",
        LETTERS,
        _l("Printed, signed"),
        lambda n: ngettext("printed letter", "printed letters", n),
        lambda n: ngettext("%(told)s printed letter", "%(told)s printed letters", n, told=_told(n)),
    ),
    Kind(
        "postcard",
        LETTERS,
        _l("Postcard"),
        lambda n: ngettext("postcard", "postcards", n),
        lambda n: ngettext("%(told)s postcard", "%(told)s postcards", n, told=_told(n)),
    ),
    Kind(
        "solidarity_card",
        LETTERS,
        _l("Card to them"),
        lambda n: ngettext("card", "cards", n),
        lambda n: ngettext(
            "%(told)s solidarity card", "%(told)s solidarity cards", n, told=_told(n)
        ),
    ),
    Kind(
        "email",
        OTHER,
        _l("E-mail"),
        lambda n: ngettext("e-mail", "e-mails", n),
        lambda n: ngettext("%(told)s e-mail", "%(told)s e-mails", n, told=_told(n)),
    ),
    Kind(
        "fax",
        OTHER,
        _l("Fax"),
        lambda n: ngettext("fax", "faxes", n),
        lambda n: ngettext("%(told)s fax", "%(told)s faxes", n, told=_told(n)),
    ),
    Kind(
        "text_message",
        OTHER,
        _l("Text message"),
        lambda n: ngettext("text", "texts", n),
        lambda n: ngettext("%(told)s text message", "%(told)s text messages", n, told=_told(n)),
    ),
    Kind(
        "social_post",
        OTHER,
        _l("Social post"),
        lambda n: ngettext("post", "posts", n),
        lambda n: ngettext("%(told)s social post", "%(told)s social posts", n, told=_told(n)),
    ),
    Kind(
        "petition_signature",
        OTHER,
        _l("Petition signature"),
        lambda n: ngettext("signature", "signatures", n),
        lambda n: ngettext("%(told)s signature", "%(told)s signatures", n, told=_told(n)),
    ),
    Kind(
        "photo_action",
        OTHER,
        _l("Photo action"),
        lambda n: ngettext("photo", "photos", n),
        lambda n: ngettext("%(told)s photo", "%(told)s photos", n, told=_told(n)),
    ),
    Kind(
        "other",
        OTHER,
        _l("Other"),
        lambda n: ngettext("action", "actions", n),
        lambda n: ngettext("%(told)s other action", "%(told)s other actions", n, told=_told(n)),
    ),
)

KINDS = {kind.name: kind for kind in ALL_KINDS}
LETTER_KINDS = frozenset(kind.name for kind in ALL_KINDS if kind.is_letter)
DEFAULT_IN_FRONT = ("handwritten_letter", "signed_letter", "postcard", "solidarity_card")
MOST_IN_FRONT = 4


def kinds_named(names: Iterable[str]) -> list[Kind]:
    """The kinds of these wire names, in the given order; unknown names are left out."""
    return [KINDS[name] for name in names if name in KINDS]


def plural_forms(say: Callable[[int], str]) -> dict[str, str]:
    """`say`'s sentence in each plural category of the reader's language, the number as `{n}`.

    A script picks one by the browser's own `Intl.PluralRules`, which has the same categories.
    """
    category = get_locale().plural_form
    samples = {category(n): n for n in range(200, -1, -1)}
    return {tag: say(NumberSlot(n)) for tag, n in samples.items()}
