"""Take cases from a file: all that was chosen, in one transaction, or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload, undefer_group

from app.audit import note_deed
from app.campaigns.case_records import ReadCase, sum_of
from app.campaigns.import_plan import plan_import
from app.campaigns.models import Campaign, Case, CaseText
from app.campaigns.signals import case_changed
from app.campaigns.slugs import make_slug
from app.campaigns.versions import move_season
from app.database import SECTION, campaign_scope, write
from app.exceptions import Conflict


class Choice(NamedTuple):
    """What to do with a case of the file, beside which case that was decided."""

    do: str
    """`add`, `replace` or `leave`."""
    seen: str = ""


class Portrait(NamedTuple):
    """A picture that is kept already."""

    key: str = ""
    made_from: str = ""


def import_cases(
    campaign: Campaign,
    reads: Sequence[ReadCase],
    *,
    choices: Mapping[str, Choice],
    portraits: Mapping[str, Portrait],
    is_public: bool,
    actor: str,
    now: datetime,
) -> int:
    """Add and replace what was chosen; how many. New ones are drafts unless `is_public`.

    Raises Conflict when one that is to be replaced has been edited since it was seen.
    """
    # New ones need a slug that is free in the whole section; those that are there are the season's.
    with write(SECTION, campaign_scope(campaign.id)) as session:
        cases = _cases_of(session, campaign.id)
        place, done = max((case.position for case in cases), default=0), 0
        for read, case, _state, seen in plan_import(list(reads), cases):
            choice = choices.get(read.slug, Choice("leave"))
            if choice.do == "leave":
                continue
            if choice.do == "add" or case is None:
                place += 1
                case = _new_case(session, campaign, read, place, is_public, now)
            elif choice.seen != seen:
                raise Conflict(
                    _("%(name)s was edited meanwhile. Look once more.", name=case.name),
                    error="edited_meanwhile",
                )
            _fill(session, case, read, portraits.get(read.slug))
            if read.stops(case):
                _pause(session, case, read, now)
            done += 1
        move_season(session, campaign.id)
        note_deed(
            session,
            actor=actor,
            verb="cases_imported",
            thing="campaign",
            thing_id=campaign.id,
            now=now,
        )
    return done


def _cases_of(session: Session, campaign_id: int) -> list[Case]:
    return list(
        session.execute(
            select(Case)
            .where(Case.campaign_id == campaign_id)
            .options(undefer_group("texts"), selectinload(Case.translations))
            .order_by(Case.position, Case.id)
        ).scalars()
    )


def _new_case(
    session: Session, campaign: Campaign, read: ReadCase, place: int, is_public: bool, now: datetime
) -> Case:
    def is_taken(slug: str) -> bool:
        return bool(session.execute(select(Case.id).where(Case.slug == slug)).first())

    case = Case(
        campaign_id=campaign.id,
        slug=make_slug(read.slug, otherwise="case", is_taken=is_taken),
        position=place,
        state="public" if is_public else "draft",
        edit_version=0,
        created_at=now,
    )
    session.add(case)
    return case


def _fill(session: Session, case: Case, read: ReadCase, portrait: Portrait | None) -> None:
    fields = read.fields._asdict()
    del fields["position"]
    for name, value in fields.items():
        setattr(case, name, value)
    if portrait is not None:
        case.portrait, case.portrait_made_from = portrait
    for text in list(case.translations):
        session.delete(text)
    session.flush()
    session.expire(case, ["translations"])
    for language, told in read.translations.items():
        session.add(CaseText(case_id=case.id, language=language, **told.columns))
    session.flush()
    session.expire(case)
    case.file_slug = read.slug
    case.file_sum = sum_of(case)
    case.edit_version += 1


def _pause(session: Session, case: Case, read: ReadCase, now: datetime) -> None:
    """Stop writing here too; a draft keeps the reason, and is paused from when it is shown."""
    case.paused_at, case.pause_reason = now, read.pause_reason
    case.pause_reasons = dict(read.pause_reasons)
    if case.state == "public":
        case.state = "paused"
    session.flush()
    case_changed.send(case, session=session)
