"""The shape of what organisers type about events and tables, and volunteers to join one."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import ImmutableMultiDict

from app.campaigns.forms import MOST_LETTERS, zone_choices
from app.campaigns.kinds import ALL_KINDS, DEFAULT_IN_FRONT, MOST_IN_FRONT
from app.campaigns.models import Case
from app.events.actions import EventFields
from app.events.local_times import local_of, utc_of
from app.events.models import Event, WritingTable
from app.exceptions import Refusal, RuleBroken
from app.fields import (
    BooleanField,
    EditVersion,
    Line,
    LocalTime,
    MultiCheckboxField,
    Paragraphs,
    Pick,
    Whole,
    pick_list,
)

MOST_PEOPLE = 1_000_000
MOST_SEATS = 200
USUAL_SEATS = 8


class EventForm(FlaskForm):
    """When and where, whom for, and how it is shown; hours are those of the event's own zone."""

    title = Line(_l("Title"), most=120, missing=_l("Give the event a title."))
    starts = LocalTime(_l("Starts"), missing=_l("Choose the day and the hour it starts."))
    ends = LocalTime(_l("Ends"), missing=_l("Choose the day and the hour it ends."))
    time_zone = Pick(_l("Time zone"), choices=zone_choices, required=True)
    place = Line(_l("Place"), most=200)
    description = Paragraphs(_l("What to expect"), most=5_000)
    cases = MultiCheckboxField(_l("Cases"))
    kinds_in_front = MultiCheckboxField(
        _l("Kinds of letter in front"),
        most=MOST_IN_FRONT,
        choices=pick_list((kind.name, kind.label) for kind in ALL_KINDS),
        default=DEFAULT_IN_FRONT,
    )
    goal = Whole(_l("Goal, in letters"), least=1, most=MOST_LETTERS)
    people = Whole(_l("People who came"), least=0, most=MOST_PEOPLE)
    has_young_people = BooleanField(_l("Young people take part"))
    is_private = BooleanField(_l("Private"))
    is_rehearsal = BooleanField(_l("Rehearsal"))
    edit_version = EditVersion()

    def validate(self, extra_validators: object = None) -> bool:
        """Each field by itself, then the hours: they exist, and the end comes after the start."""
        is_valid: bool = super().validate(extra_validators)
        if self.time_zone.errors or self.starts.errors or self.ends.errors:
            return False
        try:
            if self.utc(self.ends) <= self.utc(self.starts):
                raise RuleBroken(_("The end must come after the start."), field="ends")
        except RuleBroken as refusal:
            self.refuse(refusal)
            return False
        return is_valid

    def utc(self, field: Any) -> datetime:
        """The moment that one of the two fields names; raises RuleBroken."""
        return utc_of(field.data, ZoneInfo(self.time_zone.data), field=field.name)

    def refuse(self, refusal: Refusal) -> None:
        """Write a refusal beside the field it is about."""
        field = self[refusal.field or "title"]
        field.errors = [*field.errors, refusal.message]

    def fields(self) -> EventFields:
        """What was said of the event."""
        said = {name: self[name].data for name in EventFields._fields if name in self}
        lists = {name: tuple(said[name] or ()) for name in ("cases", "kinds_in_front")}
        hours = {"starts_at": self.utc(self.starts), "ends_at": self.utc(self.ends)}
        return EventFields(**said | lists | hours)


def said_of(event: Event) -> dict[str, object]:
    """An event as the form shows it."""
    said = {name: getattr(event, name) for name in EventFields._fields}
    return said | {
        "starts": local_of(event.starts_at, event.zone),
        "ends": local_of(event.ends_at, event.zone),
        "cases": [case.slug for case in event.cases],
        "edit_version": event.edit_version,
    }


def case_choices(cases: list[Case]) -> list[Any]:
    """Boxes to tick, one a case."""
    return pick_list((case.slug, _with_country(case)) for case in cases)


def _with_country(case: Case) -> str:
    words = _("%(name)s, %(country)s", name=case.name, country=case.country)
    return str(_("%(case)s (stop writing)", case=words) if case.is_paused else words)


class TableForm(FlaskForm):
    """A table's name, and how many devices may sit at it at once."""

    name = Line(_l("Name"), most=60, missing=_l("Give the table a name."))
    seats = Whole(
        _l("Seats"),
        least=1,
        most=MOST_SEATS,
        missing=_l("Say how many devices may join at once."),
        default=USUAL_SEATS,
    )
    edit_version = EditVersion()


class JoinForm(FlaskForm):
    """The code on the table's card."""

    code = Line(_l("Code"), most=40, missing=_l("Type the code that stands on the card."))


def form_of_table(
    table: WritingTable, sent: ImmutableMultiDict[str, str] | None = None
) -> TableForm:
    """The form of one of many tables on a page: its fields' ids are the table's own."""
    form = TableForm(sent, obj=table)
    for field in form:
        field.id = f"table-{table.id}-{field.name}"
    return form
