"""The shape of what admins type about the season and its cases."""

from __future__ import annotations

import functools
import zoneinfo
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from app.campaigns.actions import CampaignFields, CaseFields, SectionFields
from app.campaigns.case_fields import Reasons, Roles, Salutations, Targets
from app.campaigns.languages import language_choices
from app.campaigns.models import RULES, TRANSLATED
from app.fields import (
    BooleanField,
    Day,
    EditVersion,
    Line,
    MultiCheckboxField,
    Paragraphs,
    Pick,
    Whole,
    pick_list,
)

MOST_LETTERS = 100_000_000
MOST_LANGUAGES = 12
UNSAID = ("", _l("nothing said"))
YES_OR_NO = (UNSAID, ("yes", _l("yes")), ("no", _l("no")))
IN_ORDER = ("public_on", "core_from", "core_until", "writing_until", "reports_due_on")


@functools.cache
def zone_choices() -> list[Any]:
    """The zones that are named after a place, and UTC."""
    places = {name for name in zoneinfo.available_timezones() if "/" in name}
    named = sorted(name for name in places if not name.startswith("Etc/"))
    return pick_list((name, name.replace("_", " ")) for name in ("UTC", *named))


def usual_calendar(today: date) -> dict[str, object]:
    """The marathon's usual days around the coming (in January: the past) 10 December."""
    year = today.year - (today.month == 1)
    return {
        "title": _("Write for Rights %(year)s", year=year),
        "public_on": date(year, 10, 1),
        "core_from": date(year, 12, 4),
        "core_until": date(year, 12, 18),
        "writing_until": date(year, 12, 31),
        "reports_due_on": date(year + 1, 1, 15),
    }


def chosen_languages(form: Any) -> list[str]:
    """Those that were ticked, and always the usual one; what is in no list stays to be refused."""
    ticked = form.languages.data or ()
    known = [choice.value for choice in form.languages.choices]
    chosen = {*ticked, form.language.data}
    return [*(code for code in known if code in chosen), *(c for c in ticked if c not in known)]


class CampaignForm(FlaskForm):
    """The section's own words, and the season's dates and goal."""

    section_name = Line(_l("Section’s name"), most=80, missing=_l("Give the section a name."))
    language = Pick(_l("Usual language"), required=True)
    languages = MultiCheckboxField(_l("Languages"))
    time_zone = Pick(_l("Time zone"), choices=zone_choices, required=True)
    title = Line(_l("Campaign’s title"), most=120, missing=_l("Give the campaign a title."))
    public_on = Day(_l("Cases are public from"), missing=_l("Choose the first day."))
    core_from = Day(_l("The core weeks begin"), missing=_l("Choose the day they begin."))
    core_until = Day(_l("The core weeks end"), missing=_l("Choose the day they end."))
    writing_until = Day(_l("Writing ends"), missing=_l("Choose the last day of writing."))
    reports_due_on = Day(_l("Reports are due"), missing=_l("Choose the day they are due."))
    goal = Whole(_l("Goal, in letters"), least=1, most=MOST_LETTERS)
    previous_total = Whole(_l("Letters last season"), least=0, most=MOST_LETTERS)
    edit_version = EditVersion()

    def validate(self, extra_validators: object = None) -> bool:
        """Each field by itself, then the order of the days."""
        is_valid: bool = super().validate(extra_validators)
        days = [self[name] for name in IN_ORDER if self[name].data]
        for earlier, later in zip(days, days[1:], strict=False):
            if later.data < earlier.data:
                mend = _("Choose a day that is not before “%(other)s”.", other=earlier.label.text)
                later.errors = [*later.errors, mend]
                is_valid = False
        return is_valid

    def about_section(self) -> SectionFields:
        """What was said of the section."""
        return SectionFields(
            name=str(self.section_name.data),
            language=self.language.data,
            time_zone=self.time_zone.data,
            languages=self.languages.data or (),
        )

    def fields(self) -> CampaignFields:
        """What was said of the season."""
        return CampaignFields(**{name: self[name].data for name in CampaignFields._fields})


class Texts:
    """What is said in words, in whatever language."""

    summary = Line(_l("In a few words"), most=120)
    story = Paragraphs(_l("Story"), most=20_000)
    what_is_asked = Paragraphs(_l("What is asked"), most=5_000)
    key_points = Paragraphs(_l("Key points"), most=4_000)
    sample_lines = Paragraphs(_l("Lines to start from"), most=4_000)
    portrait_alt = Line(_l("What the picture shows"), most=200)


class CaseForm(Texts, FlaskForm):
    """All that a case carries but its picture and translations."""

    name = Line(_l("Name"), most=120, missing=_l("Give the name as it should stand on the cards."))
    country = Line(_l("Country"), most=80, missing=_l("Say which country."))
    language = Pick(_l("Told in"), required=True, choices=language_choices, default="en")
    targets = Targets(_l("Who gets the letters"))
    copies_to = Paragraphs(_l("Copies to"), most=2_000)
    solidarity_address = Paragraphs(_l("Address for cards to them"), most=600)
    languages = MultiCheckboxField(
        _l("Languages they read"), choices=language_choices, most=MOST_LANGUAGES
    )
    social_handles = Paragraphs(_l("Social media"), most=1_000)
    sources = Paragraphs(_l("Sources"), most=4_000)
    portrait_credit = Line(_l("Who took the picture"), most=160)
    religious_card = Pick(_l("A religious card"), choices=pick_list(YES_OR_NO))
    name_organisation = Pick(_l("Name the organisation"), choices=pick_list(YES_OR_NO))
    sender_address = Pick(
        _l("Give the sender’s address"),
        choices=pick_list((*YES_OR_NO, ("school", _l("the school’s")))),
    )
    mention_charges = Pick(_l("Mention the charges"), choices=pick_list(YES_OR_NO))
    holiday_wishes = Pick(_l("Holiday wishes"), choices=pick_list(YES_OR_NO))
    from_age = Whole(_l("From age"), least=1, most=99)
    as_of_on = Day(_l("The story is known up to"))
    position = Whole(_l("Place in the list"), least=1, most=9_999)
    is_public = BooleanField(_l("Show it to everybody"))
    edit_version = EditVersion()

    def fields(self) -> CaseFields:
        """What was said of the case."""
        said = {name: self[name].data for name in CaseFields._fields}
        said |= {"targets": list(self.targets.data), "languages": list(self.languages.data or ())}
        return CaseFields(**said | {rule: said[rule] or None for rule in RULES})

    def has_errors_in(self, *names: str) -> bool:
        """Whether something is to be mended in these fields, which then are shown unfolded."""
        return any(self[name].errors for name in names)


class TranslationForm(Texts, FlaskForm):
    """A case in another language; every field may be left empty."""

    country = Line(_l("Country"), most=80)
    roles = Roles(_l("Role"))
    salutations = Salutations(_l("The letter begins with"))
    pause_reason = Line(_l("Why writing stopped"), most=300)
    """Asked only while the case is paused."""
    edit_version = EditVersion()

    def texts(self) -> dict[str, str]:
        """What was said, by the names of a case's texts."""
        return {name: str(self[name].data or "") for name in TRANSLATED}


class PauseForm(FlaskForm):
    """Why people should stop writing."""

    reason = Line(_l("Why"), most=300, missing=_l("Say why: everybody who writes will read it."))
    reasons = Reasons(_l("In other languages"))
