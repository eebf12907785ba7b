"""What the ledger should say, in plain Python: no rows, only letters and what became of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

LETTERS = {"handwritten_letter", "signed_letter", "postcard", "solidarity_card"}


@dataclass
class Stage:
    """An event: when it opened, closed, and reported."""

    id: int
    is_rehearsal: bool = False
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    reported_at: datetime | None = None
    rows: int = 0

    def is_waiting(self, pressed_at: datetime) -> bool:
        """Whether a letter that was pressed then waits for a check."""
        if self.opened_at is None or pressed_at < self.opened_at:
            return True
        is_over = self.closed_at is not None and pressed_at > self.closed_at
        return is_over or (self.closed_at is not None and self.reported_at is not None)


@dataclass
class Pile:
    """Letters logged together."""

    op: str
    stage: Stage
    table_id: int | None
    device_id: int | None
    case_id: int
    kind: str
    quantity: int
    pressed_at: datetime
    recorded_at: datetime
    is_held: bool
    is_taken_back: bool = False
    is_late: bool = False
    is_moved: bool = False
    """Taken back because another pile took its place."""
    touched_by: str = ""
    """The deed that last did something to it, if it was one on several."""

    @property
    def state(self) -> tuple[bool, bool, bool]:
        """What an undo brings back."""
        return self.is_held, self.is_taken_back, self.is_moved

    @property
    def counts(self) -> int:
        """What it contributes now."""
        return 0 if self.is_held or self.is_taken_back else self.quantity

    @property
    def minute(self) -> int:
        """The pulse's minute."""
        return int(self.pressed_at.timestamp() // 60)


@dataclass
class World:
    """All events and piles, and the sums that follow."""

    now: datetime
    stages: list[Stage] = field(default_factory=list)
    piles: list[Pile] = field(default_factory=list)

    def pass_time(self, seconds: int) -> datetime:
        """Move the clock on."""
        self.now += timedelta(seconds=seconds)
        return self.now

    def at(self, stage: Stage) -> list[Pile]:
        """The piles of one event, oldest first."""
        return [pile for pile in self.piles if pile.stage is stage]


def by_case(piles: list[Pile]) -> dict[int, dict[str, int]]:
    """Case, kind, sum; what has none is left out."""
    sums: Counter[tuple[int, str]] = Counter()
    for pile in piles:
        sums[pile.case_id, pile.kind] += pile.counts
    found: dict[int, dict[str, int]] = {}
    for (case_id, kind), counted in sums.items():
        if counted:
            found.setdefault(case_id, {})[kind] = counted
    return found


def by_table(piles: list[Pile]) -> dict[int, tuple[int, int]]:
    """Table, (letters, other); zero stands for no table; what has none is left out."""
    letters: Counter[int] = Counter()
    other: Counter[int] = Counter()
    for pile in piles:
        (letters if pile.kind in LETTERS else other)[pile.table_id or 0] += pile.counts
    tables = letters.keys() | other.keys()
    return {n: (letters[n], other[n]) for n in tables if letters[n] or other[n]}


def by_minute(piles: list[Pile]) -> dict[int, int]:
    """Minute, actions; empty minutes left out."""
    sums: Counter[int] = Counter()
    for pile in piles:
        sums[pile.minute] += pile.counts
    return {minute: counted for minute, counted in sums.items() if counted}
