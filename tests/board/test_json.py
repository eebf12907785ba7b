"""The numbers for other programs, and the page that documents them by example."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app import clock
from app.campaigns.kinds import ALL_KINDS
from app.letters.queries import get_campaign_version, get_version
from tests import factories

DOCUMENTED = Path(__file__).resolve().parents[2] / "docs" / "json.md"
KINDS = [kind.name for kind in ALL_KINDS]


def shape(value):
    """The names and types of a JSON value, whatever its numbers."""
    if isinstance(value, dict):
        return {name: shape(each) for name, each in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value)


def test_an_events_numbers(nobody, log, lisbon, amina, ilyas):
    factories.change(lisbon, goal=100, people=16)
    log(lisbon, amina, 12)
    log(lisbon, amina, 3, kind="fax")
    log(lisbon, ilyas, 2, kind="postcard")
    told = nobody.get("board.tally_json", slug="lisbon", status=200).json
    assert told["event"] == "lisbon"
    assert told["version"] == get_version(lisbon.id)
    assert told["state"] == "provisional"
    assert (told["total"], told["letters"], told["other"]) == (17, 14, 3)
    assert (told["people"], told["goal"]) == (16, 100)
    assert told["kinds"] == dict.fromkeys(KINDS, 0) | {
        "handwritten_letter": 12,
        "postcard": 2,
        "fax": 3,
    }
    assert [(case["slug"], case["name"], case["total"]) for case in told["cases"]] == [
        ("amina", "Amina Farsi", 15),
        ("ilyas", "Ilyas Danko", 2),
    ]
    assert all(set(case["kinds"]) == set(KINDS) for case in told["cases"])
    assert datetime.fromisoformat(told["as_of"]) <= clock.now()


def test_what_nobody_said_is_null_and_what_nobody_wrote_is_zero(nobody, lisbon):
    told = nobody.get("board.tally_json", slug="lisbon").json
    assert (told["people"], told["goal"], told["as_of"]) == (None, None, None)
    assert set(told["kinds"].values()) == {0}
    assert (told["total"], told["letters"], told["other"]) == (0, 0, 0)


def test_a_reported_event_is_final(nobody, lisbon):
    now = clock.now()
    factories.change(lisbon, state="closed", closed_at=now, report_submitted_at=now)
    assert nobody.get("board.tally_json", slug="lisbon").json["state"] == "final"


def test_the_seasons_numbers(nobody, log, campaign, lisbon, porto, amina):
    factories.change(campaign, previous_total=900)
    factories.change(porto, state="running", opened_at=clock.now() - timedelta(hours=1), people=7)
    log(lisbon, amina, 12)
    log(porto, amina, 5, kind="email")
    told = nobody.get("board.totals_json", status=200).json
    assert (told["campaign"], told["version"]) == ("2026", get_campaign_version(campaign.id))
    assert (told["total"], told["letters"], told["other"]) == (17, 12, 5)
    assert (told["goal"], told["previous_total"], told["people"]) == (1000, 900, 7)
    assert told["events"] == [
        {"event": "lisbon", "total": 12, "letters": 12, "other": 0},
        {"event": "porto", "total": 5, "letters": 0, "other": 5},
    ]


def test_a_private_event_counts_and_is_not_named(nobody, log, campaign, amina):
    private = factories.event(campaign, slug="kitchen-8f3a", state="running", is_private=True)
    log(private, amina, 4)
    answer = nobody.get("board.totals_json")
    assert answer.json["letters"] == 4
    assert "kitchen" not in answer.text


def test_young_peoples_place_and_hours_are_in_no_json(nobody, log, lisbon, amina):
    factories.change(lisbon, has_young_people=True, place="Escola Secundária 12")
    log(lisbon, amina)
    for answer in (
        nobody.get("board.tally_json", slug="lisbon"),
        nobody.get("board.totals_json"),
    ):
        assert "Escola" not in answer.text
        assert f"{lisbon.starts_at:%Y-%m-%dT%H:%M}" not in answer.text
        assert f"{lisbon.ends_at:%Y-%m-%dT%H:%M}" not in answer.text


def test_there_is_nothing_to_tell_before_the_first_campaign(nobody):
    assert nobody.get("board.totals_json").status == 404


def test_json_may_be_shared_for_a_second(nobody, lisbon):
    for answer in (
        nobody.get("board.tally_json", slug="lisbon"),
        nobody.get("board.totals_json"),
    ):
        assert answer.headers["Cache-Control"] == "public, max-age=1"
        assert answer.headers["Content-Type"] == "application/json"
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("number", "endpoint"), [(0, "board.tally_json"), (1, "board.totals_json")]
)
def test_the_documented_example_has_the_very_shape(nobody, log, lisbon, amina, number, endpoint):
    factories.change(lisbon, people=16, goal=500)
    factories.change(lisbon.campaign, previous_total=900)
    log(lisbon, amina)
    examples = re.findall(r"```json\n(.*?)```", DOCUMENTED.read_text(), re.DOTALL)
    example = json.loads(examples[number])
    slug = {"slug": "lisbon"} if number == 0 else {}
    assert shape(nobody.get(endpoint, **slug).json) == shape(example)
    assert (
        example["total"] == example["letters"] + example["other"] == sum(example["kinds"].values())
    )
