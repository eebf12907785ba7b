"""Who may touch a list or a sign-up: loading it is the permission check."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts.links import hash_of
from app.database import db
from app.events.models import Event
from app.exceptions import NotFound
from app.signups.models import SignUp, SignUpList


def get_list(event: Event, list_id: int) -> SignUpList:
    """A list of an event that was loaded by its own permission check; raises NotFound."""
    found = db.session.get(SignUpList, list_id)
    if found is None or found.event_id != event.id:
        raise NotFound(_("There is no such list at this event."))
    return found


def get_own_sign_up(event: Event, public_id: str) -> SignUp:
    """A sign-up at an event that was loaded by its permission check; raises NotFound."""
    query = (
        select(SignUp)
        .join(SignUpList, SignUpList.id == SignUp.list_id)
        .where(SignUp.public_id == public_id, SignUpList.event_id == event.id)
    )
    return _found(db.session.execute(query).scalar_one_or_none())


def get_sign_up_by_token(token: str) -> SignUp:
    """The sign-up whose private link carries this token; raises NotFound."""
    query = select(SignUp).where(SignUp.token_hash == hash_of(token))
    return _found(db.session.execute(query).scalar_one_or_none())


def _found(sign_up: SignUp | None) -> SignUp:
    if sign_up is None:
        raise NotFound(_("There is no such sign-up. It may have been deleted."))
    return sign_up
