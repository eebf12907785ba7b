"""Put the invented marathon on record, by the same actions as the real one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from functools import partial
from operator import itemgetter
from random import Random
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts.actions import create_user
from app.accounts.models import User
from app.campaigns.actions import (
    CampaignFields,
    SectionFields,
    create_campaign,
    pause_case,
)
from app.campaigns.case_files import read_zip
from app.campaigns.case_records import read_cases
from app.campaigns.import_actions import Choice, import_cases
from app.campaigns.models import Campaign, Case
from app.campaigns.queries import get_case, get_section
from app.campaigns.slugs import random_word
from app.database import db
from app.demo.crowd import Crowd, Moment, plan
from app.demo.lists import come_in, describe_lists, fill_lists
from app.demo.past import tell_the_past
from app.demo.planning import PLANNED, Planned, plan_as_offered
from app.demo.practice import DATA, pack_practice_cases, read_told_cases
from app.demo.season import season_days, told_today
from app.events.access import JoinedDevice, get_device
from app.events.actions import close_event, open_event
from app.events.models import Event
from app.events.table_actions import join_table
from app.exceptions import Conflict
from app.hosts.actions import HostFields, import_hosts
from app.hosts.region_actions import add_regions
from app.letters.actions import log_at_desk, log_letters, take_back

SEED = 1210
"""Two demos look alike; only their codes and passwords differ."""
SET_UP = timedelta(days=60)
"""How long ago the section set up its season."""
NOON = time(12)
JOINED = timedelta(minutes=20)
"""How long before the start the tables' devices join."""


class Person(NamedTuple):
    """Somebody who may sign in, with the one copy of their password."""

    user: User
    password: str


class ToPause(NamedTuple):
    """A case that is paused during the season."""

    case: Case
    at: datetime
    reason: str
    reasons: Mapping[str, str]
    """The same in other languages."""


def load_demo(*, now: datetime) -> dict[str, Any]:
    """Make the demo around `now` and tell who may sign in and which tables may be joined.

    Raises Conflict when anybody or anything is on record already.
    """
    _check_unused()
    told = _read("campaign.json")
    zone = ZoneInfo(told["section"]["time_zone"])
    today = now.astimezone(zone).date()
    admin, *organisers = _add_people(told, now - SET_UP)
    campaign = _begin_season(told, admin.user, today, now - SET_UP)
    add_regions(get_section(), told["regions"], actor=admin.user.public_id, now=now - SET_UP)
    hosts = [HostFields(**host) for host in told["hosts"]]
    import_hosts(hosts, by=admin.user, now=now - SET_UP)
    to_pause = _add_cases(campaign, zone, today, actor=admin.user.public_id, then=now - SET_UP)
    tell_the_past(
        _read("outcomes.json"),
        _read("history.json"),
        told["past_seasons"],
        first_day=campaign.public_on,
        actor=admin.user.public_id,
        now=now - SET_UP,
    )
    of_address = {person.user.email: person for person in organisers}
    planned = [
        plan_as_offered(
            campaign,
            event,
            organiser=of_address[event["organiser"]].user,
            password=of_address[event["organiser"]].password,
            admin=admin.user,
            zone=zone,
            now=now,
        )
        for event in told["events"]
    ]
    lists = _read("lists.json")
    for each in planned:
        people = lists[each.told["state"]]
        fill_lists(each.event, people, actor=each.organiser, planned_at=now - PLANNED, now=now)
    for _at, happen in sorted(_deeds(planned, to_pause, admin.user, now), key=itemgetter(0)):
        happen()
    for each in planned:
        come_in(each.event, lists[each.told["state"]], now=now)
    return {
        "admin": _sign_in_of(admin),
        "organisers": [_sign_in_of(person) for person in organisers],
        "events": [_describe(each.event) for each in planned],
    }


def _check_unused() -> None:
    for model in (Campaign, User):
        if db.session.execute(select(model.id).limit(1)).first() is not None:
            raise Conflict(
                _(
                    "This database is in use already, and invented letters must not get into it: "
                    "choose another folder for the demo."
                )
            )


def _read(name: str) -> Any:
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def _add_people(told: Mapping[str, Any], then: datetime) -> list[Person]:
    roles = [(told["admin"], "admin"), *((one, "organiser") for one in told["organisers"])]
    return [_add_person(who, role, then) for who, role in roles]


def _add_person(who: Mapping[str, str], role: str, then: datetime) -> Person:
    # A fixed password would stand in the source for everybody, and a demo may be on the net.
    password = "-".join(random_word(4) for _part in range(3))
    user = create_user(**who, role=role, password=password, actor=None, now=then)
    return Person(user, password)


