"""Every route, every role, every method: who is let in and who is not."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from uuid import uuid4

import pytest
from sqlalchemy import select

from app import clock
from app.database import db
from app.events.models import Event
from tests import factories
from tests.architecture.access_matrix import (
    HIDDEN,
    IN,
    JOIN,
    MATRIX,
    NO,
    PUBLIC,
    ROLES,
    SIGN_IN,
)
from tests.architecture.world import list_routes, methods_of, path_to
from tests.conftest import join
from tests.page import Answer, PageClient, in_clean_context

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
A_DEVICES_OWN = [endpoint for endpoint, row in MATRIX.items() if row.cells[0] == JOIN]
SHAPES = {
    "page": {},
    "fragment": {"htmx": True},
    "json": {"headers": {"Accept": "application/json"}},
}


def outcome_of(answer: Answer) -> str:
    """The cell of the matrix that an answer is."""
    if answer.status == 303 and answer.location.startswith("/sign-in"):
        return SIGN_IN
    if answer.status == 401:
        return JOIN if "has not joined" in answer.text else SIGN_IN
    return {403: NO, 404: HIDDEN, 405: "wrong method"}.get(answer.status, IN)


def everything_stored() -> dict[str, list[str]]:
    """All rows of all tables but what merely says who was seen when, and spent limits."""
    with closing(db.engine.raw_connection()) as connection:
        cursor = connection.cursor()
        return {table: stored_in(cursor, table, columns) for table, columns in COMPARED.items()}


def stored_in(cursor, table: str, columns: str) -> list[str]:
    """The rows of one table; asked of the driver, because it is asked some thousand times."""
    cursor.execute(f"SELECT {columns} FROM {table}")
    return sorted(map(str, cursor.fetchall()))


COMPARED = {
    table.name: ", ".join(c.name for c in table.columns if c.name != "last_seen_at")
    for table in db.metadata.sorted_tables
    if table.name not in ("sign_in_session", "rate_limit", "device")
}


def test_every_route_is_in_the_matrix_and_nothing_else(app):
    assert {endpoint for endpoint, _ in list_routes(app)} == MATRIX.keys()


def test_every_public_route_has_its_reason():
    assert all(reason.strip() for reason in PUBLIC.values())


@pytest.mark.parametrize("endpoint", MATRIX)
def test_every_cell_holds(world, endpoint):
    path, before = path_to(world, endpoint), everything_stored()
    for method in methods_of(world.app, endpoint):
        for role, wanted in zip(ROLES, MATRIX[endpoint].cells, strict=True):
            for shape, how in SHAPES.items() if wanted != IN else [("page", {})]:
                answer = ask(world.cast[role], method, path, how)
                said = f"{method} {endpoint} by {role} as {shape}: {answer.status}"
                assert outcome_of(answer) == wanted, f"{said}\n{answer.text}"
                after = everything_stored()
                assert wanted == IN or after == before, f"{said} changed something"
                before = after


def ask(person: PageClient, method: str, path: str, how: dict[str, object]) -> Answer:
    """Ask as the person would; a post brings an op, which some need to get anywhere."""
    if method == "GET":
        return person.get(path, **how)
    return person.post(path, {"op": str(uuid4())}, **how)


def test_every_post_asks_for_a_token(world):
    before = everything_stored()
    for endpoint, method in list_routes(world.app):
        if method == "POST":
            answer = world.cast["admin"].post(path_to(world, endpoint), csrf=False)
            assert answer.status in (403, 404), f"{endpoint} took a post without a token"
            assert everything_stored() == before


def test_every_post_refuses_a_foreign_origin(world):
    for endpoint, method in list_routes(world.app):
        if method == "POST":
            for origin in ("https://evil.example", "null", "http://localhost.evil.example"):
                answer = world.cast["ana"].post(
                    path_to(world, endpoint), headers={"Origin": origin}
                )
                assert answer.status == 403, f"{endpoint} took a post from {origin}"


def test_a_wrong_method_is_told_so(world):
    for endpoint in MATRIX:
        rules = list(world.app.url_map.iter_rules(endpoint))
        same_path = [r for r in world.app.url_map.iter_rules() if r.rule == rules[0].rule]
        allowed = set().union(*(rule.methods or set() for rule in same_path))
        for method in {"GET", *UNSAFE} - allowed:
            answer = world.cast["admin"]._open(method, path_to(world, endpoint), **SHAPES["json"])
            assert answer.status == 405, f"{method} {endpoint}: {answer.status}"
            assert set(answer.headers["Allow"].split(", ")) >= allowed - {"OPTIONS"}


def test_nobody_and_no_device_reads_a_name(world, lisbon):
    factories.change(lisbon.organisers[0], name="Zsazsa Quillfeather", email="zq@example.org")
    for endpoint, method in list_routes(world.app):
        if method != "GET":
            continue
        for role in ("nobody", "bea"):
            for shape in SHAPES.values():
                answer = world.cast[role].get(path_to(world, endpoint), **shape)
                if answer.response.mimetype in ("text/html", "application/json", "text/plain"):
                    assert "Quillfeather" not in answer.text, f"{endpoint} told {role}"
                    assert "zq@example.org" not in answer.text, f"{endpoint} told {role}"
    assert "Quillfeather" in world.cast["ana"].get("accounts.account").text


@pytest.mark.parametrize("state", ["upcoming", "closed"])
def test_the_cells_hold_in_every_state_of_the_event(world, lisbon, state):
    now = clock.now()
    opened = None if state == "upcoming" else now
    closed = now if state == "closed" else None
    factories.change(lisbon, state=state, opened_at=opened, closed_at=closed)
    for endpoint, method in list_routes(world.app):
        if method == "GET":
            for role, wanted in zip(ROLES, MATRIX[endpoint].cells, strict=True):
                answer = world.cast[role].get(path_to(world, endpoint))
                if endpoint == "events.join_code" and state == "closed":
                    wanted = HIDDEN
                assert outcome_of(answer) == wanted, f"{endpoint} by {role}: {answer.status}"


def test_a_revoked_device_reaches_nothing_of_its_table(world, table_1):
    factories.change(table_1.devices[0], revoked_at=clock.now())
    for endpoint in A_DEVICES_OWN:
        for method in methods_of(world.app, endpoint):
            for how in SHAPES.values():
                answer = ask(world.cast["bea"], method, path_to(world, endpoint), how)
                assert answer.status == 403, f"{method} {endpoint}: {answer.status}"


def test_a_device_takes_nothing_back_for_another(world, lisbon):
    other = join(world.app, factories.table(lisbon))
    before = everything_stored()
    answer = other.post(path_to(world, "letters.take_back_press"), {"op": str(uuid4())})
    assert answer.status == 404
    assert everything_stored() == before


def test_a_session_that_ended_or_a_user_who_left_is_nobody(world, lisbon):
    factories.change(lisbon.organisers[0], is_active=False)
    for endpoint, row in MATRIX.items():
        if row.cells[0] == SIGN_IN:
            for method in methods_of(world.app, endpoint):
                answer = ask(world.cast["ana"], method, path_to(world, endpoint), {})
                assert outcome_of(answer) == SIGN_IN, f"{method} {endpoint}: {answer.status}"


def test_letters_from_home_have_no_event_page(world, campaign):
    home = find_home(campaign.id)
    for endpoint in MATRIX:
        rule = next(iter(world.app.url_map.iter_rules(endpoint)))
        if "slug" in rule.arguments and not endpoint.startswith("campaigns."):
            path = path_to(world, endpoint).replace("/lisbon", f"/{home.slug}")
            for method in methods_of(world.app, endpoint):
                answer = ask(world.cast["admin"], method, path, {})
                assert answer.status == 404, f"{method} {endpoint}: {answer.status}"


def find_home(campaign_id):
    at_home = (Event.campaign_id == campaign_id) & Event.is_written_at_home
    return db.session.execute(select(Event).where(at_home)).scalar_one()


def test_a_head_tells_no_more_than_its_get(world):
    for endpoint in MATRIX:
        if "GET" in methods_of(world.app, endpoint):
            path = path_to(world, endpoint)
            for person in (world.cast["nobody"], world.cast["ana"]):
                status = in_clean_context(
                    partial(person.browser.get, path, buffered=True)
                ).status_code
                answer = in_clean_context(partial(person.browser.head, path, buffered=True))
                assert (answer.status_code, answer.data) == (status, b""), endpoint
