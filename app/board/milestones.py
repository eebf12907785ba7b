"""Round numbers on the way, near enough that people in the hall will live to see them."""

from __future__ import annotations

FIRST_MILESTONES = (10, 25, 50, 100, 250, 500, 1_000)
STEPS = ((10_000, 100), (100_000, 1_000))
"""Below each bound, how far apart milestones are; ten thousand beyond the last."""


def next_milestone(letters: int, *, goal: int | None = None) -> int:
    """The next round number above `letters`, or the goal where that comes first."""
    step = next((step for bound, step in STEPS if letters < bound), 10_000)
    rounds = (each for each in FIRST_MILESTONES if each > letters)
    milestone = next(rounds, (letters // step + 1) * step)
    return goal if goal and letters < goal < milestone else milestone