def _begin_season(told: Mapping[str, Any], admin: User, today: date, then: datetime) -> Campaign:
    season = dict(told["campaign"])
    title, goal, previous_total = (season.pop(k) for k in ("title", "goal", "previous_total"))
    days = season_days(season, today)
    fields = CampaignFields(
        title=title.format(year=days["public_on"].year),
        goal=goal,
        previous_total=previous_total,
        **days,
    )
    section = SectionFields(**told["section"])
    return create_campaign(section, fields, actor=admin.public_id, now=then)


def _add_cases(
    campaign: Campaign, zone: ZoneInfo, today: date, *, actor: str, then: datetime
) -> list[ToPause]:
    """Take in the file that anybody may try, and tell which of its cases are to be paused."""
    reads = read_cases(read_zip(pack_practice_cases(today)))
    choices = {read.slug: Choice("add") for read in reads}
    import_cases(
        campaign, reads, choices=choices, portraits={}, is_public=True, actor=actor, now=then
    )
    to_pause = []
    for told in read_told_cases():
        if told["paused"]:
            day = today - timedelta(days=told["paused"]["days_ago"])
            reason = told_today(told["paused"]["reason"], today)
            reasons = {
                code: told_today(words, today, code)
                for code, words in told["paused"]["reasons"].items()
            }
            case = get_case(told["slug"])
            to_pause.append(ToPause(case, datetime.combine(day, NOON, zone), reason, reasons))
    return to_pause


def _deeds(
    planned: list[Planned], to_pause: list[ToPause], admin: User, now: datetime
) -> Iterator[tuple[datetime, Callable[[], None]]]:
    """What happened since, and when: whoever was freed before an event is paused at it."""
    for case, at, reason, reasons in to_pause:
        said: dict[str, Any] = {"reason": reason, "reasons": reasons}
        yield at, partial(pause_case, case, **said, actor=admin.public_id, now=at)
    for each in planned:
        if each.told["crowd"]:
            paused = frozenset(one.case.slug for one in to_pause if one.at < each.starts_at)
            yield each.starts_at, partial(_hold, each, paused, now)


def _hold(planned: Planned, paused: frozenset[str], now: datetime) -> None:
    """Let an event's people come, until its end or until now."""
    event, starts_at, told, organiser = planned
    ends_at = starts_at + timedelta(hours=told["hours"])
    devices = _join_all(event, each=told["crowd"]["devices_at_each_table"], at=starts_at - JOINED)
    crowd = _crowd(planned, paused, until=min(ends_at, now), devices=len(devices))
    moments = plan(crowd, Random(f"{SEED} {told['title']}"))
    log = partial(_log, event, devices, organiser)
    log([moment for moment in moments if moment.at < starts_at])
    open_event(event, actor=organiser, now=starts_at)
    log([moment for moment in moments if starts_at <= moment.at < crowd.until])
    if ends_at <= now:
        close_event(event, actor=organiser, now=ends_at)
        log([moment for moment in moments if moment.at >= ends_at])


def _crowd(planned: Planned, paused: frozenset[str], *, until: datetime, devices: int) -> Crowd:
    told = planned.told["crowd"]
    counts = ("letters", "other_actions", "letters_in_the_parcel")
    oddities = ("mistakes", "too_early", "too_late")
    return Crowd(
        starts_at=planned.starts_at,
        until=until,
        zone=planned.event.zone,
        devices=devices,
        cases=planned.told["cases"],
        paused_cases=paused,
        kinds=[*planned.told["kinds_in_front"], *told["more_kinds"]],
        **{name: told[name] for name in (*counts, *oddities)},
    )


def _join_all(event: Event, *, each: int, at: datetime) -> list[JoinedDevice]:
    """So many devices at each table, those that sit together far apart in the list."""
    codes = [table.join_code for table in event.tables]
    return [get_device(join_table(code, now=at)) for code in codes * each]


def _log(event: Event, devices: list[JoinedDevice], organiser: str, moments: list[Moment]) -> None:
    for at, device, press, take_back_op in moments:
        if device is None:
            log_at_desk(event, press, table_id=None, actor=organiser, now=at)
        elif take_back_op:
            take_back(devices[device], press.op, op=take_back_op, now=at)
        else:
            log_letters(devices[device], press, now=at)


def _sign_in_of(person: Person) -> dict[str, str]:
    return {"email": person.user.email, "password": person.password}


def _describe(event: Event) -> dict[str, Any]:
    tables = [{"name": table.name, "join_code": table.join_code} for table in event.tables]
    return {
        "slug": event.slug,
        "state": event.state,
        "tables": tables,
        "lists": describe_lists(event),
    }
