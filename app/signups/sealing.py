"""Who a sign-up is: locked into its columns, and read again while the event's key is there."""

from __future__ import annotations

from typing import NamedTuple

from app.addresses import one_spelling
from app.keyring import Keeper, KeyGone
from app.signups.models import SEALED, SignUp


class Person(NamedTuple):
    """What somebody said of themselves; empty where they said nothing."""

    name: str
    email: str = ""
    access_needs: str = ""
    note: str = ""


def seal_person(sign_up: SignUp, person: Person, keeper: Keeper) -> None:
    """Lock a person into a sign-up's columns, and write down what they are found by."""
    person = person._replace(email=one_spelling(person.email))
    for column, text in person._asdict().items():
        sealed = keeper.seal(text, at=_place(sign_up, column)) if text else None
        setattr(sign_up, column, sealed)
    sign_up.name_likeness = keeper.likeness(person.name)
    sign_up.email_likeness = keeper.address_likeness(person.email) if person.email else None


def read_person(sign_up: SignUp, keeper: Keeper | None) -> Person | None:
    """The person again; None when it was erased, or the event's names were."""
    if keeper is None or sign_up.is_erased:
        return None
    sealed = {column: getattr(sign_up, column) for column in SEALED}
    try:
        return Person(
            **{
                column: keeper.unseal(value, at=_place(sign_up, column)) if value else ""
                for column, value in sealed.items()
            }
        )
    except KeyGone:
        return None


def _place(sign_up: SignUp, column: str) -> str:
    return f"sign_up:{sign_up.public_id}:{column}"
