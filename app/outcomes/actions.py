"""Tell what became of a case, and keep the totals of past years."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit import note_deed
from app.database import SECTION, write
from app.editing import change, check_version
from app.exceptions import Conflict
from app.outcomes.models import Outcome, PastTotal


class OutcomeFields(NamedTuple):
    """What is said of an outcome; an older case has no `case_id` and is told by its name."""

    headline: str
    change: str
    case_id: int | None = None
    name: str = ""
    country: str = ""
    campaign_year: int | None = None
    year: int | None = None
    month: int | None = None
    day: int | None = None
    text: str = ""
    actions_stated: str = ""
    sources: str = ""
    quote: str = ""
    quote_by: str = ""
    quote_agreed: bool = False
    is_public: bool = True


class TotalFields(NamedTuple):
    """One year's total: the world's in actions, the section's own in letters."""

    whose: str
    year: int
    total: int
    precision: str = "exact"
    at_close: int | None = None
    note: str = ""
    sources: str = ""


def fields_of(total: PastTotal) -> TotalFields:
    """What is stored of a total."""
    return TotalFields(*(getattr(total, name) for name in TotalFields._fields))


def renewed(total: PastTotal | None, said: TotalFields) -> TotalFields:
    """What a total becomes: all that a row leaves out stays; one that is new is exact."""
    stored = fields_of(total) if total else TotalFields(said.whose, said.year, said.total)
    news = {name: value for name, value in said._asdict().items() if value not in (None, "")}
    return stored._replace(**news)


def tell_outcome(fields: OutcomeFields, *, actor: str, now: datetime) -> Outcome:
    """Add what became of a case."""
    with write(SECTION) as session:
        outcome = Outcome(created_at=now, edited_at=now, **fields._asdict())
        session.add(outcome)
        session.flush()
        _note(session, "outcome_told", outcome, actor, now)
    return outcome


def edit_outcome(
    outcome: Outcome, fields: OutcomeFields, *, edit_version: int, actor: str, now: datetime
) -> None:
    """Change an outcome; raises Conflict on an older version."""
    with write(SECTION) as session:
        check_version(outcome, edit_version)
        change(outcome, fields._asdict() | {"edited_at": now})
        _note(session, "outcome_edited", outcome, actor, now)


def remove_outcome(outcome: Outcome, *, actor: str, now: datetime) -> None:
    """Take an outcome away for good, with the quote in it."""
    with write(SECTION) as session:
        _note(session, "outcome_removed", outcome, actor, now)
        session.delete(outcome)


def add_total(fields: TotalFields, *, actor: str, now: datetime) -> PastTotal:
    """Add a year's total; raises Conflict when that year is there already."""
    with write(SECTION) as session:
        _check_free(session, fields, but=None)
        total = PastTotal(**fields._asdict())
        session.add(total)
        session.flush()
        _note(session, "past_total_added", total, actor, now)
    return total


def edit_total(
    total: PastTotal, fields: TotalFields, *, edit_version: int, actor: str, now: datetime
) -> None:
    """Change a year's total; raises Conflict on an older version, or when the year is taken."""
    with write(SECTION) as session:
        check_version(total, edit_version)
        _check_free(session, fields, but=total.id)
        change(total, fields._asdict())
        _note(session, "past_total_edited", total, actor, now)


def remove_total(total: PastTotal, *, actor: str, now: datetime) -> None:
    """Take a year's total away."""
    with write(SECTION) as session:
        _note(session, "past_total_removed", total, actor, now)
        session.delete(total)


def import_totals(rows: Iterable[TotalFields], *, actor: str, now: datetime) -> int:
    """Add these years, or change what they say anew of one that is there; all or nothing.

    Tells how many of them are new or otherwise than before.
    """
    moved = 0
    with write(SECTION) as session:
        known = {
            (total.whose, total.year): total
            for total in session.execute(select(PastTotal)).scalars()
        }
        for said in rows:
            total = known.get((said.whose, said.year))
            fields = renewed(total, said)
            if total is None:
                total = PastTotal(**fields._asdict())
                session.add(total)
            elif fields == fields_of(total):
                continue
            else:
                change(total, fields._asdict())
            moved += 1
        note_deed(
            session,
            actor=actor,
            verb="past_totals_imported",
            thing="section",
            thing_id=moved,
            now=now,
        )
    return moved


def _check_free(session: Session, fields: TotalFields, *, but: int | None) -> None:
    taken = session.execute(
        select(PastTotal.id).where(PastTotal.whose == fields.whose, PastTotal.year == fields.year)
    ).scalar()
    if taken not in (None, but):
        raise Conflict(
            _("There is a total of %(year)s already: change that one.", year=fields.year),
            field="year",
        )


def _note(
    session: Session, verb: str, thing: Outcome | PastTotal, actor: str, now: datetime
) -> None:
    name = thing.__tablename__
    note_deed(session, actor=actor, verb=verb, thing=name, thing_id=thing.id, now=now)
