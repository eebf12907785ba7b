"""What an act on the ledger must satisfy, checked inside the act's own write()."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection, RowMapping, bindparam, select, update
from sqlalchemy.orm import Session

from app import limits
from app.events.access import JoinedDevice
from app.events.models import Device, WritingTable
from app.exceptions import Conflict, NotAllowed, NotFound, RuleBroken, TooMany
from app.letters.facts import Facts, Press, find_row, get_end_of_chain
from app.letters.ledger import to_millisecond
from app.prepared import Prepared

MOST_AT_A_TABLE = 200
"""Letters in one entry; a bigger stack is the organiser's to log."""
MOST_AT_THE_DESK = 10_000
DEVICE_RATE = limits.Rate(burst=20, per_minute=60)
TAKE_BACK_WITHIN = timedelta(minutes=15)
SEEN_AGAIN_AFTER = timedelta(minutes=1)
"""How exactly a device's last sign of life is kept; each press would rewrite it otherwise."""


_DEVICE = select(Device.revoked_at, Device.last_seen_at).where(Device.id == bindparam("device_id"))
_SEEN = Prepared(
    update(Device).where(Device.id == bindparam("device_id")).values(last_seen_at=bindparam("now"))
)


def judge(facts: Facts, pressed_at: datetime) -> tuple[str, bool]:
    """Whether a press is `counted` or `held`, and whether it is late. Never a refusal.

    Before the opening: held. Before the close: counted, and marked late once the event is
    closed, until the report is submitted. After the close, or after the report: held.
    """
    if facts.opened_at is None or pressed_at < facts.opened_at:
        return "held", False
    if facts.closed_at is None:
        return "counted", False
    if facts.report_submitted_at is None and pressed_at <= facts.closed_at:
        return "counted", True
    return "held", True


def new_log(
    facts: Facts,
    press: Press,
    *,
    source: str,
    now: datetime,
) -> dict[str, Any]:
    """The ledger row of a press, but for who pressed it where.

    One of an impossible age is dated by its arrival, and held, for somebody to look at. Raises
    RuleBroken when its case cannot be written for.
    """
    pressed_at = to_millisecond(now - timedelta(milliseconds=press.age_ms or 0))
    check_case(facts, pressed_at=pressed_at, is_confirmed=press.is_confirmed)
    state, is_late = judge(facts, pressed_at)
    if press.age_ms is None:
        state = "held"
    return {
        "op": press.op,
        "act": "log",
        "refers_to": None,
        "log_op": press.op,
        "case_id": facts.case_id,
        "kind": press.kind,
        "quantity": press.quantity,
        "effect": press.quantity if state == "counted" else 0,
        "source": source,
        "state": state,
        "is_late": is_late,
        "pressed_at": pressed_at,
        "recorded_at": to_millisecond(now),
    }


def check_case(facts: Facts, *, pressed_at: datetime, is_confirmed: bool) -> None:
    """The event writes for the case, and the case is not paused, or they meant it anyway."""
    if not facts.is_written_for:
        raise RuleBroken(_("This event does not write for that case."), field="case")
    is_asked_to_stop = facts.paused_at is not None and pressed_at >= facts.paused_at
    if facts.case_state == "paused" and is_asked_to_stop and not is_confirmed:
        raise RuleBroken(
            _(
                "Stop writing for %(name)s, please. If this letter was already written, "
                "log it once more to confirm.",
                name=facts.case_name,
            ),
            field="case",
            error="case_paused",
        )


def check_quantity(quantity: int, most: int) -> None:
    """Between one and `most` letters."""
    if quantity < 1:
        raise RuleBroken(_("Log at least one."), field="quantity")
    if quantity > most:
        raise RuleBroken(
            _("At most %(most)s in one go. An organiser can log a bigger stack.", most=most)
            if most == MOST_AT_A_TABLE
            else _("At most %(most)s in one go.", most=most),
            field="quantity",
        )


