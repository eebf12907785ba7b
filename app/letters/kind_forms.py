"""The shape of what a section calls a kind, in each language that pages speak."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import ImmutableMultiDict

from app.campaigns.kinds import Kind
from app.campaigns.own_kinds import LABEL, count_samples
from app.fields import EditVersion, Line
from app.formatting import load_locale

LONGEST = 30
Names = Mapping[str, Mapping[str, str]]


class KindForm(FlaskForm):
    """A kind's names; `form_of_kind` gives it its fields."""

    edit_version = EditVersion()
    parts: Mapping[str, tuple[str, ...]] = {}
    """By language: the label, and the plural categories that its whole numbers have."""

    def validate(self, extra_validators: object = None) -> bool:
        """Each field by itself; in a language all are said or none."""
        is_valid: bool = super().validate(extra_validators)
        for language, parts in self.parts.items():
            fields = [self[f"{language}-{part}"] for part in parts]
            if any(field.data for field in fields):
                for field in fields:
                    if not field.data:
                        field.errors = [_("Fill in all of this language, or none of it.")]
                        is_valid = False
        return is_valid

    def names(self) -> dict[str, dict[str, str]]:
        """What was said, by language; what was left empty is ours."""
        said = {
            language: {part: self[f"{language}-{part}"].data for part in parts}
            for language, parts in self.parts.items()
        }
        return {language: words for language, words in said.items() if all(words.values())}


def form_of_kind(
    kind: Kind,
    names: Names,
    languages: Iterable[str],
    *,
    edit_version: int,
    sent: ImmutableMultiDict[str, str] | None = None,
) -> KindForm:
    """The form as it was sent, else with the section's names; our own words are its hints."""
    parts: dict[str, tuple[str, ...]] = {}
    fields: dict[str, Line] = {}
    data: dict[str, str] = {}
    for language in languages:
        locale = load_locale(language)
        samples = count_samples(locale)
        with force_locale(locale):
            ours: dict[str, str] = {LABEL: str(kind.label)} | {
                tag: kind.noun(numbers[-1]) for tag, numbers in samples.items()
            }
        labels = {LABEL: _l("Name")} | {tag: _after(numbers) for tag, numbers in samples.items()}
        code = str(locale)
        parts[code] = tuple(ours)
        for part, words in ours.items():
            fields[f"{code}-{part}"] = Line(labels[part], most=LONGEST, description=words)
            data[f"{code}-{part}"] = names.get(code, {}).get(part, "")
    form: KindForm = type("KindForm", (KindForm,), fields | {"parts": parts})(
        sent, data=data, edit_version=edit_version
    )
    return form


def _after(numbers: list[int]) -> str:
    shown = ", ".join(map(str, numbers))
    return _("After %(numbers)s", numbers=f"{shown} …" if len(numbers) > 1 else shown)
