"""The door: who is here, tapped by name or counted by heads, by several organisers at once."""

from __future__ import annotations

import secrets
from typing import Any, NamedTuple

from flask import flash, make_response, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app.accounts.access import signed_in
from app.clock import now
from app.events.access import get_own_event
from app.events.models import Event
from app.exceptions import Refusal
from app.fields import pick_list, read_id, sent_form
from app.folding import ONE_FOR_ALL
from app.fragments import Answer, respond, see_other, wants_fragment
from app.signups import door_actions
from app.signups.access import get_list, get_own_sign_up
from app.signups.blueprint import blueprint
from app.signups.door_forms import Tap, WalkInForm, read_heads, read_op, read_tap
from app.signups.door_queries import Door, Guest, find_called, find_usual_list, read_door
from app.signups.models import SignUpList
from app.signups.wording import list_title

MOST_TYPED = 80


class View(NamedTuple):
    """What the organiser looks at: a name typed, one list or all, the last tap."""

    typed: str
    list_id: int | None
    last: str

    @property
    def query(self) -> dict[str, Any]:
        """The same for an address, without what is not said."""
        said: dict[str, Any] = {"q": self.typed, "list": self.list_id, "last": self.last}
        return {name: value for name, value in said.items() if value}


class LastTap(NamedTuple):
    """Whose tap was the last, and the tap that undoes it."""

    guest: Guest
    undoing: Tap


@blueprint.get("/desk/events/<slug>/door")
@signed_in
def door(slug: str) -> Answer:
    """Everybody who is expected, and how many are here; 204 for a screen that knows it all."""
    event = get_own_event(current_user, slug)
    if wants_fragment() and request.args.get("v") == str(event.lists_version):
        answer = make_response("", 204)
        answer.vary.add("HX-Request")
        return answer
    return show_door(event, view_of())


@blueprint.post("/desk/events/<slug>/door/taps")
@signed_in
def tap(slug: str) -> Answer:
    """A tap on a name: they are here, or so many of them, or not after all."""
    event = get_own_event(current_user, slug)
    view = view_of()
    try:
        last = carry_out(event)
    except Refusal as refusal:
        return show_door(event, view, refusal)
    view = view._replace(last=last)
    if wants_fragment():
        return show_door(event, view)
    return see_other(url_for("signups.door", slug=slug, **view.query))


@blueprint.post("/desk/events/<slug>/door/walk-ins")
@signed_in
def add_walk_in(slug: str) -> Answer:
    """Let somebody in who did not sign up."""
    event = get_own_event(current_user, slug)
    lists = read_door(event).lists
    form = walk_in_form(lists, sent_form())
    if not form.validate():
        return show_walk_in(event, form, 422)
    onto = get_list(event, int(form.onto.data))
    who: dict[str, Any] = {"name": str(form.name.data), "people": form.people.data}
    op = read_op(str(form.op.data))
    try:
        door_actions.add_walk_in(onto, **who, op=op, actor=current_user.public_id, now=now())
    except Refusal as refusal:
        form.people.errors = [refusal.message]
        return show_walk_in(event, form, refusal.status)
    people = form.people.data or 1
    if wants_fragment():
        words = said_of_walk_ins(people, str(form.name.data))
        return show_walk_in(event, walk_in_form(lists, onto=onto.id), said=words)
    # Without the name: a notice travels in a cookie, which anybody at this phone can read.
    flash(said_of_walk_ins(people, ""), "success")
    return see_other(url_for("signups.door", slug=slug))


@blueprint.post("/desk/events/<slug>/door/heads")
@signed_in
def count_heads(slug: str) -> Answer:
    """So many more have come, or gone."""
    event = get_own_event(current_user, slug)
    more = read_heads(request.form.get("more", ""))
    op = read_op(request.form.get("op", ""))
    if request.form.get("way") == "go":
        more = -more
    try:
        door_actions.count_heads(event, more=more, op=op, now=now())
    except Refusal as refusal:
        return show_door(event, view_of(), refusal)
    return show_door(event, view_of()) if wants_fragment() else to_door(slug)


