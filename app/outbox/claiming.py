"""Take one mail at a time to be sent, and settle what became of it; and how the server is.

Each step is a transaction of its own: whoever is killed in between leaves one mail behind, which
is taken up again when its time is over, under the same Message-ID.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, or_, select, update
from sqlalchemy.orm import Session

from app import limits
from app.database import SECTION, db, write
from app.keyring import DataKey, KeyGone, find_key
from app.outbox.line import Trouble
from app.outbox.models import DROPPED, PARKED, SENDING, SENT, WAITING, MailServerState, OwedMail
from app.outbox.owing import NOTHING_LEFT, place_of
from app.outbox.writing import Mail

HELD_FOR = timedelta(minutes=10)
"""Longer than a mail can take: six answers of half a minute each."""
MOST_TRIES = 8
LONGEST_PAUSE = timedelta(hours=6)
SERVER_PAUSE = timedelta(minutes=10)
STRANGER_RATE = limits.Rate(burst=1, per_minute=1 / (24 * 60))
"""To an address that anybody may have typed: one mail a day, whatever it is about …"""
SECOND = "offer"
"""… and beside it one of this kind, which runs out before another day."""


class Claimed(NamedTuple):
    """A mail in our hands until `held_until`."""

    id: int
    uid: str
    tries: int
    held_until: datetime
    to: str
    mail: Mail | None
    """None when it cannot be read any more: its key is gone, or it is damaged."""


def is_anything_due(*, now: datetime) -> bool:
    """Whether a mail waits to be sent now."""
    found = db.session.scalar(_due(now).with_only_columns(OwedMail.id))
    db.session.rollback()
    return found is not None


def claim_next(*, now: datetime) -> Claimed | None:
    """The mail that has been due for longest, in nobody else's hands; None when there is none."""
    with write(SECTION) as session:
        owed = _next(session, now)
        if owed is None:
            return None
        if owed.state == SENDING:
            # Whoever held it before died of something, and it may have been this mail.
            owed.tries += 1
        owed.state, owed.held_until = SENDING, now + HELD_FOR
        to, mail = _unseal(session, owed)
        key = session.get(DataKey, owed.scope)
        if key is not None and key.destroyed_at:
            # Deleted on purpose with all the names of its event: nothing to look after.
            owed.state, owed.reason, owed.settled_at = DROPPED, "erased", now
            owed.sealed_to = owed.sealed_content = None
        claimed = Claimed(owed.id, owed.uid, owed.tries, owed.held_until, to, mail)
    return claimed


def settle_sent(claimed: Claimed, *, code: int, now: datetime) -> None:
    """It is gone: whom it went to and what it said are forgotten."""
    gone: dict[str, Any] = {"state": SENT, "settled_at": now, "code": code, "reason": ""}
    with write(SECTION) as session:
        _settle(session, claimed, gone | NOTHING_LEFT)
        state = _server(session)
        state.succeeded_at = now
        state.down_since, state.next_try_at, state.tries = None, None, 0


def settle_failed(
    claimed: Claimed, *, reason: str, code: int | None, is_final: bool, now: datetime
) -> None:
    """Try it later, by and by more seldom; or park it: refused for good, or tried eight times."""
    tries = claimed.tries + 1
    if is_final or tries >= MOST_TRIES:
        values = {"state": PARKED, "settled_at": now}
    else:
        values = {"state": WAITING, "due_at": now + pause_after(tries)}
    with write(SECTION) as session:
        _settle(session, claimed, values | {"tries": tries, "code": code, "reason": reason})


def give_back(claimed: Claimed) -> None:
    """It waits as before: what went wrong had nothing to do with it."""
    with write(SECTION) as session:
        _settle(session, claimed, {"state": WAITING})


def note_server_away(trouble: Trouble, *, innocent: Iterable[Claimed] = (), now: datetime) -> None:
    """Ask the server again in a while; the innocent get the try back that it cost them."""
    with write(SECTION) as session:
        state = _server(session)
        state.tries += 1
        state.down_since = state.down_since or now
        state.next_try_at = now + min(SERVER_PAUSE, timedelta(minutes=2 ** min(state.tries - 1, 9)))
        state.code, state.reason = trouble.code, trouble.reason
        for claimed in innocent:
            session.execute(
                update(OwedMail)
                .where(OwedMail.id == claimed.id, OwedMail.state.in_((WAITING, PARKED)))
                .values(
                    {"tries": claimed.tries, "state": WAITING, "due_at": now, "settled_at": None}
                )
                .execution_options(synchronize_session=False)
            )


