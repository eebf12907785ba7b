"""What an import would do, case by case: new, changed, the same, or changed on both sides."""

from __future__ import annotations

from typing import NamedTuple

from app.campaigns.case_records import ReadCase, sum_of
from app.campaigns.models import Case

CHOICES = {
    "new": ("add", "leave"),
    "changed": ("replace", "leave"),
    "edited": ("leave", "replace", "add"),
    "same": ("leave",),
}
"""What may be done with a case in each state; the first is proposed."""


class Planned(NamedTuple):
    """A case of the file beside the one that is here."""

    read: ReadCase
    case: Case | None
    state: str
    """`new`, `changed`, `edited` (here, since it was imported or typed), `same`."""
    seen: str
    """The fingerprint of the one that is here: a choice holds for that alone."""

    @property
    def stops(self) -> bool:
        """Whether to take it stops the writing here."""
        return self.read.stops(self.case)

    @property
    def choices(self) -> tuple[str, ...]:
        """What may be done, what is proposed first."""
        return CHOICES[self.state]


def plan_import(reads: list[ReadCase], cases: list[Case]) -> list[Planned]:
    """Each case of the file beside this season's case of the same name in files, or slug."""
    known = {case.slug: case for case in cases}
    known |= {case.file_slug: case for case in cases if case.file_slug}
    return [_plan(read, known.get(read.slug)) for read in reads]


def _plan(read: ReadCase, case: Case | None) -> Planned:
    if case is None:
        return Planned(read, None, "new", "")
    here = sum_of(case)
    is_same = read.sum_beside(case) == here
    if is_same and not read.stops(case):
        return Planned(read, case, "same", here)
    is_untouched = is_same or here == case.file_sum
    return Planned(read, case, "changed" if is_untouched else "edited", here)
