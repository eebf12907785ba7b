"""Home, live board, hall screen and health: what they show, and what they keep to themselves."""

from __future__ import annotations

import re
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy.exc import OperationalError

from app import clock
from app.board import health
from app.board.queries import days_left
from app.board.wording import minutes_between
from app.database import db
from app.qr import draw_qr
from tests import factories
from tests.board import asking

LIVE_PAGES = ("board.live", "board.hall")


def test_before_any_campaign_the_first_page_says_what_to_do(nobody):
    page = nobody.get("board.home", status=200)
    assert "set up the campaign" in page.words("ol")
    assert page.one("main a.button").get("href") == "/sign-in"


def test_home_shows_the_count_the_cases_and_the_events(nobody, log, lisbon, porto, amina):
    log(lisbon, amina, 1234)
    log(lisbon, amina, 5, kind="fax")
    page = nobody.get("board.home", status=200)
    assert page.words("data.total") == "1,234"
    assert "of 1,000" in page.words("#tally")
    assert "and 5 other actions" in page.words("#tally")
    assert "provisional" in page.words("#tally")
    assert page.words("#case-amina .num") == "1,234"
    assert page.words("#case-ilyas .num") == "0"
    assert page.words("#event-lisbon .num") == "1,234"
    assert page.one("#event-porto h3 a").get("href") == "/events/porto/"


def test_home_says_what_is_coming_up_and_nothing_that_is_over_or_cancelled(nobody, campaign, porto):
    long_ago = clock.now() - timedelta(days=40)
    factories.event(campaign, slug="unopened", now=long_ago, state="upcoming")
    factories.event(campaign, slug="cancelled", cancelled_at=clock.now())
    for _each in range(8):
        factories.event(campaign, starts_at=porto.starts_at + timedelta(hours=2))
    page = nobody.get("board.home", status=200)
    shown = [line.get("id") for line in page.select(".event-list .event-line")]
    assert shown[0] == "event-porto"
    assert len(shown) == 6
    assert not {"event-unopened", "event-cancelled"} & {*shown}
    assert "All events" in page.words(".events-band")


def test_home_names_no_private_event_and_no_rehearsal(nobody, log, campaign, amina):
    for kind in ("is_private", "is_rehearsal"):
        event = factories.event(
            campaign, slug=kind, title="Kitchen", state="running", **{kind: True}
        )
        log(event, amina)
    page = nobody.get("board.home")
    assert "Kitchen" not in page.text
    assert page.words("data.total") == "1"


def test_home_shows_a_locked_season_as_final(nobody, log, campaign, lisbon, amina):
    log(lisbon, amina, 42)
    factories.change(campaign, locked_at=clock.now(), previous_total=4118)
    page = nobody.get("board.home", status=200)
    assert page.words("data.total") == "42"
    assert "final" in page.words("#tally")
    assert "This season is over" in page.words(".hero")
    assert "4,118" in page.words(".achieved-season")
    assert page.select("#event-lisbon") == []
    assert "Amina" in nobody.get("campaigns.list_cases").words("#cases")
    assert nobody.get("board.list_events").select("#event-lisbon") != []


def test_home_opens_with_three_ways_in_that_lead_somewhere(nobody, campaign):
    page = nobody.get("board.home", status=200)
    ways = [way.get("href") for way in page.select(".hero .row a.button")]
    assert ways == ["/events/", "/organise/", "#on-your-own"]
    assert page.select("li#on-your-own")


def test_home_tells_the_last_three_of_the_good_news(nobody, campaign, amina):
    for year in range(2015, 2020):
        factories.outcome(year=year, headline=f"Free in {year}.")
    factories.outcome(year=2024, change="setback", headline="Arrested again.")
    told = nobody.get("board.home").words(".achieved")
    assert [year for year in range(2015, 2025) if f"Free in {year}" in told] == [2017, 2018, 2019]
    assert "Arrested again" not in told


def test_homes_questions_do_not_grow_with_events(nobody, log, campaign, amina):
    def ask_home():
        with asking.queries() as asked:
            nobody.get("board.home", status=200)
        return len(asked)

    log(factories.event(campaign, state="running"), amina)
    few = ask_home()
    for state in ("running", "upcoming", "closed") * 8:
        log(factories.event(campaign, state=state), amina)
    assert ask_home() == few <= 12


