"""The shape of what organisers say on the page of their lists."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

from app.exceptions import Refusal, RuleBroken
from app.fields import Line, People, Pick, pick_list
from app.signups.desk_view import SHOWN_STATES, Wanted
from app.signups.models import SignUpList
from app.signups.wording import list_title

MOST_TEXT = 80
ID = re.compile("[0-9a-f]{16}")
DEED = re.compile("[0-9a-f]{32}")


class HandForm(FlaskForm):
    """Somebody who phoned, or stopped by."""

    list = Pick(_l("List"))
    name = Line(_l("Name"), most=120, missing=_l("Type a name or nickname."))
    party_size = People(
        _l("How many people"), least=1, most=200, default=1, missing=_l("Say how many come.")
    )
    note = Line(_l("A note"), most=500)

    @classmethod
    def choosing(
        cls, lists: Iterable[SignUpList], sent: ImmutableMultiDict[str, str] | None = None
    ) -> HandForm:
        """The form with an event's lists."""
        form = cls(sent)
        form.list.choices = pick_list((str(one.id), list_title(one)) for one in lists)
        return form

    def refuse(self, refusal: Refusal) -> None:
        """Write a refusal beside the field it is about."""
        field = self[refusal.field if refusal.field in self else "name"]
        field.errors = [*field.errors, refusal.message]


class Asked(NamedTuple):
    """A deed that was pressed."""

    way: str
    ids: tuple[str, ...]
    is_all: bool
    up_to: int
    """The newest sign-up of the page on which *all* was ticked."""
    size: int | None


def read_wanted(asked: MultiDict[str, str], list_ids: Iterable[int]) -> Wanted:
    """What an address narrows the list to; what it cannot mean narrows nothing."""
    text = " ".join(asked.get("q", "").split())[:MOST_TEXT]
    list_id = asked.get("list", "")
    known = {str(each): each for each in list_ids}
    state = asked.get("state", "")
    return Wanted(text, known.get(list_id), state if state in SHOWN_STATES else "")


def read_asked(form: MultiDict[str, str]) -> Asked:
    """The deed that a form asks for; raises RuleBroken."""
    ids = tuple(one for one in form.getlist("sign_up") if ID.fullmatch(one))
    size, up_to = form.get("party_size", ""), form.get("up_to", "")
    if form.get("way") == "party" and not re.fullmatch("[0-9]{1,3}", size):
        raise RuleBroken(_("Write the number of people in figures."), field="party_size")
    return Asked(
        form.get("way", ""),
        ids,
        form.get("all") == "1",
        int(up_to) if re.fullmatch("[0-9]{1,15}", up_to) else 0,
        int(size) if re.fullmatch("[0-9]{1,3}", size) else None,
    )
