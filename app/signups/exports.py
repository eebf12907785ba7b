"""An event's lists and who came, as a table to take along: made in memory, never on the disk."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime

from flask_babel import gettext as _

from app.audit import note_deed
from app.database import event_scope, write
from app.events.models import Event
from app.signups.queries import Party, list_parties
from app.signups.wording import list_title, nameless_in_words, state_word
from app.spreadsheets import stream_rows

Cell = str | int
WIDTHS = (24, 28, 9, 9, 18, 30, 12, 28, 40, 9, 18)


def note_export(event: Event, *, by: str, now: datetime) -> None:
    """Write down who took an event's names along, before the first is handed out."""
    with write(event_scope(event.id)) as session:
        note_deed(
            session,
            actor=by,
            verb="names_exported",
            thing="event",
            thing_id=event.id,
            now=now,
        )


def headings() -> list[str]:
    """Of the columns, in the reader's language."""
    return [
        _("List"),
        _("Name"),
        _("People"),
        _("Arrived"),
        _("State"),
        _("E-mail"),
        _("Language"),
        _("Access needs"),
        _("Note"),
        _("Wants news"),
        _("Signed up"),
    ]


def export_rows(event: Event) -> Iterator[list[Cell]]:
    """Every party on the event's lists, list by list, first come first."""
    yes = _("yes")
    for party in list_parties(event.id):
        yield [list_title(party.sign_up.list), *_cells(party, event, yes)]


def export_csv(event: Event) -> Iterator[bytes]:
    """The same as CSV, piece by piece; everything is read at once."""
    rows = list(export_rows(event))
    return stream_rows(headings(), ([str(cell) for cell in row] for row in rows))


def export_xlsx(event: Event) -> bytes:
    """The same as a workbook; what somebody typed is text in it, never a formula or a link."""
    from xlsxwriter import Workbook

    file = io.BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet()
        for column, (heading, width) in enumerate(zip(headings(), WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, heading, bold)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(export_rows(event), 1):
            for column, cell in enumerate(row):
                if isinstance(cell, int):
                    sheet.write_number(number, column, cell)
                elif cell:
                    sheet.write_string(number, column, cell)
    return file.getvalue()


def _cells(party: Party, event: Event, yes: str) -> list[Cell]:
    one, person = party
    said = person or (nameless_in_words(one), "", "", "")
    name, email, access_needs, note = said
    return [
        name,
        one.party_size,
        one.arrived,
        state_word(one),
        email,
        one.language,
        access_needs,
        note,
        yes if one.wants_news else "",
        f"{one.created_at.astimezone(event.zone):%Y-%m-%d %H:%M}",
    ]
