"""What somebody typed comes back byte for byte, in whatever script, from every form."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from itertools import count
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from app.database import db
from app.events.models import Event
from app.signups.queries import list_parties
from tests import factories
from tests.architecture.access_matrix import IN, MATRIX
from tests.architecture.world import list_routes, path_to
from tests.page import Answer
from tests.selecting import select

WORDS = {
    "Arabic": "مُحَمَّد الخَيَّام",
    "Burmese": "အောင်ဆန်းစုကြည်",
    "joined emoji": "👩🏽‍🤝‍👨🏿 👨‍👩‍👧‍👦🏳️‍🌈",
    "turned round": "a\u202etxet\u202cb",
    "composed": "Zoë Núñez Ångström",
    "decomposed": "Zoe\u0308 Nu\u0301n\u0303ez A\u030angstro\u0308m",
    "beyond the first plane": "𐌰𐌹𐍅𐌰 𠜎𠜱 𝔄",
    "invisible": "a\u200bb\u00adc\u2060d\ufe0f",
}
TYPED = ("text", "search", None)
WITH_A_SHAPE = {
    *("op", "code", "online_link", "email", "public_code", "slug", "token", "join_code"),
    *("social_handles", "edit_version", "q", "rows", "website"),
}
"""Texts that are no free words; nobody sees the field for a website, but machines fill it in."""
UNSENT = ("submit", "button", "file", "password")
OF_THE_CASE = {"/section/outcomes/1/edit name", "/section/outcomes/1/edit country"}
"""What is left empty where a case is chosen."""
FEWEST, FEWEST_SHOWN = 90, 55
"""Fields that must have been taken, and that the page after the form or the form itself shows."""
numbers = count(100)


def fields_of(form: Element) -> dict[str, list[str]]:
    """What the form would send, with something in what must not be empty."""
    values: dict[str, list[str]] = {}
    for field in select(form, "[name]"):
        is_ticked = field.get("checked") is not None or field.get("required") is not None
        if field.get("type") in UNSENT or field.tag == "button":
            continue
        if field.get("type") not in ("checkbox", "radio") or is_ticked:
            values.setdefault(str(field.get("name")), []).append(value_of(field))
    return values


def value_of(field: Element) -> str:
    """What stands in a field; something suitable where nothing does."""
    if field.tag == "select":
        options = select(field, "option")
        chosen = next((o for o in options if o.get("selected") is not None), options[0])
        return str(chosen.get("value"))
    if field.tag == "textarea":
        return "".join(field.itertext()).removeprefix("\n")
    name, kind = str(field.get("name")), str(field.get("type"))
    usual = {"email": f"somebody-{next(numbers)}@example.org"}
    if field.get("required") is not None or name == "year":
        usual |= {"number": "2026" if name == "year" else "5", "date": "2026-12-10"}
        usual["datetime-local"] = f"2026-12-10T{20 if name == 'ends' else 12}:00"
    return field.get("value") or usual.get(kind, "")


def free_texts(form: Element) -> list[Element]:
    """The fields in which anything may be written."""
    return [
        field
        for field in select(form, "[name]")
        if field.tag == "textarea" or (field.tag == "input" and field.get("type") in TYPED)
        if str(field.get("name")).rpartition("-")[2] not in WITH_A_SHAPE
    ]


def as_much_as_fits(field: Element) -> str:
    """Words of as many scripts as the field has room for, each field beginning with another."""
    number = next(numbers)
    room = int(field.get("maxlength") or 200) - 5
    said = f"{number}"
    for words in (list(WORDS.values()) * 2)[number % len(WORDS) :][: len(WORDS)]:
        said += f" {words}" if len(said) + len(words) < room else ""
    return said


def texts_in(answer: Answer) -> str:
    """All that a page says and all that its fields hold, as it is."""
    values = [str(field.get("value")) for field in answer.select("input[value]")]
    return "\n".join(["".join(answer.tree.itertext()), *values])


def texts_stored() -> str:
    """All texts of the database, names unlocked."""
    with db.engine.connect() as connection:
        rows = [row for t in db.metadata.sorted_tables for row in connection.execute(t.select())]
    unlocked = [party.person for event in find_events() for party in list_parties(event)]
    return "\n".join(
        text for row in [*rows, *filter(None, unlocked)] for text in texts_of(list(row))
    )


def find_events() -> list[int]:
    """Whose names can be unlocked."""
    db.session.rollback()
    return list(db.session.execute(db.select(Event.id)).scalars())


def texts_of(value: object) -> list[str]:
    if isinstance(value, dict | list):
        inside = value.values() if isinstance(value, dict) else value
        return [text for each in inside for text in texts_of(each)]
    return [str(value)]


def submit_all(world) -> tuple[set[str], set[str], set[str]]:
    """Fill in every form of an admin's pages: which fields were taken, are kept, are shown."""
    person, taken, kept, shown = world.cast["admin"], set(), set(), set()
    for endpoint, method in list_routes(world.app):
        if method != "GET" or MATRIX[endpoint].cells[-1] != IN or endpoint.startswith("static"):
            continue
        query = {"preset": "group"} if endpoint == "events.new_event" else None
        where = path_to(world, endpoint)
        page = person.get(where, query=query)
        if not page.is_html or page.status != 200:
            continue
        for form in page.select("form"):
            typed = {str(f.get("name")): as_much_as_fits(f) for f in free_texts(form)}
            if form.get("method") != "post" or not typed:
                continue
            answer = send(person, form, typed)
            if answer.status != 303:
                continue
            stored = texts_stored()
            seen = texts_in(person.get(where)) + texts_in(person.get(answer.location))
            for name, said in typed.items():
                field = f"{form.get('action')} {name}"
                taken.add(field)
                kept |= {field} if said in stored else set()
                shown |= {field} if said in seen else set()
    return taken, kept, shown


