"""No page asks the database more because there is more to show, nor grows beyond use."""

from __future__ import annotations

import gzip
from datetime import timedelta
from itertools import cycle
from uuid import uuid4

import pytest
from sqlalchemy import insert

from app import clock, languages
from app.accounts.models import Invitation, User
from app.audit import note_deed
from app.database import SECTION, write
from app.events.models import Event, event_organiser
from app.hosts.models import Host, Offer
from app.keyring import event_keys, key_for
from app.signups.models import SignUp, SignUpList
from tests import factories
from tests.architecture.access_matrix import IN, MATRIX, ROLES
from tests.architecture.world import list_routes, path_to
from tests.board import asking

FEW, EVENTS, PEOPLE, CASES = 5, 500, 600, 12
MOST_QUESTIONS = 12
MOST_BYTES = 60_000
"""As it goes over the line: five hundred lines of a list are much alike."""
FILES = {"accounts.invitation_links": "all the links, for a mail merge; no two are alike"}
"""What may be as long as what it lists, each with its reason."""


def add_many(world, campaign, lisbon, *, events: int, people: int, cases: int) -> None:
    """So many more of everything that a section collects, much of it Ana's."""
    while len(campaign.cases) < cases:
        factories.case(campaign)
    factories.change(lisbon, cases=list(campaign.cases))
    with write(SECTION) as session:
        users = insert_all(session, User, [user(number) for number in range(people)])
        made = insert_all(session, Event, [event(campaign, n) for n in range(events)])
        ana = world.values["ana"]
        runs = [{"event_id": e, "user_id": u} for e, u in zip(made, cycle(users), strict=False)]
        runs += [{"event_id": e, "user_id": ana} for e in made]
        runs += [{"event_id": lisbon.id, "user_id": u} for u in users[:9]]
        session.execute(event_organiser.insert(), runs)
        insert_all(session, Host, [host(number) for number in range(events)])
        insert_all(session, Offer, [offer(campaign, number) for number in range(events)])
        insert_all(session, Invitation, [invitation(number) for number in range(people)])
        for number in range(events):
            note_deed(
                session, actor=None, verb="open", thing="event", thing_id=number, now=clock.now()
            )
        fill_lists(session, [lisbon.id, *made], each=80 if events > FEW else FEW)
    for _ in range(events // 20):
        table = factories.table(lisbon)
        factories.device(table)
        factories.entry(lisbon, campaign.cases[-1], table_id=table.id)
        factories.outcome(campaign.cases[-1])


def fill_lists(session, events: list[int], *, each: int) -> None:
    """A guest list for each event, with so many parties; their names can be read."""
    rows = [{"event_id": one, "purpose": "guests", "created_at": clock.now()} for one in events]
    ids = insert_all(session, SignUpList, [row | LIST for row in rows])
    for event_id, list_id in zip(events, ids, strict=True):
        keeper = key_for(session, event_keys(event_id), now=clock.now())
        insert_all(session, SignUp, [party(keeper, list_id, number) for number in range(each)])


LIST = {"capacity": 60, "party_limit": 6, "asks": [], "is_checked": False, "shows_seats": True}


def party(keeper, list_id: int, number: int) -> dict[str, object]:
    name = uuid4().hex
    at = f"sign_up:{name[:16]}:name"
    return {
        "list_id": list_id,
        "public_id": name[:16],
        "nonce": name,
        "token_hash": name * 2,
        "state": "in" if number < 60 else "waiting",
        "name": keeper.seal(f"Guest {number}", at=at),
        "name_likeness": name * 2,
        "created_at": clock.now(),
        "queued_at": clock.now(),
    }


def insert_all(session, model, rows: list[dict[str, object]]) -> list[int]:
    """Insert them in one go; their ids in order."""
    return list(session.execute(insert(model).returning(model.id), rows).scalars())


def user(number: int) -> dict[str, object]:
    name = uuid4().hex[:16]
    return {
        "public_id": name,
        "email": f"{name}@example.org",
        "name": f"Organiser {number}",
        "role": "organiser",
        "password_hash": factories.password_hash(),
        "is_active": True,
        "created_at": clock.now(),
    }


def event(campaign, number: int) -> dict[str, object]:
    state, now = ("running", "upcoming", "closed")[number % 3], clock.now()
    begins = now + timedelta(hours=1 if state == "upcoming" else -2)
    return {
        "campaign_id": campaign.id,
        "slug": f"town-{uuid4().hex}",
        "title": f"The town of {number} writes",
        "place": "The old library",
        "time_zone": "Europe/Lisbon",
        "starts_at": begins,
        "ends_at": begins + timedelta(hours=6),
        "state": state,
        "opened_at": None if state == "upcoming" else begins,
        "closed_at": now if state == "closed" else None,
        "kinds_in_front": ["handwritten_letter"],
        "created_at": now,
    }


def host(number: int) -> dict[str, object]:
    return {"name": f"School {number}", "kind": "school", "created_at": clock.now()}


def offer(campaign, number: int) -> dict[str, object]:
    return {
        "campaign_id": campaign.id,
        "name": f"Marta {number}",
        "email": f"marta-{number}@example.org",
        "held_by": "Town library",
        "kind": "library",
        "town": "Braga",
        "wished_on": clock.now().date(),
        "created_at": clock.now(),
    }


def invitation(number: int) -> dict[str, object]:
    token = uuid4().hex
    return {
        "email": f"{token}@example.org",
        "name": f"Invited {number}",
        "role": "organiser",
        "nonce": token,
        "token_hash": token * 2,
        "invited_by": uuid4().hex[:16],
        "created_at": clock.now(),
        "expires_at": clock.now() + timedelta(days=30),
    }


def read_everything(world) -> dict[str, tuple[int, int]]:
    """Of every page in every role that may open it: how many questions, how many bytes."""
    read = {}
    for endpoint, method in list_routes(world.app):
        if method != "GET" or endpoint.startswith("static"):
            continue
        for role, cell in zip(ROLES, MATRIX[endpoint].cells, strict=True):
            if cell == IN and role != "carlos":
                with asking.queries() as asked:
                    answer = world.cast[role].get(path_to(world, endpoint))
                read[f"{endpoint} by {role}"] = len(asked), len(gzip.compress(answer.response.data))
    return read


@pytest.mark.timeout(300)
def test_no_page_asks_or_weighs_more_when_there_is_more(world, campaign, lisbon, monkeypatch):
    # Asked once in five seconds, whichever page is read then: no page's own question.
    monkeypatch.setattr(languages, "BELIEVED_FOR", 3600.0)
    world.values["ana"] = lisbon.organisers[0].id
    add_many(world, campaign, lisbon, events=FEW, people=FEW, cases=FEW)
    few = read_everything(world)
    add_many(world, campaign, lisbon, events=EVENTS, people=PEOPLE, cases=CASES)
    many = read_everything(world)
    grown = {page: (few[page][0], n) for page, (n, _) in many.items() if n > few[page][0]}
    assert grown == {}, "they ask more than they did"
    assert {page: n for page, (n, _size) in many.items() if n > MOST_QUESTIONS} == {}
    heavy = {
        page: size
        for page, (_n, size) in many.items()
        if size > MOST_BYTES and page.split()[0] not in FILES
    }
    assert heavy == {}
