"""The section's regions: add, rename, put in order, take away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from app.audit import note_deed
from app.campaigns.models import Section
from app.database import SECTION, write
from app.events.models import Event
from app.exceptions import Conflict, RuleBroken
from app.hosts.models import Host

MOST = 200
LONGEST = 80


def add_regions(section: Section, names: Sequence[str], *, actor: str, now: datetime) -> int:
    """Add those that are not there yet, all or none; how many. Raises RuleBroken."""
    with write(SECTION) as session:
        known = {name.casefold() for name in section.regions}
        first = {name.casefold(): name for name in reversed(names)}
        new = {key: name for key, name in reversed(first.items()) if key not in known}
        if any(len(name) > LONGEST for name in new.values()):
            raise RuleBroken(
                _("A region’s name has at most %(most)s characters.", most=LONGEST), field="names"
            )
        if len(new) + len(known) > MOST:
            raise RuleBroken(_("At most %(most)s regions.", most=MOST), field="names")
        section.regions = [*section.regions, *new.values()]
        _note(session, "regions_added", len(new), actor, now)
    return len(new)


def rename_region(section: Section, region: str, name: str, *, actor: str, now: datetime) -> None:
    """Call it otherwise, with all its hosts and events; raises Conflict (gone), RuleBroken."""
    with write(SECTION) as session:
        place = _place_of(section, region)
        others = [each.casefold() for each in section.regions if each != region]
        if name.casefold() in others:
            raise RuleBroken(_("There is a region of this name already."), field="name")
        section.regions = [name if each == region else each for each in section.regions]
        for model in (Host, Event):
            session.execute(
                update(model)
                .where(model.region == region)
                .values(region=name, edit_version=model.edit_version + 1)
            )
        _note(session, "region_renamed", place + 1, actor, now)


def remove_region(section: Section, region: str, *, actor: str, now: datetime) -> None:
    """Take it off the list; raises Conflict (gone), RuleBroken while anything is in it."""
    with write(SECTION) as session:
        place = _place_of(section, region)
        if any(
            session.execute(select(exists().where(model.region == region))).scalar_one()
            for model in (Host, Event)
        ):
            raise RuleBroken(_("Hosts or events are in it. Move them first, or rename it."))
        section.regions = [each for each in section.regions if each != region]
        _note(session, "region_removed", place + 1, actor, now)


def _place_of(section: Section, region: str) -> int:
    if region not in section.regions:
        raise Conflict(
            _("Somebody else changed the regions meanwhile. This is how they are now."),
            error="edited_meanwhile",
        )
    return section.regions.index(region)


def _note(session: Session, verb: str, thing_id: int, actor: str, now: datetime) -> None:
    note_deed(session, actor=actor, verb=verb, thing="region", thing_id=thing_id, now=now)
