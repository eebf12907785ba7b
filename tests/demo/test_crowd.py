"""The invented people: as many letters as they were told, in waves, whatever the clock says."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from app.campaigns.kinds import LETTER_KINDS
from app.demo.crowd import Crowd, plan

NOON = datetime(2026, 12, 10, 12, tzinfo=UTC)
CROWD = Crowd(
    starts_at=NOON - timedelta(hours=22),
    until=NOON,
    zone=ZoneInfo("Europe/Stockholm"),
    devices=6,
    cases=["amina", "ilyas", "vera"],
    paused_cases=frozenset({"vera"}),
    kinds=["handwritten_letter", "postcard", "petition_signature"],
    letters=1000,
    other_actions=200,
    letters_in_the_parcel=30,
    too_late=0,
    too_early=0,
    mistakes=0,
)


def planned(**changes: object) -> list:
    return plan(replace(CROWD, **changes), Random(7))


def test_the_crowd_writes_exactly_what_it_is_told():
    quantities: Counter[bool] = Counter()
    for moment in planned():
        quantities[moment.press.kind in LETTER_KINDS] += moment.press.quantity
    assert quantities == {True: 1000, False: 200}


def test_the_same_seed_is_the_same_crowd():
    assert planned() == planned()
    assert planned() != plan(CROWD, Random(8))


@pytest.mark.parametrize("hour", range(24))
def test_at_any_hour_letters_came_a_moment_ago_and_none_comes_later(hour):
    until = NOON + timedelta(hours=hour)
    moments = planned(starts_at=until - timedelta(hours=22), until=until, letters=1800)
    assert until - timedelta(minutes=15) < moments[-1].at < until
    assert moments == sorted(moments, key=lambda moment: moment.at)


def test_a_press_is_one_press():
    moments = planned(mistakes=5, too_early=2, too_late=3)
    ops = [moment.take_back_op or moment.press.op for moment in moments]
    assert len(set(ops)) == len(ops)


def test_each_mistake_is_taken_back_by_the_device_that_made_it():
    moments = planned(mistakes=5)
    undone = [moment for moment in moments if moment.take_back_op]
    assert len(undone) == 5
    for taken_back in undone:
        [made] = [m for m in moments if m.press == taken_back.press and not m.take_back_op]
        assert made.device == taken_back.device
        assert timedelta(0) < taken_back.at - made.at < timedelta(minutes=1)


def test_who_is_too_early_presses_before_the_start():
    early = [moment for moment in planned(too_early=2) if moment.at < CROWD.starts_at]
    assert len(early) == 2


def test_who_is_too_late_pressed_before_the_end_and_is_heard_of_after_it():
    late = [moment for moment in planned(too_late=3) if moment.at > CROWD.until]
    assert len(late) == 3
    for moment in late:
        pressed_at = moment.at - timedelta(milliseconds=moment.press.age_ms)
        assert CROWD.starts_at < pressed_at < CROWD.until


def test_only_confirmed_cards_go_to_a_paused_case():
    for_vera = [moment.press for moment in planned() if moment.press.case == "vera"]
    assert {(press.kind, press.is_confirmed) for press in for_vera} == {("solidarity_card", True)}
