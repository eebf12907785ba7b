"""What was done by itself, and who did what when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from app.accounts.models import User
from app.audit import AuditRow
from app.campaigns.models import Case
from app.database import db
from app.events.models import Event
from app.letters.ledger import ENTRY, EVENT
from app.upkeep.models import JobRun


class Wanted(NamedTuple):
    """Which rows of the audit are asked for; nothing said means all."""

    person: str = ""
    verb: str = ""
    thing: str = ""
    since: datetime | None = None
    until: datetime | None = None
    """The first moment that is too late."""


def list_job_runs() -> list[JobRun]:
    """How each job went the last time, by name."""
    return list(db.session.execute(select(JobRun).order_by(JobRun.name)).scalars())


def find_newest_recording() -> datetime | None:
    """When the newest entry of any event was written down, by the clock of that moment."""
    heads = select(EVENT.c.id, EVENT.c.chain_seq).where(EVENT.c.chain_seq > 0).subquery()
    at_head = (ENTRY.c.event_id == heads.c.id) & (ENTRY.c.seq == heads.c.chain_seq)
    return db.session.execute(
        select(ENTRY.c.recorded_at)
        .join(heads, at_head)
        .order_by(ENTRY.c.recorded_at.desc())
        .limit(1)
    ).scalar()


def list_deeds(wanted: Wanted, *, before_id: int | None, most: int) -> list[AuditRow]:
    """The audit's rows, the newest first."""
    rules = [
        AuditRow.actor == wanted.person if wanted.person else None,
        AuditRow.verb == wanted.verb if wanted.verb else None,
        AuditRow.thing == wanted.thing if wanted.thing else None,
        AuditRow.happened_at >= wanted.since if wanted.since else None,
        AuditRow.happened_at < wanted.until if wanted.until else None,
        AuditRow.id < before_id if before_id else None,
    ]
    return list(
        db.session.execute(
            select(AuditRow)
            .where(*(rule for rule in rules if rule is not None))
            .order_by(AuditRow.id.desc())
            .limit(most)
        ).scalars()
    )


def list_verbs() -> list[str]:
    """Every deed that was ever done, in words of the code."""
    found = db.session.execute(select(AuditRow.verb).distinct().order_by(AuditRow.verb))
    return list(found.scalars())


def list_things() -> list[str]:
    """Every kind of thing that anything was done to."""
    found = db.session.execute(select(AuditRow.thing).distinct().order_by(AuditRow.thing))
    return list(found.scalars())


def name_things(deeds: Iterable[AuditRow]) -> dict[tuple[str, str], str]:
    """The names of events and cases by kind and id."""
    named: dict[tuple[str, str], str] = {}
    for thing, id_column, name_column in (
        ("event", Event.id, Event.title),
        ("case", Case.id, Case.name),
    ):
        ids = {
            int(deed.thing_id)
            for deed in deeds
            if deed.thing == thing and deed.thing_id.isdecimal()
        }
        found = db.session.execute(
            select(id_column, name_column).where(id_column.in_(ids)).order_by(id_column)
        )
        named |= {(thing, str(row[0])): row[1] for row in found}
    return named


def name_people(public_ids: Iterable[str]) -> dict[str, str]:
    """Names by opaque id; whoever is no longer on record has none."""
    found = db.session.execute(
        select(User.public_id, User.name)
        .where(User.public_id.in_(set(public_ids)))
        .order_by(User.public_id)
    )
    return {row.public_id: row.name for row in found}
