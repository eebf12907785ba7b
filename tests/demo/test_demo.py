"""The demo is a marathon like any other: its numbers are proven, and somebody can look around."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.accounts.passwords import is_password_of
from app.accounts.queries import find_user_by_email
from app.campaigns.kinds import LETTER_KINDS
from app.campaigns.queries import get_campaign, get_section, list_public_cases
from app.database import db
from app.demo.load import load_demo
from app.events.access import get_own_event, get_public_event, get_table_by_code
from app.exceptions import Conflict, NotFound
from app.hosts.queries import count_in_regions, list_hosts
from app.letters.entries import count_held, list_event_entries
from app.letters.models import Entry
from app.letters.queries import count_by_event, get_campaign_sums, get_sums, list_pulse
from app.letters.verify import verify_ledger
from app.signups.queries import count_seats, list_lists, list_parties


def effects_of(event_id: int) -> Counter[bool]:
    """What the ledger's rows come to: letters under True, other actions under False."""
    effects: Counter[bool] = Counter()
    rows = select(Entry.kind, Entry.effect).where(Entry.event_id == event_id)
    for kind, effect in db.session.execute(rows):
        effects[kind in LETTER_KINDS] += effect
    return effects


def test_there_are_regions_and_hosts_to_look_at(demo):
    regions = {row.host.region for row in list_hosts()}
    assert regions == set(get_section().regions)
    assert len(regions) == 3
    assert {row.host.name for row in list_hosts(region="Coast")} == {
        "Porvik school",
        "The harbour café",
    }
    assert count_in_regions()["Lake country"] == 4


def test_every_event_was_held_by_one_of_the_hosts(demo, told):
    held = {row.host.name: row.events for row in list_hosts() if row.events}
    assert held == {event["more"]["held_by"]: 1 for event in told["events"]}


def test_every_number_of_the_demo_follows_from_its_ledger(demo):
    verdicts = list(verify_ledger())
    assert [verdict.faults for verdict in verdicts] == [[]] * 4
    assert sum(verdict.counted for verdict in verdicts) == 1871 + 376 + 846 + 64


def test_each_event_comes_to_the_letters_that_its_data_tell(demo, told):
    for event_told in told["events"]:
        event = demo.events[event_told["state"]]
        crowd = event_told["crowd"] or {"letters": 0, "other_actions": 0}
        count = get_sums(event.id).counted
        assert (count.letters, count.other) == (crowd["letters"], crowd["other_actions"])
        effects = effects_of(event.id)
        assert (effects[True], effects[False]) == (count.letters, count.other)


def test_the_season_is_the_sum_of_its_events(demo):
    ids = [event.id for event in demo.events.values()]
    count = get_campaign_sums(get_campaign().id).counted
    by_event = count_by_event(ids).values()
    assert count.letters == sum(each.letters for each in by_event) == 1871 + 846
    assert count.other == sum(each.other for each in by_event) == 376 + 64


def test_the_running_event_has_most_of_its_hours_behind_it_and_two_to_go(demo):
    event = demo.events["running"]
    assert demo.now - event.opened_at > timedelta(hours=21)
    assert timedelta(hours=2) <= event.ends_at - demo.now <= timedelta(hours=2, minutes=30)
    assert event.closed_at is None


def test_the_closed_event_was_held_by_young_people_on_a_school_day(demo):
    event = demo.events["closed"]
    assert event.has_young_people
    assert event.starts_at.isoweekday() <= 5
    assert event.closed_at == event.ends_at < demo.now


def test_the_upcoming_event_is_on_a_saturday_and_knows_no_letter(demo):
    event = demo.events["upcoming"]
    assert (event.starts_at.isoweekday(), event.opened_at) == (6, None)
    assert event.starts_at > demo.now
    assert list_event_entries(event.id) == []


def test_nothing_of_the_demo_happens_in_the_future(demo):
    latest = db.session.execute(select(func.max(Entry.recorded_at))).scalar_one()
    assert demo.now - timedelta(minutes=15) < latest < demo.now


def test_two_entries_wait_for_a_check_and_some_are_taken_back(demo):
    event = demo.events["running"]
    entries = list_event_entries(event.id, most=2000)
    assert count_held(event.id) == sum(entry.is_held for entry in entries) == 2
    assert sum(entry.is_taken_back for entry in entries) == 7
    assert all(entry.pressed_at < event.opened_at for entry in entries if entry.is_held)


def test_letters_that_a_phone_kept_through_the_close_are_late_and_count(demo):
    event = demo.events["closed"]
    late = [entry for entry in list_event_entries(event.id, most=2000) if entry.is_late]
    assert len(late) == 2
    assert all(e.pressed_at < event.closed_at < e.recorded_at and not e.is_held for e in late)


def test_an_event_s_letters_come_from_every_table_and_every_case(demo):
    event = demo.events["running"]
    entries = list_event_entries(event.id, most=2000)
    assert {e.table_id for e in entries if e.source == "tap"} == {t.id for t in event.tables}
    assert {e.case_id for e in entries} == {case.id for case in event.cases}
    assert [e.quantity for e in entries if e.source == "desk"] == [48]


