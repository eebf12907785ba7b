"""No English is left on any page of a language that is not English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import uuid4
from xml.etree.ElementTree import Element

import pytest
from sqlalchemy import select as select_rows

from app.accounts.models import Invitation, User
from app.database import db
from app.hosts.models import Host, Offer
from app.outcomes.models import Outcome
from tests import factories
from tests.architecture.access_matrix import IN, MATRIX, ROLES
from tests.architecture.world import World, list_routes, path_to
from tests.html_rules import elements, local_name
from tests.page import Answer
from tests.selecting import select

SPOKEN = ("alt", "aria-label", "aria-description", "placeholder", "title", "content")
NOT_SPOKEN = ("script", "style", "code")
NAMES = re.compile(
    r"lettertally|english|localhost(:\d+)?(/\w+)*|https?|\butc\b|\ba4\b|\bqr\b|\bjson\b"
    r"|“e-mail”"
    r"|[\w.+-]+@[\w.-]+|(?<![\w-])[A-Z0-9]{4}[ -]?[A-Z0-9]{4}(?![\w-])"
    r"|\w+/\w+(/\w+)*|[\w-]+\.(org|net)|[0-9a-f]{12}",
    re.IGNORECASE,
)
"""What is the same in every language: names of ours, headings, addresses, codes, zones, ids."""
META = ("viewport", "color-scheme", "theme-color", "htmx-config", "robots", "referrer")
FOR_MESSENGERS = (
    *("og:type", "og:url", "og:locale", "og:image", "og:image:width", "og:image:height"),
    "twitter:card",
)
ENGLISH = re.compile(r"[A-Za-z]{2,}")
IN_PSEUDO = {"Accept-Language": "ar-XB"}


def spoken(tree: Element) -> Iterator[str]:
    """Every text that a person reads or hears on a page."""
    zones = {id(option) for menu in select(tree, "[name=time_zone]") for option in elements(menu)}
    for element in elements(tree):
        is_words = local_name(element) not in NOT_SPOKEN and id(element) not in zones
        # What says itself that it is English is meant to be.
        if is_words and element.get("lang") != "en":
            yield element.text or ""
        yield element.tail or ""
        if element.get("property") in FOR_MESSENGERS or element.get("name") in FOR_MESSENGERS:
            continue
        if element.get("name") not in META and not element.get("http-equiv"):
            yield from (element.get(name) or "" for name in SPOKEN)
        if local_name(element) == "input" and element.get("type") in ("submit", "button"):
            yield element.get("value") or ""


def left_in_english(answer: Answer) -> list[str]:
    """The texts of an answer with a word in Latin letters that is no name."""
    return [
        " ".join(words.split())
        for words in spoken(answer.tree)
        if ENGLISH.search(NAMES.sub(" ", words))
    ]


@pytest.fixture
def greek(world: World, campaign, lisbon, porto, table_1, amina, ilyas) -> World:
    """The world with everything that people typed in Greek, so that Latin letters are ours."""
    typed = {"title": "Γράμματα", "place": "Βιβλιοθήκη", "description": "Ελάτε"}
    factories.change(lisbon, **typed)
    factories.change(porto, **typed)
    factories.change(campaign, title="Μαραθώνιος")
    factories.change(factories.section(), name="Τμήμα")
    factories.change(table_1, name="Τραπέζι")
    for case in (amina, ilyas):
        told = {"story": "Ιστορία", "what_is_asked": "Ζητάμε", "pause_reason": "Ελεύθερη"}
        rules = {"religious_card": "no", "sender_address": "school", "mention_charges": "yes"}
        factories.change(case, name="Αμίνα", country="Χώρα", summary="Δασκάλα", **told, **rules)
    for offer in db.session.execute(select_rows(Offer)).scalars().all():
        factories.change(offer, name="Μάρθα", held_by="Βιβλιοθήκη", town="Πόλη")
    for host in db.session.execute(select_rows(Host)).scalars().all():
        factories.change(host, name="Σχολείο")
    told = {"headline": "Ελεύθερη", "name": "Αμίνα", "country": "Χώρα"}
    for outcome in db.session.execute(select_rows(Outcome)).scalars().all():
        factories.change(outcome, **told)
    for user in db.session.execute(select_rows(User)).scalars().all():
        factories.change(user, name="Άννα")
    for invitation in db.session.execute(select_rows(Invitation)).scalars().all():
        factories.change(invitation, name="Νίκος")
    return world


@pytest.mark.parametrize("endpoint", MATRIX)
def test_every_page_and_fragment_speaks_one_language(greek, endpoint):
    for method in ("GET", "POST"):
        if (endpoint, method) not in list_routes(greek.app):
            continue
        for role in listeners(endpoint):
            for htmx in (False, True):
                answer = ask(greek, role, method, endpoint, htmx=htmx)
                if answer.is_html and answer.text:
                    said = left_in_english(answer)
                    assert said == [], f"{method} {endpoint} by {role}, htmx {htmx}: {said}"
                if answer.is_page:
                    assert (answer.one("html").get("lang"), answer.one("html").get("dir")) == (
                        "ar-XB",
                        "rtl",
                    )


def listeners(endpoint: str) -> list[str]:
    """Somebody who is let in, with the most to see, and somebody who may not be."""
    let_in = [role for role, cell in zip(ROLES, MATRIX[endpoint].cells, strict=True) if cell == IN]
    return [let_in[-1], "nobody"]


def ask(world: World, role: str, method: str, endpoint: str, *, htmx: bool) -> Answer:
    how = {"headers": IN_PSEUDO, "htmx": htmx}
    path = path_to(world, endpoint)
    if method == "GET":
        # What everybody polls is one answer for all, in the language that its address names.
        return world.cast[role].get(path, query={"lang": "ar-XB"}, **how)
    is_let_in = MATRIX[endpoint].cells[ROLES.index(role)] == IN
    # What an empty form is told; a form without fields does its deed, and is heard on the page.
    return world.cast[role].post(path, {"op": str(uuid4())} if is_let_in else {}, **how)


def test_flashed_notices_speak_it_too(greek):
    heard = 0
    for endpoint, method in list_routes(greek.app):
        # The twelve to practise with are told in English.
        if method == "POST" and endpoint.partition(".")[0] not in ("accounts", "demo"):
            answer = ask(greek, "admin", method, endpoint, htmx=False)
            if answer.status == 303:
                page = greek.cast["admin"].get(answer.location, headers=IN_PSEUDO)
                said = left_in_english(page)
                assert said == [], f"after {endpoint}: {said}"
                heard += len(page.select("#flashes *"))
    assert heard > 0


@pytest.mark.parametrize("path", ["/nowhere", "/cases/nobody/", "/events/none/", "/join/ZZZZZZZZ"])
def test_mishaps_speak_it_too(greek, path):
    for htmx in (False, True):
        answer = greek.cast["nobody"].get(path, headers=IN_PSEUDO, htmx=htmx, status=404)
        assert left_in_english(answer) == []


def test_english_would_be_found(greek):
    """The control: the same page in English is full of it."""
    assert len(left_in_english(greek.cast["nobody"].get("campaigns.list_cases"))) > 5
