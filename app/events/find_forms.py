"""The shape of what guests look for in the list of events."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from app.campaigns.languages import code_of
from app.events.finding import Wanted
from app.events.wording import ACCESS
from app.fields import BooleanField, Day, Line, Pick, pick_list
from app.folding import folded

ANY = ""


class Named(Pick):
    """One of the names that there are; another finds nothing, and is no fault."""

    def pre_validate(self, form: object) -> None:
        """Whatever an old link asks for may be asked for."""

    def offer(self, names: Mapping[str, str], nothing: str) -> None:
        """Let one choose among these, `nothing`, and what was asked for."""
        chosen = folded(self.data or "")
        same = next((value for value in names if folded(value) == chosen), self.data or ANY)
        self.data = same
        others = {same: same} if same not in (ANY, *names) else {}
        self.choices = pick_list([(ANY, nothing), *others.items(), *names.items()])


class FindForm(FlaskForm):
    """Words, days, town, language, access; all of them may be left out."""

    class Meta:
        csrf = False

    q = Line(_l("Name, place or who holds it"), most=80)
    town = Named(_l("Town"), default=ANY, choices=list)
    language = Named(_l("Language"), default=ANY, choices=list)
    since = Day(_l("From"))
    until = Day(_l("Until"))
    online = BooleanField(_l("Online"))
    step_free = BooleanField(ACCESS["step_free"])

    def validate(self, extra_validators: object = None) -> bool:
        """Each field by itself, then the days."""
        is_valid: bool = super().validate(extra_validators)
        first: date | None = self.since.data
        last: date | None = self.until.data
        if is_valid and first and last and last < first:
            self.until.errors = [*self.until.errors, _("The last day comes before the first.")]
            return False
        return is_valid

    def wanted(self) -> Wanted:
        """What was asked for."""
        return Wanted(
            words=self.q.data or "",
            since=self.since.data,
            until=self.until.data,
            town=self.town.data or "",
            language=self.language.data or "",
            is_online=self.online.data,
            is_step_free=self.step_free.data,
        )

    def offer(self, towns: list[str], languages: Mapping[str, str]) -> None:
        """Fill the lists with what there is."""
        self.town.offer({town: town for town in towns}, _("all towns"))
        self.language.data = code_of(self.language.data or "") or self.language.data
        self.language.offer(languages, _("all languages"))

    @property
    def query(self) -> dict[str, str]:
        """What of the address says something, to be carried on."""
        said = {field.name: (field.raw_data or [""])[0] for field in self}
        return {name: value for name, value in said.items() if value}

    @property
    def asks_for_more(self) -> bool:
        """Whether something is asked for, or wrong, that does not always stand in sight."""
        hidden = (self.language, self.since, self.until, self.online, self.step_free)
        return any(field.data or field.errors for field in hidden)
