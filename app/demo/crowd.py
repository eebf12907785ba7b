"""Invented people at an event's tables: what they press when, alike for the same seed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from app.campaigns.kinds import LETTER_KINDS
from app.letters.facts import Press

BY_HOUR = (
    *(0.25, 0.2, 0.15, 0.15, 0.15, 0.2, 0.35, 0.5, 0.7, 0.9, 1.0, 1.1),
    *(1.1, 1.0, 1.0, 1.0, 1.2, 1.4, 1.5, 1.6, 1.4, 1.1, 0.7, 0.4),
)
"""How busy a hall is in each hour of the day."""
RUSH = 40
"""Minutes in which the rush at the start, and the one before the end, goes down to a third."""
GUST = 15
"""Minutes: people come in groups, by bus and after the choir."""
LETTER_STACKS = {1: 60, 2: 10, 3: 8, 5: 9, 8: 6, 12: 5, 25: 2}
"""How often a stack of so many letters is logged, in a hundred."""
OTHER_STACKS = {1: 30, 3: 25, 6: 20, 10: 25}
CARD_TO_THEM = "solidarity_card"
UP_TO_DATE = timedelta(minutes=1)
"""The last press is not of this very moment: it may still be taken back."""


class Moment(NamedTuple):
    """When the server hears of a press, or of its being taken back."""

    at: datetime
    device: int | None
    """Which of the event's devices, from zero; None is the organiser at the desk."""
    press: Press
    take_back_op: str = ""
    """The op of the taking back, where this is one."""


@dataclass(frozen=True, kw_only=True)
class Crowd:
    """What an event's people come to between its start and its end, or now."""

    starts_at: datetime
    until: datetime
    zone: ZoneInfo
    devices: int
    cases: Sequence[str]
    """Slugs; the first ones are written for most."""
    paused_cases: frozenset[str]
    """Of these only cards to the people themselves are still logged."""
    kinds: Sequence[str]
    """Wire names; the first ones are written most."""
    letters: int
    other_actions: int
    letters_in_the_parcel: int
    """Out of the letters: logged at the desk in one go."""
    too_late: int
    """Out of the presses: the last ones arrive after the close, because the wifi was down."""
    too_early: int
    """More presses, before the opening: they wait for a check."""
    mistakes: int
    """More presses, each a second tap that is taken back at once."""


def plan(crowd: Crowd, random: Random) -> list[Moment]:
    """Everything that is logged, in the order in which the server hears of it."""
    presses = _presses(crowd, random)
    times = _times(crowd, random, len(presses))
    moments = [
        Moment(at, random.randrange(crowd.devices), press)
        for at, press in zip(times, presses, strict=True)
    ]
    on_time = len(moments) - crowd.too_late
    moments[on_time:] = [_arriving_late(late, crowd.until) for late in moments[on_time:]]
    for tap in random.sample(moments[:on_time], crowd.mistakes):
        moments += _tapped_twice(tap, random)
    for minutes in range(crowd.too_early):
        at = crowd.starts_at - timedelta(minutes=minutes + 2)
        press = Press(_op(random), crowd.cases[minutes], crowd.kinds[0], 1)
        moments.append(Moment(at, minutes, press))
    if crowd.letters_in_the_parcel:
        at = crowd.starts_at + (crowd.until - crowd.starts_at) * 0.7
        case, kind = crowd.cases[0], crowd.kinds[0]
        press = Press(_op(random), case, kind, crowd.letters_in_the_parcel)
        moments.append(Moment(at, None, press))
    return sorted(moments, key=lambda moment: moment.at)


def _presses(crowd: Crowd, random: Random) -> list[Press]:
    letters = [kind for kind in crowd.kinds if kind in LETTER_KINDS]
    others = [kind for kind in crowd.kinds if kind not in LETTER_KINDS]
    at_tables = crowd.letters - crowd.letters_in_the_parcel
    piles = [
        *((letters, stack) for stack in _stacks(at_tables, LETTER_STACKS, random)),
        *((others, stack) for stack in _stacks(crowd.other_actions, OTHER_STACKS, random)),
    ]
    random.shuffle(piles)
    return [_press(crowd, kinds, stack, random) for kinds, stack in piles]


def _press(crowd: Crowd, kinds: Sequence[str], quantity: int, random: Random) -> Press:
    kind = _favourite(kinds, random, steepness=1)
    case = _favourite(crowd.cases, random, steepness=0.6)
    if case in crowd.paused_cases and kind not in LETTER_KINDS:
        case = crowd.cases[0]
    if case in crowd.paused_cases:
        return Press(_op(random), case, CARD_TO_THEM, quantity, is_confirmed=True)
    return Press(_op(random), case, kind, quantity)


def _stacks(total: int, often: Mapping[int, int], random: Random) -> Iterator[int]:
    while total > 0:
        stack = random.choices([*often], [*often.values()])[0]
        yield min(stack, total)
        total -= stack


def _favourite(names: Sequence[str], random: Random, steepness: float) -> str:
    """The first is chosen most; with a steepness of 1 the second half as often, the third a third.

    With a steepness of 0 they would be alike.
    """
    return random.choices(names, [place**-steepness for place in range(1, len(names) + 1)])[0]


def _times(crowd: Crowd, random: Random, count: int) -> list[datetime]:
    """So many moments, in waves: a rush at the start, a lull at night, a rush before the end."""
    minutes = int((crowd.until - UP_TO_DATE - crowd.starts_at).total_seconds()) // 60
    gusts = [random.uniform(0.4, 1.6) for _ in range(minutes // GUST + 1)]
    busy = [_bustle(crowd, minute, minutes) * gusts[minute // GUST] for minute in range(minutes)]
    chosen = random.choices(range(minutes), busy, k=count)
    return sorted(
        crowd.starts_at + timedelta(minutes=minute, seconds=random.uniform(0, 60))
        for minute in chosen
    )


def _bustle(crowd: Crowd, minute: int, minutes: int) -> float:
    at = (crowd.starts_at + timedelta(minutes=minute)).astimezone(crowd.zone)
    rushes = 2 * math.exp(-minute / RUSH) + math.exp((minute - minutes) / RUSH)
    return BY_HOUR[at.hour] + rushes


def _arriving_late(moment: Moment, closed_at: datetime) -> Moment:
    """The same press, heard of only when its device finds the wifi again."""
    at = closed_at + timedelta(minutes=11)
    age_ms = (at - moment.at) // timedelta(milliseconds=1)
    return moment._replace(at=at, press=moment.press._replace(age_ms=age_ms))


def _tapped_twice(tap: Moment, random: Random) -> list[Moment]:
    again = tap._replace(at=tap.at + timedelta(seconds=1), press=tap.press._replace(op=_op(random)))
    undone = again._replace(at=tap.at + timedelta(seconds=9), take_back_op=_op(random))
    return [again, undone]


def _op(random: Random) -> str:
    return str(UUID(int=random.getrandbits(128), version=4))
