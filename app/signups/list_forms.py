"""The shape of what organisers type to make a list: only what its purpose needs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import ImmutableMultiDict

from app.events.forms import moment_of
from app.events.local_times import local_of
from app.events.models import Event
from app.exceptions import Refusal, RuleBroken
from app.fields import (
    BooleanField,
    EditVersion,
    Line,
    LocalTime,
    MultiCheckboxField,
    Whole,
    pick_list,
)
from app.signups.list_actions import ListFields
from app.signups.models import SignUpList
from app.signups.wording import ASKED

FIRST = {
    "guests": ("capacity", "party_limit", "asks"),
    "helpers": ("title", "starts", "ends", "capacity", "asks"),
    "home": ("capacity", "asks"),
}
"""What each purpose asks at once …"""
FOLDED = {
    "guests": ("title", "opens", "closes", "offer_hours", "is_checked", "shows_seats"),
    "helpers": ("party_limit", "opens", "closes", "offer_hours", "is_checked", "shows_seats"),
    "home": ("title", "opens", "closes", "offer_hours", "is_checked", "shows_seats"),
}
"""… and what may be unfolded."""
HOURS = ("starts", "ends", "opens", "closes")
MOST_ROWS = 20


class Refusable(FlaskForm):
    """A form that a refusal may be written into."""

    fallback = "capacity"

    def refuse(self, refusal: Refusal) -> None:
        """Write a refusal beside the field it is about, or the first there is."""
        name = refusal.field if refusal.field in self else self.fallback
        field = self[name] if name in self else next(iter(self))
        field.errors = [*field.errors, refusal.message]


class ListForm(Refusable):
    """A list of one purpose; hours are those of the event's own zone."""

    title = Line(_l("Name of the list"), most=80)
    starts = LocalTime(_l("From"))
    ends = LocalTime(_l("Until"))
    capacity = Whole(_l("Seats"), least=1, most=100_000)
    party_limit = Whole(
        _l("At most together"),
        least=1,
        most=200,
        default=6,
        missing=_l("Say how many may come together."),
    )
    asks = MultiCheckboxField(
        _l("What it asks, besides a name"),
        choices=pick_list(ASKED.items()),
        default=("email", "language", "access_needs", "note"),
    )
    opens = LocalTime(_l("Opens"))
    closes = LocalTime(_l("Closes"))
    offer_hours = Whole(_l("How long an offer stands, in hours"), least=1, most=336)
    is_checked = BooleanField(_l("I confirm each"))
    shows_seats = BooleanField(_l("Everybody sees how many seats are left"), default=True)
    edit_version = EditVersion()

    event: Event
    purpose: str

    @property
    def first(self) -> tuple[str, ...]:
        """The fields that are asked at once."""
        # Where a stranger could learn the hour and the place, who says yes is no small print.
        more = ("is_checked",) if self.event.has_young_people else ()
        return tuple(name for name in (*FIRST[self.purpose], *more) if name in self)

    @property
    def folded(self) -> tuple[str, ...]:
        """Those that most lists do without."""
        return tuple(name for name in FOLDED[self.purpose] if name not in self.first)

    @property
    def is_unfolded(self) -> bool:
        """Whether something is to be mended there."""
        return any(self[name].errors for name in self.folded)

    def fields(self) -> ListFields:
        """What was typed; raises RuleBroken for an hour that no clock shows, or shows twice."""
        said = {name: field.data for name, field in self._fields.items()}
        for name in HOURS:
            field: Any = self._fields.get(name)
            said[name] = moment_of(field, self.event.zone) if field and field.data else None
        return ListFields(
            purpose=self.purpose,
            title=said.get("title") or "",
            starts_at=said["starts"],
            ends_at=said["ends"],
            capacity=said.get("capacity"),
            party_limit=said.get("party_limit") or 1,
            opens_at=said["opens"],
            closes_at=said["closes"],
            asks=tuple(said.get("asks") or ()),
            offer_hours=said.get("offer_hours"),
            is_checked=bool(said.get("is_checked")),
            shows_seats=bool(said.get("shows_seats")),
        )


class ShiftForm(Refusable):
    """One line of a new helpers' rota; a line without a role and a number says nothing."""

    class Meta:
        csrf = False

    fallback = "role"
    role = Line(_l("Role"), most=80)
    starts = LocalTime(_l("From"))
    ends = LocalTime(_l("Until"))
    capacity = Whole(_l("How many"), least=1, most=100_000)

    def is_blank(self) -> bool:
        """Whether nobody is wanted here; the hours stand in every new line."""
        return not self.role.data and not any(self.capacity.raw_data or ())

    def fields(self, event: Event) -> ListFields:
        """What was typed; raises RuleBroken."""
        if not self.role.data:
            raise RuleBroken(_("Say what they will do, in a word or two."), field="role")
        begins, ends = (
            moment_of(field, event.zone) if field.data else None
            for field in (self.starts, self.ends)
        )
        if begins and ends and ends <= begins:
            raise RuleBroken(_("The end must come after the start."), field="ends")
        return ListFields(
            purpose="helpers",
            title=self.role.data,
            starts_at=begins,
            ends_at=ends,
            capacity=self.capacity.data,
            party_limit=1,
            asks=("email", "note"),
            is_checked=event.has_young_people,
        )


def list_form(
    event: Event,
    purpose: str,
    sent: ImmutableMultiDict[str, str] | None = None,
    the_list: SignUpList | None = None,
) -> ListForm:
    """The form of a list that is there, or of a new one."""
    usual = {"is_checked": event.has_young_people}
    form = ListForm(sent, data=said_of(the_list) if the_list else usual)
    form.event, form.purpose = event, purpose
    kept = {*FIRST[purpose], *FOLDED[purpose], "edit_version", "csrf_token"}
    if event.has_young_people:
        # A nickname is all that is asked of them.
        kept.discard("asks")
    for name in [name for name in form._fields if name not in kept]:
        del form[name]
    if purpose == "helpers":
        form["title"].label.text = _("Role")
        form["title"].missing = _("Say what they will do, in a word or two.")
        form["title"].flags.required = True
    if purpose == "home":
        form["capacity"].label.text = _("How many")
    return form


def said_of(the_list: SignUpList) -> dict[str, Any]:
    """A list as the form shows it."""
    plain = ("title", "capacity", "party_limit", "asks", "offer_hours", "is_checked")
    said = {name: getattr(the_list, name) for name in (*plain, "shows_seats", "edit_version")}
    zone = the_list.event.zone
    for name in HOURS:
        moment: datetime | None = getattr(the_list, f"{name}_at")
        said[name] = local_of(moment, zone) if moment else None
    return said


def shift_forms(
    event: Event, rows: int, sent: ImmutableMultiDict[str, str] | None = None
) -> list[ShiftForm]:
    """So many lines, each for the whole event until somebody says otherwise."""
    usual = {
        name: local_of(getattr(event, f"{name}_at"), event.zone) for name in ("starts", "ends")
    }
    return [
        ShiftForm(sent, data=usual, prefix=f"shift-{number}-")
        for number in range(min(max(rows, 1), MOST_ROWS))
    ]
