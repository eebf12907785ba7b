"""What an act on the ledger must satisfy, read and checked inside the act's own write()."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import RowMapping, and_, exists, select, update
from sqlalchemy.orm import Session

from app import limits
from app.campaigns.models import Case
from app.events.access import JoinedDevice
from app.events.models import Device, Event, WritingTable, event_case
from app.exceptions import Conflict, NotAllowed, NotFound, RuleBroken, TooMany
from app.letters.ledger import ENTRY, EVENT, Head, to_millisecond

MOST_AT_A_TABLE = 200
"""Letters in one entry; a bigger stack is the organiser's to log."""
MOST_AT_THE_DESK = 10_000
DEVICE_RATE = limits.Rate(burst=20, per_minute=60)
TAKE_BACK_WITHIN = timedelta(minutes=15)


class Press(NamedTuple):
    """What somebody pressed: a new letter, or a stack of them."""

    op: str
    case: str
    """The case's slug."""
    kind: str
    quantity: int
    age_ms: int = 0
    """How long ago, by the client's own measuring; its clock is not trusted."""
    is_confirmed: bool = False
    """They were told that the case is paused and pressed again."""


class Facts(NamedTuple):
    """What decides about a press: the event's state and ledger head, and the case.

    The `case_` fields are None when the event does not write for that case.
    """

    event_id: int
    state: str
    opened_at: datetime | None
    closed_at: datetime | None
    report_submitted_at: datetime | None
    live_version: int
    chain_seq: int
    chain_head: str
    case_id: int | None
    case_name: str | None
    case_state: str | None
    paused_at: datetime | None

    @property
    def head(self) -> Head:
        """Where the ledger goes on."""
        return Head(self.event_id, self.chain_seq, self.chain_head, self.live_version)


_HEAD = select(EVENT.c.id, EVENT.c.chain_seq, EVENT.c.chain_head, EVENT.c.live_version)
_WRITES_FOR_CASE = exists().where(
    event_case.c.event_id == Event.id, event_case.c.case_id == Case.id
)
_FACTS = select(
    Event.id,
    Event.state,
    Event.opened_at,
    Event.closed_at,
    Event.report_submitted_at,
    Event.live_version,
    Event.chain_seq,
    Event.chain_head,
    Case.id,
    Case.name,
    Case.state,
    Case.paused_at,
)


def get_facts(session: Session, event_id: int, case_slug: str) -> Facts:
    """The facts about a press for `case_slug` at an event that exists."""
    row = session.execute(
        _FACTS.outerjoin(Case, and_(Case.slug == case_slug, _WRITES_FOR_CASE)).where(
            Event.id == event_id
        )
    ).one()
    return Facts(*row)


def get_head(session: Session, event_id: int) -> Head:
    """The end of an event's ledger."""
    row = session.execute(_HEAD.where(EVENT.c.id == event_id)).one()
    return Head(*row)


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
    table_id: int | None,
    device_id: int | None = None,
    actor: str | None = None,
    now: datetime,
) -> dict[str, object]:
    """The ledger row of a press; raises RuleBroken when its case cannot be written for."""
    pressed_at = to_millisecond(now - timedelta(milliseconds=press.age_ms))
    check_case(facts, pressed_at=pressed_at, is_confirmed=press.is_confirmed)
    state, is_late = judge(facts, pressed_at)
    return {
        "op": press.op,
        "act": "log",
        "refers_to": None,
        "log_op": press.op,
        "table_id": table_id,
        "device_id": device_id,
        "actor": actor,
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
    if facts.case_id is None:
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


def note_device_seen(session: Session, device: JoinedDevice, now: datetime) -> None:
    """The device is still welcome, and was heard from now; raises NotAllowed when revoked."""
    seen = session.execute(
        update(Device)
        .where(Device.id == device.device_id, Device.revoked_at.is_(None))
        .values(last_seen_at=now)
        .returning(Device.id)
    ).scalar()
    if seen is None:
        raise NotAllowed(_("This device was signed off from the table."), error="device_revoked")


def take_place(session: Session, device: JoinedDevice, now: datetime) -> None:
    """Use up one of the device's and of its table's places; raises TooMany.

    Called for new ops only, so that a retry never pays twice.
    """
    table_rate = limits.Rate(
        DEVICE_RATE.burst * device.seats, DEVICE_RATE.per_minute * device.seats
    )
    wait = limits.take(session, f"press:device:{device.device_id}", DEVICE_RATE, now=now)
    wait = wait or limits.take(session, f"press:table:{device.table_id}", table_rate, now=now)
    if wait:
        raise TooMany(
            _("That was fast! It is not logged yet. Wait a moment, or log a stack in one go."),
            retry_after=wait,
        )


def find_row(session: Session, op: str) -> RowMapping | None:
    """The ledger row of this op, if there is one."""
    return session.execute(select(ENTRY).where(ENTRY.c.op == op)).mappings().one_or_none()


def get_end_of_chain(session: Session, event_id: int, log_op: str) -> RowMapping:
    """The last act on a logged entry of this event; raises NotFound."""
    end = (
        session.execute(
            select(ENTRY)
            .where(ENTRY.c.log_op == log_op, ENTRY.c.event_id == event_id)
            .order_by(ENTRY.c.seq.desc())
            .limit(1)
        )
        .mappings()
        .one_or_none()
    )
    if end is None:
        raise NotFound(_("There is no such entry at this event."))
    return end


def check_same(known: RowMapping, press: Press, facts: Facts, table_id: int | None) -> None:
    """A used op is the same press only with the same content; raises Conflict."""
    first = (known["act"], known["table_id"], known["case_id"], known["kind"], known["quantity"])
    if first != ("log", table_id, facts.case_id, press.kind, press.quantity):
        raise Conflict(_("This press was already used for something else."), error="op_reused")


def check_unused(known: RowMapping | None) -> None:
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