def note_server_answers() -> None:
    """The server talks about mails again, be it to refuse one; to open the line is not enough."""
    with write(SECTION) as session:
        state = _server(session)
        state.down_since, state.next_try_at, state.tries = None, None, 0


def find_server_state() -> MailServerState | None:
    """How the server was the last time; None before anything was sent."""
    return db.session.get(MailServerState, 1)


def pause_after(tries: int) -> timedelta:
    """1, 2, 4, 8 … minutes, at most six hours, and a little more so that not all come at once."""
    pause = min(LONGEST_PAUSE, timedelta(minutes=2 ** min(tries - 1, 16)))
    return pause * random.uniform(1.0, 1.2)  # noqa: S311


def _due(now: datetime) -> Select[OwedMail]:
    waits = (OwedMail.state == WAITING) & (OwedMail.due_at <= now)
    # A time far ahead was noted by a clock that has been set back since.
    left_over = (OwedMail.state == SENDING) & or_(
        OwedMail.held_until <= now, OwedMail.held_until > now + 2 * HELD_FOR
    )
    return select(OwedMail).where(waits | left_over).order_by(OwedMail.due_at, OwedMail.id).limit(1)


def _next(session: Session, now: datetime) -> OwedMail | None:
    """The mail whose turn it is, once what is of no use is dropped and strangers had their one."""
    is_due = OwedMail.state == WAITING, OwedMail.due_at <= now
    gone = {"state": DROPPED, "reason": "late", "settled_at": now}
    _change(session, *is_due, OwedMail.useful_until <= now, values=gone | NOTHING_LEFT)
    while (owed := session.execute(_due(now)).scalar_one_or_none()) is not None:
        if owed.stranger is None:
            return owed
        wait = _take_day(session, owed, now)
        if not wait:
            # Its place is taken for good: however often it is tried, it is this day's mail.
            owed.stranger = None
            return owed
        next_day = now + timedelta(seconds=wait)
        later = {"owed_at": next_day, "due_at": next_day}
        is_like = OwedMail.kind == SECOND if owed.kind == SECOND else OwedMail.kind != SECOND
        _change(session, *is_due, OwedMail.stranger == owed.stranger, is_like, values=later)
    return None


def _take_day(session: Session, owed: OwedMail, now: datetime) -> int:
    """Take one of the places that a day has for a stranger's mail; 0, or how long until the next.

    A mail of the second kind leaves the other place to the others while it can.
    """
    places = [f"stranger:{owed.stranger}"]
    if owed.kind == SECOND:
        places.insert(0, f"{SECOND}-to-stranger:{owed.stranger}")
    waits = []
    for place in places:
        waits.append(limits.take(session.connection(), place, STRANGER_RATE, now=now))
        if not waits[-1]:
            return 0
    return min(waits)


def _change(session: Session, *which: ColumnElement[bool], values: dict[str, Any]) -> None:
    session.execute(
        update(OwedMail).where(*which).values(values).execution_options(synchronize_session=False)
    )


def _unseal(session: Session, owed: OwedMail) -> tuple[str, Mail | None]:
    keeper = find_key(session, owed.scope)
    if keeper is None or owed.sealed_to is None or owed.sealed_content is None:
        return "", None
    try:
        to = keeper.unseal(owed.sealed_to, at=place_of(owed.uid, "to"))
        content = keeper.unseal(owed.sealed_content, at=place_of(owed.uid, "content"))
        return to, Mail(*json.loads(content))
    except (KeyGone, ValueError, TypeError):
        return "", None


def _settle(session: Session, claimed: Claimed, values: dict[str, Any]) -> None:
    """Write down what became of it, unless it was erased, or somebody else took it up since."""
    session.execute(
        update(OwedMail)
        .where(
            OwedMail.id == claimed.id,
            OwedMail.state == SENDING,
            OwedMail.held_until == claimed.held_until,
        )
        .values(values | {"held_until": None})
        .execution_options(synchronize_session=False)
    )


def _server(session: Session) -> MailServerState:
    state = session.get(MailServerState, 1)
    if state is None:
        state = MailServerState(id=1, tries=0, reason="")
        session.add(state)
    return state