@blueprint.post("/desk/events/<slug>/door/counting")
@signed_in
def choose_counting(slug: str) -> Answer:
    """Count heads alone, or tick names again."""
    event = get_own_event(current_user, slug)
    heads = request.form.get("heads") == "yes"
    door_actions.choose_counting(event, heads=heads, actor=current_user.public_id, now=now())
    return to_door(slug)


@blueprint.post("/desk/events/<slug>/door/people")
@signed_in
def use_as_people(slug: str) -> Answer:
    """Take the door's number as the number of people who came."""
    event = get_own_event(current_user, slug)
    people = read_heads(request.form.get("people", ""))
    try:
        door_actions.use_as_people(event, people=people, actor=current_user.public_id, now=now())
    except Refusal as refusal:
        return show_door(event, view_of(), refusal)
    flash(_("Saved as the number of people who came."), "success")
    return to_door(slug)


def to_door(slug: str) -> Answer:
    """Back to where the button was."""
    return see_other(url_for("signups.door", slug=slug))


def view_of() -> View:
    """What the address or the form says of the view; whatever is odd is left out."""
    return View(
        request.values.get("q", "")[:MOST_TYPED],
        read_id(request.values.get("list", "")),
        request.values.get("last", "")[:40],
    )


def carry_out(event: Event) -> str:
    """Do what the tapped button says; the tap as the view remembers it. Raises Refusal."""
    actor = current_user.public_id
    waits = request.form.get("let_in")
    if waits is not None:
        door_actions.let_in(get_own_sign_up(event, waits), actor=actor, now=now())
        return ""
    wanted = read_tap(request.form.get("tap", ""))
    sign_up = get_own_sign_up(event, wanted.party)
    door_actions.check_in(sign_up, arrived=wanted.arrived, seen=wanted.seen, actor=actor, now=now())
    return str(wanted)


def show_door(
    event: Event,
    view: View,
    refusal: Refusal | None = None,
    form: WalkInForm | None = None,
    status: int = 200,
) -> Answer:
    """The door as it is now, with what was wrong with the last tap or the last walk-in."""
    found = read_door(event)
    guests = found.on_list(view.list_id)
    is_called = find_called([one.key for one in guests], view.typed)
    return respond(
        "signups/door.html",
        "signups/_door.html",
        refusal.status if refusal else status,
        event=event,
        door=found,
        view=view,
        guests=list(zip(guests, is_called, strict=True)),
        last=find_last(found, view.last),
        counts_heads=event.counts_heads or found.is_nameless,
        op=secrets.token_hex(8),
        refusal=refusal,
        form=form or walk_in_form(found.lists, onto=view.list_id),
        letters=ONE_FOR_ALL,
        said=None,
        Tap=Tap,
    )


def find_last(found: Door, last: str) -> LastTap | None:
    """The last tap; None when there is nothing to undo."""
    try:
        done = read_tap(last)
    except Refusal:
        return None
    guest = next((one for one in found.guests if one.sign_up.public_id == done.party), None)
    if guest is None or guest.sign_up.arrived != done.arrived or done.arrived == done.seen:
        return None
    return LastTap(guest, Tap(done.party, done.seen, done.arrived))


def walk_in_form(
    lists: list[SignUpList], sent: Any = None, *, onto: int | None = None
) -> WalkInForm:
    """The form with the event's lists; a guest list comes first."""
    usual = next((one for one in lists if one.id == onto), find_usual_list(lists))
    usual_id = str(usual.id if usual else 0)
    form = WalkInForm(sent, data={"people": 1, "onto": usual_id, "op": secrets.token_hex(8)})
    form.onto.choices = pick_list((str(one.id), list_title(one)) for one in lists)
    return form


def show_walk_in(
    event: Event, form: WalkInForm, status: int = 200, said: str | None = None
) -> Answer:
    """The form for the next walk-in, or for mending this one; without htmx on the whole page."""
    if not wants_fragment():
        return show_door(event, view_of(), form=form, status=status)
    return respond(
        "signups/door.html", "signups/_walk_in.html", status, event=event, form=form, said=said
    )


def said_of_walk_ins(people: int, name: str) -> str:
    """Who has just been let in."""
    if name:
        return str(_("%(name)s is here.", name=name))
    return ngettext("One more person is here.", "%(num)s more people are here.", people)
