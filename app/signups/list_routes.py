"""Making an event's lists on the desk: three starts, each asking only what it needs."""

from __future__ import annotations

from flask import flash, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app.accounts.access import signed_in, who
from app.events.access import get_own_event
from app.events.models import Event
from app.exceptions import Conflict, NotFound, RuleBroken
from app.fields import Clash, clash_between, sent_form
from app.formatting import number
from app.fragments import Answer, respond, see_other
from app.signups import list_actions
from app.signups.access import get_list
from app.signups.blueprint import blueprint
from app.signups.list_forms import ListForm, ShiftForm, list_form, shift_forms
from app.signups.models import PURPOSES, SignUpList
from app.signups.wording import list_title

USUAL_ROWS = 3


@blueprint.post("/desk/events/<slug>/sign-ups/lists/usual")
@signed_in
def add_usual_list(slug: str) -> Answer:
    """Put up a guest list as most events want it."""
    event = get_own_event(current_user, slug)
    list_actions.add_lists(event, [list_actions.usual_guest_list(event)], **who())
    flash(_("The guest list is there, and people can sign up on the event’s page."), "success")
    return to_sign_ups(event)


@blueprint.route("/desk/events/<slug>/sign-ups/lists/new", methods=["GET", "POST"])
@signed_in
def new_list(slug: str) -> Answer:
    """Say what a list is for, then what it needs; of helpers several roles at once."""
    event = get_own_event(current_user, slug)
    purpose = request.args.get("purpose", "guests")
    if purpose not in PURPOSES:
        raise NotFound(_("There is no such sort of list."))
    if purpose == "helpers":
        return new_rota(event)
    form = list_form(event, purpose, sent_form())
    if not form.validate_on_submit():
        return show_list_form(event, form, None, 422 if form.is_submitted() else 200)
    try:
        list_actions.add_lists(event, [form.fields()], **who())
    except RuleBroken as refusal:
        form.refuse(refusal)
        return show_list_form(event, form, None, refusal.status)
    flash(_("The list is there, and people can sign up on the event’s page."), "success")
    return to_sign_ups(event)


@blueprint.route("/desk/events/<slug>/sign-ups/lists/<int:list_id>", methods=["GET", "POST"])
@signed_in
def edit_list(slug: str, list_id: int) -> Answer:
    """Change a list; more seats are offered to those who wait, fewer take nobody's away."""
    event = get_own_event(current_user, slug)
    the_list = get_list(event, list_id)
    form = list_form(event, the_list.purpose, sent_form(), the_list)
    if not form.validate_on_submit():
        return show_list_form(event, form, the_list, 422 if form.is_submitted() else 200)
    version = form.edit_version.data
    try:
        over = list_actions.edit_list(the_list, form.fields(), edit_version=version, **who())
    except RuleBroken as refusal:
        form.refuse(refusal)
        return show_list_form(event, form, the_list, refusal.status)
    except Conflict as refusal:
        stored = list_form(event, the_list.purpose, None, the_list)
        clash = clash_between(form, stored, refusal)
        return show_list_form(event, form, the_list, refusal.status, clash)
    flash(_("The list is saved."), "success")
    if over:
        flash(tell_over(over), "warning")
    return to_sign_ups(event)


@blueprint.post(
    "/desk/events/<slug>/sign-ups/lists/<int:list_id>"
    "/<any('up','down','copy','close','open','remove'):way>"
)
@signed_in
def order_lists(slug: str, list_id: int, way: str) -> Answer:
    """Move a list, copy it, close it, open it again, or take an empty one away."""
    event = get_own_event(current_user, slug)
    the_list = get_list(event, list_id)
    title = list_title(the_list)
    if way in ("up", "down"):
        list_actions.move_list(the_list, is_up=way == "up")
        return to_sign_ups(event)
    if way in ("close", "open"):
        list_actions.shut_list(the_list, is_shut=way == "close", **who())
        closed = _("%(name)s takes no more sign-ups.", name=title)
        opened = _("%(name)s takes sign-ups from now on.", name=title)
        flash(closed if way == "close" else opened, "success")
    elif way == "copy":
        copy = list_actions.copy_list(the_list, **who())
        flash(_("Here is the copy of %(name)s. What should be different?", name=title), "success")
        return see_other(url_for("signups.edit_list", slug=slug, list_id=copy.id))
    else:
        list_actions.remove_list(the_list, **who())
        flash(_("%(name)s is gone.", name=title), "success")
    return to_sign_ups(event)


def new_rota(event: Event) -> Answer:
    """Several roles and shifts in one go, each a list of its own."""
    sent = sent_form()
    rows = request.form.get("rows", USUAL_ROWS, type=int)
    if sent is not None and "more" in sent:
        return show_rota(event, shift_forms(event, rows + USUAL_ROWS, sent), 200)
    shifts = shift_forms(event, rows, sent)
    if sent is None:
        return show_rota(event, shifts, 200)
    wanted = [shift for shift in shifts if not shift.is_blank()] or shifts[:1]
    fields = [read_shift(shift, event) for shift in wanted]
    said = [one for one in fields if one is not None]
    if len(said) < len(fields):
        return show_rota(event, shifts, 422)
    try:
        list_actions.add_lists(event, said, **who())
    except RuleBroken as refusal:
        wanted[0].refuse(refusal)
        return show_rota(event, shifts, refusal.status)
    words = ngettext(
        "One role is up.", "%(count)s roles are up.", len(said), count=number(len(said))
    )
    flash(words, "success")
    return to_sign_ups(event)


def read_shift(shift: ShiftForm, event: Event) -> list_actions.ListFields | None:
    """What a line says; None with the errors in it when there is something to mend."""
    if not shift.validate():
        return None
    try:
        return shift.fields(event)
    except RuleBroken as refusal:
        shift.refuse(refusal)
        return None


def to_sign_ups(event: Event) -> Answer:
    """Back to the event's lists."""
    return see_other(url_for("signups.desk_sign_ups", slug=event.slug))


def tell_over(over: int) -> str:
    """That there are more people on a list than it has seats."""
    return ngettext(
        "%(count)s more than seats. Nobody loses a seat; nobody new gets one until there is room.",
        "%(count)s more than seats. Nobody loses a seat; nobody new gets one until there is room.",
        over,
        count=number(over),
    )


def show_rota(event: Event, shifts: list[ShiftForm], status: int) -> Answer:
    """The lines of a new helpers' rota."""
    has_errors = any(shift.errors for shift in shifts)
    return respond(
        "signups/rota.html",
        "signups/_rota.html",
        status,
        event=event,
        shifts=shifts,
        has_errors=has_errors,
    )


def show_list_form(
    event: Event,
    form: ListForm,
    the_list: SignUpList | None,
    status: int,
    clash: Clash | None = None,
) -> Answer:
    """The form of a list that is there, or of a new one."""
    return respond(
        "signups/list_form.html",
        "signups/_list_form.html",
        status,
        event=event,
        form=form,
        list=the_list,
        clash=clash,
    )