def send(person, form: Element, typed: dict[str, str]) -> Answer:
    """Post it; what a field refuses to take is left as it was."""
    action, before = str(form.get("action")), fields_of(form)
    answer = person.post(action, before | typed)
    if answer.status == 422 and answer.is_html:
        refused = {str(e.get("name")) for e in answer.select("[aria-invalid=true]")}
        for name in refused & set(typed):
            del typed[name]
        answer = person.post(action, before | typed)
    return answer


@pytest.mark.timeout(180)
def test_every_form_gives_back_what_it_was_given(world):
    taken, kept, shown = submit_all(world)
    assert taken - kept - OF_THE_CASE == set(), "they were stored as something else"
    assert len(taken) >= FEWEST, sorted(taken)
    assert len(shown) >= FEWEST_SHOWN, sorted(taken - shown)


def test_a_list_of_people_comes_back_as_a_list(admin):
    rows = [(words, f"somebody-{n}@example.org") for n, words in enumerate(WORDS.values())]
    text = io.StringIO()
    csv.writer(text).writerows([("Name", "E-mail"), *rows])
    admin.post(
        "accounts.import_people",
        {"file": (io.BytesIO(text.getvalue().encode()), "people.csv")},
        status=303,
    )
    told = admin.get("accounts.invitation_links", status=200).response.data.decode("utf-8-sig")
    assert {row["Name"] for row in csv.DictReader(io.StringIO(told, newline=""))} == {
        *WORDS.values()
    }


def test_a_calendar_and_other_programs_are_told_the_same(nobody, campaign, lisbon):
    for words in WORDS.values():
        factories.change(lisbon, title=words, place=f"{words}, {words}")
        calendar = nobody.get("events.calendar", slug="lisbon").response.data
        lines = re.sub(b"\r\n[ \t]", b"", calendar).decode().split("\r\n")
        said = dict(line.partition(":")[::2] for line in lines)
        assert said["SUMMARY"] == words
        assert said["LOCATION"].replace("\\,", ",") == f"{words}, {words}"
        factories.change(lisbon.cases[0], name=words)
        tally = nobody.get("board.tally_json", slug="lisbon").json
        assert words in [case["name"] for case in tally["cases"]]


def test_a_file_of_cases_holds_them_as_they_are(admin, campaign):
    for words in WORDS.values():
        factories.case(campaign, name=words, story=words)
    packed = io.BytesIO(admin.get("campaigns.export_cases").response.data)
    with zipfile.ZipFile(packed) as file:
        told = json.loads(file.read("cases.json"))["cases"]
    assert {*WORDS.values()} <= {case["name"] for case in told}
    assert {*WORDS.values()} <= {case["story"] for case in told}


def test_good_news_is_told_to_feed_readers_as_it_is(nobody, campaign):
    for words in WORDS.values():
        factories.outcome(headline=words)
    told = ElementTree.fromstring(nobody.get("outcomes.good_news_feed").response.data)
    texts = "\n".join(told.itertext())
    assert [words for words in WORDS.values() if words not in texts] == []
