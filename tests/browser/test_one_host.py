"""Every page in every role asks our own server and nobody else, and breaks none of its policy.

Each test's browsers are watched for this (`visit` in conftest.py); here all pages are walked, and
the witness is shown what it must notice.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Route

from tests.browser.conftest import LAPTOP
from tests.browser.mail_world import MAIL_ROLES
from tests.browser.witness import Witness
from tests.browser.world import ROLES

NO_PAGES = {
    "accounts.invitation_links": "a file",
    "board.preview": "a picture",
    "campaigns.choose_language": "leads to a translation",
    "campaigns.export_cases": "a file",
    "campaigns.show_picture": "a picture",
    "events.calendar": "a file",
    "signups.seats": "a fragment",
    "signups.link_calendar": "a file",
    "signups.download": "a file",
    "signups.export_csv": "a file",
    "signups.export_xlsx": "a file",
    "outcomes.colours": "a style sheet",
    "outcomes.good_news_feed": "a feed",
    "board.campaign_tally": "a fragment",
    "board.healthz": "JSON",
    "board.tally": "a fragment",
    "board.tally_json": "JSON",
    "board.totals_json": "JSON",
    "letters.table_token": "JSON",
    "static": "files",
    "static_version": "files",
}

BY_A_DEED = {
    "accounts.invitation": "after an invitation, in test_setup.py",
    "accounts.person": "from the list of people",
    "campaigns.import_preview": "after a file was sent",
    "setup.begin": "before there is anybody, in test_setup.py",
    "setup.section": "before there is a season, in test_setup.py",
}
"""Pages that no address alone leads to."""


@pytest.mark.parametrize("role", [*ROLES, *MAIL_ROLES])
def test_a_walk_through_every_page_asks_one_host(walk, role):
    names = [name for name, _page in walk(role)]
    assert names


def test_every_page_there_is_is_walked(common_office, world):
    adapter = common_office.url_map.bind("localhost")
    paths = {urlsplit(view.path).path for role in ROLES for view in world.views(role)}
    walked = {adapter.match(path)[0] for path in paths - {"/nowhere"}}
    pages = {rule.endpoint for rule in common_office.url_map.iter_rules() if "GET" in rule.methods}
    assert pages - walked == NO_PAGES.keys() | BY_A_DEED.keys()


@pytest.mark.parametrize(
    "mischief",
    [
        pytest.param("<script>document.title = 'inline'</script>", id="inline script"),
        pytest.param("<p onclick='alert(1)'>x</p>", id="inline handler"),
        pytest.param("<p style='color: red'>x</p>", id="inline style"),
        pytest.param("<img src='https://elsewhere.example/pixel'>", id="foreign picture"),
        pytest.param("<script src='https://elsewhere.example/x.js'></script>", id="foreign script"),
    ],
)
def test_the_witness_notices_what_the_policy_refuses(chromium, server, mischief):
    witness = look_at(chromium, server, mischief, has_policy=True)
    assert witness.violations
    with pytest.raises(AssertionError):
        witness.check(urlsplit(server.base_url).netloc)


def test_the_witness_notices_a_foreign_host(chromium, server):
    witness = look_at(
        chromium, server, "<img src='https://elsewhere.example/pixel'>", has_policy=False
    )
    assert witness.hosts == {urlsplit(server.base_url).netloc, "elsewhere.example"}


def test_the_witness_notices_an_error(chromium, server):
    witness = look_at(chromium, server, "<script>throw new Error('oh')</script>", has_policy=False)
    assert len(witness.errors) == 1


def look_at(chromium, server, mischief: str, *, has_policy: bool) -> Witness:
    """A page of ours that somebody put something into, seen by a witness of its own."""

    def add(route: Route) -> None:
        answer = route.fetch()
        headers = dict(answer.headers)
        if not has_policy:
            del headers["content-security-policy"]
        route.fulfill(response=answer, headers=headers, body=answer.text() + mischief)

    context = chromium.new_context(base_url=server.base_url, **LAPTOP)
    witness = Witness(context)
    page = context.new_page()
    page.route("https://elsewhere.example/**", lambda route: route.abort())
    page.route("**/join", add)
    page.goto("/join")
    page.evaluate("true")
    context.close()
    return witness
