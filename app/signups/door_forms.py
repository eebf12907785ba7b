"""What the door's buttons and fields send."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms.fields import HiddenField

from app.exceptions import RuleBroken
from app.fields import Line, Pick, Whole
from app.signups.door_actions import MOST_OF_A_PARTY

TAP = re.compile("([0-9a-f]{16}):([0-9]{1,3}):([0-9]{1,3})")
SEEN = re.compile("([0-9a-f]{16}):([0-9]{1,3})")
OP = re.compile("[0-9a-f]{16}")
HEADS = re.compile("([+-]?)([0-9]{1,6})")


class Tap(NamedTuple):
    """A tap on a name: who, how many of them shall be here, how many the screen said were."""

    party: str
    arrived: int
    seen: int

    def __str__(self) -> str:
        return f"{self.party}:{self.arrived}:{self.seen}"


def read_tap(text: str) -> Tap:
    """What a button of the list sends; raises RuleBroken."""
    parts = TAP.fullmatch(text)
    if parts is None:
        raise RuleBroken(_("That was no tap on a name. Look at the list, and tap again."))
    return Tap(parts[1], int(parts[2]), int(parts[3]))


def read_seen(text: str) -> tuple[str, int] | None:
    """A ticked box: who, and how many of them the page said were here; None for anything else."""
    parts = SEEN.fullmatch(text)
    return (parts[1], int(parts[2])) if parts else None


def read_heads(text: str) -> int:
    """A number of people that come, or with a minus go; 0 for anything else."""
    parts = HEADS.fullmatch(text.strip().replace("−", "-"))
    return int(f"{parts[1]}{parts[2]}") if parts else 0


def read_op(text: str) -> str:
    """A form's own mark, by which sent twice is one; empty for anything else."""
    return text if OP.fullmatch(text) else ""


class WalkInForm(FlaskForm):
    """Somebody without a sign-up."""

    name = Line(_l("Name"), most=80)
    people = Whole(
        _l("How many"),
        least=1,
        most=MOST_OF_A_PARTY,
        missing=_l("Write how many people, in figures."),
    )
    onto: Any = Pick(_l("List"))
    op = HiddenField()
