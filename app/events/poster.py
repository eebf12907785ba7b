"""How large a poster's words may be: however many there are, all fit on its one sheet."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from math import ceil

SIZES = (("", 1.0), ("medium", 0.8), ("small", 0.62))
SMALLEST = "tiny"
"""At 0.45, where the longest words that a form takes still find room."""
BREADTH, HEIGHT = 88, 74
"""What the words have of a sheet, in hundredths of its breadth: what poster.css calls parts."""
TITLE_LETTER, TITLE_LINE = 5.8, 12.0
MOST_UNBROKEN = 24
"""Letters of a word that is kept whole; a longer one is broken, rather than all be tiny."""
LETTER, LINE, GAP = 2.0, 5.2, 2.6


def poster_size(title: str, others: Iterable[str]) -> str:
    """The largest size at which these fit, by guess: letters are reckoned broad and lines high."""
    texts = list(others)
    for name, scale in SIZES:
        room = BREADTH / scale
        height = TITLE_LINE * _lines(len(title) * TITLE_LETTER, room)
        height += sum(LINE * _lines(len(text) * LETTER, room) + GAP for text in texts)
        longest = min(MOST_UNBROKEN, max(map(len, chain(title.split(), [""]))))
        if height * scale <= HEIGHT and longest * TITLE_LETTER <= room:
            return name
    return SMALLEST


def _lines(length: float, room: float) -> int:
    return ceil(length / room)