@pytest.mark.parametrize(
    ("today", "left"),
    [
        (date(2026, 9, 30), None),
        (date(2026, 10, 1), 92),
        (date(2026, 12, 30), 2),
        (date(2026, 12, 31), 1),
        (date(2027, 1, 1), None),
    ],
)
def test_the_days_left_are_the_calendars(campaign, today, left):
    zone = clock.now().tzinfo
    now = clock.now().replace(year=today.year, month=today.month, day=today.day)
    assert days_left(campaign, zone, now=now) == left


@pytest.mark.parametrize("endpoint", LIVE_PAGES)
def test_live_pages_need_no_script(nobody, lisbon, endpoint):
    page = nobody.get(endpoint, slug="lisbon", status=200)
    refresh = page.one("noscript meta")
    assert (refresh.get("http-equiv"), refresh.get("content")) == ("refresh", "30")


@pytest.mark.parametrize("endpoint", [*LIVE_PAGES, "board.home", "board.desk_event"])
def test_live_pages_hold_one_count_and_one_live_region(ana, lisbon, endpoint):
    page = ana.get(endpoint, **({} if endpoint == "board.home" else {"slug": "lisbon"}))
    assert len(page.select("#tally")) == 1
    assert page.select("#tally [aria-live]") == page.select("#tally [role=status]") == []
    assert page.one("#announcer").get("aria-live") == "polite"
    pauses = page.select("[data-pause-updates]")
    assert len(pauses) == (0 if endpoint == "board.hall" else 1)
    assert page.one("[data-stale]").get("data-stale").count("{time}") == 1


def test_the_live_board_tells_the_state(nobody, log, lisbon, porto, amina):
    log(lisbon, amina, 71)
    live = nobody.get("board.live", slug="lisbon")
    assert "writing now" in live.words("#tally")
    assert "71 in the last ten minutes" in live.words("#tally")
    upcoming = nobody.get("board.live", slug="porto")
    assert "Writing has not begun" in upcoming.words("#tally")
    assert "last ten minutes" not in upcoming.words("#tally")
    factories.change(lisbon, state="closed", closed_at=clock.now())
    closed = nobody.get("board.live", slug="lisbon")
    assert "The last hour before the close" in closed.words("#tally")
    assert "last ten minutes" not in closed.words("#tally")


def test_every_chart_of_the_board_has_its_table(nobody, log, lisbon, amina):
    log(lisbon, amina, 9)
    log(lisbon, amina, 5, age_ms=40 * 60_000)
    page = nobody.get("board.live", slug="lisbon")
    rows = [int("".join(cell.itertext())) for cell in page.select("details td")]
    bars = page.select("svg.pulse rect")
    assert len(rows) == len(bars) == 30
    assert sum(rows) == 14
    high = [float(bar.get("height")) > 0.6 for bar in bars]
    assert high == [row > 0 for row in rows]


@pytest.mark.parametrize("endpoint", LIVE_PAGES)
def test_a_rehearsal_says_so(nobody, lisbon, endpoint):
    assert "rehearsal" not in nobody.get(endpoint, slug="lisbon").text
    factories.change(lisbon, is_rehearsal=True)
    assert "rehearsal: counts nowhere else" in nobody.get(endpoint, slug="lisbon").words("#tally")


@pytest.mark.parametrize("endpoint", LIVE_PAGES)
def test_young_peoples_place_and_hours_are_on_no_board(nobody, log, lisbon, amina, endpoint):
    log(lisbon, amina)
    known = nobody.get(endpoint, slug="lisbon")
    assert len(known.select("#clocks dd")) == 2
    factories.change(lisbon, has_young_people=True, place="Escola Secundária 12")
    page = nobody.get(endpoint, slug="lisbon")
    assert page.select("#clocks dd") == []
    assert "Escola" not in page.text
    for moment in (lisbon.starts_at, lisbon.ends_at, lisbon.opened_at):
        assert f"{moment:%Y-%m-%dT%H:%M}" not in page.text


def test_the_hall_leads_to_the_events_page_and_never_to_a_table(nobody, table_1):
    page = nobody.get("board.hall", slug="lisbon")
    assert page.words(".hall-qr strong") == "localhost/events/lisbon/"
    assert str(draw_qr("http://localhost/events/lisbon/")) in page.text
    assert table_1.join_code not in page.text
    assert "/join" not in page.text


def test_the_hall_names_the_next_milestone(nobody, log, lisbon, amina):
    log(lisbon, amina, 71)
    assert "29 more to 100" in nobody.get("board.hall", slug="lisbon").words("#tally")


