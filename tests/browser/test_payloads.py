"""Two hundred script payloads in every text of a case: none runs, even without the policy."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.accounts.access import session_cookie
from app.campaigns.models import CaseText
from app.database import SECTION, write
from tests import factories
from tests.browser.scenery import session_of

PAYLOADS = json.loads((Path(__file__).parents[1] / "data" / "payloads.json").read_text())
RAN = "a payload ran"
TELL = f"window.alert = () => console.log('{RAN}')"
AT_ONCE = 12


def chunks() -> list[list[str]]:
    return [PAYLOADS[i : i + AT_ONCE] for i in range(0, len(PAYLOADS), AT_ONCE)]


def cut(text: str, most: int) -> str:
    return text[:most]


def case_of(season, payloads: list[str], number: int):
    """A case that says nothing but payloads, in its own language and in another."""
    first, all_of_them = payloads[0], "\n\n".join(payloads)
    lines = "\n".join(payload.replace("\n", " ") for payload in payloads)
    target = {"key": f"k{number}", "name": cut(first, 120), "role": cut(payloads[-1], 160)}
    target |= {"postal_address": cut(lines, 600), "salutation": cut(first, 120)}
    texts = {"summary": cut(first, 120), "story": all_of_them, "what_is_asked": all_of_them}
    texts |= {"key_points": lines, "sample_lines": lines, "portrait_alt": cut(first, 200)}
    own = {"name": cut(first, 120), "country": cut(payloads[-1], 80), "targets": [target]}
    own |= {"copies_to": all_of_them, "solidarity_address": lines, "social_handles": lines}
    own |= {"sources": lines, "portrait_credit": cut(first, 160)}
    case = factories.case(season, slug=f"payload-{number}", **texts, **own)
    factories.portrait(case)
    text = CaseText(language="fr", salutations={target["key"]: cut(first, 120)}, **texts)
    with write(SECTION) as session:
        text.case_id = case.id
        session.add(text)
    return case


@pytest.fixture
def browser(chromium, fresh_server, fresh_office):
    """An admin's browser with the policy switched off, and what ran in it."""
    admin = factories.organiser(role="owner")
    context = chromium.new_context(base_url=fresh_server.base_url, bypass_csp=True)
    url = fresh_server.base_url
    context.add_cookies([{"name": session_cookie(), "value": session_of(admin), "url": url}])
    context.add_init_script(TELL)
    ran: list[str] = []
    page = context.new_page()
    page.on("console", lambda said: ran.append(page.url) if RAN in said.text else None)
    page.on("request", lambda r: None if r.url.startswith((url, "data:")) else ran.append(r.url))
    yield page, ran
    context.close()


def look_at(page, path: str) -> None:
    page.goto(path)
    # Unfold what is folded, and pass over whatever waits for that.
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")


def test_no_payload_runs_on_any_page_of_cases(browser, fresh_office):
    page, ran = browser
    season = factories.campaign()
    cases = [case_of(season, chunk, n) for n, chunk in enumerate(chunks())]
    for payload in PAYLOADS:
        factories.case(season, name=cut(payload, 120), country="x", summary=cut(payload, 120))
    said = {"pause_reason": PAYLOADS[0], "pause_reasons": {"fr": PAYLOADS[1]}}
    factories.change(cases[0], state="paused", **said)
    paths = ["/cases/", "/section/cases", "/"]
    for case in cases:
        paths += [f"/cases/{case.slug}/", f"/cases/{case.slug}/card"]
    for case in cases[:: len(cases) // 4]:
        paths += [f"/section/cases/{case.slug}/edit", f"/section/cases/{case.slug}/texts/fr"]
    for path in paths:
        look_at(page, path)
    assert ran == []


def test_shown_as_they_are_some_would_run(browser):
    """The control of the test above: the policy is off, and the witness hears."""
    page, ran = browser
    page.goto("/healthz")
    page.route("**/x.js", lambda route: route.abort())
    with page.expect_console_message(lambda said: RAN in said.text):
        page.set_content(f"<html><script>{TELL}</script>" + "\n".join(PAYLOADS[:40]))
    assert ran
