"""Lists with their seats, and the parties on them with who they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import contains_eager

from app.database import db
from app.keyring import event_keys, find_key
from app.signups.models import SEATED, SignUp, SignUpList
from app.signups.sealing import Person, read_person


class Seats(NamedTuple):
    """How full a list is, in people."""

    capacity: int | None
    taken: int = 0
    """Have a seat, or the offer of one."""
    expected: int = 0
    """Have a seat."""
    arrived: int = 0
    waiting: int = 0
    named: int = 0
    """Sign-ups with a seat whose first name anybody may read."""

    @property
    def free(self) -> int | None:
        """None where there is no end of them."""
        return None if self.capacity is None else max(0, self.capacity - self.taken)


class Party(NamedTuple):
    """A sign-up and who it is; the person is None once they, or all names, were erased."""

    sign_up: SignUp
    person: Person | None

    @property
    def is_locked(self) -> bool:
        """Whether somebody is there whom nobody can read; whoever was erased is not."""
        return self.person is None and not self.sign_up.is_erased


def list_lists(event_id: int) -> list[SignUpList]:
    """The lists of an event: in its organiser's order."""
    query = select(SignUpList).where(SignUpList.event_id == event_id)
    return list(db.session.execute(query.order_by(SignUpList.position, SignUpList.id)).scalars())


def count_seats(lists: Sequence[SignUpList]) -> dict[int, Seats]:
    """How full each list is, by its id, in one question."""
    query = (
        select(
            SignUp.list_id,
            people(SignUp.state.in_(SEATED)),
            people(SignUp.state == "in"),
            func.sum(SignUp.arrived),
            people(SignUp.state == "waiting"),
            func.sum(case(((SignUp.state == "in") & SignUp.shows_name, 1), else_=0)),
        )
        .where(SignUp.list_id.in_([one.id for one in lists]))
        .group_by(SignUp.list_id)
    )
    counted = {row[0]: tuple(map(int, row[1:])) for row in db.session.execute(query)}
    return {one.id: Seats(one.capacity, *counted.get(one.id, ())) for one in lists}


def list_parties(event_id: int) -> list[Party]:
    """Every party on the event's lists and its list, list by list, first come first; two questions.

    Unlocking costs about ten microseconds a name.
    """
    query = (
        select(SignUp)
        .join(SignUp.list)
        .options(contains_eager(SignUp.list))
        .where(SignUpList.event_id == event_id)
        .order_by(SignUpList.position, SignUpList.id, SignUp.queued_at, SignUp.id)
    )
    keeper = find_key(db.session(), event_keys(event_id))
    found = db.session.execute(query).scalars()
    return [Party(one, read_person(one, keeper)) for one in found]


def people(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """The sum of the parties for which this is so; NULL without any row."""
    return func.sum(case((condition, SignUp.party_size), else_=0))
