"""The JSON answers are of one mind with themselves, with their document and with the pages."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from app import clock
from app.campaigns.kinds import ALL_KINDS, LETTER_KINDS
from app.database import db
from app.events.models import Event
from app.letters import actions
from tests import factories
from tests.architecture.sources import ROOT

DOCUMENT = (ROOT / "docs" / "json.md").read_text()
EVENT, SEASON, PRESS, REFUSAL = map(json.loads, re.findall(r"```json\n(.*?)```", DOCUMENT, re.S))
KINDS = {kind.name for kind in ALL_KINDS}


def is_of_one_mind(numbers):
    """Sums within an answer are the sums of their parts."""
    letters = sum(n for kind, n in numbers["kinds"].items() if kind in LETTER_KINDS)
    assert (numbers["letters"], numbers["total"]) == (letters, sum(numbers["kinds"].values()))
    assert numbers["other"] == numbers["total"] - letters
    for case in numbers["cases"]:
        assert case["kinds"].keys() == KINDS
        assert case["total"] == sum(case["kinds"].values())
    for kind in KINDS:
        assert numbers["kinds"][kind] == sum(case["kinds"][kind] for case in numbers["cases"])


@pytest.fixture
def tally(nobody):
    """Reads Lisbon's tally.json."""
    return lambda: nobody.get("board.tally_json", slug="lisbon", status=200).json


@pytest.fixture
def totals(nobody):
    """Reads totals.json."""
    return lambda: nobody.get("board.totals_json", status=200).json


@pytest.mark.parametrize("example", [EVENT, SEASON], ids=["event", "season"])
def test_the_documents_examples_add_up(example):
    is_of_one_mind(example)
    assert re.fullmatch(r"\d+\.\d+", example["version"])
    assert datetime.fromisoformat(example["as_of"]).utcoffset() == timedelta(0)


@pytest.mark.parametrize("name", sorted({*EVENT, *SEASON, *PRESS, *REFUSAL, *EVENT["cases"][0]}))
def test_every_name_is_explained_in_the_document(name):
    told = re.sub(r"```json\n.*?```", "", DOCUMENT, flags=re.S)
    assert f"`{name}`" in told


def test_a_press_and_its_refusal_are_answered_as_documented(bea):
    assert bea.press(status=200).json.keys() == PRESS.keys()
    assert bea.press(quantity="0", status=422).json.keys() == REFUSAL.keys()


def test_answers_add_up_with_every_kind_in_them(tally, totals, log, lisbon, amina, ilyas):
    for number, kind in enumerate(ALL_KINDS, start=1):
        log(lisbon, (amina, ilyas)[number % 2], 10 + number, kind=kind.name)
    for answer in (tally(), totals()):
        is_of_one_mind(answer)
        assert all(answer["kinds"].values())


def test_the_moment_moves_with_every_row_of_the_ledger(tally, log, lisbon, amina):
    receipt = log(lisbon, amina, age_ms=600_000)
    before = tally()["as_of"]
    assert clock.now() - datetime.fromisoformat(before) < timedelta(minutes=5)
    op, later = str(uuid4()), clock.now() + timedelta(seconds=1)
    actions.answer_entry(lisbon, receipt.op, act="void", op=op, actor="x", now=later)
    assert tally()["as_of"] > before


def test_the_seasons_moment_is_that_of_its_newest_row_rehearsals_apart(
    totals, log, campaign, lisbon, amina
):
    rehearsal = factories.event(campaign, state="running", is_rehearsal=True)
    log(rehearsal, amina)
    assert totals()["as_of"] is None
    log(lisbon, amina)
    as_of = totals()["as_of"]
    log(rehearsal, amina)
    assert totals()["as_of"] == as_of is not None


def test_letters_from_home_are_in_the_seasons_sum_and_on_no_list(totals, log, campaign, amina):
    query = select(Event).where(Event.is_written_at_home.is_(True))
    home = db.session.execute(query).scalar_one()
    opened = {"state": "running", "opened_at": clock.now() - timedelta(hours=1)}
    log(factories.change(home, cases=[amina], **opened), amina, 8)
    assert (totals()["letters"], totals()["events"]) == (8, [])


def test_a_locked_season_is_told_as_final_until_the_next_one_begins(totals, campaign):
    assert totals()["state"] == "provisional"
    factories.change(campaign, locked_at=clock.now())
    assert (totals()["state"], totals()["campaign"]) == ("final", campaign.slug)
    following = factories.campaign(slug="2027")
    assert (totals()["state"], totals()["campaign"]) == ("provisional", following.slug)


def test_versions_are_those_that_live_pages_ask_with(nobody, tally, totals, lisbon):
    for endpoint, where, numbers in (
        ("board.live", {"slug": "lisbon"}, tally()),
        ("board.home", {}, totals()),
    ):
        asks = nobody.get(endpoint, **where).one("#tally").get("hx-get", "")
        assert f"v={numbers['version']}&" in asks


def test_what_is_not_there_is_refused_as_json_too(nobody):
    for path in ("/events/nowhere/tally.json", "/totals.json"):
        answer = nobody.get(path, headers={"Accept": "application/json"}, status=404)
        assert answer.json.keys() == REFUSAL.keys()


def test_no_json_names_a_person(ana, bea, nobody, lisbon):
    factories.change(lisbon.organisers[0], name="Zsazsa Quillfeather")
    bea.press(status=200)
    for person in (ana, nobody):
        for path in ("/events/lisbon/tally.json", "/totals.json"):
            text = person.get(path).text
            assert "Quillfeather" not in text
            assert lisbon.organisers[0].public_id not in text
