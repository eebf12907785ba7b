"""The line that types a ticked sheet back in: `1 3-9 12 +4`."""

from __future__ import annotations

import re
from typing import NamedTuple

from flask_babel import gettext as _

from app.exceptions import RuleBroken
from app.folding import folded
from app.signups.door_actions import MOST_OF_A_PARTY

PIECE = re.compile(r"([0-9]{1,6})(?:-([0-9]{1,6}))?|\+([0-9]{1,6})")
BETWEEN = re.compile(r"[\s,;.،؛、]+")
ROOM = re.compile(r"\s*([-+])\s*")


class SheetLine(NamedTuple):
    """The numbers of the rows that are ticked, and how many walked in."""

    rows: frozenset[int]
    walk_ins: int


def read_line(text: str, *, last: int) -> SheetLine:
    """What was ticked on a sheet of `last` rows; raises RuleBroken, which says what to mend.

    Digits and hyphens of every script will do, and commas between them.
    """
    plain = folded(text).replace("−", "-").replace("+", " +")
    joined = ROOM.sub(lambda sign: sign[1] if sign[1] == "-" else " +", plain)
    rows: set[int] = set()
    walk_ins = 0
    for piece in filter(None, BETWEEN.split(joined)):
        parts = PIECE.fullmatch(piece)
        if parts is None:
            raise _refused(
                _("“%(piece)s” is no row’s number. Write it like 1 3-9 12 +4.", piece=piece[:20])
            )
        if parts[3]:
            walk_ins += int(parts[3])
        else:
            rows.update(_range(int(parts[1]), int(parts[2] or parts[1]), last))
    if walk_ins > MOST_OF_A_PARTY:
        raise _refused(_("Let in from 1 to %(most)s people at once.", most=MOST_OF_A_PARTY))
    return SheetLine(frozenset(rows), walk_ins)


def _range(first: int, until: int, last: int) -> range:
    if first > until:
        raise _refused(_("Write the smaller number first: %(mend)s.", mend=f"{until}-{first}"))
    for number in (first, until):
        if not 1 <= number <= last:
            raise _refused(
                _("There is no row %(number)s: the last one is %(last)s.", number=number, last=last)
            )
    return range(first, until + 1)


def _refused(words: str) -> RuleBroken:
    return RuleBroken(words, field="numbers")
