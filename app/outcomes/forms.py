"""The shape of what admins type about outcomes and past years."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Self

from babel.dates import get_month_names
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms.fields import FileField
from wtforms.validators import StopValidation

from app.campaigns.forms import zone_choices
from app.clock import now
from app.fields import (
    BooleanField,
    EditVersion,
    Line,
    MultiCheckboxField,
    Paragraphs,
    Pick,
    Whole,
    pick_list,
)
from app.outcomes.actions import OutcomeFields, TotalFields
from app.outcomes.colours import HEX
from app.outcomes.settings_actions import SettingsFields
from app.outcomes.texts import LONGEST
from app.outcomes.wording import (
    CHANGES_IN_WORDS,
    PRECISIONS_IN_WORDS,
    WHOSE_IN_WORDS,
    is_web_address,
)

FIRST_YEAR, LAST_YEAR = 1961, 2099
MOST_ACTIONS = 2_000_000_000


def month_choices() -> list[Any]:
    """The months by name, after "not known"."""
    names = get_month_names("wide", locale=get_locale())
    return pick_list([("", _("not known")), *((str(n), names[n]) for n in range(1, 13))])


def refuse(field: Any, mend: str) -> bool:
    """Say at a field what to mend there; not valid."""
    field.errors = [*field.errors, mend]
    return False


class Sources(Paragraphs):
    """One source a line; what begins like a web address must be one."""

    def pre_validate(self, form: object) -> None:
        super().pre_validate(form)
        lines = [line.strip() for line in (self.data or "").splitlines()]
        odd = [line for line in lines if line.startswith("http") and not is_web_address(line)]
        if odd:
            raise StopValidation(_("This is no whole web address: %(line)s", line=odd[0][:80]))


class OutcomeForm(FlaskForm):
    """What became of a case of this section, or of an older one."""

    case_id = Pick(_l("Case"))
    name = Line(_l("Name"), most=120)
    country = Line(_l("Country"), most=80)
    campaign_year = Whole(_l("Written for in"), least=FIRST_YEAR, most=LAST_YEAR)
    year = Whole(_l("Year it happened"), least=FIRST_YEAR, most=LAST_YEAR)
    month = Pick(_l("Month"), choices=month_choices)
    day = Whole(_l("Day"), least=1, most=31)
    change = Pick(_l("What happened"), choices=pick_list(CHANGES_IN_WORDS.items()), required=True)
    headline = Line(
        _l("In one sentence"), most=160, missing=_l("Say in a few words what happened.")
    )
    text = Paragraphs(_l("More about it"), most=10_000)
    actions_stated = Line(_l("Actions, as they were published"), most=160)
    sources = Sources(_l("Sources"), most=3_000)
    quote = Paragraphs(_l("Their own words"), most=600)
    quote_by = Line(_l("Whose words"), most=120)
    quote_agreed = BooleanField(_l("They agreed to be quoted"))
    is_public = BooleanField(_l("Show it to everybody"), default=True)
    edit_version = EditVersion()

    def validate(self, extra_validators: object = None) -> bool:
        """Each field by itself; then whom it is about, and whether there is such a day."""
        is_valid: bool = super().validate(extra_validators)
        return all([is_valid, self._names_somebody(), self._is_dated()])

    def _names_somebody(self) -> bool:
        is_known = True
        if not self.case_id.data and not self.name.data:
            is_known = refuse(self.name, _("Choose a case above, or give the name."))
        if not self.case_id.data and not self.country.data:
            is_known = refuse(self.country, _("Say which country."))
        return is_known

    def _is_dated(self) -> bool:
        year, month, day = self.year.data, self.month.data, self.day.data
        if self.year.errors or self.day.errors or self.month.errors:
            return False
        if year is None:
            if month or day:
                return refuse(self.year, _("Give the year as well."))
            if self.campaign_year.data is None:
                return refuse(
                    self.year, _("Give the year; or at least the year people wrote in, above.")
                )
        if day and not month:
            return refuse(self.month, _("Choose the month as well."))
        if year and month and not _is_day(year, int(month), day or 1):
            return refuse(self.day, _("That month has no such day."))
        # Somewhere it may be tomorrow already.
        if year and date(year, int(month or 1), day or 1) > now().date() + timedelta(days=1):
            return refuse(self.year, _("That is still to come. Is the year right?"))
        return True

    def fields(self) -> OutcomeFields:
        """What was said of the outcome; a case of ours is told by its own name."""
        said = {name: self[name].data for name in OutcomeFields._fields}
        said["month"] = int(said["month"]) if said["month"] else None
        said["case_id"] = int(said["case_id"]) if said["case_id"] else None
        if said["case_id"]:
            said["name"] = said["country"] = ""
        return OutcomeFields(**said)


class TotalForm(FlaskForm):
    """One year's total."""

    whose = Pick(_l("Whose total"), choices=pick_list(WHOSE_IN_WORDS.items()), required=True)
    year = Whole(_l("Year"), least=FIRST_YEAR, most=LAST_YEAR, missing=_l("Give the year."))
    total = Whole(_l("Total"), least=0, most=MOST_ACTIONS, missing=_l("Give the number."))
    precision = Pick(
        _l("How sure it is"), choices=pick_list(PRECISIONS_IN_WORDS.items()), required=True
    )
    at_close = Whole(_l("Known when the marathon closed"), least=0, most=MOST_ACTIONS)
    note = Line(_l("Note"), most=300)
    sources = Sources(_l("Sources"), most=3_000)
    edit_version = EditVersion()

    def fields(self) -> TotalFields:
        """What was said of the year."""
        return TotalFields(**{name: self[name].data for name in TotalFields._fields})


class ImportForm(FlaskForm):
    """Rows to read: a file, or what was pasted."""

    rows = Paragraphs(_l("Paste the rows here"), most=100_000)
    file = FileField(_l("Or choose a file"))


class TextForm(FlaskForm):
    """A page in the section's own words."""

    text = Paragraphs(
        _l("Text"), most=20_000, missing=_l("Write something, or go back to our text.")
    )
    edit_version = EditVersion()

    def about(self, page: str) -> Self:
        """With the room that this page has."""
        self.text.most = self.text.flags.maxlength = LONGEST[page]
        return self


class Colour(Line):
    """A colour as `#b8322a`, or nothing."""

    def __init__(self, label: Any, **kw: Any) -> None:
        super().__init__(label, most=7, **kw)

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        self.data = (self.data or "").lower()

    def pre_validate(self, form: object) -> None:
        super().pre_validate(form)
        if self.data and not HEX.fullmatch(self.data):
            raise StopValidation(_("Write the colour like #b8322a, or leave it empty for ours."))


class SettingsForm(FlaskForm):
    """What the section says of itself, and what everybody may see."""

    name = Line(_l("Section’s name"), most=80, missing=_l("Give the section a name."))
    language = Pick(_l("Usual language"), required=True)
    languages = MultiCheckboxField(_l("Languages"))
    time_zone = Pick(_l("Time zone"), choices=zone_choices, required=True)
    contact = Line(_l("How to reach you"), most=300)
    act_colour = Colour(_l("Colour of what is pressed"))
    link_colour = Colour(_l("Colour of links"))
    shows_good_news = BooleanField(_l("Show the good news"))
    shows_history = BooleanField(_l("Show the history"))
    shows_totals = BooleanField(_l("Show the season’s total"))
    edit_version = EditVersion()

    def fields(self) -> SettingsFields:
        """What was said."""
        return SettingsFields(**{name: self[name].data for name in SettingsFields._fields})


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
