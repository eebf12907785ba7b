"""The organisers' list of letters: narrow it, mend it, log for a table."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from flask import flash, request, url_for
from flask.wrappers import Response
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts.access import signed_in
from app.campaigns.own_kinds import kinds_by_name, list_chosen_kinds
from app.clock import now
from app.database import db
from app.events.access import get_own_event
from app.events.models import Event
from app.events.queries import list_named_devices
from app.exceptions import Conflict, Refusal, RuleBroken
from app.formatting import plural_forms
from app.fragments import Answer, respond, see_other, wants_fragment
from app.letters import actions, bulk_actions
from app.letters.blueprint import blueprint
from app.letters.bulk_actions import Outcome
from app.letters.deeds import Deed, find_deed, find_last_deed
from app.letters.desk_forms import ACTS, MOVE, FilterForm, Mend, read_mend
from app.letters.entries import Filter, count_matching, get_listed_entry, list_event_entries
from app.letters.forms import OP, LogForm, read_op
from app.letters.queries import get_sums, list_cases_written_for
from app.letters.wording import (
    count_all,
    count_entries,
    count_letters,
    count_ticked,
    tell_deed,
    tell_skipped,
)

PAGE = 50
WAYS = {
    None: ("take-back", "put-back", "let-in", MOVE),
    "counted": ("take-back", MOVE),
    "waiting": ("let-in", "take-back", MOVE),
    "taken-back": ("put-back",),
    "late": ("take-back", "put-back", MOVE),
}
"""What makes sense for a list that is narrowed to a state."""


@blueprint.get("/desk/events/<slug>/letters")
@signed_in
def desk_letters(slug: str) -> Answer:
    """The event's list of letters, newest first, as far as its address narrows it."""
    event = get_own_event(current_user, slug)
    op, connection = request.args.get("deed", ""), db.session.connection()
    deed = find_deed(connection, event.id, op) if OP.fullmatch(op) else None
    last = None if deed else find_last_deed(connection, event.id, current_user.public_id)
    return show_letters(event, deed=deed, last=last)


@blueprint.post("/desk/events/<slug>/letters/mend")
@signed_in
def mend_letters(slug: str) -> Answer:
    """Take back, put back, let in or move the ticked entries, or all that match."""
    event = get_own_event(current_user, slug)
    form, wanted = read_filter(event)
    if wanted is None:
        return show_letters(event)
    try:
        outcome = mend(event, read_mend(request.form, wanted))
    except (RuleBroken, Conflict) as refusal:
        return show_letters(event, refusal=refusal)
    return answer_mended(event, form, outcome)


@blueprint.post("/desk/events/<slug>/letters/undo")
@signed_in
def undo_mending(slug: str) -> Answer:
    """Undo what was mended in one go, as far as nobody has changed it since."""
    event = get_own_event(current_user, slug)
    who = {"op": read_op(request.form), "actor": current_user.public_id}
    deed_op = read_op({"op": request.form.get("deed", "")})
    form, _wanted = read_filter(event)
    try:
        outcome = bulk_actions.undo_deed(event, deed_op, **who, now=now())
    except Conflict as refusal:
        return show_letters(event, refusal=refusal)
    return answer_mended(event, form, outcome, is_undo=True)


@blueprint.post("/desk/events/<slug>/letters")
@signed_in
def log_at_desk(slug: str) -> Answer:
    """Log on behalf of one of the event's tables."""
    event = get_own_event(current_user, slug)
    form = LogForm.choosing(event.cases, event.tables)
    if not form.validate():
        return show_log_form(event, form, 422)
    press, who = form.press(), {"actor": current_user.public_id, "now": now()}
    try:
        receipt = actions.log_at_desk(event, press, table_id=form.table_id, **who)
    except (RuleBroken, Conflict) as refusal:
        form.refuse(refusal)
        return show_log_form(event, form, refusal.status)
    what = kinds_by_name()[press.kind].counted(press.quantity)
    if receipt.state == "held":
        flash(_("Logged, and waiting for a check: %(what)s.", what=what), "warning")
    else:
        flash(_("Logged: %(what)s.", what=what), "success")
    if any(case.is_paused for case in event.cases if case.slug == press.case):
        flash(_("This case is paused: they count, but do not post these."), "warning")
    return see_other(url_for("board.desk_event", slug=slug))


@blueprint.post("/desk/events/<slug>/letters/<op>/<any('take-back','put-back','let-in'):answer>")
@signed_in
def answer_entry(slug: str, op: str, answer: str) -> Answer:
    """Take an entry back, put it back, or let it in, for one of the user's own events."""
    event = get_own_event(current_user, slug)
    act = {"act": ACTS[answer], "op": read_op(request.form), "actor": current_user.public_id}
    status = 200
    try:
        actions.answer_entry(event, op.lower(), **act, now=now())
    except Conflict:
        # Somebody was faster: for htmx the row itself tells what became of the entry.
        if not wants_fragment():
            raise
        status = 409
    if not wants_fragment():
        return see_other(url_for("letters.desk_letters", slug=slug))
    return show_entry(event, op.lower(), status)


