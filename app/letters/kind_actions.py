"""Name the kinds of action, put them in order, hide them, and say which of them are letters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.audit import note_deed
from app.campaigns.kinds import ALL_KINDS, letters_in
from app.campaigns.models import Campaign, Section
from app.campaigns.own_kinds import order_of
from app.campaigns.versions import move_season
from app.database import SECTION, write
from app.editing import check_version
from app.exceptions import Conflict, RuleBroken
from app.letters.facts import has_logged


def move_kind(section: Section, name: str, *, by: int, actor: str, now: datetime) -> None:
    """Move a kind by so many places; beyond the end of the list nothing happens."""
    with write(SECTION) as session:
        order = order_of(section.kinds)
        place = order.index(name)
        order.insert(max(0, place + by), order.pop(place))
        _keep(session, section, "order", order)
        _note(session, "kind_moved", name, actor, now)


def hide_kind(section: Section, name: str, *, is_hidden: bool, actor: str, now: datetime) -> None:
    """Offer a kind no more, or again; raises RuleBroken when none would be left.

    What was logged of it counts on, and what a phone still sends of it is taken.
    """
    with write(SECTION) as session:
        hidden = set(section.kinds.get("hidden", ())) - {name} | ({name} if is_hidden else set())
        if len(hidden) == len(ALL_KINDS):
            raise RuleBroken(_("One kind at least must be left to choose."))
        _keep(session, section, "hidden", sorted(hidden))
        _note(session, "kind_hidden" if is_hidden else "kind_shown", name, actor, now)


def name_kind(
    section: Section,
    name: str,
    words: Mapping[str, Mapping[str, str]],
    *,
    edit_version: int,
    actor: str,
    now: datetime,
) -> None:
    """Call a kind so, by language; a language that is left out has our words. Raises Conflict."""
    with write(SECTION) as session:
        check_version(section, edit_version)
        names = {**section.kinds.get("names", {}), name: words}
        _keep(session, section, "names", {kind: said for kind, said in names.items() if said})
        section.edit_version += 1
        _note(session, "kind_named", name, actor, now)


def regroup_kind(
    campaign: Campaign, name: str, *, is_letter: bool, actor: str, now: datetime
) -> None:
    """Count a kind of this season among the letters, or beside them.

    Raises RuleBroken when no letters would be left, and Conflict as soon as anything was logged:
    a number that was read out must not become another one.
    """
    with write(SECTION) as session:
        letters = letters_in(campaign.letter_kinds) - {name} | ({name} if is_letter else set())
        if not letters:
            raise RuleBroken(_("One kind at least must count as letters: they are the headline."))
        if has_logged(session, campaign.id):
            raise Conflict(_("Letters are logged this season: what counts as one is settled."))
        in_order = [kind.name for kind in ALL_KINDS if kind.name in letters]
        campaign.letter_kinds = " ".join(in_order)
        move_season(session, campaign.id)
        _note(session, "kind_regrouped", name, actor, now)


def _keep(session: Session, section: Section, what: str, said: Any) -> None:
    section.kinds = {**section.kinds, what: said}
    move_season(session)


def _note(session: Session, verb: str, name: str, actor: str, now: datetime) -> None:
    note_deed(session, actor=actor, verb=verb, thing="kind", thing_id=name, now=now)
