"""An event's numbers as every screen shows them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app import clock
from app.board import queries
from app.board.milestones import next_milestone
from app.board.pulse import draw_pulse, last_hour, since_opening
from app.events.models import Event
from app.letters import actions
from app.letters.ledger import minute_of
from app.letters.queries import Count, get_version
from tests import factories
from tests.board import asking

MINUTE_MS = 60_000


def board_of(event, **how):
    return queries.get_event_board(queries.get_live_event(event.slug), now=clock.now(), **how)


def test_letters_and_other_actions_are_told_apart(log, lisbon, amina):
    log(lisbon, amina, 12)
    log(lisbon, amina, 3, kind="solidarity_card")
    log(lisbon, amina, 40, kind="petition_signature")
    board = board_of(lisbon)
    assert board.counted == Count(letters=15, other=40)
    assert board.counted.total == 55
    assert (board.kinds["handwritten_letter"], board.kinds["fax"]) == (12, 0)
    assert len(board.kinds) == 11


def test_the_case_with_most_letters_comes_first(log, lisbon, amina, ilyas):
    log(lisbon, amina, 5)
    log(lisbon, amina, 500, kind="email")
    log(lisbon, ilyas, 20)
    board = board_of(lisbon)
    assert [(row.case.slug, row.counted.letters) for row in board.rows] == [
        ("ilyas", 20),
        ("amina", 5),
    ]
    assert board.most == 20


def test_cases_without_letters_keep_the_campaigns_order(lisbon):
    assert [row.case.slug for row in board_of(lisbon).rows] == ["amina", "ilyas"]
    assert board_of(lisbon).most == 0


def test_a_case_that_the_event_let_go_keeps_its_letters(log, lisbon, amina, ilyas):
    log(lisbon, amina, 7)
    factories.change(lisbon, cases=[ilyas])
    board = board_of(lisbon)
    assert [row.case.slug for row in board.rows] == ["amina", "ilyas"]
    assert sum(row.counted.letters for row in board.rows) == board.counted.letters == 7


def test_a_draft_case_is_on_no_board_while_it_has_no_letters(log, lisbon, amina, ilyas):
    factories.change(ilyas, state="draft")
    assert [row.case.slug for row in board_of(lisbon).rows] == ["amina"]
    factories.change(ilyas, state="public")
    log(lisbon, ilyas, 2)
    factories.change(ilyas, state="draft")
    assert [row.case.slug for row in board_of(lisbon).rows] == ["ilyas", "amina"]


def test_what_waits_for_a_check_is_not_counted(log, porto, amina):
    receipt = log(porto, amina, 9)
    assert receipt.state == "held"
    board = board_of(porto)
    assert board.counted == Count()
    assert board.as_of is not None


def test_the_numbers_are_as_of_the_last_row(log, lisbon, amina):
    assert board_of(lisbon).as_of is None
    before = clock.now() - timedelta(milliseconds=1)
    log(lisbon, amina, age_ms=50 * MINUTE_MS)
    assert before <= board_of(lisbon).as_of <= clock.now()


def test_the_version_is_the_one_that_presses_are_answered_with(log, lisbon, amina):
    receipt = log(lisbon, amina)
    assert board_of(lisbon).version == receipt.totals.version == get_version(lisbon.id)


def test_a_take_back_leaves_the_minute_of_its_press(log, lisbon, amina):
    receipt = log(lisbon, amina, 4, age_ms=30 * MINUTE_MS)
    log(lisbon, amina, 2)
    op = factories.press(amina).op
    actions.answer_entry(lisbon, receipt.op, act="void", op=op, actor="a", now=clock.now())
    pulse = board_of(lisbon).pulse
    assert (sum(pulse.bars), pulse.fresh) == (2, 2)


def test_the_last_ten_minutes_are_ten(log, lisbon, amina):
    log(lisbon, amina, 1, age_ms=0)
    log(lisbon, amina, 10, age_ms=9 * MINUTE_MS)
    log(lisbon, amina, 100, age_ms=10 * MINUTE_MS)
    now = clock.now()
    pulse = queries.get_event_board(queries.get_live_event("lisbon"), now=now).pulse
    # The press a moment ago may lie in the minute before, where the ten minutes end one earlier.
    assert pulse.fresh in (11, 1)
    assert sum(pulse.bars) == 111
    assert sum(pulse.bars[-pulse.hot :]) == pulse.fresh


def test_the_hour_of_a_closed_event_ends_with_its_close(lisbon):
    now = clock.now()
    closed_at = now - timedelta(days=3)
    factories.change(lisbon, state="closed", closed_at=closed_at)
    span = last_hour(lisbon, now)
    assert (span.last, span.last - span.first + 1) == (minute_of(closed_at), 60)
    assert not board_of(lisbon).fades


def test_the_desk_counts_by_the_hour_once_there_are_hours(lisbon):
    now = clock.now()
    factories.change(lisbon, opened_at=now - timedelta(hours=2, minutes=59))
    assert since_opening(lisbon, now) == last_hour(lisbon, now)
    factories.change(lisbon, opened_at=now - timedelta(hours=5))
    span = since_opening(lisbon, now)
    assert (span.width, span.first % 60) == (60, 0)
    assert 0 <= minute_of(lisbon.opened_at) - span.first < 60


def test_bars_add_up_minutes_and_begin_with_the_span():
    now = clock.now()
    last = minute_of(now)
    span = last_hour(Event(closed_at=None), now)
    counted = {last: 1, last - 1: 2, last - 2: 4, last - 59: 8, last - 60: 16}
    pulse = draw_pulse(span, counted, fresh_since=last - 9)
    assert (len(pulse.bars), pulse.bars[-1], pulse.bars[-2], pulse.bars[0]) == (30, 3, 4, 8)
    assert pulse.fresh == 7
    starts = [start for start, _counted in pulse.rows]
    assert (minute_of(starts[0]), minute_of(starts[-1])) == (last - 59, last - 1)


def test_a_running_event_with_letters_in_the_last_hour_fades(log, lisbon, amina):
    assert not board_of(lisbon).fades
    log(lisbon, amina)
    assert board_of(lisbon).fades


@pytest.mark.parametrize(
    ("letters", "goal", "milestone"),
    [
        (0, None, 10),
        (9, None, 10),
        (10, None, 25),
        (499, None, 500),
        (999, None, 1_000),
        (1_000, None, 1_100),
        (1_871, None, 1_900),
        (1_899, None, 1_900),
        (9_999, None, 10_000),
        (10_000, None, 11_000),
        (141_624, None, 150_000),
        (1_871, 1_880, 1_880),
        (1_871, 2_500, 1_900),
        (1_890, 1_880, 1_900),
    ],
)
def test_the_next_milestone_is_near_and_round(letters, goal, milestone):
    assert next_milestone(letters, goal=goal) == milestone


def test_a_rehearsal_counts_on_its_own_screens_only(log, campaign, amina):
    rehearsal = factories.event(campaign, state="running", is_rehearsal=True)
    log(rehearsal, amina, 33)
    factories.change(rehearsal, people=5)
    assert board_of(rehearsal).counted.letters == 33
    season = queries.get_campaign_board(queries.get_live_campaign(campaign))
    assert (season.counted, season.people, season.as_of) == (Count(), None, None)
    assert queries.list_running(campaign.id) == []


def test_the_season_is_the_sum_of_its_events(log, campaign, lisbon, porto, amina, ilyas):
    factories.change(porto, state="running", opened_at=clock.now() - timedelta(hours=1))
    private = factories.event(campaign, state="running", is_private=True)
    factories.change(lisbon, people=4)
    log(lisbon, amina, 1)
    log(porto, amina, 10)
    log(private, ilyas, 100)
    log(private, ilyas, 5, kind="fax")
    season = queries.get_campaign_board(queries.get_live_campaign(campaign))
    assert (season.counted, season.people) == (Count(111, 5), 4)
    assert [(row.case.slug, row.counted.letters) for row in season.rows] == [
        ("amina", 11),
        ("ilyas", 100),
    ]
    assert [row.event.slug for row in queries.list_running(campaign.id)] == ["lisbon", "porto"]


def test_a_board_asks_three_questions_whatever_it_holds(log, campaign, lisbon, amina):
    log(lisbon, amina, 3)
    with asking.queries() as few:
        queries.get_event_board(queries.get_live_event("lisbon"), now=clock.now())
    cases = [factories.case(campaign) for _each in range(10)]
    factories.change(lisbon, cases=[amina, *cases])
    for case in cases:
        log(lisbon, case)
    with asking.queries() as many:
        queries.get_event_board(queries.get_live_event("lisbon"), now=clock.now())
    assert len(few) == len(many) == 3, many
