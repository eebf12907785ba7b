"""Whose address it is: a stranger's, until something was done by a link that only it was sent.

Known within one event and no further: the likeness of an address is another at each event.
"""

from __future__ import annotations

from datetime import datetime

from app.database import event_scope, write
from app.keyring import event_keys, find_key
from app.outbox.owing import is_mail_on, release
from app.signups.guest_mail import mail_about
from app.signups.models import SignUp
from app.signups.sealing import read_person


def may_prove(sign_up: SignUp) -> bool:
    """Whether something done by its link would say whose address it is."""
    is_known = sign_up.is_proven or sign_up.link_was_shown or sign_up.email is None
    return is_mail_on() and not is_known


def prove_address(sign_up: SignUp, *, now: datetime) -> None:
    """Something is done by the private link: what waits for this address's day goes at once."""
    if not may_prove(sign_up):
        return
    event_id = sign_up.list.event_id
    with write(event_scope(event_id)) as session:
        person = read_person(sign_up, find_key(session, event_keys(event_id)))
        if person is None:
            return
        sign_up.is_proven = True
        scope, about = event_keys(event_id), mail_about(sign_up)
        release(session, scope=scope, to=person.email, about=about, now=now)
