"""The way through: where the first visitor is led, and that a closed browser loses nothing."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from app.accounts.models import User
from app.campaigns.forms import usual_calendar
from app.campaigns.queries import find_campaign, find_section
from app.database import db
from app.setup import gate
from tests import factories
from tests.architecture.world import list_routes
from tests.board import asking
from tests.conftest import sign_in

JSON = {"Accept": "application/json"}


@pytest.fixture
def owner(empty):
    """Nora, after the first step."""
    return sign_in(empty, factories.organiser(name="Nora", role="owner"))


def pages(app):
    """The addresses of every page that needs nothing in its address."""
    rules = app.url_map.iter_rules()
    return {
        rule.rule
        for rule in rules
        if not rule.arguments and "GET" in rule.methods and rule.endpoint not in gate.OPEN
    }


def test_while_nobody_is_here_every_page_leads_to_the_setup(empty, nobody):
    assert len(pages(empty)) > 15
    for path in [*pages(empty), "/nowhere", "/events/lisbon/", "/table/"]:
        assert nobody.get(path, status=303).location == "/setup", path


def test_what_cannot_be_led_is_told_so(empty, nobody):
    answer = nobody.get("/totals.json", headers=JSON, status=403).json
    assert answer["error"] == "not_set_up"
    fragment = nobody.get("/", htmx=True, status=403)
    assert fragment.one("#error a").get("href") == "/setup"


def test_nothing_can_be_posted_but_the_first_step(empty, nobody):
    harmless = ("setup.begin_post", "accounts.choose_language")
    for endpoint, method in list_routes(empty):
        rule = next(iter(empty.url_map.iter_rules(endpoint)))
        if method == "POST" and not rule.arguments and endpoint not in harmless:
            nobody.post(rule.rule, {"email": "eve@example.org"}, status=403)
    assert db.session.scalars(select(User)).all() == []


def test_a_forged_host_is_led_nowhere(empty, nobody):
    nobody.get("/", headers={"Host": "evil.example"}, status=400)


def test_health_and_styles_are_reached_all_the_same(empty, nobody):
    nobody.get("/healthz", status=200)
    nobody.get("static", filename="css/base.css", status=200)


def test_an_admin_made_in_the_terminal_ends_it_too(empty, nobody):
    factories.organiser(role="owner")
    assert "being set up" in nobody.get("/", status=200).text


def test_once_it_is_known_nobody_asks_the_database_any_more(empty, nobody):
    factories.organiser(role="owner")
    factories.campaign()
    nobody.get("campaigns.list_cases", status=200)
    with asking.queries() as after:
        nobody.get("campaigns.list_cases", status=200)
    assert not [query for query in after if "user_account" in query]


def test_between_owner_and_section_every_page_leads_an_admin_there(owner, empty):
    for path in pages(empty) - {"/setup/section", "/sign-in"}:
        assert owner.get(path, status=303).location == "/setup/section", path


def test_whoever_comes_before_the_section_is_told_so(empty, nobody):
    for early in (nobody, sign_in(empty, factories.organiser())):
        assert "being set up" in early.get("/", status=200).words("main")
        for path in pages(empty) - {"/", "/setup/section", "/sign-in"}:
            assert early.get(path, status=303).location == "/", path


def test_nothing_can_be_posted_before_the_section(owner):
    refused = owner.post("/section/people/import", status=403, headers=JSON)
    assert refused.json["error"] == "not_set_up"


def test_the_owner_may_sign_out_and_come_back(owner):
    assert owner.post("accounts.sign_out").location == "/"
    owner.get("accounts.sign_in", status=200)


def test_the_section_and_its_season_take_one_page(owner):
    page = owner.get("setup.section", status=200)
    fields = page.fields("#section-form")
    assert fields["writing_until"].endswith("-12-31")
    answer = owner.submit(page, "#section-form", section_name="Letters of Ärla", goal="500")
    assert answer.location == "/setup/next"
    assert find_section().name == "Letters of Ärla"
    assert find_campaign().goal == 500
    owner.get("board.desk", status=200)


def test_the_wizard_speaks_as_the_browser_asks_and_takes_that_for_usual(owner, nobody):
    arabic = {"Accept-Language": "ar-XB, en;q=0.5"}
    page = owner.get("setup.section", headers=arabic, status=200)
    assert page.one("html").get("lang") == "ar-XB"
    assert page.fields("#section-form")["language"] == "ar-XB"
    assert owner.submit(page, "#section-form", section_name="رسائل").status == 303
    assert find_section().language == "ar-XB"
    page = nobody.get("/cases/", headers={"Accept-Language": "tlh"})
    assert page.one("html").get("lang") == "ar-XB"


def test_a_language_may_be_chosen_before_anybody_is_here(empty, nobody):
    page = nobody.get("setup.begin", headers={"Accept-Language": "en"}, status=200)
    answer = nobody.submit(page, ".languages", language="ar-XB")
    assert answer.location == "/setup"
    assert nobody.get("setup.begin").one("html").get("dir") == "rtl"


def test_what_is_missing_is_named_and_the_days_unfold(owner):
    page = owner.get("setup.section")
    answer = owner.submit(page, "#section-form", section_name="", core_until="2020-01-01")
    assert answer.status == 422
    assert answer.select("#section_name-error")
    assert answer.one("details.fold").get("open") is not None


def test_a_second_page_left_open_sets_up_nothing_twice(owner):
    page = owner.get("setup.section")
    owner.submit(page, "#section-form", section_name="One").response.close()
    assert owner.submit(page, "#section-form", section_name="Two").location == "/setup/next"
    db.session.rollback()
    assert find_section().name == "One"


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        (date(2026, 9, 1), date(2026, 10, 1), date(2026, 12, 31)),
        (date(2026, 12, 31), date(2026, 10, 1), date(2026, 12, 31)),
        (date(2027, 1, 10), date(2026, 10, 1), date(2026, 12, 31)),
        (date(2027, 2, 1), date(2027, 10, 1), date(2027, 12, 31)),
    ],
)
def test_the_days_are_those_of_the_coming_marathon(app, today, first, last):
    with app.test_request_context():
        days = usual_calendar(today)
    assert (days["public_on"], days["writing_until"]) == (first, last)


def test_the_next_steps_say_which_are_done(owner, empty):
    assert owner.get("setup.next_steps", status=303).location == "/setup/section"
    season = factories.campaign()
    page = owner.get("setup.next_steps", status=200)
    assert page.select(".badge--now") == []
    factories.case(season)
    factories.event(season)
    factories.invitation()
    page = owner.get("setup.next_steps")
    assert len(page.select(".badge--now")) == 3


def test_any_step_can_be_opened_again(owner):
    factories.campaign()
    assert owner.get("setup.begin", status=303).location == "/setup/next"
    assert owner.get("setup.section", status=303).location == "/setup/next"
