"""The shape of an offer to hold an event, and of what admins write of hosts."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FileField
from wtforms.validators import InputRequired, ValidationError

from app.campaigns.regions import region_choices
from app.clock import now
from app.fields import BooleanField, Day, EditVersion, Line, Paragraphs, Pick, Whole, pick_list
from app.hosts.actions import HostFields, OfferFields
from app.hosts.kinds import KINDS
from app.machines import OpenForm

MOST_PEOPLE = 100_000
DAYS_AHEAD = 2 * 365


def kind_choices() -> list[object]:
    """The kinds of host, for a list to choose from."""
    return pick_list((kind.name, kind.label) for kind in KINDS.values())


class OfferForm(OpenForm):
    """Who wants to hold an event, where and when."""

    name = Line(_l("Your name"), most=80, missing=_l("Tell us your name."))
    email = Line(_l("Your e-mail address"), most=254, missing=_l("We answer by e-mail."))
    held_by = Line(
        _l("Who holds it"), most=120, missing=_l("A school, a group, your family: write its name.")
    )
    kind = Pick(_l("What is that"), choices=kind_choices, required=True)
    size = Whole(_l("How many people, roughly"), least=1, most=MOST_PEOPLE)
    town = Line(_l("Town"), most=80, missing=_l("Say in which town."))
    wished_on = Day(_l("Day"), missing=_l("Choose a day; it can still change."))
    wish = Paragraphs(_l("What you wish for, or want to ask"), most=1_000)
    consent = BooleanField(
        _l("The section may keep this to answer me"),
        [InputRequired(_l("Without it we cannot keep your offer. Tick it, and send again."))],
    )

    def validate_wished_on(self, field: Day) -> None:
        """A slip in the year would make a draft of an event that nobody can hold."""
        assert field.data
        ahead = (field.data - now().date()).days
        # Somewhere it is still yesterday.
        if not -1 <= ahead <= DAYS_AHEAD:
            raise ValidationError(_("Choose a day that is still to come, within two years."))

    def fields(self) -> OfferFields:
        """What was said."""
        return OfferFields(**{name: self[name].data for name in OfferFields._fields})


class HostForm(FlaskForm):
    """A host, as an admin knows it."""

    name = Line(_l("Name"), most=120, missing=_l("Give the host’s name."))
    kind = Pick(_l("Kind"), choices=kind_choices, required=True)
    size = Whole(_l("Size, in people"), least=1, most=MOST_PEOPLE)
    town = Line(_l("Town"), most=80)
    region = Pick(_l("Region"), choices=region_choices)
    contact = Line(_l("Contact"), most=300)
    edit_version = EditVersion()

    def fields(self) -> HostFields:
        """What was said."""
        return HostFields(**{name: self[name].data for name in HostFields._fields})


class RegionsForm(FlaskForm):
    """New regions, one a line."""

    names = Paragraphs(
        _l("New regions, one a line"), most=5_000, missing=_l("Write a name at least.")
    )


class RegionForm(FlaskForm):
    """What a region is called from now on."""

    name = Line(_l("Name"), most=80, missing=_l("Give the region a name."))


class DeclineForm(FlaskForm):
    """Why an offer is declined, in a word that stays."""

    reason = Line(_l("Why"), most=300, missing=_l("Say why in a few words."))


class HostListForm(FlaskForm):
    """A file with a list of hosts in it."""

    file = FileField(
        _l("The list, as a CSV file"), [InputRequired(_l("Choose the file with the list."))]
    )
