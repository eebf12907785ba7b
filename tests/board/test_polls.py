"""The two live fragments, as Flask answers them."""

from __future__ import annotations

import importlib
import itertools
import json
import re

import pytest

from app import clock
from app.events.table_actions import join_table, revoke_device
from app.letters.queries import get_version
from tests import factories
from tests.board import asking
from tests.conftest import join

VIEWS = {"board": "every 2s", "hall": "every 1s", "desk": "every 2s", "event": "every 2s"}


def poll(person, slug="lisbon", *, view="board", lang="en", v="", **how):
    return person.get("board.tally", slug=slug, query={"v": v, "lang": lang, "view": view}, **how)


def poll_season(person, *, v="", **how):
    return person.get("board.campaign_tally", query={"v": v, "lang": "en", "view": "home"}, **how)


@pytest.mark.parametrize("view", VIEWS)
def test_nothing_new_is_no_answer_at_all(flask_alone, lisbon, view):
    answer = poll(flask_alone, view=view, v=get_version(lisbon.id))
    assert (answer.status, answer.text) == (204, "")


@pytest.mark.parametrize("v", ["", "0.0", "1", "1.1.1", "abc", "1.1 ", "９.９", "-1.0", "1.01"])
def test_any_other_version_gets_the_fragment(flask_alone, lisbon, v):
    assert poll(flask_alone, v=v).status == 200


def test_a_letter_and_a_take_back_make_a_new_version(flask_alone, log, lisbon, amina):
    v = get_version(lisbon.id)
    log(lisbon, amina, 12)
    answer = poll(flask_alone, v=v, status=200)
    assert answer.words("data.total") == "12"
    assert f"v={get_version(lisbon.id)}&" in answer.one("#tally").get("hx-get")
    assert poll(flask_alone, v=get_version(lisbon.id)).status == 204


@pytest.mark.parametrize("view", VIEWS)
def test_the_fragment_carries_its_next_poll(flask_alone, lisbon, view):
    root = poll(flask_alone, view=view).one("#tally")
    version = get_version(lisbon.id)
    assert root.get("hx-get") == f"/events/lisbon/tally?v={version}&lang=en&view={view}"
    assert root.get("hx-trigger") == VIEWS[view]
    assert root.get("hx-swap") == "outerHTML"
    assert root.get("hx-status:4xx") == "swap:none"


@pytest.fixture
def reading_takes(monkeypatch):
    """Let Flask take so many seconds to read what it draws."""
    # By its full name: in the package itself `board` is the blueprint.
    routes = importlib.import_module("app.board.routes")

    def takes(seconds):
        clock_of = itertools.cycle([100.0, 100.0 + seconds])
        monkeypatch.setattr(routes, "monotonic", lambda: next(clock_of))

    return takes


@pytest.mark.parametrize(
    ("seconds", "hall", "season"),
    [(0.1, 1, 5), (0.9, 2, 5), (4, 8, 8), (300, 60, 60)],
    ids=["well", "busy", "too much to do", "hardly alive"],
)
def test_a_server_under_pressure_is_asked_less_often(
    flask_alone, lisbon, reading_takes, seconds, hall, season
):
    reading_takes(seconds)
    root = poll(flask_alone, view="hall").one("#tally")
    assert (root.get("hx-trigger"), root.get("data-pace")) == (f"every {hall}s", str(hall))
    assert poll_season(flask_alone).one("#tally").get("hx-trigger") == f"every {season}s"
    factories.change(lisbon, state="closed", closed_at=clock.now())
    assert poll(flask_alone, view="hall").one("#tally").get("hx-trigger") == "every 60s"


@pytest.mark.parametrize("view", VIEWS)
def test_a_closed_event_is_asked_once_a_minute(flask_alone, lisbon, view):
    factories.change(lisbon, state="closed", closed_at=clock.now())
    assert poll(flask_alone, view=view).one("#tally").get("hx-trigger") == "every 60s"


