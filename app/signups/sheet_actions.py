"""Print the sign-in sheet: keep the order of its rows, so that their numbers stay true."""

from __future__ import annotations

from datetime import datetime

from app.database import event_scope, write
from app.events.models import Event
from app.signups.models import PrintedSheet
from app.signups.sheet_queries import find_printed, order_now


def print_sheet(event: Event, *, now: datetime) -> PrintedSheet:
    """The sheet as it is now; printed again with the same rows it is the same one.

    Without anybody on it, or with their names deleted, nothing is kept.
    """
    order, last = order_now(event), find_printed(event, None)
    if last is not None and last.parties == order:
        return last
    printed = PrintedSheet(event_id=event.id, printed_at=now, parties=order)
    if order:
        with write(event_scope(event.id)) as session:
            # Names that are being deleted take the order along.
            if event.names_deleted_at is None:
                session.add(printed)
                session.flush()
                # Whole as it is: what shows it next need not ask for it again.
                session.expunge(printed)
    return printed
