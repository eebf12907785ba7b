"""A case as cases.json holds it: written from what is stored, read with every field checked."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.campaigns.actions import CaseFields
from app.campaigns.case_fields import LENGTHS
from app.campaigns.case_files import CaseFile, refusal
from app.campaigns.forms import CaseForm, TranslationForm
from app.campaigns.languages import CODES
from app.campaigns.models import RULES, TEXTS, TRANSLATED, Case, CaseText

MOST_CASES = 100
LONGEST_REASON = 300
SLUG = re.compile("[a-z0-9]+(-[a-z0-9]+)*")
LISTS = ("key_points", "sample_lines", "solidarity_address", "social_handles", "sources")
"""Texts of several lines, which a list in the file shows better."""
OWN = ("name", "country", "language", "copies_to", "portrait_credit", "from_age", "languages")
WRITTEN = (*(name for name in TEXTS if name not in LISTS), *OWN)


class ReadText(NamedTuple):
    """A translation."""

    texts: dict[str, str]
    roles: dict[str, str]
    salutations: dict[str, str]

    @property
    def columns(self) -> dict[str, Any]:
        """What is stored of it."""
        return {**self.texts, "roles": self.roles, "salutations": self.salutations}


class ReadCase(NamedTuple):
    """A case of a file, each field checked as if it had been typed."""

    slug: str
    fields: CaseFields
    translations: dict[str, ReadText]
    picture_name: str
    picture: bytes
    """Empty without one; not yet looked at."""
    pause_reason: str = ""
    """Why people are asked to stop writing; empty when they are not."""
    pause_reasons: Mapping[str, str] = MappingProxyType({})

    @property
    def picture_sum(self) -> str:
        """SHA-256 of the picture's file."""
        return hashlib.sha256(self.picture).hexdigest() if self.picture else ""

    def stops(self, case: Case | None) -> bool:
        """Whether to take it stops the writing for a case that is not stopped here, or will be."""
        return bool(self.pause_reason) and not (case and case.pause_reason)

    def sum_beside(self, case: Case | None) -> str:
        """What `sum_of` is of a case that says just this; its own picture counts as itself."""
        picture = self.picture_sum
        if case is not None and picture and picture == case.portrait:
            picture = case.portrait_made_from
        stand_in = Case(slug=self.slug, **self.fields._asdict(), portrait_made_from=picture)
        stand_in.translations = [
            CaseText(language=language, **text.columns)
            for language, text in self.translations.items()
        ]
        return sum_of(stand_in)


def record_of(case: Case) -> dict[str, Any]:
    """The case as the file holds it, but for its picture's file."""
    record: dict[str, Any] = {"slug": case.file_slug or case.slug}
    record |= {name: getattr(case, name) for name in WRITTEN}
    record |= {name: _lines(getattr(case, name)) for name in LISTS}
    record["as_of"] = case.as_of_on.isoformat() if case.as_of_on else None
    record["rules"] = {rule: getattr(case, rule) for rule in RULES}
    record["targets"] = [
        {**target, "postal_address": _lines(target["postal_address"])} for target in case.targets
    ]
    record["translations"] = {
        text.language: _texts_of(text)
        for text in sorted(case.translations, key=lambda text: text.language)
    }
    if case.pause_reason:
        record["paused"] = {"reason": case.pause_reason, "reasons": dict(case.pause_reasons)}
    return record


def sum_of(case: Case) -> str:
    """A fingerprint of all that the file would say of the case, its picture too.

    But for a pause: that is the section's own word on the day, not an edit of the story.
    """
    record = record_of(case) | {"slug": "", "portrait": case.portrait_made_from}
    record.pop("paused", None)
    return hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()


def read_cases(file: CaseFile) -> list[ReadCase]:
    """The cases of a file; raises RuleBroken that names the case and the field."""
    if not 0 < len(file.cases) <= MOST_CASES:
        raise refusal(_("A file holds one case at least, and %(most)s at most.", most=MOST_CASES))
    cases = [_read(record, number, file.pictures) for number, record in enumerate(file.cases, 1)]
    if len({case.slug for case in cases}) < len(cases):
        raise refusal(_("Two cases in this file have the same slug."))
    return cases


