"""Tables and their codes: add, change, renew; join one, and sign a device off."""

from __future__ import annotations

import secrets
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import limits
from app.audit import note_deed
from app.database import SECTION, db, event_scope, write
from app.events.access import check_may_join, get_table_by_code, hash_token
from app.events.models import Device, Event, WritingTable
from app.events.queries import count_live_devices, is_live
from app.exceptions import Conflict, NotFound, RuleBroken, TooMany

CODE_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""A–Z and 2–9 without I, L and O: thirty-one that nobody mistakes for another."""
CODE_LENGTH = 8
TOKEN_BYTES = 16
MOST_TABLES = 400
GUESSES_OF_ONE = limits.Rate(burst=60, per_minute=30)
"""Wrong codes from one network. A hall behind one address mistypes a few of its codes a night."""
GUESSES_OF_ALL = limits.Rate(burst=3000, per_minute=600)
"""Wrong codes from everywhere: at this pace a hit among 400 tables takes six years."""
ALL_NETWORKS = "join:all"


def add_table(event: Event, *, name: str, seats: int, actor: str, now: datetime) -> WritingTable:
    """Put one more table at the end, with a code of its own; raises RuleBroken (too many)."""
    with write(event_scope(event.id)) as session:
        count, last = session.execute(
            select(func.count(), func.max(WritingTable.position)).where(
                WritingTable.event_id == event.id
            )
        ).one()
        if count >= MOST_TABLES:
            raise RuleBroken(
                _("An event has at most %(most)s tables.", most=MOST_TABLES), field="name"
            )
        table = WritingTable(
            event_id=event.id,
            name=name,
            seats=seats,
            position=(last or 0) + 1,
            join_code=new_code(session),
            created_at=now,
        )
        session.add(table)
        event.live_version = Event.live_version + 1
        session.flush()
        _note(session, "table_added", "table", table.id, actor, now)
    return table


def edit_table(table: WritingTable, *, name: str, seats: int, edit_version: int) -> None:
    """Rename a table or change its seats; raises Conflict on an older version."""
    with write(event_scope(table.event_id)):
        if table.edit_version != edit_version:
            raise Conflict(
                _("Somebody else changed this table meanwhile. Look at it, then save again."),
                error="edited_meanwhile",
            )
        table.name, table.seats = name, seats
        table.edit_version += 1
        table.event.live_version = Event.live_version + 1


def renew_code(table: WritingTable, *, actor: str, now: datetime) -> None:
    """Give a table a new code: the old card lets nobody in, who has joined stays."""
    with write(event_scope(table.event_id)) as session:
        table.join_code = new_code(session)
        _note(session, "code_renewed", "table", table.id, actor, now)


def revoke_device(device: Device, *, actor: str, now: datetime) -> None:
    """Sign a device off from its table; pressed twice it is no mistake."""
    with write(event_scope(device.table.event_id)) as session:
        if device.revoked_at is None:
            device.revoked_at = now
            device.table.event.live_version = Event.live_version + 1
            _note(session, "device_revoked", "device", device.id, actor, now)


def check_guess(
    code: str, *, network: str, holding: str | None = None, now: datetime
) -> WritingTable:
    """The table of a code that somebody typed or scanned; only wrong ones count as guesses.

    `network` is the limit's key of where they are, `holding` their device's token. Raises
    NotFound, and TooMany once too many were wrong: then right ones are refused alike, or a
    guesser would learn from the difference.
    """
    connection = db.session.connection()
    waits = [
        limits.wait_for(connection, key, rate, now=now)
        for key, rate in _guess_limits(network)
        # Strangers who guess from everywhere must not shut out a hall that never mistyped.
        if key == network or limits.is_used(connection, network, now=now)
    ]
    if any(waits):
        raise _too_many(max(waits))
    try:
        return get_table_by_code(code, holding=holding, now=now)
    except NotFound:
        wait = _count_guess(network, now)
        if wait:
            raise _too_many(wait) from None
        raise


def join_table(code: str, *, holding: str | None = None, now: datetime) -> str:
    """Seat a device at the code's table and return its token, of which only the hash is kept.

    `holding` is the token it has from before: at the same table it stays the same device, and
    from another table it moves. Raises NotFound (unknown, closed, expired), Conflict (full).
    """
    found = get_table_by_code(code, holding=holding, now=now)
    table_id, event_id = found.id, found.event_id
    with write(event_scope(event_id)) as session:
        table = session.get_one(WritingTable, table_id)
        check_may_join(table, code, holding=holding, now=now)
        known = _find_device(session, holding)
        if known is not None and known.table_id == table_id and holding:
            if not _is_live(session, known, now):
                _check_seat_free(session, table, now)
            known.last_seen_at = now
            return holding
        _check_seat_free(session, table, now)
        if known is not None:
            known.revoked_at = now
        token = secrets.token_hex(TOKEN_BYTES)
        session.add(
            Device(
                table_id=table_id,
                number=_next_number(session, table_id),
                token_hash=hash_token(token),
                joined_at=now,
                last_seen_at=now,
            )
        )
        # The desk shows how many phones sit where.
        table.event.live_version = Event.live_version + 1
    return token


def _check_seat_free(session: Session, table: WritingTable, now: datetime) -> None:
    if count_live_devices(session, table.id, now=now) >= table.seats:
        raise Conflict(
            _(
                "All seats at this table are taken. Ask an organiser to add seats, "
                "or join another table."
            ),
            field="code",
            error="table_full",
        )


def _find_device(session: Session, token: str | None) -> Device | None:
    if not token:
        return None
    return session.execute(
        select(Device).where(Device.token_hash == hash_token(token), Device.revoked_at.is_(None))
    ).scalar_one_or_none()


def _is_live(session: Session, device: Device, now: datetime) -> bool:
    query = select(Device.id).where(Device.id == device.id, is_live(now))
    return session.execute(query).first() is not None


def _next_number(session: Session, table_id: int) -> int:
    query = select(func.max(Device.number)).where(Device.table_id == table_id)
    return (session.execute(query).scalar() or 0) + 1


def new_code(session: Session) -> str:
    """A code that no table has; inside a `write()`."""
    while True:
        code = "".join(secrets.choice(CODE_ALPHABET) for _place in range(CODE_LENGTH))
        known = select(WritingTable.id).where(WritingTable.join_code == code)
        if session.execute(known).first() is None:
            return code


def _guess_limits(network: str) -> tuple[tuple[str, limits.Rate], ...]:
    return ((network, GUESSES_OF_ONE), (ALL_NETWORKS, GUESSES_OF_ALL))


def _count_guess(network: str, now: datetime) -> int:
    with write(SECTION) as session:
        connection = session.connection()
        return max(
            limits.take(connection, key, rate, now=now) for key, rate in _guess_limits(network)
        )


def _too_many(wait: int) -> TooMany:
    return TooMany(
        _("Too many wrong codes from here. Wait a minute, then type the code slowly."),
        retry_after=wait,
    )


def _note(
    session: Session, verb: str, thing: str, thing_id: int, actor: str, now: datetime
) -> None:
    note_deed(session, actor=actor, verb=verb, thing=thing, thing_id=thing_id, now=now)
