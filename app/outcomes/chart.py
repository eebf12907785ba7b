"""The totals of the years as the geometry of an SVG: no style attribute is allowed on a page."""

from __future__ import annotations

import math
from typing import NamedTuple

from babel.numbers import format_compact_decimal
from flask_babel import get_locale

from app.outcomes.models import PastTotal

WIDTH, HEIGHT = 480, 260
TOP, BASE = 26, 226
"""Where the highest column may begin, and where all stand."""
LABELS_APART = 48
"""Width of a year's label with the space around it."""
WIDEST = 40


class Column(NamedTuple):
    """One year's column; `close_y` is where its part known at the close begins."""

    total: PastTotal
    x: float
    y: float
    width: float
    height: float
    close_y: float | None
    close_height: float
    middle: float
    is_labelled: bool


class Line(NamedTuple):
    """A line to read heights by."""

    y: float
    label: str


class Chart(NamedTuple):
    """What is drawn, in the units of its view box."""

    columns: list[Column]
    lines: list[Line]
    label_x: float
    is_rtl: bool
    width: int = WIDTH
    height: int = HEIGHT
    base: int = BASE


def draw_chart(totals: list[PastTotal], *, is_rtl: bool) -> Chart | None:
    """Years on their places, gaps too; in a right-to-left page time runs to the left.

    None for fewer than two years: that is no history yet.
    """
    if len(totals) < 2:
        return None
    first, last = totals[0].year, totals[-1].year
    step = WIDTH / (last - first + 1)
    top = _round_up(max(total.total for total in totals))
    every = math.ceil(LABELS_APART / step)
    columns = [_column(total, total.year - first, step, top, is_rtl) for total in totals]
    return Chart(
        columns=_label(columns, every, step),
        lines=[Line(_y(top * part / 2, top), _compact(round(top * part / 2))) for part in (1, 2)],
        label_x=WIDTH if is_rtl else 0,
        is_rtl=is_rtl,
    )


def _column(total: PastTotal, place: int, step: float, top: int, is_rtl: bool) -> Column:
    width = min(step * 0.7, WIDEST)
    middle = (place + 0.5) * step
    middle = WIDTH - middle if is_rtl else middle
    y = _y(total.total, top)
    close_y = None if total.at_close is None else _y(min(total.at_close, total.total), top)
    return Column(
        total=total,
        x=round(middle - width / 2, 1),
        y=y,
        width=round(width, 1),
        height=round(BASE - y, 1),
        close_y=close_y,
        close_height=round(BASE - close_y, 1) if close_y is not None else 0,
        middle=round(middle, 1),
        is_labelled=False,
    )


def _label(columns: list[Column], every: int, step: float) -> list[Column]:
    """Name as many years as there is room for, the last one surely."""
    named: list[Column] = []
    free = math.inf
    for column in reversed(columns):
        fits = abs(free - column.middle) >= every * step - 0.5 or math.isinf(free)
        free = column.middle if fits else free
        named.append(column._replace(is_labelled=fits))
    return named[::-1]


def _y(value: float, top: int) -> float:
    return round(BASE - (BASE - TOP) * value / top, 1)


def _round_up(most: int) -> int:
    """The next number that is easy to halve: 2, 4, 6, 8 or 10 of the leading digit."""
    unit = 10 ** max(len(str(most)) - 1, 0)
    return next(n * unit for n in (2, 4, 6, 8, 10, 20) if n * unit >= most) or 2


def _compact(value: int) -> str:
    return str(format_compact_decimal(value, locale=get_locale(), fraction_digits=1))
