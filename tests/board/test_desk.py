"""The organiser's desk: today's event first, and the one next thing to do."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app import clock
from app.campaigns.queries import get_section
from app.database import db
from app.events.models import Event
from app.languages import offers
from app.letters.queries import get_sums
from tests import factories
from tests.board import asking


def next_step(page):
    """What the desk offers to do next: where, and with which words."""
    links = page.select(".next-step a.button")
    forms = page.select(".next-step form")
    return (links[0].get("href") if links else forms[0].get("action")), page.words(".next-step")


def test_an_empty_desk_teaches(app, campaign, admin):
    page = admin.get("board.desk", status=200)
    assert "two minutes" in page.words(".empty")
    assert page.one(".empty a").get("href") == "/desk/events/new"


def test_the_running_event_comes_first(ana, log, campaign, lisbon, amina):
    factories.event(campaign, title="Tomorrow", organisers=lisbon.organisers)
    log(lisbon, amina, 1871)
    page = ana.get("board.desk", status=200)
    where, words = next_step(page)
    assert where == "/desk/events/lisbon/"
    assert "1,871 letters so far" in words
    assert [each.get("href") for each in page.select("tbody a")][0] == "/desk/events/lisbon/"


def test_an_event_without_tables_needs_one(carlos, porto):
    where, words = next_step(carlos.get("board.desk"))
    assert (where, "add a table" in words) == ("/desk/events/porto/tables", True)


def test_an_event_that_is_ready_is_opened_next(carlos, porto):
    factories.table(porto)
    page = carlos.get("board.desk")
    assert next_step(page)[0] == "/desk/events/porto/open"
    assert carlos.submit(page, ".next-step form").status == 303
    db.session.rollback()
    assert porto.is_running


def test_an_event_of_next_week_is_not_todays(carlos, porto):
    later = clock.now() + timedelta(days=7)
    factories.change(porto, starts_at=later, ends_at=later + timedelta(hours=4))
    page = carlos.get("board.desk")
    assert page.select(".next-step") == []
    assert len(page.select("tbody tr")) == 1


def test_the_desk_shows_nobody_elses_events(carlos, lisbon, porto):
    text = carlos.get("board.desk").text
    assert "porto" in text
    assert "lisbon" not in text


def test_the_desks_questions_do_not_grow_with_events(ana, log, campaign, lisbon, amina):
    def ask_desk():
        with asking.queries() as asked:
            ana.get("board.desk", status=200)
        return len(asked)

    few = ask_desk()
    for state in ("upcoming", "closed", "running") * 6:
        at = factories.event(campaign, state=state, organisers=lisbon.organisers)
        log(at, amina)
    assert ask_desk() == few <= 12


def test_an_events_questions_do_not_grow_with_tables(ana, log, lisbon, amina):
    def ask_event():
        with asking.queries() as asked:
            ana.get("board.desk_event", slug="lisbon", status=200)
        return len(asked)

    factories.device(factories.table(lisbon))
    few = ask_event()
    for _each in range(12):
        table = factories.table(lisbon)
        factories.device(table)
        log(lisbon, amina, at=table)
    assert ask_event() == few <= 12


def test_the_event_shows_its_count_and_its_tables(ana, log, lisbon, table_1, amina):
    quiet = factories.table(lisbon, name="Table 2")
    factories.device(table_1, last_seen_at=clock.now() - timedelta(minutes=14))
    log(lisbon, amina, 12, at=table_1)
    log(lisbon, amina, 4, kind="email", at=table_1)
    log(lisbon, amina, 3)
    page = ana.get("board.desk_event", slug="lisbon", status=200)
    figures = ["".join(each.itertext()) for each in page.select("dl.figures dd")]
    assert figures == ["15", "4", "+19"]
    told = [
        ["".join(cell.itertext()) for cell in row if isinstance(cell.tag, str)]
        for row in page.select("tbody tr[id]")
    ]
    assert told == [
        ["Table 1", "1 device · 14 minutes ago", "12"],
        ["Table 2", "nobody yet", "0"],
        ["at no table", "logged at the desk", "3"],
    ]
    ids = [row.get("id") for row in page.select("tbody tr[id]")]
    assert ids == [f"table-{table_1.id}", f"table-{quiet.id}", "table-0"]
    assert "/events/lisbon/hall" in [link.get("href") for link in page.select("a.button")]


def test_the_desk_counts_by_the_hour_of_a_long_event(ana, log, lisbon, amina):
    assert "in the last hour" in ana.get("board.desk_event", slug="lisbon").words("#tally")
    factories.change(lisbon, opened_at=clock.now() - timedelta(hours=5))
    log(lisbon, amina, 7, age_ms=4 * 3_600_000)
    log(lisbon, amina, 2)
    page = ana.get("board.desk_event", slug="lisbon")
    hours = [int("".join(cell.itertext())) for cell in page.select("#tally details td")]
    assert "hour by hour" in page.words("#tally")
    assert (sum(hours), len(hours)) in ((9, 6), (9, 5))


def test_what_waits_for_a_check_is_told(carlos, log, porto, amina):
    assert carlos.get("board.desk_event", slug="porto").select(".notice--waiting") == []
    log(porto, amina, 30)
    page = carlos.get("board.desk_event", slug="porto")
    assert "1 entry is waiting for a check" in page.words(".notice--waiting")
    assert page.one(".notice--waiting a").get("href") == "/desk/events/porto/letters"
    log(porto, amina, 30)
    assert "2 entries are waiting" in carlos.get("board.desk_event", slug="porto").words("main")


def test_the_organiser_logs_for_a_table_from_here(ana, lisbon, table_1, amina):
    page = ana.get("board.desk_event", slug="lisbon")
    sent = {"quantity": "12", "case": "amina", "kind": "postcard", "table": str(table_1.id)}
    assert ana.submit(page, "form#log-form", **sent).location == "/desk/events/lisbon/"
    assert get_sums(lisbon.id).counted.letters == 12
    # The same form sent twice is the same press.
    ana.submit(page, "form#log-form", **sent)
    assert get_sums(lisbon.id).counted.letters == 12
    again = ana.get("board.desk_event", slug="lisbon")
    assert again.fields("form#log-form")["op"] != page.fields("form#log-form")["op"]


def test_opening_closing_and_opening_again_from_here(carlos, porto):
    for state in ("running", "closed", "running"):
        page = carlos.get("board.desk_event", slug="porto", status=200)
        assert carlos.submit(page, "#desk-head form").status == 303
        db.session.rollback()
        assert db.session.get_one(Event, porto.id).state == state


def test_an_event_without_cases_has_no_form_to_log(ana, lisbon):
    factories.change(lisbon, cases=[])
    page = ana.get("board.desk_event", slug="lisbon", status=200)
    assert page.select("form#log-form") == []
    assert "No cases have been chosen yet" in page.words("#tally")


def test_without_a_script_a_half_filled_form_is_not_reloaded_away(ana, lisbon):
    page = ana.get("board.desk_event", slug="lisbon")
    assert 'http-equiv="refresh"' not in page.text
    assert page.one("noscript a").get("href") == "/desk/events/lisbon/"


def test_the_hall_s_language_is_chosen_on_the_desk_and_not_on_the_projector(ana, lisbon):
    page = ana.get("board.desk_event", slug="lisbon", status=200)
    ways = [each.get("href") for each in page.select(".languages a")]
    assert ways == ["/events/lisbon/hall?lang=en", "/events/lisbon/hall?lang=ar-XB"]
    hall = ana.get(ways[1], status=200)
    assert hall.one("html").get("lang") == "ar-XB"
    assert "lang=ar-XB" in hall.one("#tally").get("hx-get")
    assert hall.select(".languages") == []


def test_a_section_of_one_language_is_offered_no_choice_for_the_hall(ana, lisbon):
    factories.change(get_section(), languages=["en"])
    offers().forget()
    assert ana.get("board.desk_event", slug="lisbon").select(".languages a") == []


@pytest.mark.parametrize(
    ("state", "at_hand", "under_more"),
    [("upcoming", "edit", "hall"), ("running", "hall", "edit"), ("closed", "edit", "hall")],
)
def test_the_hall_is_at_hand_while_the_event_runs_else_its_form(
    ana, lisbon, state, at_hand, under_more
):
    factories.change(lisbon, state=state)
    page = ana.get("board.desk_event", slug="lisbon", status=200)
    assert page.one(".desk-ways > a").get("href").endswith(f"/{at_hand}")
    listed = [each.get("href") for each in page.select(".desk-ways .menu-list a")]
    assert listed[0].endswith(f"/{under_more}")