def check_table(session: Session, event_id: int, table_id: int | None) -> None:
    """The table, if one is named, stands at the event."""
    if table_id is None:
        return
    table = session.get(WritingTable, table_id)
    if table is None or table.event_id != event_id:
        raise RuleBroken(_("Choose a table of this event."), field="table")


def note_device_seen(
    connection: Connection,
    device: JoinedDevice,
    *,
    revoked_at: datetime | None,
    seen_at: datetime | None,
    now: datetime,
) -> None:
    """The device is still welcome, and was heard from; raises NotAllowed when revoked."""
    if revoked_at is not None:
        raise NotAllowed(_("This device was signed off from the table."), error="device_revoked")
    if seen_at is None or now - seen_at >= SEEN_AGAIN_AFTER:
        _SEEN.run(connection, device_id=device.device_id, now=now)


def take_place(connection: Connection, device: JoinedDevice, now: datetime) -> None:
    """Use up one of the device's and of its table's places; raises TooMany.

    Called for new ops only, so that a retry never pays twice.
    """
    table_rate = limits.Rate(
        DEVICE_RATE.burst * device.seats, DEVICE_RATE.per_minute * device.seats
    )
    wait = limits.take(connection, f"press:device:{device.device_id}", DEVICE_RATE, now=now)
    wait = wait or limits.take(connection, f"press:table:{device.table_id}", table_rate, now=now)
    if wait:
        raise TooMany(
            _("That was fast! It is not logged yet. Wait a moment, or log a stack in one go."),
            retry_after=wait,
        )


def get_own_end_of_chain(
    connection: Connection, device: JoinedDevice, log_op: str, *, now: datetime
) -> RowMapping:
    """The last act on an entry that this device logged and may still take back.

    Raises NotFound (not its own), NotAllowed (revoked), Conflict (taken back), RuleBroken (late).
    """
    log = find_row(connection, log_op)
    if log is None or log["act"] != "log" or log["device_id"] != device.device_id:
        raise NotFound(_("This entry is not on this device's list of letters."))
    revoked_at, seen_at = connection.execute(_DEVICE, {"device_id": device.device_id}).one()
    note_device_seen(connection, device, revoked_at=revoked_at, seen_at=seen_at, now=now)
    end = get_end_of_chain(connection, device.event_id, log_op)
    check_follows(end, "void")
    if now - log["recorded_at"] > TAKE_BACK_WITHIN:
        raise RuleBroken(
            _("This was logged more than 15 minutes ago. Ask an organiser to take it back."),
            error="too_late",
        )
    return end


def check_same(facts: Facts, press: Press, table_id: int | None) -> None:
    """A used op is the same press only with the same content; raises Conflict."""
    first = facts[Facts._fields.index("known_act") : -1]
    again = ("log", facts.event_id, table_id, facts.case_id, press.kind, press.quantity)
    if first != again:
        raise Conflict(_("This press was already used for something else."), error="op_reused")


def check_unused(known: object) -> None:
    """The op of a new act is new; raises Conflict."""
    if known is not None:
        raise Conflict(_("This press was already used for something else."), error="op_reused")


def check_follows(end: RowMapping, act: str) -> None:
    """The act makes sense after the last one; raises Conflict."""
    if act in ("void", "count") and end["act"] == "void":
        raise Conflict(_("This was already taken back."), error="already_taken_back")
    if act == "restore" and end["act"] != "void":
        raise Conflict(_("This was already put back."), error="already_put_back")
    if act == "count" and end["state"] == "counted":
        raise Conflict(_("This was already let in."), error="already_counted")


def check_not_moved(moved_to: str | None) -> None:
    """No other entry took this one's place, or it would count twice; raises Conflict."""
    if moved_to is not None:
        raise Conflict(
            _("This was moved, and counts where it is now. Mend it there."), error="moved"
        )
