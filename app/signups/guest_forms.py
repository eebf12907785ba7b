"""The shape of what a guest says: a list asks no more than its organiser ticked."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms.validators import StopValidation

from app.addresses import ascii_address
from app.fields import BooleanField, Line, Paragraphs, People, Pick
from app.machines import TimedForm
from app.signups.actions import Wish
from app.signups.models import ASKABLE, SignUpList
from app.signups.sealing import Person

ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"\\]+@[^\s@<>()\[\],;:\"\\]+\.[^\s@<>()\[\],;:\"\\.]+")


class MailAddress(Line):
    """An address that mail can be sent to, or nothing."""

    def pre_validate(self, form: object) -> None:
        super().pre_validate(form)
        if self.data and not _can_be_sent_to(self.data):
            raise StopValidation(_("Write an address like noor@example.org."))


def _can_be_sent_to(address: str) -> bool:
    if not ADDRESS.fullmatch(address):
        return False
    with contextlib.suppress(ValueError):
        return bool(ascii_address(address))
    return False


class PartySize(People):
    """How many come; one, where nothing is said."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist or ["1"])


class SignUpForm(TimedForm):
    """A party that would like to come, to help, or to write at home."""

    list = HiddenField()
    name = Line(_l("Your name"), most=80, missing=_l("Write a name, any you like."))
    email = MailAddress(_l("Your e-mail address"), most=254)
    party_size = PartySize(
        _l("How many of you come"), least=1, most=200, default=1, missing=_l("Say how many.")
    )
    language = Pick(_l("In which language we write to you"))
    access_needs = Line(_l("What you need to take part"), most=300)
    note = Paragraphs(_l("A word to the organisers"), most=500)
    wants_news = BooleanField(_l("Send me news of this season by e-mail"))
    may_show_name = BooleanField(_l("My first name may stand on the list of guests"))

    def fit_to(self, the_list: SignUpList, languages: Sequence[Any]) -> None:
        """Ask what the list asks; young people for a nickname, and for nothing else."""
        asked = set(the_list.asks)
        if the_list.event.has_young_people:
            self.name.label.text = _("Nickname")
            asked = set()
            del self.may_show_name
        if len(languages) < 2:
            asked.discard("language")
        for unasked in set(ASKABLE) - asked:
            delattr(self, unasked)
        if "email" not in asked:
            del self.wants_news
        most = min(the_list.party_limit, the_list.capacity or the_list.party_limit)
        if the_list.purpose == "home" or most == 1:
            del self.party_size
        else:
            self.party_size.most = self.party_size.flags.max = most
        if "language" in asked:
            self.language.choices = languages

    def person(self) -> Person:
        """Who they say they are."""
        return Person(**{name: self._said(name) or "" for name in Person._fields})

    def wish(self, *, language: str) -> Wish:
        """What they ask for; `language` is the one they read this in."""
        return Wish(
            party_size=self._said("party_size") or 1,
            language=self._said("language") or language,
            wants_news=bool(self._said("wants_news") and self._said("email")),
            may_show_name=bool(self._said("may_show_name")),
        )

    def _said(self, name: str) -> Any:
        return self[name].data if name in self else None


class PartyForm(FlaskForm):
    """With how many somebody comes after all."""

    party_size = People(_l("How many of you come"), least=1, most=200, missing=_l("Say how many."))


class SureForm(FlaskForm):
    """What cannot be undone is asked twice."""

    sure = BooleanField(_l("Yes, delete everything about me at this event"))
