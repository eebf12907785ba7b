"""The shape of what organisers type about events and tables, and volunteers to join one."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import ImmutableMultiDict
from wtforms import widgets
from wtforms.fields import RadioField
from wtforms.validators import StopValidation

from app.campaigns.forms import MOST_LETTERS, zone_choices
from app.campaigns.kinds import DEFAULT_IN_FRONT, MOST_IN_FRONT
from app.campaigns.models import Case
from app.campaigns.own_kinds import kind_choices
from app.campaigns.regions import region_choices
from app.events import presets
from app.events.drafting import EventFields
from app.events.local_times import local_of, mended_hour, utc_of
from app.events.models import MOST_DAYS, USUAL_DAYS, Event, WritingTable
from app.events.wording import access_choices
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
SEATS_FOR_WRITERS = 40
"""Where each writer logs with their own phone."""


class WebLink(Line):
    """The address of a page, http or https: anything else could run in the reader's browser."""

    widget = widgets.URLInput()

    def pre_validate(self, form: object) -> None:
        super().pre_validate(form)
        if self.data and not is_web_link(self.data):
            raise StopValidation(_("Write the whole link, beginning with https://"))


def is_web_link(text: str) -> bool:
    """Whether a browser may be sent there."""
    if any(c.isspace() or c in '<>"\\' for c in text):
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def moment_of(field: Any, zone: ZoneInfo) -> datetime:
    """The moment of a field's hour in a zone; raises RuleBroken, the field mended if it can be."""
    try:
        return utc_of(field.data, zone, field=field.name)
    except RuleBroken:
        mended = mended_hour(field.data, zone)
        if mended is not None:
            # The form that comes back holds an hour that there is; the error says so.
            field.data, field.raw_data = mended, None
        raise


