"""A season to measure on, made by the app's own actions in a process of its own.

Run as `python -m bench.rig.stage` it reads what is wanted and tells what it made, as JSON.
"""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.rig.server import ROOT, environment_for

PASSWORD = "a password for one run"
ORGANISER = "ana@example.org"
ADMIN = "ines@example.org"


@dataclass(frozen=True)
class Wanted:
    """An event to be made, opened, with its tables."""

    title: str
    tables: int = 1
    seats: int = 8
    devices: int = 0
    """Joined already, at each table."""
    people: int | None = None


@dataclass(frozen=True)
class Staged:
    """An event that was made."""

    slug: str
    codes: list[str]
    """Join codes, one a table."""
    table_ids: list[int]
    tokens: list[str]
    """Cookies of the devices that joined already."""


@dataclass(frozen=True)
class Season:
    """What was made: ORGANISER runs every event, ADMIN the section; both sign in by PASSWORD."""

    cases: list[str]
    """Slugs."""
    events: list[Staged]


def make_season(folder: Path, *wanted: Wanted, cases: int = 12) -> Season:
    """Make a season in an instance folder that has none; no server need be running."""
    asked = {"cases": cases, "events": [dataclasses.asdict(each) for each in wanted]}
    made = subprocess.run(
        [sys.executable, "-m", "bench.rig.stage"],
        cwd=ROOT,
        env=environment_for(folder),
        input=json.dumps(asked),
        capture_output=True,
        text=True,
    )
    if made.returncode:
        raise SystemExit(f"The season could not be made:\n{made.stderr[-2000:]}")
    said = json.loads(made.stdout)
    return Season(said["cases"], [Staged(**each) for each in said["events"]])


def stage(cases: int, events: Sequence[Wanted]) -> Season:
    """The same inside an app context."""
    from app import clock
    from app.accounts.actions import create_user
    from app.campaigns.actions import (
        CampaignFields,
        CaseFields,
        SectionFields,
        add_case,
        create_campaign,
    )
    from app.events.actions import open_event, plan_event
    from app.events.drafting import EventFields
    from app.events.table_actions import add_table, join_table

    now = clock.now()
    today = now.date()
    who = {"password": PASSWORD, "actor": None, "now": now}
    create_user(email=ADMIN, name="Ines", role="admin", **who)
    ana = create_user(email=ORGANISER, name="Ana", role="organiser", **who)
    actor = ana.public_id
    dates = [today + timedelta(days=days) for days in (-60, -5, 10, 25, 40)]
    season = create_campaign(
        SectionFields("Letters of Lusitania", "en", "UTC"),
        CampaignFields("Write for Rights", *dates, goal=200_000),
        actor=actor,
        now=now,
    )
    slugs = [
        add_case(season, CaseFields(f"Person {number}", "Ruritania"), is_public=True, now=now).slug
        for number in range(1, cases + 1)
    ]
    made = []
    for wanted in events:
        fields = EventFields(
            wanted.title,
            now - timedelta(hours=1),
            now + timedelta(hours=23),
            "UTC",
            cases=tuple(slugs),
            people=wanted.people,
        )
        event = plan_event(season, fields, organiser=ana, now=now)
        open_event(event, actor=actor, now=now)
        tables = [
            add_table(event, name=f"Table {n}", seats=wanted.seats, actor=actor, now=now)
            for n in range(1, wanted.tables + 1)
        ]
        codes, ids = [each.join_code for each in tables], [each.id for each in tables]
        tokens = [join_table(code, now=now) for code in codes for _ in range(wanted.devices)]
        made.append(Staged(event.slug, codes, ids, tokens))
    return Season(slugs, made)


def main() -> None:
    from app import clock, create_app
    from app.upgrade import upgrade_database

    os.umask(0o077)
    asked: dict[str, Any] = json.load(sys.stdin)
    app = create_app()
    with app.app_context():
        upgrade_database(clock.now())
        season = stage(asked["cases"], [Wanted(**each) for each in asked["events"]])
    print(json.dumps(dataclasses.asdict(season)))


if __name__ == "__main__":
    main()
