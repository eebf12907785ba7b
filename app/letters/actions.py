"""Log letters, take them back, put them back, let them in; many at once: bulk_actions.py."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, RowMapping

from app.campaigns.kinds import letters_in
from app.database import event_scope, write, write_prepared
from app.events.access import JoinedDevice
from app.events.models import Event
from app.letters import ledger, rules
from app.letters.entries import get_ends
from app.letters.facts import (
    Facts,
    Press,
    Season,
    find_row,
    get_end_of_chain,
    get_facts,
    get_head,
    is_answer,
)
from app.letters.ledger import Head
from app.letters.queries import Totals, get_totals


class Receipt(NamedTuple):
    """The answer to an act: as it was first answered, with the totals of now."""

    op: str
    state: str
    quantity: int
    totals: Totals
    is_taken_back: bool = False


def log_letters(device: JoinedDevice, press: Press, *, now: datetime) -> Receipt:
    """Log what was pressed at a table, exactly once for its op.

    Raises RuleBroken (quantity, case or pause), Conflict (op used with other content),
    NotAllowed (revoked meanwhile), TooMany. A replay of a known op is answered as it first was.
    """
    with write_prepared(event_scope(device.event_id)) as connection:
        facts = get_facts(connection, device.event_id, press, device.device_id)
        if facts.known_act is not None:
            return _known(connection, facts, press, device.table_id)
        rules.check_quantity(press.quantity, rules.MOST_AT_A_TABLE)
        rules.note_device_seen(
            connection,
            device,
            revoked_at=facts.device_revoked_at,
            seen_at=facts.device_seen_at,
            now=now,
        )
        at = {"table_id": device.table_id, "device_id": device.device_id, "actor": None}
        row = rules.new_log(facts, press, source="tap", now=now) | at
        rules.take_place(connection, device, now)
        head = ledger.append(connection, facts.head, row)
        return _receipt(connection, facts.season, head, row)


def log_at_desk(
    event: Event, press: Press, *, table_id: int | None, actor: str, now: datetime
) -> Receipt:
    """Log on behalf of a table, or of the event as a whole; up to 10,000 in one entry.

    Raises RuleBroken (quantity, table, case or pause) and Conflict (op used otherwise).
    """
    with write(event_scope(event.id)) as session:
        connection = session.connection()
        facts = get_facts(connection, event.id, press)
        if facts.known_act is not None:
            return _known(connection, facts, press, table_id)
        rules.check_quantity(press.quantity, rules.MOST_AT_THE_DESK)
        rules.check_table(session, event.id, table_id)
        at = {"table_id": table_id, "device_id": None, "actor": actor}
        row = rules.new_log(facts, press, source="desk", now=now) | at
        head = ledger.append(connection, facts.head, row)
        return _receipt(connection, facts.season, head, row)


def take_back(device: JoinedDevice, log_op: str, *, op: str, now: datetime) -> Receipt:
    """Take back an entry that this very device logged no more than 15 minutes ago.

    Raises NotFound (not this device's), Conflict (taken back before), RuleBroken (too late).
    """
    with write(event_scope(device.event_id)) as session:
        connection = session.connection()
        season, head = get_head(connection, device.event_id)
        known = find_row(connection, op)
        if is_answer(known, "void", log_op, event_id=device.event_id, device_id=device.device_id):
            return _receipt(connection, season, head, known)
        rules.check_unused(known)
        end = rules.get_own_end_of_chain(connection, device, log_op, now=now)
        row = ledger.answer_to(end, act="void", op=op, device_id=device.device_id, now=now)
        head = ledger.append(connection, head, row)
        return _receipt(connection, season, head, row)


def answer_entry(
    event: Event, log_op: str, *, act: str, op: str, actor: str, now: datetime
) -> Receipt:
    """An organiser takes an entry back (`void`), puts it back (`restore`) or lets it in (`count`).

    Raises NotFound, and Conflict when the entry is already as they want it.
    """
    with write(event_scope(event.id)) as session:
        connection = session.connection()
        season, head = get_head(connection, event.id)
        known = find_row(connection, op)
        if is_answer(known, act, log_op, event_id=event.id):
            return _receipt(connection, season, head, known)
        end = get_end_of_chain(connection, event.id, log_op)
        rules.check_unused(known)
        rules.check_follows(end, act)
        rules.check_not_moved(get_ends(connection, event.id, [log_op])[log_op]["moved_to"])
        row = ledger.answer_to(end, act=act, op=op, actor=actor, now=now)
        head = ledger.append(connection, head, row)
        return _receipt(connection, season, head, row)


def _known(connection: Connection, facts: Facts, press: Press, table_id: int | None) -> Receipt:
    """Answer a replay of a logged press; raises Conflict when its content changed."""
    rules.check_same(facts, press, table_id)
    row = {
        "op": press.op,
        "act": facts.known_act,
        "state": facts.known_state,
        "quantity": facts.known_quantity,
        "table_id": table_id,
        "case_id": facts.case_id,
    }
    return _receipt(connection, facts.season, facts.head, row)


def _receipt(
    connection: Connection,
    season: Season,
    head: Head,
    row: Mapping[str, Any] | RowMapping,
) -> Receipt:
    totals = get_totals(
        connection,
        f"{season.version}.{head.live_version}",
        head.event_id,
        letters=letters_in(season.letter_kinds),
        table_id=row["table_id"],
        case_id=row["case_id"],
    )
    return Receipt(row["op"], row["state"], row["quantity"], totals, row["act"] == "void")
