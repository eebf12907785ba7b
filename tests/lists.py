"""Saved lists and sign-ups with overrides, as `factories` makes everything else."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app import clock
from app.database import db
from app.events.models import Event
from app.signups import actions
from app.signups.actions import Wish
from app.signups.models import SEALED, SignUp, SignUpList
from app.signups.sealing import Person
from tests.factories import saved


def sign_up_list(at: Event, **overrides: Any) -> SignUpList:
    """A list of guests with ten seats."""
    values = {
        "event_id": at.id,
        "purpose": "guests",
        "capacity": 10,
        "asks": ["email", "language", "access_needs", "note"],
        "created_at": clock.now(),
    }
    return saved(SignUpList(**values | overrides))


def sign_up(on: SignUpList, name: str = "Noor", **overrides: Any) -> SignUp:
    """A party that signed up as guests do; `email`, `note`, `now` … like the form's."""
    person = Person(name, **{key: overrides.pop(key) for key in SEALED if key in overrides})
    options = {"network": "192.0.2.1", "sends_link": False, "now": clock.now()}
    options |= {key: overrides.pop(key) for key in tuple(options) if key in overrides}
    return actions.sign_up(on, person, Wish(**overrides), **options).sign_up


def all_sign_ups() -> list[SignUp]:
    """What is stored by now, first come first."""
    db.session.rollback()
    return list(db.session.execute(select(SignUp).order_by(SignUp.id)).scalars())
