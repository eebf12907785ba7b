"""Form fields that features share: each says in one sentence what to mend."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from flask import request
from flask_babel import gettext as _
from werkzeug.datastructures import ImmutableMultiDict
from wtforms import Field, widgets
from wtforms.fields import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.fields import choices as wtforms_choices
from wtforms.validators import StopValidation

from app.exceptions import Conflict

YEARS = range(2000, 2100)
UNSEEN = ("Cc", "Cf", "Mn", "Zs", "Zl", "Zp")
BLANKS = "\u115f\u1160\u2800\u3164\uffa0"  # letters and signs that no reader sees


class Difference(NamedTuple):
    """A field that somebody else changed while this form was open."""

    label: object
    theirs: str
    yours: str


class Clash(NamedTuple):
    """Somebody else was faster: what they changed, beside what was typed here."""

    message: str
    differences: list[Difference]


def pick_list(pairs: Iterable[tuple[str, object]]) -> list[Any]:
    """Choices for `Pick` and `MultiCheckboxField`, out of (value, label)."""
    choice = wtforms_choices.SelectChoice  # type: ignore[attr-defined]
    return [choice(value, label) for value, label in pairs]


class Line(StringField):
    """One line of at most `most` characters; `missing` is what to say when it must not be empty.

    What nobody can see is empty. Whatever else was typed is kept, every joiner of it.
    """

    line_ends = ""

    def __init__(self, label: Any, *, most: int, missing: Any = None, **kw: Any) -> None:
        super().__init__(label, **kw)
        self.most, self.missing = most, missing
        self.flags.maxlength = most
        self.flags.required = missing is not None

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = str(valuelist[0]) if valuelist else ""
        self.data = text.replace("\r\n", "\n").strip() if shows_something(text) else ""

    def pre_validate(self, form: object) -> None:
        text = self.data or ""
        if not text and self.missing is not None:
            raise StopValidation(self.missing)
        if len(text) > self.most:
            raise StopValidation(_("Use at most %(most)s characters.", most=self.most))
        # Controls would tear a line of a list or of a mail, and no page may show them again.
        kept = "".join(c for c in text if c in self.line_ends or unicodedata.category(c) != "Cc")
        if kept != text:
            self.data = kept
            raise StopValidation(
                _("There was a character in it that cannot be kept. Look at it, and save again.")
            )


class Paragraphs(Line):
    """Several lines of text."""

    widget = widgets.TextArea()
    line_ends = "\n\t"


class Whole(IntegerField):
    """A whole number from `least` to `most`, in plain figures."""

    figures = "[0-9]{1,12}"

    def __init__(
        self, label: Any, *, least: int, most: int, missing: Any = None, **kw: Any
    ) -> None:
        super().__init__(label, **kw)
        self.least, self.most, self.missing = least, most, missing
        self.flags.min, self.flags.max = least, most
        self.flags.required = missing is not None

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = str(valuelist[0]).strip() if valuelist else ""
        self.data = None
        if not text:
            return
        # int() would also read other scripts' digits, signs and underscores.
        if not re.fullmatch(self.figures, text):
            raise ValueError(self._bounds())
        self.data = int(text)

    def pre_validate(self, form: object) -> None:
        _check_given(self)
        # Only now: a form may narrow the bounds of a field that has read what was sent.
        if self.data is not None and not self.least <= self.data <= self.most:
            raise StopValidation(self._bounds())

    def _bounds(self) -> str:
        bounds = {"least": self.least, "most": self.most}
        return str(_("Write a whole number from %(least)s to %(most)s, in figures.", **bounds))


class People(Whole):
    """How big a party is, in the figures of any script: guests write as they are used to."""

    figures = r"\d{1,12}"


class Day(DateField):
    """A day of the calendar."""

    def __init__(self, label: Any, *, missing: Any = None, **kw: Any) -> None:
        super().__init__(label, **kw)
        self.missing = missing
        self.flags.required = missing is not None

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = str(valuelist[0]).strip() if valuelist else ""
        self.data = _read_time(date, text, "[0-9]{4}-[0-9]{2}-[0-9]{2}")
        if text and self.data is None:
            raise ValueError(_("Choose a day of this century, written like 2026-12-10."))

    def pre_validate(self, form: object) -> None:
        _check_given(self)


class LocalTime(DateTimeLocalField):
    """A day and a time of day as the clock on the wall shows them; `data` has no zone."""

    def __init__(self, label: Any, *, missing: Any = None, **kw: Any) -> None:
        super().__init__(label, format="%Y-%m-%dT%H:%M", **kw)
        self.missing = missing
        self.flags.required = missing is not None

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = str(valuelist[0]).strip() if valuelist else ""
        pattern = "[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?"
        self.data = _read_time(datetime, text, pattern)
        if text and self.data is None:
            raise ValueError(
                _("Choose a day and a time of this century, written like 2026-12-10 12:00.")
            )

    def pre_validate(self, form: object) -> None:
        _check_given(self)


class Pick(SelectField):
    """One out of a list; not `required` when its first choice says nothing."""

    data: Any

    def __init__(self, label: Any, *, required: bool = False, **kw: Any) -> None:
        super().__init__(label, **kw)
        self.flags.required = required

    def process_data(self, value: Any) -> None:
        super().process_data("" if value is None else value)

    def pre_validate(self, form: object) -> None:
        if self.data not in {choice.value for choice in self.choices}:  # type: ignore[union-attr]
            raise StopValidation(_("Choose one from the list."))


class MultiCheckboxField(SelectMultipleField):
    """Any number out of a list, as boxes to tick; at most `most` when that is said."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()

    def __init__(self, label: Any, *, most: int | None = None, **kw: Any) -> None:
        super().__init__(label, **kw)
        self.most = most

    def pre_validate(self, form: object) -> None:
        known = {choice.value for choice in self.choices}  # type: ignore[union-attr]
        if not known.issuperset(self.data or ()):
            raise StopValidation(_("Choose from the list: it has changed meanwhile."))
        if self.most is not None and len(set(self.data or ())) > self.most:
            raise StopValidation(_("Tick at most %(most)s.", most=self.most))


