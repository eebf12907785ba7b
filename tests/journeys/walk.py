"""A marathon at random: people press, mend, open and close; plain arithmetic keeps count."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple
from uuid import UUID

from flask import Flask

from app import clock
from app.letters.deeds import op_behind
from tests import factories
from tests.conftest import join, sign_in
from tests.letters.ledger_model import Pile, Stage, World
from tests.page import Answer, PageClient

KINDS = ("handwritten_letter", "postcard", "email", "petition_signature")
AGES = (0, 0, 0, 0, 30, 600, 7200)
"""Seconds between press and arrival."""
QUARTER = timedelta(minutes=15)
JSON = {"Accept": "application/json"}


class Place(NamedTuple):
    """An event of the walk: its model, its address, and the phones at its tables."""

    stage: Stage
    slug: str
    is_listed: bool
    phones: list[Phone]


class Phone(NamedTuple):
    """A phone at a table."""

    client: PageClient
    device_id: int
    table_id: int


class Walk:
    """Does one thing after another through the app's own addresses, and keeps the model with it."""

    def __init__(self, app: Flask, set_clock: Callable[[datetime], None], seed: int) -> None:
        self.app, self.set_clock = app, set_clock
        self.chance = Random(seed)
        self.ops = seed << 64
        self.world = World(clock.now().replace(microsecond=0))
        self.set_clock(self.world.now)
        self.season = factories.campaign(slug="2026")
        self.names: dict[int, str] = {}
        self.slugs: dict[int, str] = {}
        for number in range(3):
            case = factories.case(self.season, slug=f"case-{number}", name=f"Person {number}")
            self.names[case.id], self.slugs[case.id] = case.name, case.slug
        self.admin = sign_in(app, factories.organiser(role="admin"))
        self.token = {"X-CSRFToken": self.admin.csrf_token()}
        self.places = [
            self.plan("lisbon"),
            self.plan("porto"),
            self.plan("kitchen", is_private=True),
            self.plan("dry-run", is_rehearsal=True),
        ]
        self.open_or_close(0)

    def plan(self, slug: str, **how: object) -> Place:
        event = factories.event(self.season, slug=slug, title=slug, now=self.world.now, **how)
        stage = Stage(event.id, bool(how.get("is_rehearsal")))
        self.world.stages.append(stage)
        phones = []
        for number in (1, 2):
            table = factories.table(event, name=f"{slug} {number}")
            client = join(self.app, table)
            phones.append(Phone(client, table.devices[0].id, table.id))
        return Place(stage, slug, not how, phones)

    # What can happen.

    def step(self) -> None:
        """One more thing happens, somewhere, to something."""
        self.set_clock(self.world.pass_time(self.chance.choice((2, 2, 5, 20, 90))))
        things = {
            self.press: 12,
            self.log_at_desk: 4,
            self.press_again: 3,
            self.take_back: 5,
            self.answer: 8,
            self.move: 2,
            self.open_or_close: 2,
        }
        self.chance.choices([*things], [*things.values()])[0]()

    def press(self) -> None:
        place = self.chance.choice(self.places)
        phone = self.chance.choice(place.phones)
        pile = self.new_pile(place, self.chance.randint(1, 200), phone.table_id, phone.device_id)
        said = self.send(phone, pile)
        assert said.status == 200, said.text
        assert said.json["state"] == ("held" if pile.is_held else "counted")
        self.world.piles.append(pile)

    def log_at_desk(self) -> None:
        place = self.chance.choice(self.places)
        table_id = self.chance.choice([None, *(phone.table_id for phone in place.phones)])
        pile = self.new_pile(place, self.chance.randint(1, 10_000), table_id, None, age=0)
        data = self.fields(pile) | {"table": str(table_id or 0)}
        assert self.post("letters.log_at_desk", data, slug=place.slug).status == 303
        self.world.piles.append(pile)

    def press_again(self) -> None:
        """A retry whose answer was lost; now and then with something else under its op."""
        pressed = [pile for pile in self.world.piles if pile.device_id]
        if not pressed:
            return
        pile, is_same = self.chance.choice(pressed), self.chance.random() < 0.5
        quantity = pile.quantity if is_same else pile.quantity % 200 + 1
        again = self.send(self.phone_of(pile), pile, quantity=str(quantity))
        assert again.status == (200 if is_same else 409), again.text

    def take_back(self) -> None:
        pressed = [pile for pile in self.world.piles if pile.device_id]
        if not pressed:
            return
        pile = self.chance.choice(pressed[-15:])
        phone = self.phone_of(pile)
        if self.chance.random() < 0.2:
            phone = self.chance.choice(self.chance.choice(self.places).phones)
        status = 200
        if phone.device_id != pile.device_id:
            status = 404
        elif pile.is_taken_back:
            status = 409
        elif self.world.now - pile.recorded_at > QUARTER:
            status = 422
        data, token = {"op": self.new_op()}, {"X-CSRFToken": phone.client.csrf_token()}
        answer = phone.client.post(
            "letters.take_back_press", data, op=pile.op, csrf=False, headers=JSON | token
        )
        assert answer.status == status, answer.text
        pile.is_taken_back = pile.is_taken_back or status == 200

    def answer(self) -> None:
        """An organiser takes back, puts back or lets in; htmx or not."""
        if not self.world.piles:
            return
        pile = self.chance.choice(self.world.piles[-60:])
        way = self.chance.choice(("take-back", "put-back", "let-in"))
        makes_sense = {
            "take-back": not pile.is_taken_back,
            "put-back": pile.is_taken_back and not pile.is_moved,
            "let-in": pile.is_held and not pile.is_taken_back,
        }[way]
        where = {"slug": self.place_of(pile).slug, "op": pile.op, "answer": way}
        answer = self.post("letters.answer_entry", {"op": self.new_op()}, **where)
        assert answer.status == (303 if makes_sense else 409), answer.text
        if makes_sense:
            pile.is_taken_back = way == "take-back"
            pile.is_held = pile.is_held and way != "let-in"

    def move(self) -> None:
        """An organiser moves one to another case or kind."""
        if not self.world.piles:
            return
        pile, deed = self.chance.choice(self.world.piles), self.new_op()
        case_id, kind = self.chance.choice([*self.slugs]), self.chance.choice(KINDS)
        makes_sense = not pile.is_taken_back and (case_id, kind) != (pile.case_id, pile.kind)
        data = {"op": deed, "way": "move", "entry": pile.op, "to_kind": kind}
        data["to_case"] = self.slugs[case_id]
        answer = self.post("letters.mend_letters", data, slug=self.place_of(pile).slug)
        assert answer.status == (303 if makes_sense else 409), answer.text
        if not makes_sense:
            return
        pile.is_taken_back = pile.is_moved = True
        op = op_behind(deed, deed)
        where = (op, pile.stage, pile.table_id, None, case_id, kind, pile.quantity)
        moved = Pile(*where, pile.pressed_at, self.world.now, pile.is_held)
        self.world.piles.append(moved)

    def open_or_close(self, number: int | None = None) -> None:
        place = self.places[number] if number is not None else self.chance.choice(self.places)
        stage, now = place.stage, self.world.now
        is_running = stage.opened_at is not None and stage.closed_at is None
        endpoint = "events.close_event" if is_running else "events.open_event"
        assert self.post(endpoint, slug=place.slug).status == 303
        stage.opened_at = stage.opened_at or now
        stage.closed_at = now if is_running else None

    # How it is sent.

    def new_pile(
        self,
        place: Place,
        quantity: int,
        table_id: int | None,
        device_id: int | None,
        age: int | None = None,
    ) -> Pile:
        age = self.chance.choice(AGES) if age is None else age
        case_id, kind = self.chance.choice([*self.slugs]), self.chance.choice(KINDS)
        pressed_at = self.world.now - timedelta(seconds=age)
        held = place.stage.is_waiting(pressed_at)
        where = (self.new_op(), place.stage, table_id, device_id, case_id, kind, quantity)
        return Pile(*where, pressed_at, self.world.now, held)

    def fields(self, pile: Pile) -> dict[str, str]:
        age = (self.world.now - pile.pressed_at) // timedelta(milliseconds=1)
        return {
            "op": pile.op,
            "case": self.slugs[pile.case_id],
            "kind": pile.kind,
            "quantity": str(pile.quantity),
            "age_ms": str(age),
        }

    def send(self, phone: Phone, pile: Pile, **changes: str) -> Answer:
        headers = JSON | {"X-CSRFToken": phone.client.csrf_token()}
        data = self.fields(pile) | changes
        return phone.client.post("letters.log_press", data, csrf=False, headers=headers)

    def post(self, endpoint: str, data: object = None, **how: object) -> Answer:
        return self.admin.post(endpoint, data, csrf=False, headers=self.token, **how)

    def new_op(self) -> str:
        self.ops += 1
        return str(UUID(int=self.ops))

    def place_of(self, pile: Pile) -> Place:
        return next(place for place in self.places if place.stage is pile.stage)

    def phone_of(self, pile: Pile) -> Phone:
        phones = self.place_of(pile).phones
        return next(phone for phone in phones if phone.device_id == pile.device_id)