def test_the_season_is_asked_every_five_seconds(flask_alone, campaign, log, lisbon, amina):
    log(lisbon, amina, 7)
    answer = poll_season(flask_alone)
    root = answer.one("#tally")
    assert answer.words("data.total") == "7"
    assert root.get("hx-trigger") == "every 5s"
    v = re.search(r"v=([\d.]+)&lang=en&view=home$", root.get("hx-get"))[1]
    assert poll_season(flask_alone, v=v).status == 204
    log(lisbon, amina)
    assert poll_season(flask_alone, v=v).status == 200


@pytest.mark.parametrize(
    "query",
    [
        {"view": "home"},
        {"view": "Board"},
        {"view": ""},
        {"view": "../board"},
        {"lang": "tlh"},
        {"lang": ""},
        {"lang": "../en"},
    ],
)
def test_an_unknown_view_or_language_is_not_found(flask_alone, lisbon, query):
    known = {"v": get_version(lisbon.id), "lang": "en", "view": "board"}
    assert flask_alone.get("board.tally", slug="lisbon", query=known | query).status == 404
    assert flask_alone.get("board.campaign_tally", query={"view": "board"}).status == 404


def test_what_is_unsaid_is_the_usual(flask_alone, lisbon):
    root = flask_alone.get("board.tally", slug="lisbon", status=200).one("#tally")
    assert root.get("hx-get").endswith("&lang=en&view=board")


def test_an_event_that_is_not_there_is_not_found(flask_alone, campaign):
    assert poll(flask_alone, "nowhere").status == 404
    assert poll(flask_alone, f"home-{campaign.slug}").status == 404


def test_there_is_no_season_before_the_first_campaign(flask_alone):
    assert poll_season(flask_alone).status == 404


@pytest.mark.parametrize("view", VIEWS)
def test_everybody_gets_the_same_bytes(
    same_minute, flask_alone, log, lisbon, amina, ana, bea, admin, view
):
    log(lisbon, amina, 3)
    at = {"slug": "lisbon", "query": {"v": "", "lang": "en", "view": view}}
    answers = [person.get("board.tally", **at) for person in (flask_alone, ana, bea, admin)]
    assert len({answer.text for answer in answers}) == 1
    for answer in answers:
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers["Vary"]
        assert "csrf" not in answer.text
        assert answer.headers["Cache-Control"] == "public, max-age=1"


def test_an_empty_answer_may_be_shared_too(flask_alone, lisbon):
    headers = poll(flask_alone, v=get_version(lisbon.id)).headers
    assert headers["Cache-Control"] == "public, max-age=1"
    assert "Set-Cookie" not in headers
    assert "Cookie" not in headers["Vary"]


def test_the_language_is_the_pages_and_not_the_browsers(flask_alone, lisbon):
    german = {"Accept-Language": "ar-XB"}
    assert "letters written here" in poll(flask_alone, headers=german).text
    pseudo = poll(flask_alone, lang="ar-XB", headers={"Accept-Language": "en"})
    assert "letters written here" not in pseudo.text
    assert "&lang=ar-XB&" in pseudo.one("#tally").get("hx-get")


@pytest.mark.parametrize(
    ("page", "view"),
    [
        ("board.live", "board"),
        ("board.hall", "hall"),
        ("board.desk_event", "desk"),
        ("board.show_event", "event"),
    ],
)
def test_the_page_contains_the_fragment(same_minute, ana, log, lisbon, amina, page, view):
    log(lisbon, amina, 5)
    fragment = ana.get("board.tally", slug="lisbon", query={"view": view, "lang": "en"})
    assert fragment.text.strip() in ana.get(page, slug="lisbon").text


def test_the_home_page_contains_the_seasons_fragment(same_minute, nobody, log, lisbon, amina):
    log(lisbon, amina, 5)
    fragment = nobody.get("board.campaign_tally", query={"lang": "en"})
    assert fragment.text.strip() in nobody.get("board.home").text


def test_private_events_stay_out_of_search_engines(nobody, lisbon):
    at = {"slug": "lisbon"}
    for endpoint in ("board.live", "board.hall", "board.tally", "board.tally_json"):
        assert "X-Robots-Tag" not in nobody.get(endpoint, **at).headers
    factories.change(lisbon, is_private=True)
    for endpoint in ("board.live", "board.hall", "board.tally", "board.tally_json"):
        assert nobody.get(endpoint, **at).headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("view", ["board", "hall"])