@pytest.mark.parametrize(("cases", "few"), [(4, True), (6, True), (7, False), (14, False)])
def test_the_hall_has_room_for_twelve_cases(nobody, campaign, lisbon, cases, few):
    chosen = [factories.case(campaign, name=f"Case {n}") for n in range(cases)]
    factories.change(lisbon, cases=chosen)
    bars = nobody.get("board.hall", slug="lisbon").one("ul.hall-bars")
    assert len(list(bars)) == min(cases, 12)
    assert ("hall-bars--few" in bars.get("class")) is few


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 min"), (59, "0 min"), (60, "1 min"), (3599, "59 min"), (80_040, "22 h 14 min")],
)
def test_time_is_told_in_whole_minutes(app, seconds, words):
    start = clock.now().replace(second=0, microsecond=0)
    with app.test_request_context():
        assert minutes_between(start, start + timedelta(seconds=seconds)) == words
        assert minutes_between(start + timedelta(seconds=seconds + 1), start) == "0 min"


def test_a_paused_case_is_told_on_the_board(nobody, lisbon, amina):
    assert "stop writing" not in nobody.get("board.live", slug="lisbon").text
    factories.change(amina, state="paused", paused_at=clock.now())
    assert "stop writing" in nobody.get("board.live", slug="lisbon").words("#tally")


@pytest.mark.parametrize("endpoint", [*LIVE_PAGES, "board.tally", "board.tally_json"])
def test_letters_from_home_have_no_board(nobody, campaign, endpoint):
    assert nobody.get(endpoint, slug=f"home-{campaign.slug}").status == 404


def test_health_is_asked_of_the_database_every_ten_seconds(app, nobody, monkeypatch):
    now = SimpleNamespace(seconds=1000.0)
    monkeypatch.setattr(health, "time", SimpleNamespace(monotonic=lambda: now.seconds))
    answers = iter([True, False, True])
    monkeypatch.setattr(health, "_answers", lambda: next(answers))
    told = []
    for _each in range(7):
        response = app.test_client().get("/healthz")
        told.append((response.status_code, response.get_json()["status"]))
        now.seconds += 5
    assert told == [(200, "ok")] * 3 + [(503, "unwell")] * 3 + [(200, "ok")]


def test_a_database_that_fails_is_told_as_unwell(app, monkeypatch):
    assert app.test_client().get("/healthz").status_code == 200
    app.extensions.pop("health")

    def fail(*_statement):
        raise OperationalError("SELECT", {}, OSError("disk I/O error"))

    monkeypatch.setattr(db.session, "execute", fail)
    assert app.test_client().get("/healthz").status_code == 503


@pytest.mark.parametrize("state", ["running", "closed"])
@pytest.mark.parametrize("view", ["board", "hall", "desk"])
def test_young_peoples_hours_cannot_be_told_from_their_letters(
    same_minute, flask_alone, log, lisbon, amina, view, state
):
    opened_at = clock.now() - timedelta(hours=5, minutes=17)
    closed_at = clock.now() - timedelta(minutes=3) if state == "closed" else None
    factories.change(lisbon, opened_at=opened_at, has_young_people=True)
    log(lisbon, amina, age_ms=300_000)
    factories.change(lisbon, state=state, closed_at=closed_at)
    fragment = flask_alone.get("board.tally", slug="lisbon", query={"view": view}, status=200)
    told = fragment.words("#tally")
    assert re.findall(r"\b\d\d:\d\d\b", told) == []
    assert re.findall(r"T\d\d:\d\d", fragment.text) == []
    assert len(fragment.select("svg.pulse rect")) == 30
    if view != "hall":
        assert "1 h 0 min before" in told
        today = clock.now().astimezone(lisbon.zone)
        assert f"provisional, as of {today.day} " in told
    factories.change(lisbon, has_young_people=False)
    known = flask_alone.get("board.tally", slug="lisbon", query={"view": view}, status=200)
    assert re.findall(r"T\d\d:\d\d", known.text) != []


def test_young_peoples_json_is_as_of_a_day(same_minute, nobody, log, lisbon, amina):
    factories.change(lisbon, has_young_people=True)
    assert nobody.get("board.tally_json", slug="lisbon").json["as_of"] is None
    log(lisbon, amina)
    as_of = nobody.get("board.tally_json", slug="lisbon").json["as_of"]
    assert date.fromisoformat(as_of) == clock.now().astimezone(lisbon.zone).date()