class EditVersion(HiddenField):
    """What the form was made from; anything but a number is older than everything."""

    data: Any

    def __init__(self, label: Any = None, **kw: Any) -> None:
        super().__init__(label, **{"default": 0} | kw)

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = str(valuelist[0]) if valuelist else ""
        self.data = int(text) if re.fullmatch("[0-9]{1,9}", text) else 0


def shows_something(text: str) -> bool:
    """Whether there is more to a text than spaces, controls and what joins, turns or marks."""
    return any(unicodedata.category(c) not in UNSEEN and c not in BLANKS for c in text)


def clash_between(form: Any, stored: Any, refusal: Conflict) -> Clash:
    """What to show of `form` that was sent too late, beside what is `stored` by now.

    Sent again the form is taken: it was seen.
    """
    form.edit_version.data = stored.edit_version.data
    differences = [
        Difference(field.label.text, shown(stored[field.name]), shown(field))
        for field in form
        if not isinstance(field, HiddenField) and shown(field) != shown(stored[field.name])
    ]
    return Clash(refusal.message, differences)


def sent_form() -> ImmutableMultiDict[str, str] | None:
    """The fields that were posted, or None; a JSON body or a file is no field of ours."""
    return request.form if request.method == "POST" else None


def shown(field: Field) -> str:
    """A field's value as a person would read it out."""
    if isinstance(field, BooleanField):
        return str(_("yes") if field.data else _("no"))
    if isinstance(field, SelectField):
        values = field.data if isinstance(field, SelectMultipleField) else [field.data]
        labels = {choice.value: str(choice.label) for choice in field.choices}  # type: ignore[union-attr]
        return ", ".join(labels.get(value, str(value)) for value in values or ())
    if isinstance(field, DateTimeLocalField) and field.data:
        return f"{field.data:%Y-%m-%d %H:%M}"
    return str("" if field.data is None else field.data)


def _read_time(kind: Any, text: str, pattern: str) -> Any:
    if not re.fullmatch(pattern, text):
        return None
    try:
        value = kind.fromisoformat(text)
    except ValueError:
        return None
    return value if value.year in YEARS else None


def read_id(text: str) -> int | None:
    """The number of a row, as an address or a ticked box says it; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _check_given(field: Any) -> None:
    if field.process_errors:
        raise StopValidation
    if field.data is None and field.missing is not None:
        raise StopValidation(field.missing)


__all__ = [
    "BooleanField",
    "Clash",
    "Day",
    "Difference",
    "EditVersion",
    "Line",
    "LocalTime",
    "MultiCheckboxField",
    "Paragraphs",
    "People",
    "Pick",
    "Whole",
    "clash_between",
    "pick_list",
    "read_id",
    "sent_form",
    "shown",
]
