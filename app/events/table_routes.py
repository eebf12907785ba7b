"""An event's tables at the desk, their cards, and joining one from a phone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import flash, request, url_for
from flask.wrappers import Response
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts.access import signed_in
from app.accounts.networks import client_network, limit_key
from app.clock import now
from app.cookies import set_cookie
from app.events import table_actions
from app.events.access import DEVICE, device_cookie, get_own_device, get_own_event, get_own_table
from app.events.blueprint import blueprint
from app.events.forms import (
    SEATS_FOR_WRITERS,
    USUAL_SEATS,
    JoinForm,
    TableForm,
    form_of_table,
)
from app.events.life_actions import shut_joining as shut
from app.events.models import Event, WritingTable
from app.events.queries import get_table_with_devices, list_tables
from app.events.wording import code_in_parts, seen_in_words
from app.exceptions import Conflict, NotFound, Refusal, RuleBroken
from app.fields import sent_form
from app.fragments import Answer, respond, see_other, wants_fragment
from app.qr import draw_qr, is_loopback_address, public_link

DEVICE_COOKIE_LASTS = timedelta(days=60)


@blueprint.get("/desk/events/<slug>/tables")
@signed_in
def tables(slug: str) -> Answer:
    """Every table with its code, its seats and its devices."""
    return show_tables(get_own_event(current_user, slug))


@blueprint.post("/desk/events/<slug>/tables")
@signed_in
def add_table(slug: str) -> Answer:
    """Put up one more table."""
    event = get_own_event(current_user, slug)
    form = TableForm(sent_form())
    if not form.validate():
        return show_tables(event, form, 422)
    said: dict[str, Any] = {"name": form.name.data, "seats": form.seats.data}
    try:
        table_actions.add_table(event, **said, actor=current_user.public_id, now=now())
    except RuleBroken as refusal:
        form.name.errors = [refusal.message]
        return show_tables(event, form, refusal.status)
    if wants_fragment():
        return show_tables(event)
    flash(_("%(name)s is there. Print its card.", name=form.name.data), "success")
    return see_other(url_for("events.tables", slug=slug))


@blueprint.post("/desk/events/<slug>/tables/<int:table_id>")
@signed_in
def edit_table(slug: str, table_id: int) -> Answer:
    """Rename a table, or change its seats."""
    event = get_own_event(current_user, slug)
    table = get_own_table(event, table_id)
    form = form_of_table(table, sent_form())
    if not form.validate():
        return show_table(table, form, 422)
    said: dict[str, Any] = {"name": form.name.data, "seats": form.seats.data}
    try:
        table_actions.edit_table(table, **said, edit_version=form.edit_version.data)
    except Conflict as refusal:
        form.edit_version.data = table.edit_version
        form.name.errors = [refusal.message]
        return show_table(table, form, refusal.status)
    return show_changed(table, _("%(name)s is saved.", name=table.name))


@blueprint.post("/desk/events/<slug>/tables/<int:table_id>/new-code")
@signed_in
def renew_code(slug: str, table_id: int) -> Answer:
    """Make the card on the table worthless and get a new one."""
    table = get_own_table(get_own_event(current_user, slug), table_id)
    table_actions.renew_code(table, actor=current_user.public_id, now=now())
    return show_changed(table, _("%(name)s has a new code. Print its card.", name=table.name))


@blueprint.post("/desk/events/<slug>/devices/<int:device_id>/revoke")
@signed_in
def revoke_device(slug: str, device_id: int) -> Answer:
    """Sign a device off from its table."""
    device = get_own_device(get_own_event(current_user, slug), device_id)
    table_actions.revoke_device(device, actor=current_user.public_id, now=now())
    return show_changed(device.table, _("The device is signed off."))


@blueprint.post("/desk/events/<slug>/joining")
@signed_in
def shut_joining(slug: str) -> Answer:
    """Let no new phone join, or let them again."""
    event = get_own_event(current_user, slug)
    is_shut = request.form.get("shut") == "yes"
    shut(event, is_shut=is_shut, actor=current_user.public_id, now=now())
    if wants_fragment():
        return show_tables(event)
    flash(_("No new phone can join.") if is_shut else _("Phones can join again."), "success")
    return see_other(url_for("events.tables", slug=slug))


@blueprint.get("/desk/events/<slug>/tables/<int:table_id>/card")
@signed_in
def table_card(slug: str, table_id: int) -> Answer:
    """The card to print for one table."""
    event = get_own_event(current_user, slug)
    return show_cards(event, [get_own_table(event, table_id)])


@blueprint.get("/desk/events/<slug>/tables/cards")
@signed_in
def table_cards(slug: str) -> Answer:
    """The cards to print for all tables."""
    event = get_own_event(current_user, slug)
    return show_cards(event, event.tables)


@blueprint.route("/join", methods=["GET", "POST"])
def join() -> Answer:
    """Type the code of a table, and sit down there."""
    form = JoinForm(sent_form())
    if not form.is_submitted():
        return show_join(form, 200)
    if not form.validate():
        return show_join(form, 422)
    return take_seat(form)


@blueprint.route("/join/<code>", methods=["GET", "POST"])
def join_code(code: str) -> Answer:
    """Scan the code of a table; looking joins nothing, for link scanners look too."""
    form = JoinForm(None, data={"code": code})
    if form.is_submitted():
        return take_seat(form)
    holding = request.cookies.get(device_cookie())
    try:
        table = table_actions.check_guess(
            code, network=guessing_network(), holding=holding, now=now()
        )
    except NotFound as refusal:
        return show_join(form, refusal.status, refusal)
    return respond("events/join_table.html", "events/_join_table.html", table=table)


def take_seat(form: JoinForm) -> Answer:
    """Join the table of the form's code and go there; or say why not, on the form."""
    code = str(form.code.data)
    holding = request.cookies.get(device_cookie())
    try:
        table_actions.check_guess(code, network=guessing_network(), holding=holding, now=now())
        token = table_actions.join_table(code, holding=holding, now=now())
    except (NotFound, Conflict) as refusal:
        return show_join(form, refusal.status, refusal)
    response = see_other(url_for("letters.table_page"))
    set_device_cookie(response, token)
    return response