def _read(record: Mapping[str, Any], number: int, pictures: Mapping[str, bytes]) -> ReadCase:
    where = _("Case %(n)s", n=number)
    if isinstance(record.get("name"), str):
        where = f"{where} ({_shown(record['name'])})"
    slug = _text(record, "slug", where)
    if not SLUG.fullmatch(slug) or len(slug) > 60:
        raise refusal(_("%(where)s: “slug” must be small letters and hyphens.", where=where))
    typed = _typed(record, where)
    form = CaseForm(MultiDict(typed), meta={"csrf": False})
    _check(form, where)
    portrait = _mapping(record, "portrait", where)
    file = _text(portrait, "file", where)
    if file and file not in pictures:
        raise refusal(_("%(where)s: its picture is not in the zip.", where=where))
    translations = {
        language: _read_text(language, text, where, own=str(form.language.data))
        for language, text in _mapping(record, "translations", where).items()
    }
    paused = _mapping(record, "paused", where)
    return ReadCase(
        slug,
        form.fields(),
        translations,
        file,
        pictures.get(file, b""),
        _text(paused, "reason", where)[:LONGEST_REASON],
        _read_reasons(paused, where),
    )


def _read_reasons(paused: Mapping[str, Any], where: str) -> dict[str, str]:
    told = _mapping(paused, "reasons", where)
    return {code: _text(told, code, where)[:LONGEST_REASON] for code in told if code in CODES}


def _typed(record: Mapping[str, Any], where: str) -> list[tuple[str, str]]:
    """The record as a browser would have sent it."""
    typed = [(n, _text(record, n, where)) for n in (*WRITTEN, *LISTS) if n != "languages"]
    typed = [(n, text or "en") if n == "language" else (n, text) for n, text in typed]
    typed.append(("as_of_on", _text(record, "as_of", where)))
    typed += [("languages", code) for code in _list(record, "languages", str, where)]
    rules = _mapping(record, "rules", where)
    typed += [(rule, _text(rules, rule, where)) for rule in RULES]
    for index, target in enumerate(_list(record, "targets", dict, where)):
        parts = {part: _text(target, part, where) for part in LENGTHS}
        parts["key"] = _text(target, "key", where) or f"t{index + 1}"
        typed += [(f"targets-{index}-{part}", text) for part, text in parts.items()]
    return typed


def _read_text(language: str, text: Any, where: str, *, own: str) -> ReadText:
    where = f"{where}, {_shown(language)}"
    if language not in CODES or language == own or not isinstance(text, dict):
        raise refusal(_("%(where)s: this is no translation.", where=where))
    form = TranslationForm(
        MultiDict([(name, _text(text, name, where)) for name in TRANSLATED]), meta={"csrf": False}
    )
    _check(form, where)
    roles, salutations = (_read_lines(text, name, where) for name in ("roles", "salutations"))
    return ReadText(form.texts(), roles, salutations)


def _read_lines(text: Mapping[str, Any], name: str, where: str) -> dict[str, str]:
    lines = _mapping(text, name, where)
    most = LENGTHS[name.removesuffix("s")]
    return {_shown(key)[:12]: _text(lines, key, where)[:most] for key in lines}


def _check(form: Any, where: str) -> None:
    if not form.validate():
        field = next(field for field in form if field.errors)
        said = {"where": where, "field": field.label.text, "mend": field.errors[0]}
        raise refusal(_("%(where)s, “%(field)s”: %(mend)s", **said))


def _text(record: Mapping[str, Any], name: str, where: str) -> str:
    value = record.get(name)
    if type(value) is int and abs(value) < 10**9:
        value = str(value)
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        value = "\n".join(value)
    if value is None:
        return ""
    if not isinstance(value, str) or "\0" in value or _has_lone_surrogate(value):
        raise refusal(_("%(where)s: “%(name)s” is no text.", where=where, name=_shown(name)))
    return value


def _has_lone_surrogate(text: str) -> bool:
    return any("\ud800" <= c <= "\udfff" for c in text)


def _shown(text: str) -> str:
    """The beginning of what a file says, as an answer can say it: half of a pair is a "?"."""
    return text[:40].encode("utf-8", "replace").decode()


def _mapping(record: Mapping[str, Any], name: str, where: str) -> Mapping[str, Any]:
    value = record.get(name) or {}
    if not isinstance(value, dict):
        raise refusal(_("%(where)s: “%(name)s” is no group of fields.", where=where, name=name))
    return value


def _list(record: Mapping[str, Any], name: str, kind: type, where: str) -> list[Any]:
    value = record.get(name) or []
    if not isinstance(value, list) or not all(isinstance(one, kind) for one in value):
        raise refusal(_("%(where)s: “%(name)s” is no list.", where=where, name=name))
    return value


def _texts_of(told: CaseText) -> dict[str, Any]:
    texts = {name: getattr(told, name) for name in TEXTS}
    record = {name: _lines(text) if name in LISTS else text for name, text in texts.items()}
    record["salutations"] = dict(told.salutations)
    # Left out while unsaid: a file without them is no other file, and has the same fingerprint.
    later = {"country": told.country, "roles": told.roles}
    return record | {name: said for name, said in later.items() if said}


def _lines(text: str) -> Sequence[str]:
    return text.split("\n") if text else []