def test_a_changed_poll_asks_three_questions(flask_alone, log, lisbon, amina, view):
    log(lisbon, amina, 3)
    v = get_version(lisbon.id)
    with asking.queries() as asked:
        poll(flask_alone, view=view, status=200)
    assert len(asked) == 3, asked
    with asking.queries() as asked:
        poll(flask_alone, view=view, v=v, status=204)
    assert len(asked) == 1, asked


def test_the_desks_and_the_seasons_polls_ask_a_few_more(flask_alone, log, campaign, lisbon, amina):
    for _each in range(5):
        log(factories.event(campaign, state="running"), amina)
    factories.table(lisbon)
    with asking.queries() as asked:
        poll(flask_alone, view="desk", status=200)
    assert len(asked) == 6, asked
    with asking.queries() as asked:
        poll_season(flask_alone, status=200)
    assert len(asked) == 6, asked


def test_counts_elsewhere_on_the_page_come_with_the_fragment(flask_alone, log, table_1, amina):
    lisbon = table_1.event
    log(lisbon, amina, 4, at=table_1)
    log(lisbon, amina, 2)
    log(lisbon, amina, 9, kind="email", at=table_1)
    counts = poll(flask_alone, view="desk").one("#tally").get("data-counts")
    assert counts == f'{{"table-0": 2, "table-{table_1.id}": 4}}'
    counts = poll_season(flask_alone).one("#tally").get("data-counts")
    assert counts == '{"case-amina": 6, "case-ilyas": 0, "event-lisbon": 6}'


def test_what_fades_says_for_how_long_it_stands(flask_alone, log, lisbon, amina):
    assert poll(flask_alone).one("#tally").get("data-stands-for") is None
    log(lisbon, amina)
    assert poll(flask_alone).one("#tally").get("data-stands-for") == "60"
    factories.change(lisbon, state="closed", closed_at=clock.now())
    assert poll(flask_alone).one("#tally").get("data-stands-for") is None


def test_who_sits_where_and_what_waits_come_with_the_desks_fragment(app, flask_alone, porto):
    table = factories.table(porto)
    before = get_version(porto.id)
    first = poll(flask_alone, "porto", view="desk").one("#tally")
    words = json.loads(first.get("data-words"))
    assert words[f"devices-{table.id}"] == "nobody yet"
    assert "Porto writes" in words["message"]
    join_table(table.join_code, now=clock.now())
    join(app, table).press(status=200)
    answer = poll(flask_alone, "porto", view="desk", v=before, status=200)
    words = json.loads(answer.one("#tally").get("data-words"))
    assert words[f"devices-{table.id}"] == "2 devices"
    assert "1 entry is waiting for a check" in answer.words("#tally")


def test_whoever_joins_or_is_signed_off_is_seen_at_the_desk(lisbon, table_1):
    seen = {get_version(lisbon.id)}
    join_table(table_1.join_code, now=clock.now())
    seen.add(get_version(lisbon.id))
    revoke_device(table_1.devices[0], actor="x", now=clock.now())
    assert len(seen | {get_version(lisbon.id)}) == 3


def test_the_hall_says_how_many_cases_it_does_not_show(flask_alone, log, campaign, lisbon, amina):
    cases = [amina, *(factories.case(campaign) for _ in range(11))]
    factories.change(lisbon, cases=cases)
    for number, case in enumerate(cases, start=1):
        log(lisbon, case, number)
    bars = poll(flask_alone, view="hall").select(".hall-bars > li")
    assert len(bars) == 12
    assert "more" not in "".join(bars[-1].itertext())
    factories.change(lisbon, cases=[*cases, factories.case(campaign), factories.case(campaign)])
    bars = poll(flask_alone, view="hall").select(".hall-bars > li")
    assert len(bars) == 12
    # The three with the fewest letters: one, and none twice.
    assert " ".join("".join(bars[-1].itertext()).split()) == "and 3 more 1"