def guessing_network() -> str:
    """The limit's key of where somebody guesses from; nobody can read an address in it."""
    return limit_key("join", client_network())


def set_device_cookie(response: Response, token: str) -> None:
    """Keep the device at its table for sixty days, also when its browser is killed."""
    set_cookie(response, DEVICE, token, lasts=DEVICE_COOKIE_LASTS)


def show_join(form: JoinForm, status: int, refusal: Refusal | None = None) -> Answer:
    """The one field for a code, with what was wrong with it."""
    if refusal is not None:
        form.code.errors = [refusal.message]
    return respond("events/join.html", "events/_join.html", status, form=form)


def show_tables(event: Event, new: TableForm | None = None, status: int = 200) -> Answer:
    """All tables and the form for one more."""
    return respond(
        "events/tables.html",
        "events/_tables.html",
        status,
        event=event,
        new=new or new_table_form(event),
        **facts_for(event),
    )


def show_table(table: WritingTable, form: TableForm, status: int) -> Answer:
    """One table's sheet for htmx, else all of them, with the form that needs mending."""
    facts = facts_for(table.event) | {"mending": form, "mending_id": table.id}
    each = get_table_with_devices(table, now=now())
    new = new_table_form(table.event)
    return respond(
        "events/tables.html",
        "events/_table_sheet.html",
        status,
        event=table.event,
        each=each,
        new=new,
        **facts,
    )


def show_changed(table: WritingTable, words: str) -> Answer:
    """What became of one table: its sheet for htmx, else the page of all."""
    if wants_fragment():
        return show_table(table, form_of_table(table), 200)
    flash(words, "success")
    return see_other(url_for("events.tables", slug=table.event.slug))


def facts_for(event: Event) -> dict[str, Any]:
    """What the sheets of an event's tables are drawn from."""
    moment = now()
    return {
        "tables": list_tables(event.id, now=moment),
        "form_of_table": form_of_table,
        "draw_qr": draw_qr,
        "join_link": join_link,
        "seen": lambda seen_at: seen_in_words(seen_at, moment),
        "is_loopback": is_loopback_address(),
        "mending": None,
        "mending_id": None,
    }


def join_link(table: WritingTable) -> str:
    """What a table's QR code says."""
    return public_link(url_for("events.join_code", code=table.join_code))


def new_table_form(event: Event) -> TableForm:
    """One more table, with as many seats as its writers' phones may need."""
    seats = SEATS_FOR_WRITERS if event.logged_by == "writer" else USUAL_SEATS
    return TableForm(None, data={"name": next_name(event), "seats": seats})


def next_name(event: Event) -> str:
    """What a new table is called unless somebody knows better."""
    return str(_("Table %(number)s", number=len(event.tables) + 1))


def show_cards(event: Event, tables: list[WritingTable]) -> Answer:
    """Cards to print, one a sheet."""
    cards = [(table, code_in_parts(table.join_code), draw_qr(join_link(table))) for table in tables]
    return respond(
        "events/cards.html",
        "events/_cards.html",
        event=event,
        cards=cards,
        typed_at=public_link(url_for("events.join")).partition("://")[2],
        is_loopback=is_loopback_address(),
    )
