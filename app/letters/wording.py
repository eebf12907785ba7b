"""What is said about what was mended on the list of letters."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _
from flask_babel import ngettext

from app.formatting import number
from app.letters.bulk_actions import Outcome
from app.letters.deeds import Deed

WHY_NOT: dict[str, Callable[..., str]] = {
    "taken_back": lambda n, **words: ngettext(
        "%(count)s of %(asked)s had already been taken back.",
        "%(count)s of %(asked)s had already been taken back.",
        n,
        **words,
    ),
    "not_taken_back": lambda n, **words: ngettext(
        "%(count)s of %(asked)s had not been taken back.",
        "%(count)s of %(asked)s had not been taken back.",
        n,
        **words,
    ),
    "counted": lambda n, **words: ngettext(
        "%(count)s of %(asked)s counted already.",
        "%(count)s of %(asked)s counted already.",
        n,
        **words,
    ),
    "moved": lambda n, **words: ngettext(
        "%(count)s of %(asked)s had been moved, and counts where it is now.",
        "%(count)s of %(asked)s had been moved, and count where they are now.",
        n,
        **words,
    ),
    "there": lambda n, **words: ngettext(
        "%(count)s of %(asked)s was there already.",
        "%(count)s of %(asked)s were there already.",
        n,
        **words,
    ),
    "changed": lambda n, **words: ngettext(
        "%(count)s of %(asked)s was changed since, and stays as it is.",
        "%(count)s of %(asked)s were changed since, and stay as they are.",
        n,
        **words,
    ),
    "not_then": lambda n, **words: ngettext(
        "%(count)s of %(asked)s was not there when this was first sent: tick it again.",
        "%(count)s of %(asked)s were not there when this was first sent: tick them again.",
        n,
        **words,
    ),
}
"""A sentence for each reason why an entry stayed as it was."""


def count_entries(count: int) -> str:
    """How many lines of the list."""
    return ngettext("%(count)s entry", "%(count)s entries", count, count=number(count))


def count_all(count: int) -> str:
    """Beside the box that chooses the whole list, whatever page of it is shown."""
    return ngettext("the one that matches", "all %(count)s that match", count, count=number(count))


def count_ticked(count: int) -> str:
    """How many boxes are ticked."""
    return ngettext("%(count)s ticked", "%(count)s ticked", count, count=number(count))


def count_letters(letters: int, other: int) -> str:
    """Letters and other actions, told apart."""
    words = ngettext("%(count)s letter", "%(count)s letters", letters, count=number(letters))
    if not other:
        return words
    rest = ngettext("%(count)s other action", "%(count)s other actions", other, count=number(other))
    return _("%(letters)s and %(other)s", letters=words, other=rest)


def tell_deed(deed: Deed) -> str:
    """What was done, in a sentence."""
    what = _(
        "%(entries)s (%(letters)s)",
        entries=count_entries(len(deed.answered)),
        letters=count_letters(deed.letters, deed.other),
    )
    if deed.way == "take-back":
        return _("Taken back: %(what)s.", what=what)
    if deed.way == "put-back":
        return _("Put back: %(what)s.", what=what)
    if deed.way == "let-in":
        return _("Let in: %(what)s.", what=what)
    if deed.way == "move":
        return _("Moved: %(what)s.", what=what)
    return _("As before: %(what)s.", what=what)


def tell_skipped(outcome: Outcome) -> str:
    """What was not done, and why; empty when everything was."""
    sentences = [
        WHY_NOT[why](count, count=number(count), asked=number(outcome.asked))
        for why, count in sorted(outcome.skipped.items())
    ]
    if outcome.deed is None:
        sentences.insert(0, _("Nothing was changed."))
    return " ".join(sentences)