def test_the_hall_is_quiet_at_night_and_rushed_at_the_start(demo):
    event = demo.events["running"]
    by_hour: Counter[int] = Counter()
    for minute, counted in list_pulse(event.id, since_minute=0).items():
        by_hour[minute // 60 - int(event.starts_at.timestamp()) // 3600] += counted
    at_the_start = by_hour[0] + by_hour[1]
    in_zone = event.starts_at.astimezone(event.zone).hour
    at_night = sum(by_hour[hour % 24] for hour in range(24 + 2 - in_zone, 24 + 5 - in_zone))
    assert at_the_start > 2 * at_night > 0


def test_after_a_pause_only_cards_to_the_person_are_logged(demo):
    [paused] = [case for case in list_public_cases(get_campaign().id) if case.is_paused]
    since = select(Entry.kind).where(
        Entry.case_id == paused.id, Entry.pressed_at >= paused.paused_at
    )
    assert set(db.session.execute(since).scalars()) == {"solidarity_card"}
    before = select(func.sum(Entry.effect)).where(
        Entry.case_id == paused.id, Entry.pressed_at < paused.paused_at
    )
    assert db.session.execute(before).scalar_one() > 0


def test_everybody_whom_the_demo_names_can_sign_in(demo):
    people = [demo.facts["admin"], *demo.facts["organisers"]]
    users = [find_user_by_email(person["email"]) for person in people]
    assert [user.role for user in users] == ["owner", "organiser", "organiser"]
    for user, person in zip(users, people, strict=True):
        assert is_password_of(user.password_hash, person["password"])


def test_each_organiser_of_the_demo_runs_events_of_their_own(demo):
    ana, eero = (find_user_by_email(one["email"]) for one in demo.facts["organisers"])
    running, closed = demo.events["running"], demo.events["closed"]
    assert get_own_event(ana, running.slug) and get_own_event(eero, closed.slug)
    for stranger, event in ((ana, closed), (eero, running)):
        with pytest.raises(NotFound):
            get_own_event(stranger, event.slug)


def test_the_codes_of_open_tables_lead_to_them(demo):
    for told in demo.facts["events"]:
        event = get_public_event(told["slug"])
        assert [table.name for table in event.tables] == [t["name"] for t in told["tables"]]
        for table in told["tables"] if event.state != "closed" else []:
            found = get_table_by_code(table["join_code"], now=demo.now)
            assert (found.event_id, found.name) == (event.id, table["name"])


def test_cases_have_the_addresses_that_the_data_call_them_by(demo, told_cases):
    cases = list_public_cases(get_campaign().id)
    assert [case.slug for case in cases] == [case["slug"] for case in told_cases]
    assert len(cases) == 12
    assert all(case.story and case.summary and case.what_is_asked for case in cases)


def test_no_placeholder_is_left_in_a_story(demo):
    cases = list_public_cases(get_campaign().id)
    told = [(c.story, c.what_is_asked, c.pause_reason, *c.pause_reasons.values()) for c in cases]
    assert not [texts for texts in told if "{" in " ".join(texts)]


def test_two_demos_look_alike_in_any_season_and_share_no_secret(demo, app):
    again = load_demo(now=datetime(2027, 7, 18, 2, 44, tzinfo=UTC))
    assert not [fault for verdict in verify_ledger() for fault in verdict.faults]
    assert get_campaign_sums(get_campaign().id).counted == (1871 + 846, 376 + 64)
    for told, told_again in zip(demo.facts["events"], again["events"], strict=True):
        assert (told["slug"], told["state"]) == (told_again["slug"], told_again["state"])
        codes = {table["join_code"] for table in [*told["tables"], *told_again["tables"]]}
        assert len(codes) == 2 * len(told["tables"])
    assert demo.facts["admin"]["email"] == again["admin"]["email"]
    assert demo.facts["admin"]["password"] != again["admin"]["password"]


def test_a_demo_is_never_mixed_with_another(demo):
    with pytest.raises(Conflict, match="in use already"):
        load_demo(now=demo.now)


def test_exactly_ten_of_forty_seats_are_free_at_the_upcoming_event(demo):
    lists = {event["state"]: event["lists"] for event in demo.facts["events"]}
    assert lists["upcoming"][0] == {"name": "Come and write", "capacity": 40, "free": 10}
    assert all(each.keys() == {"name", "capacity", "free"} for each in sum(lists.values(), []))
    assert {"name": "I’ll write at home", "capacity": None, "free": None} in lists["running"]


def test_somebody_waits_somebody_may_have_a_seat_and_somebody_is_here(demo):
    guests = list_lists(demo.events["running"].id)[0]
    seats = count_seats([guests])[guests.id]
    assert seats.taken == seats.capacity == 40
    assert 0 < seats.arrived < seats.expected
    states = Counter(one.state for one in guests.sign_ups)
    assert states["waiting"] and states["offered"] and states["cancelled"]


def test_of_young_people_nothing_but_a_nickname_is_kept(demo):
    people = [party.person for party in list_parties(demo.events["closed"].id)]
    assert len(people) == 12 and {person[1:] for person in people} == {("", "", "")}
