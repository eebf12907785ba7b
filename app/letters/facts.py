"""What decides about an act on the ledger, read inside the act's own write()."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, TypeGuard

from flask_babel import gettext as _
from sqlalchemy import Connection, RowMapping, and_, bindparam, exists, select
from sqlalchemy.orm import Session

from app.campaigns.models import Campaign, Case
from app.events.models import Device, Event, event_case
from app.exceptions import NotFound
from app.letters.ledger import ENTRY, EVENT, Head
from app.prepared import Prepared


class Press(NamedTuple):
    """What somebody pressed: a new letter, or a stack of them."""

    op: str
    case: str
    """The case's slug."""
    kind: str
    quantity: int
    age_ms: int | None = 0
    """How long ago, by the client's own measuring; its clock is not trusted. None: it cannot be."""
    is_confirmed: bool = False
    """They were told that the case is paused and pressed again."""


class Season(NamedTuple):
    """What the campaign says about every act of its events."""

    version: int
    """Its live_version."""
    letter_kinds: str
    """The kinds that it counts as letters, as `letters_in` reads them."""


class Facts(NamedTuple):
    """What decides about a press, read in one row inside its write.

    The `case_` fields are None when the event does not write for that case, the `device_` ones
    when nobody's device pressed, the `known_` ones when the op is new.
    """

    event_id: int
    state: str
    opened_at: datetime | None
    closed_at: datetime | None
    report_submitted_at: datetime | None
    campaign_version: int
    letter_kinds: str
    live_version: int
    chain_seq: int
    chain_head: str
    case_id: int | None
    case_name: str | None
    case_state: str | None
    paused_at: datetime | None
    is_written_for: bool | None
    """Whether the event writes for the case now; a replay is answered even if it stopped."""
    device_revoked_at: datetime | None
    device_seen_at: datetime | None
    known_act: str | None
    known_event_id: int | None
    known_table_id: int | None
    known_case_id: int | None
    known_kind: str | None
    known_quantity: int | None
    known_state: str | None

    @property
    def season(self) -> Season:
        """What the campaign says."""
        return Season(self.campaign_version, self.letter_kinds)

    @property
    def head(self) -> Head:
        """Where the ledger goes on."""
        return Head(self.event_id, self.chain_seq, self.chain_head, self.live_version)


_FACTS = Prepared(
    select(
        Event.id,
        Event.state,
        Event.opened_at,
        Event.closed_at,
        Event.report_submitted_at,
        Campaign.live_version,
        Campaign.letter_kinds,
        Event.live_version,
        Event.chain_seq,
        Event.chain_head,
        Case.id,
        Case.name,
        Case.state,
        Case.paused_at,
        and_(
            Case.state != "draft",
            exists().where(event_case.c.event_id == Event.id, event_case.c.case_id == Case.id),
        ),
        Device.revoked_at,
        Device.last_seen_at,
        ENTRY.c.act,
        ENTRY.c.event_id,
        ENTRY.c.table_id,
        ENTRY.c.case_id,
        ENTRY.c.kind,
        ENTRY.c.quantity,
        ENTRY.c.state,
    )
    .select_from(Event)
    .join(Campaign, Campaign.id == Event.campaign_id)
    .outerjoin(Case, Case.slug == bindparam("case"))
    .outerjoin(Device, Device.id == bindparam("device_id"))
    .outerjoin(ENTRY, ENTRY.c.op == bindparam("op"))
    .where(Event.id == bindparam("event_id"))
)
_HEAD = Prepared(
    select(
        Campaign.live_version,
        Campaign.letter_kinds,
        EVENT.c.id,
        EVENT.c.chain_seq,
        EVENT.c.chain_head,
        EVENT.c.live_version,
    )
    .join_from(EVENT, Campaign, Campaign.id == EVENT.c.campaign_id)
    .where(EVENT.c.id == bindparam("event_id"))
)
_ROW = select(ENTRY).where(ENTRY.c.op == bindparam("op"))
_END_OF_CHAIN = (
    select(ENTRY)
    .where(ENTRY.c.log_op == bindparam("log_op"), ENTRY.c.event_id == bindparam("event_id"))
    .order_by(ENTRY.c.seq.desc())
    .limit(1)
)


def get_facts(
    connection: Connection, event_id: int, press: Press, device_id: int | None = None
) -> Facts:
    """The facts about a press at an event that exists."""
    asked = {"event_id": event_id, "case": press.case, "device_id": device_id, "op": press.op}
    return Facts(*_FACTS.run(connection, **asked)[0])


def get_head(connection: Connection, event_id: int) -> tuple[Season, Head]:
    """What the campaign says, and the end of the event's ledger."""
    version, letter_kinds, *head = _HEAD.run(connection, event_id=event_id)[0]
    return Season(version, letter_kinds), Head(*head)


def has_logged(session: Session, campaign_id: int) -> bool:
    """Whether anything was logged this season, rehearsals apart."""
    return session.execute(
        select(
            exists().where(
                EVENT.c.campaign_id == campaign_id,
                EVENT.c.is_rehearsal.is_(False),
                EVENT.c.chain_seq > 0,
            )
        )
    ).scalar_one()


def find_row(connection: Connection, op: str) -> RowMapping | None:
    """The ledger row of this op, if there is one."""
    return connection.execute(_ROW, {"op": op}).mappings().one_or_none()


def get_end_of_chain(connection: Connection, event_id: int, log_op: str) -> RowMapping:
    """The last act on a logged entry of this event; raises NotFound."""
    end = (
        connection.execute(_END_OF_CHAIN, {"log_op": log_op, "event_id": event_id})
        .mappings()
        .one_or_none()
    )
    if end is None:
        raise NotFound(_("There is no such entry at this event."))
    return end


def is_answer(
    known: RowMapping | None, act: str, log_op: str, *, event_id: int, device_id: int | None = None
) -> TypeGuard[RowMapping]:
    """Whether a row is this very act by the same device, or by the desk: asked again, a replay."""
    asked = {"act": act, "log_op": log_op, "event_id": event_id, "device_id": device_id}
    return known is not None and all(known[name] == value for name, value in asked.items())
