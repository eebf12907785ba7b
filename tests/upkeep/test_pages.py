"""Admins see how things stand and what to do about each, and who did what when."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from app import clock
from app.audit import note_deed
from app.database import SECTION, write
from app.signups.purging import delete_names
from app.ticker import JOBS, tick
from app.upkeep import checks, machine, waking
from app.upkeep.actions import begin_job, end_job
from app.upkeep.models import JobRun
from app.upkeep.queries import list_job_runs
from app.upkeep.routes import PAGE
from tests import factories, lists
from tests.board import asking

DAY = timedelta(days=1)


@pytest.fixture
def ctx(app):
    """Words need a language, and so a request."""
    with app.test_request_context():
        yield


def states() -> dict[str, str]:
    return {check.name: check.state for check in checks.check_everything(now=clock.now())}


def deed(verb: str = "event_edited", *, at: datetime | None = None, **values: object) -> None:
    with write(SECTION) as session:
        row = {"actor": None, "thing": "event", "thing_id": 1, "now": at or clock.now()}
        note_deed(session, verb=verb, **row | values)


def keep_backup(app, at: datetime) -> None:
    folder = app.config["LETTERTALLY"].instance / "backups"
    folder.mkdir(exist_ok=True)
    (folder / f"lettertally-{at:%Y%m%dT%H%M%SZ}.tar.gz").touch()


# Is everything all right?


def test_after_the_first_round_all_that_can_be_is_all_right(app, ctx):
    tick(now=clock.now())
    found = states()
    assert {name for name, state in found.items() if state == "bad"} == set()
    assert found["backup"] == found["proof"] == found["ticker"] == found["zones"] == "good"


def test_before_the_first_round_nobody_is_alarmed(app, ctx):
    assert states()["backup"] == "look"
    assert checks.urgent_checks(now=clock.now()) == []


def test_a_backup_older_than_two_days_is_told_on_the_desk_and_in_the_section(app, admin, ana):
    keep_backup(app, clock.now() - 3 * DAY)
    # Whatever the row says: one that was made elsewhere is not here to be put back.
    end_job("backup", failure=None, now=clock.now())
    for path in ("/desk/", "/section/", "/section/all-right"):
        assert "older than two days" in admin.get(path).text
    assert "older than two days" not in ana.get("/desk/").text
    keep_backup(app, clock.now())
    assert "older than two days" not in admin.get("/desk/").text


def test_a_backup_that_is_gone_is_not_all_right(app, admin, ctx):
    tick(now=clock.now())
    assert states()["backup"] == "good"
    for file in (app.config["LETTERTALLY"].instance / "backups").iterdir():
        file.unlink()
    assert states()["backup"] == "bad"
    for path in ("/desk/", "/section/all-right"):
        assert "No backup is kept here" in admin.get(path).text


def test_a_young_section_owes_no_backup_yet(app, ctx):
    factories.saved(JobRun(name="backup", noticed_at=clock.now() - DAY))
    assert states()["backup"] == "look"


def test_a_try_that_failed_says_why(app, admin):
    end_job("backup", failure="pg_dump is missing", now=clock.now())
    assert "The last try failed: pg_dump is missing" in admin.get("/section/all-right").text


def test_a_disk_that_is_nearly_full_is_told_on_the_desk(app, admin, monkeypatch):
    monkeypatch.setattr(checks, "NO_ROOM", 10**18)
    assert "Room on the disk" in admin.get("/desk/").text


def test_a_broken_ledger_needs_somebody(app, ctx):
    end_job("verify", failure="1 numbers do not follow from the ledger.", now=clock.now())
    assert states()["proof"] == "bad"


def test_a_ticker_that_stopped_is_noticed(app, ctx):
    begin_job(JOBS[0], now=clock.now() - DAY)
    assert states()["ticker"] == "bad"


def test_a_clock_that_was_set_back_is_noticed_by_the_newest_letter(app, lisbon, amina, ctx):
    factories.entry(lisbon, amina)
    assert states()["clock"] != "bad"
    assert checks.check_clock(now=clock.now() - DAY).state == "bad"


@pytest.mark.parametrize(("said", "state"), [(True, "good"), (False, "look"), (None, "good")])
def test_what_the_machine_says_of_its_clock_is_told(app, ctx, monkeypatch, said, state):
    monkeypatch.setattr(machine, "follows_network_time", lambda: said)
    assert states()["clock"] == state


def test_what_is_not_good_says_what_to_do(app, ctx):
    found = checks.check_everything(now=clock.now())
    assert any(check.state != "good" for check in found)
    assert all(bool(check.mend) == (check.state != "good") for check in found)


def test_a_backup_asked_for_is_made_at_the_next_round(app, admin):
    tick(now=clock.now())
    answer = admin.post("/section/all-right/backup")
    assert answer.status == 303
    assert "asked for" in admin.get("/section/all-right").text
    waking.wait_for_asking(30)
    assert tick(now=clock.now() + timedelta(seconds=1)) == ["backup"]
    assert {run.name for run in list_job_runs() if run.asked_at} == set()
    assert "asked for" in admin.get("/section/audit").text


def test_only_what_may_be_asked_for_can_be(app, admin):
    assert admin.post("/section/all-right/expiry").status == 404


# The audit


def test_the_audit_names_people_by_who_they_are_now(app, admin, lisbon):
    ana = lisbon.organisers[0]
    deed(actor=ana.public_id, thing_id=lisbon.id)
    page = admin.get("/section/audit").text
    assert "Ana" in page
    assert "changed the event" in page
    assert "Lisbon writes" in page
    factories.change(ana, name="Anna")
    assert "Anna" in admin.get("/section/audit").text


def test_who_is_no_longer_on_record_has_no_name(app, admin):
    deed(actor="ffffffffffffffff")
    assert "somebody no longer here" in admin.get("/section/audit").text


def test_the_audit_is_searched_by_person_deed_thing_and_day(app, admin, lisbon):
    ana = lisbon.organisers[0].public_id
    noon = datetime.fromisoformat("2026-03-05T12:00:00+00:00")
    deed("event_opened", at=noon, actor=ana)
    deed("case_paused", at=noon + DAY, thing="case")
    deed("table_added", at=noon + 2 * DAY, thing="table")
    words = {"opened the event", "asked everybody to stop writing", "added a table"}
    for search, found in {
        f"person={ana}": {"opened the event"},
        "verb=case_paused": {"asked everybody to stop writing"},
        "thing=table": {"added a table"},
        "since=2026-03-06": {"asked everybody to stop writing", "added a table"},
        "until=2026-03-05": {"opened the event"},
        "since=2026-03-06&until=2026-03-06": {"asked everybody to stop writing"},
        "since=2031-01-01": set(),
    }.items():
        shown = admin.get(f"/section/audit?{search}", htmx=True).text
        assert {word for word in words if word in shown} == found, search


def test_the_days_of_the_audit_are_the_sections_own(app, admin):
    factories.section(time_zone="Asia/Kathmandu")
    deed("event_opened", at=datetime.fromisoformat("2026-03-05T18:30:00+00:00"))
    assert "opened the event" in admin.get("/section/audit?since=2026-03-06", htmx=True).text
    assert "opened the event" not in admin.get("/section/audit?until=2026-03-05", htmx=True).text


@pytest.mark.parametrize("search", ["since=yesterday", "verb=nonsense", "thing=%27--", "until=99"])
def test_a_search_that_makes_no_sense_says_so(app, admin, search):
    deed()
    assert admin.get(f"/section/audit?{search}").status == 422


@pytest.mark.parametrize("search", ["before=x", "before=-1", "before=999999999999", "person=%00"])
def test_an_odd_address_breaks_nothing(app, admin, search):
    assert admin.get(f"/section/audit?{search}").status < 500


def test_the_audit_goes_back_page_by_page_in_a_steady_number_of_queries(app, admin):
    for number in range(PAGE + 3):
        deed("table_added", thing="table", thing_id=number)
    first = admin.get("/section/audit?verb=table_added")
    assert first.text.count("added a table") == PAGE + 1  # and once to choose from
    older = admin.get(first.select('a[href*="before="]')[0].get("href")).text
    assert older.count("added a table") == 3 + 1
    with asking.queries() as asked:
        admin.get("/section/audit")
    assert len(asked) <= 12


def test_the_page_of_checks_asks_few_queries(app, admin):
    tick(now=clock.now())
    with asking.queries() as asked:
        admin.get("/section/all-right")
    assert len(asked) <= 12


def test_a_missing_key_is_told_until_its_names_are_deleted(app, ctx, admin):
    guests = lists.sign_up_list(factories.event())
    lists.sign_up(guests)
    assert states()["names"] == "good"
    for file in (app.config["LETTERTALLY"].instance / "keys").glob("*.key"):
        file.unlink()
    assert states()["names"] == "bad"
    assert "One key is missing." in admin.get("upkeep.all_right").text
    delete_names(guests.event, by="", now=clock.now())
    assert states()["names"] == "good"
