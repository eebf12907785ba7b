"""Paper at the door: the sign-in sheet, the helpers' rota, and typing the sheet back in."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
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
from app.fragments import Answer, see_other
from app.languages import prefer
from app.qr import draw_qr, is_loopback_address, public_link
from app.signups.blueprint import blueprint
from app.signups.door_actions import Ticked, tick_all
from app.signups.door_forms import read_op, read_seen
from app.signups.door_queries import find_usual_list
from app.signups.queries import list_lists
from app.signups.sheet_line import SheetLine, read_line
from app.signups.sheet_queries import SheetRow, list_sheet, list_shifts
from app.signups.wording import shift_in_words

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
    moment = now()
    back = url_for("signups.sheet", slug=slug, printed=stamp_of(moment))
    return render_template(
        "signups/sign_in_sheet.html",
        event=event,
        rows=list_sheet(event, printed_at=moment),
        blanks=BLANK_ROWS,
        printed_at=moment,
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
        shift_in_words=shift_in_words,
        printed_at=now(),
    )


@blueprint.route("/desk/events/<slug>/door/sheet", methods=["GET", "POST"])
@signed_in
def sheet(slug: str) -> Answer:
    """Type a ticked sheet back in: numbers or ticks, a look at what they mean, then save."""
    event = get_own_event(current_user, slug)
    printed_at = moment_of_stamp(request.values.get("printed", ""))
    rows = list_sheet(event, printed_at=printed_at)
    if request.method != "POST":
        return show_sheet(event, rows, printed_at, Sent("", {}))
    sent = Sent(request.form.get("numbers", "")[:MOST_TYPED], read_ticks())
    try:
        line = read_line(sent.numbers, last=len(rows))
        shown = request.form.get("shown", "")[:MOST_TYPED]
        if sent.numbers != shown:
            sent = Sent(sent.numbers, tick_line(rows, sent.ticked, line, shown))
            return show_sheet(event, rows, printed_at, sent, line)
        said = save(event, sent, line)
    except Refusal as refusal:
        return show_sheet(event, rows, printed_at, sent, refusal=refusal)
    flash(said, "success")
    return see_other(url_for("signups.sheet", slug=slug, printed=stamp_of(printed_at)))


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
    before = read_line(shown, last=len(rows)).rows if shown else frozenset()
    gone = {row.sign_up.public_id for row in rows if row.number in before}
    meant = {row.sign_up.public_id: row.sign_up.arrived for row in rows if row.number in line.rows}
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
    printed_at: datetime,
    sent: Sent,
    line: SheetLine | None = None,
    refusal: Refusal | None = None,
) -> Answer:
    """The sheet's rows in the sheet's order, some ticked, with what was wrong in the line."""
    facts: dict[str, Any] = {"line": line, "refusal": refusal, "op": secrets.token_hex(8)}
    page = render_template(
        "signups/sheet.html",
        event=event,
        rows=rows,
        sent=sent,
        printed_at=printed_at,
        stamp=stamp_of(printed_at),
        shown=sent.numbers if line else "",
        **facts,
    )
    return page, refusal.status if refusal else 200


def read_ticks() -> dict[str, int]:
    """The boxes that are ticked; what is no box of ours is left out."""
    return dict(filter(None, map(read_seen, request.form.getlist("row"))))


def stamp_of(moment: datetime) -> str:
    """When a sheet was printed, as its code says it."""
    return str(int(moment.timestamp()) + 1)


def moment_of_stamp(stamp: str) -> datetime:
    """The moment again; now, when nothing or nonsense was said."""
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 10):
        return now()
    return min(datetime.fromtimestamp(int(stamp), tz=UTC), now())
