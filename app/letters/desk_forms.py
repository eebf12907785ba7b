"""The shape of what narrows the list of letters, and of what is mended on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict

from app.campaigns.kinds import KINDS
from app.campaigns.models import Case
from app.campaigns.own_kinds import list_kinds
from app.events.local_times import utc_of
from app.events.models import WritingTable
from app.exceptions import Refusal, RuleBroken
from app.fields import LocalTime, Pick, pick_list
from app.letters.entries import Choice, Filter
from app.letters.forms import CASE, OP, read_op
from app.letters.models import NO_TABLE

ANY = ""
MOST_TICKED = 1000
"""Boxes on one page, with much to spare."""
LAST_OF_A_MINUTE = timedelta(seconds=59, milliseconds=999)
ACTS = {"take-back": "void", "put-back": "restore", "let-in": "count"}
"""What a button's way is called in the ledger."""
MOVE = "move"


class FilterForm(FlaskForm):
    """What the list is narrowed to, out of its address; `choosing` fills in what there is."""

    class Meta:
        csrf = False

    table = Pick(_l("Table"))
    device = Pick(_l("Device"))
    case = Pick(_l("Case"))
    kind = Pick(_l("Kind"))
    source = Pick(_l("Logged"))
    state = Pick(_l("State"))
    since = LocalTime(_l("From"))
    until = LocalTime(_l("Until"))

    @classmethod
    def choosing(
        cls,
        asked: MultiDict[str, str],
        cases: Iterable[Case],
        tables: Iterable[WritingTable],
        devices: Iterable[tuple[int, str]],
    ) -> FilterForm:
        """The form with an event's own choices."""
        form = cls(asked)
        form.cases = {case.slug: case.id for case in cases}
        form.table.choices = pick_list(
            [
                (ANY, _("all tables")),
                *((str(table.id), table.name) for table in tables),
                (str(NO_TABLE), _("no table in particular")),
            ]
        )
        form.device.choices = pick_list(
            [(ANY, _("all devices")), *((str(each), label) for each, label in devices)]
        )
        form.case.choices = pick_list(
            [(ANY, _("all cases")), *((case.slug, case.name) for case in cases)]
        )
        form.kind.choices = pick_list(
            [(ANY, _("all kinds")), *((kind.name, kind.label) for kind in list_kinds())]
        )
        form.source.choices = pick_list(
            [(ANY, _("anywhere")), ("tap", _("at a table")), ("desk", _("at the desk"))]
        )
        form.state.choices = pick_list(
            [
                (ANY, _("all states")),
                ("counted", _("counted")),
                ("waiting", _("waiting for a check")),
                ("taken-back", _("taken back")),
                ("late", _("arrived late")),
            ]
        )
        return form

    cases: Mapping[str, int]

    @property
    def query(self) -> dict[str, str]:
        """What of the address says something, to be carried on."""
        said = {field.name: (field.raw_data or [""])[0] for field in self}
        return {name: value for name, value in said.items() if value}

    def wanted(self, zone: ZoneInfo) -> Filter:
        """The entries asked for; raises RuleBroken at a time that the zone's clocks do not show."""
        since, until = (
            utc_of(field.data, zone, field=field.name) if field.data else None
            for field in (self.since, self.until)
        )
        return Filter(
            table_id=int(self.table.data) if self.table.data else None,
            device_id=int(self.device.data) if self.device.data else None,
            case_id=self.cases.get(self.case.data),
            kind=self.kind.data or None,
            source=self.source.data or None,
            state=self.state.data or None,
            since=since,
            until=until + LAST_OF_A_MINUTE if until else None,
        )

    def refuse(self, refusal: Refusal) -> None:
        """Tell a rule that was broken at the field that can mend it."""
        field = self._fields[refusal.field or "since"]
        field.errors = [*field.errors, refusal.message]


class Mend(NamedTuple):
    """What is to be done to the chosen entries."""

    op: str
    way: str
    choice: Choice
    case: str | None
    """Where to move them: a case's slug, or None for where they are."""
    kind: str | None


def read_mend(form: MultiDict[str, str], wanted: Filter) -> Mend:
    """What was pressed below the list; raises RuleBroken naming the first field at fault."""
    op, way = read_op(form), form.get("way", "")
    if way not in ACTS and way != MOVE:
        raise RuleBroken(_("Choose what to do with them."), field="way")
    ticked = tuple(ticked.lower() for ticked in form.getlist("entry"))
    as_of = form.get("as_of", "")
    is_all = form.get("all") == "1"
    is_shaped = all(map(OP.fullmatch, ticked)) and len(ticked) <= MOST_TICKED
    if not is_shaped or (is_all and not (as_of.isascii() and as_of.isdigit() and len(as_of) < 10)):
        raise RuleBroken(_("This list is too old. Look at it, and tick again."), field="entry")
    case, kind = form.get("to_case") or None, form.get("to_kind") or None
    if case is not None and not CASE.fullmatch(case):
        raise RuleBroken(_("Choose a case from the list."), field="to_case")
    if kind is not None and kind not in KINDS:
        raise RuleBroken(_("Choose a kind from the list."), field="to_kind")
    choice = Choice(() if is_all else ticked, wanted, int(as_of) if is_all else 0, is_all)
    return Mend(op, way, choice, case, kind)