class EventForm(FlaskForm):
    """When and where, whom for, and how it is shown; hours are those of the event's own zone."""

    preset = Pick(
        _l("Sort of event"),
        choices=pick_list((each.name, each.label) for each in presets.ALL.values()),
        default=presets.USUAL_PRESET,
    )
    title = Line(_l("Title"), most=120, missing=_l("Give the event a title."))
    held_by = Line(_l("Who holds it"), most=120)
    starts = LocalTime(_l("Starts"), missing=_l("Choose the day and the hour it starts."))
    ends = LocalTime(_l("Ends"), missing=_l("Choose the day and the hour it ends."))
    time_zone = Pick(_l("Time zone"), choices=zone_choices, required=True)
    place = Line(_l("Place"), most=200)
    address = Line(_l("Address"), most=300)
    town = Line(_l("Town"), most=80)
    region = Pick(_l("Region"), choices=region_choices)
    online_link = WebLink(_l("Online link"), most=500)
    description = Paragraphs(_l("What to expect"), most=5_000)
    what_to_bring = Line(_l("What to bring"), most=200)
    languages = Line(_l("Languages"), most=120)
    language = Pick(_l("Language of its screens"), default="")
    access = MultiCheckboxField(_l("Easy to come"), choices=access_choices)
    access_notes = Line(_l("More about access"), most=500)
    cases = MultiCheckboxField(_l("Cases"))
    kinds_in_front = MultiCheckboxField(
        _l("Kinds of letter in front"),
        most=MOST_IN_FRONT,
        choices=lambda: pick_list(kind_choices()),
        default=DEFAULT_IN_FRONT,
    )
    logged_by = RadioField(
        _l("Who logs the letters"),
        choices=pick_list(
            [
                ("volunteer", _l("A volunteer at each table, for all who write there")),
                ("writer", _l("Each writer, with their own phone")),
            ]
        ),
        default="volunteer",
    )
    goal = Whole(_l("Goal, in letters"), least=1, most=MOST_LETTERS)
    people = Whole(_l("People who came"), least=0, most=MOST_PEOPLE)
    next_event = Pick(_l("Hands over to"), default="")
    has_young_people = BooleanField(_l("Young people take part"))
    is_private = BooleanField(_l("Private"))
    is_rehearsal = BooleanField(_l("Rehearsal"))
    keeps_names_days = Whole(
        _l("Days after the end until names are deleted"),
        least=0,
        most=MOST_DAYS,
        default=USUAL_DAYS,
    )
    edit_version = EditVersion()
    usual_zone = "UTC"
    """The section's own, which need not be asked."""

    def validate(self, extra_validators: object = None) -> bool:
        """Each field by itself, then the hours: they exist, and the end comes after the start."""
        if self.lasts_a_day:
            # Nobody is asked when a marathon ends; what a hidden field says of it is no matter.
            self.ends.process_errors, self.ends.data = [], self.starts.data
        is_valid: bool = super().validate(extra_validators)
        if self.time_zone.errors or self.starts.errors or self.ends.errors:
            return False
        try:
            if self.ends_at() <= self.utc(self.starts):
                raise RuleBroken(_("The end must come after the start."), field="ends")
        except RuleBroken as refusal:
            self.refuse(refusal)
            return False
        return is_valid

    @property
    def lasts_a_day(self) -> bool:
        """Whether it ends 24 hours after its start, whatever the clocks do meanwhile."""
        return bool(self.preset.data == "day")

    def ends_at(self) -> datetime:
        """The moment it ends; raises RuleBroken."""
        if self.lasts_a_day:
            return self.utc(self.starts) + presets.A_WHOLE_DAY
        return self.utc(self.ends)

    def utc(self, field: Any) -> datetime:
        """The moment that one of the two fields names; raises RuleBroken."""
        return moment_of(field, ZoneInfo(self.time_zone.data))

    def refuse(self, refusal: Refusal) -> None:
        """Write a refusal beside the field it is about."""
        field = self[refusal.field or "title"]
        field.errors = [*field.errors, refusal.message]

    def is_shown(self, name: str) -> bool:
        """Whether the preset needs this field, or it says something out of the ordinary.

        So whatever the public reads can be seen in the form, and no change of the preset loses it.
        """
        field = self[name]
        if name == "ends" and self.lasts_a_day:
            return False
        if name in presets.ALL[self.chosen_preset].shows:
            return True
        usual = self.usual_zone if name == "time_zone" else (field.default or None)
        return bool(field.errors) or (field.data or None) not in (None, usual)

    @property
    def chosen_preset(self) -> str:
        """The preset, or the usual one where none was said."""
        return self.preset.data if self.preset.data in presets.ALL else presets.USUAL_PRESET

    def fields(self) -> EventFields:
        """What was said of the event."""
        said = {name: self[name].data for name in EventFields._fields if name in self}
        lists = {name: tuple(said[name] or ()) for name in ("cases", "kinds_in_front", "access")}
        hours = {"starts_at": self.utc(self.starts), "ends_at": self.ends_at()}
        if said["keeps_names_days"] is None:
            said["keeps_names_days"] = USUAL_DAYS
        return EventFields(**said | lists | hours)


def said_of(event: Event) -> dict[str, object]:
    """An event as the form shows it."""
    said = {name: getattr(event, name) for name in EventFields._fields}
    return said | {
        "starts": local_of(event.starts_at, event.zone),
        "ends": local_of(event.ends_at, event.zone),
        "cases": [case.slug for case in event.cases],
        "next_event": event.next_event.slug if event.next_event else "",
        "edit_version": event.edit_version,
    }


def next_choices(events: list[Event]) -> list[Any]:
    """Whom an event may hand over to, and nobody."""
    nobody = ("", _("nobody: it ends here"))
    return pick_list([nobody, *((event.slug, event.title) for event in events)])


class CancelForm(FlaskForm):
    """Why an event will not be held; everybody who looks for it reads that."""

    reason = Line(
        _l("Why it is cancelled"),
        most=300,
        missing=_l("Say in a few words why: guests read it on the event’s page."),
    )


class CopyForm(FlaskForm):
    """When the copy of an event starts; it lasts as long as the original did."""

    title = Line(_l("Title"), most=120, missing=_l("Give the event a title."))
    starts = LocalTime(_l("Starts"), missing=_l("Choose the day and the hour it starts."))


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