def read_filter(
    event: Event, names: dict[str, Any] | None = None
) -> tuple[FilterForm, Filter | None]:
    """What the address asks for; None with the errors in the form when it asks for nonsense."""
    names = names or names_at(event)
    devices = [(device.id, device.label) for device in names["devices"].values()]
    form = FilterForm.choosing(request.args, names["cases"].values(), event.tables, devices)
    if not form.validate():
        return form, None
    try:
        return form, form.wanted(event.zone)
    except RuleBroken as refusal:
        form.refuse(refusal)
        return form, None


def mend(event: Event, asked: Mend) -> Outcome:
    """Do what was asked for."""
    how: dict[str, Any] = {"op": asked.op, "actor": current_user.public_id, "now": now()}
    if asked.way == MOVE:
        how |= {"case": asked.case, "kind": asked.kind}
        return bulk_actions.move_entries(event, asked.choice, **how)
    return bulk_actions.answer_entries(event, asked.choice, act=ACTS[asked.way], **how)


def answer_mended(
    event: Event, form: FilterForm, outcome: Outcome, *, is_undo: bool = False
) -> Answer:
    """The list as it is now, with what was done and what was not."""
    if wants_fragment() or outcome.deed is None:
        return show_letters(event, deed=outcome.deed, outcome=outcome, is_undo=is_undo)
    if outcome.skipped:
        flash(tell_skipped(outcome), "warning")
    where: dict[str, Any] = form.query | {"slug": event.slug, "deed": outcome.deed.op}
    if is_undo:
        where["undone"] = "1"
    return see_other(url_for("letters.desk_letters", **where))


def show_letters(
    event: Event,
    *,
    refusal: Refusal | None = None,
    deed: Deed | None = None,
    last: Deed | None = None,
    outcome: Outcome | None = None,
    is_undo: bool = False,
) -> Response:
    """The list of letters with whatever there is to say about it."""
    names = names_at(event)
    form, wanted = read_filter(event, names)
    is_undo = is_undo or request.args.get("undone") == "1"
    return respond(
        "letters/desk_letters.html",
        "letters/_entries.html",
        status_of(wanted, refusal, outcome),
        event=event,
        filter=form,
        refusal=refusal,
        done=tell_deed(deed) if deed else "",
        skipped=tell_skipped(outcome) if outcome else "",
        undo=deed.op if deed and deed.way != "undo" and not is_undo else None,
        last=last.op if last else None,
        done_last=tell_deed(last) if last else "",
        **list_page(event, wanted),
        **names,
    )


def status_of(wanted: Filter | None, refusal: Refusal | None, outcome: Outcome | None) -> int:
    """Of a page that says what to mend, or that somebody was faster."""
    if refusal:
        return refusal.status
    if wanted is None:
        return RuleBroken.status
    return Conflict.status if outcome and outcome.deed is None else 200


def list_page(event: Event, wanted: Filter | None) -> dict[str, Any]:
    """Fifty entries, and how many there are of them."""
    before = request.args.get("before", type=int)
    nothing: dict[str, Any] = {"entries": [], "match": None, "counted": None, "next_before": None}
    page = {"before": before, "as_of": event.chain_seq, "ways": WAYS[wanted and wanted.state]}
    if wanted is None:
        return nothing | page
    entries = list_event_entries(event.id, wanted, before_seq=before, most=PAGE + 1)
    is_narrow = wanted != Filter()
    return page | {
        "entries": entries[:PAGE],
        # The whole list grows without end: of that the tally's own sums are told.
        "match": count_matching(event.id, wanted, as_of=event.chain_seq) if is_narrow else None,
        "counted": None if is_narrow else get_sums(event.id).counted,
        "next_before": entries[PAGE - 1].seq if len(entries) > PAGE else None,
    }


def show_entry(event: Event, op: str, status: int) -> Answer:
    """One row of the list of letters, as it stands now."""
    entry = get_listed_entry(event.id, op)
    context = {"event": event, "entry": entry, **names_at(event)}
    return respond("letters/_entry.html", "letters/_entry.html", status, **context)


def show_log_form(event: Event, form: LogForm, status: int) -> Answer:
    """The form for logging on behalf of a table, with what is to be mended in it."""
    return respond(
        "letters/log_at_desk.html", "letters/_log_form.html", status, event=event, log=form
    )


def names_at(event: Event) -> dict[str, Any]:
    """What an entry's ids are called at this event, and how to answer it."""
    return {
        "cases": {case.id: case for case in list_cases_written_for(event.id)},
        "tables": {table.id: table for table in event.tables},
        "devices": {device.id: device for device in list_named_devices(event.id)},
        "kinds": kinds_by_name(),
        "chosen_kinds": list_chosen_kinds(),
        "new_op": new_op,
        "count_entries": count_entries,
        "count_letters": count_letters,
        "count_all": count_all,
        "count_ticked": count_ticked,
        "plural_forms": plural_forms,
    }


def new_op() -> str:
    """An op for a form that no script will touch."""
    return str(uuid4())
