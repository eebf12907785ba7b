"""*I forgot my password*: anybody may ask, and learns nothing of who is here by asking."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from app import limits
from app.accounts.enrolling import add_password_link
from app.accounts.mailing import mail_password_link
from app.accounts.models import PasswordWish
from app.accounts.queries import find_user_by_email, normal_email
from app.audit import note_deed
from app.database import SECTION, db, write
from app.exceptions import TooMany
from app.keyring import SECTION as SECTION_KEY
from app.keyring import KeyGone, find_key, key_for

NETWORK_RATE = limits.Rate(burst=20, per_minute=2)
"""Wishes from one network: a whole office may forget theirs over the summer."""
PERSON_RATE = limits.Rate(burst=2, per_minute=1 / 10)
"""For one address, wherever they come from: nobody's mailbox is filled."""
ALL_RATE = limits.Rate(burst=300, per_minute=10)
WISHED_FOR = timedelta(hours=1)
"""When the mail could not be written for so long, whoever asked has asked again."""


def wish_password(email: str, *, network_key: str, now: datetime) -> None:
    """Note that somebody wants a new password; raises TooMany for one network or altogether.

    Looks up nobody, so that it is the same work for everybody. An address that was typed too often
    is answered like every other, and gets no further mail.
    """
    email, uid = normal_email(email), secrets.token_hex(16)
    with write(SECTION) as session:
        connection = session.connection()
        rates = ((network_key, NETWORK_RATE), ("forgot:all", ALL_RATE))
        wait = max(limits.take(connection, key, rate, now=now) for key, rate in rates)
        if not wait:
            keeper = key_for(session, SECTION_KEY, now=now)
            person_key = f"forgot:{keeper.address_likeness(email)}"
            if not limits.take(connection, person_key, PERSON_RATE, now=now):
                sealed = keeper.seal(email, at=_place(uid))
                session.add(PasswordWish(uid=uid, sealed_email=sealed, asked_at=now))
    if wait:
        raise TooMany(_("Too many tries. Wait a little, then try again."), retry_after=wait)


def fulfil_wishes(now: datetime) -> None:
    """Owe each of those who are here the link they asked for; the ticker does it every minute."""
    waiting = list(db.session.execute(select(PasswordWish.id).order_by(PasswordWish.id)).scalars())
    for wish_id in waiting:
        _fulfil(wish_id, now)


def _fulfil(wish_id: int, now: datetime) -> None:
    with write(SECTION) as session:
        wish = session.get(PasswordWish, wish_id)
        if wish is None:
            return
        session.delete(wish)
        keeper = find_key(session, SECTION_KEY)
        if keeper is None or now - wish.asked_at > WISHED_FOR:
            return
        try:
            email = keeper.unseal(wish.sealed_email, at=_place(wish.uid))
        except KeyGone:
            return
        user = find_user_by_email(email)
        if user is not None:
            # Links that are open already stay so: asking for somebody else takes nothing away.
            link = add_password_link(session, user, now=now)
            mail_password_link(session, user, link, now=now)
            who = {"thing": "user", "thing_id": user.public_id}
            note_deed(session, actor=None, verb="ask_password_link", **who, now=now)


def _place(uid: str) -> str:
    return f"password_wish:{uid}:email"
