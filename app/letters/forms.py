"""The shape of what is logged; the table's press is read by hand, since it is the hot path."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from uuid import uuid4

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField
from wtforms.validators import Regexp

from app.campaigns.kinds import KINDS
from app.campaigns.models import Case
from app.campaigns.own_kinds import kind_choices
from app.events.models import WritingTable
from app.exceptions import Conflict, Refusal, RuleBroken
from app.fields import Pick, Whole, pick_list, sent_form
from app.letters.facts import Press
from app.letters.models import NO_TABLE
from app.letters.rules import MOST_AT_THE_DESK

OP = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
CASE = re.compile("[a-z0-9-]{1,80}")
LONGEST_AGE_MS = 60 * 24 * 3600 * 1000
"""As long as a device's cookie lives: sixty days."""
ANY_CLOCK_MS = 10**14
"""However wrong a phone's clock is: three thousand years."""


def read_press(form: Mapping[str, str]) -> Press:
    """The press in a posted form; raises RuleBroken naming the first field that is not one."""
    return Press(
        op=read_op(form),
        case=_matching(CASE, form, "case", _l("Choose a case.")),
        kind=_kind(form),
        quantity=_number(form, "quantity", 999_999, _l("Say how many, in figures.")),
        age_ms=_age(form),
        is_confirmed=form.get("confirm") == "1",
    )


def read_op(form: Mapping[str, str]) -> str:
    """The op of a posted act: a UUID, in small letters."""
    return _matching(OP, form, "op", _l("This page is too old. Load it again."), fold=True)


def _matching(
    pattern: re.Pattern[str],
    form: Mapping[str, str],
    field: str,
    mend: LazyString,
    fold: bool = False,
) -> str:
    # A mend is translated when it is needed: to look up the language costs more than the reading.
    value = form.get(field, "")
    value = value.lower() if fold else value
    if not pattern.fullmatch(value):
        raise RuleBroken(str(mend), field=field)
    return value


def _kind(form: Mapping[str, str]) -> str:
    kind = form.get("kind", "")
    if kind not in KINDS:
        raise RuleBroken(_("Choose what kind of letter it is."), field="kind")
    return kind


def _age(form: Mapping[str, str]) -> int | None:
    """The age in milliseconds; None for one that cannot be, which costs nobody a letter."""
    age = _number(form, "age_ms", ANY_CLOCK_MS, _l("Say the age in milliseconds."), "0")
    return age if age <= LONGEST_AGE_MS else None


def _number(
    form: Mapping[str, str], field: str, most: int, mend: LazyString, default: str | None = None
) -> int:
    value = form.get(field) or default or ""
    # str.isdecimal() would let in other scripts' digits, which int() reads and people may not.
    if not re.fullmatch("[0-9]{1,15}", value) or int(value) > most:
        raise RuleBroken(str(mend), field=field)
    return int(value)


class LogForm(FlaskForm):
    """Logging on behalf of a table; `choosing` fills in what there is to choose from."""

    op = HiddenField(
        _l("This form"), validators=[Regexp(OP, message=_l("It was too old. Send it once more."))]
    )
    quantity = Whole(
        _l("How many"),
        least=1,
        most=MOST_AT_THE_DESK,
        missing=_l("Say how many, in figures."),
        default=1,
    )
    kind = Pick(
        _l("Kind"),
        required=True,
        choices=lambda: pick_list(kind_choices()),
    )
    case = Pick(_l("Case"), required=True)
    table = Pick(_l("Table"), required=True)
    confirm = BooleanField(_l("They were written before the case was paused"))

    @classmethod
    def choosing(cls, cases: Iterable[Case], tables: Iterable[WritingTable]) -> LogForm:
        """A form with a new op, for one event's cases and tables; 0 is no table at all."""
        form = cls(sent_form())
        if not form.is_submitted():
            form.op.data = str(uuid4())
        form.case.choices = pick_list((c.slug, c.name) for c in cases if c.state != "draft")
        named = [(str(table.id), table.name) for table in tables]
        form.table.choices = pick_list([*named, (str(NO_TABLE), _("no table in particular"))])
        return form

    @property
    def table_id(self) -> int | None:
        """The chosen table, or None for none in particular."""
        return int(self.table.data) or None

    def validate(self, extra_validators: object = None) -> bool:
        """Each field by itself; an op that is none gives way to a new one."""
        is_valid: bool = super().validate(extra_validators)
        if self.op.errors:
            self.op.data = str(uuid4())
        return is_valid

    def press(self) -> Press:
        """What was asked to be logged."""
        return Press(
            op=self.op.data or "",
            case=self.case.data,
            kind=self.kind.data,
            quantity=self.quantity.data or 0,
            is_confirmed=self.confirm.data,
        )

    def refuse(self, refusal: Refusal) -> None:
        """Tell a rule that was broken at the field that can mend it; a used op gives way."""
        field, message = self._fields.get(refusal.field, self.quantity), refusal.message
        if isinstance(refusal, Conflict):
            self.op.data = str(uuid4())
            message = _(
                "This form was sent before, with something else in it, and that is logged. "
                "To log this as well, send it once more."
            )
        field.errors = [*field.errors, message]
