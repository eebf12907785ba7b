"""Paper at the door: the sign-in sheet, the helpers' rota, and typing the sheet back in."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any, NamedTuple

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app.accounts.access import signed_in
from app.clock import now
from app.events.access import get_own_event
from app.events.models import Event
from app.exceptions import Refusal, RuleBroken
from app.fields import read_id
from app.formatting import number
from app.fragments import Answer, see_other
from app.languages import prefer
from app.qr import draw_qr, is_loopback_address, public_link
from app.signups.blueprint import blueprint
from app.signups.door_actions import Ticked, tick_all
from app.signups.door_forms import read_op, read_seen
from app.signups.door_queries import find_usual_list
from app.signups.models import PrintedSheet
from app.signups.queries import list_lists
from app.signups.sheet_actions import print_sheet
from app.signups.sheet_line import SheetLine, read_line
from app.signups.sheet_queries import SheetRow, find_printed, list_sheet, list_shifts

BLANK_ROWS = 12
MOST_TYPED = 2000


class Sent(NamedTuple):
    """What was typed and ticked on the page that types a sheet back in."""

    numbers: str
    ticked: dict[str, int]
    """How many of each party the page said were here."""


@blueprint.get("/desk/events/<slug>/print/sign-in")
@signed_in
def sign_in_sheet(slug: str) -> Answer:
    """Who is expected, to be ticked on paper; what people need stays off a sheet that lies open."""
    event = get_own_event(current_user, slug)
    prefer(event.language, is_for_the_wall=True)
    printed = print_sheet(event, now=now())
    back = url_for("signups.sheet", slug=slug, printed=printed.id)
    return render_template(
        "signups/sign_in_sheet.html",
        event=event,
        rows=list_sheet(event, printed),
        blanks=BLANK_ROWS,
        printed_at=printed.printed_at,
        deleted_on=event.ends_at + timedelta(days=event.keeps_names_days),
        qr=draw_qr(public_link(back)),
        back=back,
        is_loopback=is_loopback_address(),
    )


@blueprint.get("/desk/events/<slug>/print/rota")
@signed_in
def helper_rota(slug: str) -> Answer:
    """Who helps when, with a line for each place that is free."""
    event = get_own_event(current_user, slug)
    prefer(event.language, is_for_the_wall=True)
    return render_template(
        "signups/helper_rota.html",
        event=event,
        shifts=list_shifts(event),
        printed_at=now(),
    )


@blueprint.route("/desk/events/<slug>/door/sheet", methods=["GET", "POST"])
@signed_in
def sheet(slug: str) -> Answer:
    """Type a ticked sheet back in: numbers or ticks, a look at what they mean, then save."""
    event = get_own_event(current_user, slug)
    printed = sheet_of_code(event)
    rows = list_sheet(event, printed)
    if request.method != "POST":
        return show_sheet(event, rows, printed, Sent("", {}))
    sent = Sent(request.form.get("numbers", "")[:MOST_TYPED], read_ticks())
    try:
        line = read_line(sent.numbers, last=last_of(rows))
        shown = request.form.get("shown", "")[:MOST_TYPED]
        if sent.numbers != shown:
            sent = Sent(sent.numbers, tick_line(rows, sent.ticked, line, shown))
            return show_sheet(event, rows, printed, sent, line)
        said = save(event, sent, line)
    except Refusal as refusal:
        return show_sheet(event, rows, printed, sent, refusal=refusal)
    flash(said, "success")
    return see_other(url_for("signups.sheet", slug=slug, printed=printed.id))


def save(event: Event, sent: Sent, line: SheetLine) -> str:
    """Tick what was looked at, and say what came of it; raises Refusal."""
    if not sent.ticked and not line.walk_ins:
        raise RuleBroken(_("Type the numbers of rows, or tick some."), field="numbers")
    is_here = request.form.get("way") != "away"
    lists = [one for one in list_lists(event.id) if one.purpose != "home"]
    onto = find_usual_list(lists)
    walk_ins = line.walk_ins if is_here and onto is not None else 0
    ticked = tick_all(
        event,
        sent.ticked,
        is_here=is_here,
        walk_ins=walk_ins,
        onto=onto,
        op=read_op(request.form.get("op", "")),
        actor=current_user.public_id,
        now=now(),
    )
    return said_of(ticked, walk_ins, is_here)


def tick_line(
    rows: list[SheetRow], ticked: dict[str, int], line: SheetLine, shown: str
) -> dict[str, int]:
    """The line's rows ticked, beside those by hand; not those of the line as it was before."""
    before = read_line(shown, last=last_of(rows)).rows if shown else frozenset()
    gone = {row.sign_up.public_id for row in rows if row.number in before}
    meant = {
        row.sign_up.public_id: row.sign_up.arrived
        for row in rows
        if row.number in line.rows and not row.is_erased
    }
    return {party: seen for party, seen in ticked.items() if party not in gone} | meant


def said_of(ticked: Ticked, walk_ins: int, is_here: bool) -> str:
    """What was saved, and what was not."""
    rows = ticked.changed
    if is_here:
        said = [ngettext("One row is now here.", "%(num)s rows are now here.", rows)]
    else:
        said = [ngettext("One row is now not here.", "%(num)s rows are now not here.", rows)]
    if walk_ins:
        said.append(ngettext("One more person is here.", "%(num)s more people are here.", walk_ins))
    if ticked.skipped:
        said.append(
            ngettext(
                "One row was changed by somebody else, or has ended: look at it again.",
                "%(num)s rows were changed by somebody else, or have ended: look at them again.",
                ticked.skipped,
            )
        )
    return " ".join(said)


def show_sheet(
    event: Event,
    rows: list[SheetRow],
    printed: PrintedSheet,
    sent: Sent,
    line: SheetLine | None = None,
    refusal: Refusal | None = None,
) -> Answer:
    """The sheet's rows in the sheet's order, some ticked, with what was wrong in the line."""
    erased = [row for row in rows if line and row.is_erased and row.number in line.rows]
    facts: dict[str, Any] = {"line": line, "refusal": refusal, "op": secrets.token_hex(8)}
    page = render_template(
        "signups/sheet.html",
        event=event,
        rows=rows,
        sent=sent,
        printed=printed,
        ticked=len(line.rows) - len(erased) if line else 0,
        # Who was ticked before they deleted their data is counted, and no matter any more.
        gone=[number(row.number) for row in erased if not row.sign_up.arrived],
        shown=sent.numbers if line else "",
        **facts,
    )
    return page, refusal.status if refusal else 200


def read_ticks() -> dict[str, int]:
    """The boxes that are ticked; what is no box of ours is left out."""
    return dict(filter(None, map(read_seen, request.form.getlist("row"))))


def sheet_of_code(event: Event) -> PrintedSheet:
    """The sheet whose code was scanned; when nothing or nonsense was said, as it is now."""
    printed_id = read_id(request.values.get("printed", ""))
    found = None if printed_id is None else find_printed(event, printed_id)
    return found or print_sheet(event, now=now())


def last_of(rows: list[SheetRow]) -> int:
    """The last number on the sheet."""
    return max((row.number for row in rows), default=0)
