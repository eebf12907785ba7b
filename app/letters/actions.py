"""Log letters, take them back, put them back, let them in, move them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import uuid4

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.database import event_scope, write
from app.events.access import JoinedDevice
from app.events.models import Event
from app.exceptions import NotFound, RuleBroken
from app.letters import ledger, rules
from app.letters.queries import Totals, get_totals
from app.letters.rules import Press


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
    with write(event_scope(device.event_id)) as session:
        facts = rules.get_facts(session, device.event_id, press.case)
        known = rules.find_row(session, press.op)
        if known is not None:
            rules.check_same(known, press, facts, device.table_id)
            return _receipt(session, known)
        rules.check_quantity(press.quantity, rules.MOST_AT_A_TABLE)
        rules.note_device_seen(session, device, now)
        row = rules.new_log(
            facts,
            press,
            source="tap",
            table_id=device.table_id,
            device_id=device.device_id,
            now=now,
        )
        rules.take_place(session, device, now)
        ledger.append(session, facts.head, row)
        return _receipt(session, row | {"event_id": device.event_id})


def log_at_desk(
    event: Event, press: Press, *, table_id: int | None, actor: str, now: datetime
) -> Receipt:
    """Log on behalf of a table, or of the event as a whole; up to 10,000 in one entry.

    Raises RuleBroken (quantity, table, case or pause) and Conflict (op used otherwise).
    """
    with write(event_scope(event.id)) as session:
        facts = rules.get_facts(session, event.id, press.case)
        known = rules.find_row(session, press.op)
        if known is not None:
            rules.check_same(known, press, facts, table_id)
            return _receipt(session, known)
        rules.check_quantity(press.quantity, rules.MOST_AT_THE_DESK)
        rules.check_table(session, event.id, table_id)
        row = rules.new_log(facts, press, source="desk", table_id=table_id, actor=actor, now=now)
        ledger.append(session, facts.head, row)
        return _receipt(session, row | {"event_id": event.id})


def take_back(device: JoinedDevice, log_op: str, *, op: str, now: datetime) -> Receipt:
    """Take back an entry that this very device logged no more than 15 minutes ago.

    Raises NotFound (not this device's), Conflict (taken back before), RuleBroken (too late).
    """
    with write(event_scope(device.event_id)) as session:
        known = rules.find_row(session, op)
        if known is not None and (known["act"], known["log_op"]) == ("void", log_op):
            return _receipt(session, known)
        log = rules.find_row(session, log_op)
        if log is None or log["act"] != "log" or log["device_id"] != device.device_id:
            raise NotFound(_("This entry is not on this device's list of letters."))
        rules.note_device_seen(session, device, now)
        rules.check_unused(known)
        end = rules.get_end_of_chain(session, device.event_id, log_op)
        rules.check_follows(end, "void")
        if now - log["recorded_at"] > rules.TAKE_BACK_WITHIN:
            raise RuleBroken(
                _("This was logged more than 15 minutes ago. Ask an organiser to take it back."),
                error="too_late",
            )
        row = ledger.answer_to(end, act="void", op=op, device_id=device.device_id, now=now)
        ledger.append(session, rules.get_head(session, device.event_id), row)
        return _receipt(session, row | {"event_id": device.event_id})


def answer_entry(
    event: Event, log_op: str, *, act: str, op: str, actor: str, now: datetime
) -> Receipt:
    """An organiser takes an entry back (`void`), puts it back (`restore`) or lets it in (`count`).

    Raises NotFound, and Conflict when the entry is already as they want it.
    """
    with write(event_scope(event.id)) as session:
        known = rules.find_row(session, op)
        if known is not None and (known["act"], known["log_op"]) == (act, log_op):
            return _receipt(session, known)
        end = rules.get_end_of_chain(session, event.id, log_op)
        rules.check_unused(known)
        rules.check_follows(end, act)
        row = ledger.answer_to(end, act=act, op=op, actor=actor, now=now)
        ledger.append(session, rules.get_head(session, event.id), row)
        return _receipt(session, row | {"event_id": event.id})


def move_letters(
    event: Event, log_op: str, *, op: str, case: str, kind: str, actor: str, now: datetime
) -> Receipt:
    """Move an entry to another case or kind: a void and a log in one transaction.

    `op` is the new log's. Raises NotFound, Conflict (taken back, or op used), RuleBroken.
    """
    with write(event_scope(event.id)) as session:
        facts = rules.get_facts(session, event.id, case)
        known = rules.find_row(session, op)
        end = rules.get_end_of_chain(session, event.id, log_op)
        if known is not None and (known["case_id"], known["kind"]) == (facts.case_id, kind):
            return _receipt(session, known)
        rules.check_unused(known)
        rules.check_follows(end, "void")
        rules.check_case(facts, pressed_at=end["pressed_at"], is_confirmed=True)
        void = ledger.answer_to(end, act="void", op=str(uuid4()), actor=actor, now=now)
        head = ledger.append(session, facts.head, void)
        moved = void | {"op": op, "act": "log", "refers_to": None, "log_op": op}
        moved |= {"case_id": facts.case_id, "kind": kind, "effect": -void["effect"]}
        ledger.append(session, head, moved)
        return _receipt(session, moved | {"event_id": event.id})


def _receipt(session: Session, row: Mapping[str, Any]) -> Receipt:
    totals = get_totals(session, row["event_id"], table_id=row["table_id"], case_id=row["case_id"])
    return Receipt(row["op"], row["state"], row["quantity"], totals, row["act"] == "void")
