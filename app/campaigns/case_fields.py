"""Form fields of a case alone: its targets, several to a form."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from typing import Any

from flask_babel import gettext as _
from wtforms import Field
from wtforms.utils import unset_value
from wtforms.validators import StopValidation

from app.campaigns.slugs import random_word

MOST_TARGETS = 8
LENGTHS = {"name": 120, "role": 160, "postal_address": 600, "salutation": 120}
PARTS = ("key", *LENGTHS)


class TargetList(list[dict[str, str]]):
    """Targets that can be read out, for whoever compares two versions of a form."""

    def __str__(self) -> str:
        return "; ".join(", ".join(t[part] for part in LENGTHS if t[part]) for t in self)


class Targets(Field):
    """Who gets the letters: a name or role, an address, a salutation each, and one empty place.

    A target keeps its `key` while it is edited, because translations greet it by that.
    """

    data: TargetList

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Read `targets-0-name` and so on; an empty target is none."""
        self.process_errors: list[str] = []
        stored = [] if data is unset_value or data is None else data
        if formdata is not None and any(key.startswith(f"{self.name}-") for key in formdata):
            stored = [self._read(formdata, index) for index in range(MOST_TARGETS)]
        self.data = TargetList(t for t in stored if any(t[part] for part in LENGTHS))

    def _read(self, formdata: Any, index: int) -> dict[str, str]:
        typed = {part: formdata.get(f"{self.name}-{index}-{part}", "") for part in PARTS}
        read = {part: str(text).replace("\r\n", "\n").strip() for part, text in typed.items()}
        if not (read["key"].isascii() and read["key"].isalnum() and len(read["key"]) <= 12):
            read["key"] = random_word(6)
        return read

    @property
    def places(self) -> list[dict[str, str]]:
        """The targets and an empty place, as many as there may be."""
        return [*self.data, dict.fromkeys(PARTS, "")][:MOST_TARGETS]

    def pre_validate(self, form: object) -> None:
        # No page may show a control character again.
        had_controls = [_drop_controls(target) for target in self.data]
        for number, target in enumerate(self.data, 1):
            if not target["name"] and not target["role"]:
                raise StopValidation(_("Give target %(n)s a name or a role.", n=number))
            for part, most in LENGTHS.items():
                if len(target[part]) > most or had_controls[number - 1]:
                    raise StopValidation(
                        _(
                            "Look at target %(n)s: use at most %(most)s plain characters for each.",
                            n=number,
                            most=most,
                        )
                    )


class Lines(dict[str, str]):
    """Lines that can be read out, for whoever compares two versions of a form."""

    def __str__(self) -> str:
        return "; ".join(words for words in self.values() if words)


class LineOfEach(Field):
    """One line for each of some keys, sent as `NAME-KEY`; `takes` says which there are."""

    data: Lines
    most = 0
    """Characters in a line."""

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Read `salutations-KEY` or the like; an empty one is none."""
        self.process_errors: list[str] = []
        begins = f"{self.name}-"
        sent = {k[len(begins) :]: v for k, v in (formdata or {}).items() if k.startswith(begins)}
        stored = sent if formdata is not None else ({} if data in (unset_value, None) else data)
        self.data = Lines((key, str(v).strip()) for key, v in stored.items() if str(v).strip())

    def takes(self, keys: Collection[str]) -> None:
        """Forget the lines of all others."""
        self.data = Lines((key, words) for key, words in self.data.items() if key in keys)

    def pre_validate(self, form: object) -> None:
        for key, words in self.data.items():
            plain = "".join(c for c in words if unicodedata.category(c) != "Cc")
            self.data[key] = plain
            if len(words) > self.most or plain != words:
                raise StopValidation(
                    _("Use at most %(most)s plain characters for each.", most=self.most)
                )


class LineOfTarget(LineOfEach):
    """One line for each target, by its key; `speaks_of` says which there are."""

    part = ""
    """What the target itself calls it."""
    targets: Sequence[dict[str, str]] = ()

    def speaks_of(self, targets: Sequence[dict[str, str]]) -> None:
        """Only these targets have one."""
        self.targets = targets
        self.takes({target["key"] for target in targets})


class Roles(LineOfTarget):
    """What each target is, in another language."""

    part = "role"
    most = LENGTHS["role"]

    def speaks_of(self, targets: Sequence[dict[str, str]]) -> None:
        """Only these targets, and of them those that have a role."""
        super().speaks_of([target for target in targets if target["role"]])


class Salutations(LineOfTarget):
    """How a letter to each target begins."""

    part = "salutation"
    most = LENGTHS["salutation"]


class Reasons(LineOfEach):
    """Why a case is paused, one for each language that it is translated into."""

    most = 300


def _drop_controls(target: dict[str, str]) -> bool:
    """Whether there were characters that cannot be kept."""
    before = dict(target)
    for part in LENGTHS:
        ends = "\n\t" if part == "postal_address" else ""
        target[part] = "".join(
            c for c in target[part] if c in ends or unicodedata.category(c) != "Cc"
        )
    return target != before
