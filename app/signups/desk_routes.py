"""The organisers' live page of their lists: look, find, confirm, take off, answer for somebody."""

from __future__ import annotations

from typing import Any

from flask import flash, make_response, request, url_for
from flask.wrappers import Response
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app.accounts.access import signed_in, who
from app.clock import now
from app.events.access import get_own_event
from app.events.models import Event
from app.exceptions import Conflict, Refusal, RuleBroken
from app.fields import sent_form
from app.formatting import languages_named, number, plural_forms
from app.fragments import Answer, respond, see_other, wants_fragment
from app.languages import known_languages
from app.signups import actions, desk_actions
from app.signups.access import get_list, get_own_sign_up
from app.signups.blueprint import blueprint
from app.signups.desk_actions import Done
from app.signups.desk_forms import DEED, Asked, HandForm, read_asked, read_wanted
from app.signups.desk_view import Wanted, count_deed, list_matching, read_desk
from app.signups.erasing import erase_sign_up
from app.signups.list_routes import tell_over
from app.signups.queries import list_lists
from app.signups.sealing import Person
from app.signups.wording import count_sign_ups, state_word

PACE = 1
"""Seconds between two questions of a screen: whoever signs up is on it within two."""


@blueprint.get("/desk/events/<slug>/sign-ups")
@signed_in
def desk_sign_ups(slug: str) -> Answer:
    """Everybody on the event's lists; asked again with the version it stands at, 204."""
    event = get_own_event(current_user, slug)
    if wants_fragment() and request.args.get("v") == str(event.lists_version):
        return make_response("", 204)
    return show_sign_ups(event)


@blueprint.post("/desk/events/<slug>/sign-ups")
@signed_in
def add_by_hand(slug: str) -> Answer:
    """Put somebody on a list who phoned or stopped by."""
    event = get_own_event(current_user, slug)
    form = HandForm.choosing(list_lists(event.id), sent_form())
    if not form.validate():
        return show_sign_ups(event, form, status=422)
    the_list = get_list(event, int(form.list.data))
    person = Person(str(form.name.data), note=form.note.data or "")
    try:
        size = form.party_size.data or 0
        added = desk_actions.add_by_hand(the_list, person, party_size=size, **who())
    except RuleBroken as refusal:
        form.refuse(refusal)
        return show_sign_ups(event, form, status=refusal.status)
    # Without the name: a notice travels in a cookie, which anybody at this phone can read.
    flash(_("Added to the list: %(state)s.", state=state_word(added)), "success")
    return see_other(url_for("signups.desk_sign_ups", slug=slug))


@blueprint.post("/desk/events/<slug>/sign-ups/deeds")
@signed_in
def mend_sign_ups(slug: str) -> Answer:
    """Do something to one sign-up, to those that are ticked, or to all that match."""
    event = get_own_event(current_user, slug)
    wanted = wanted_of(event)
    try:
        asked = read_asked(request.form)
        done = do(event, with_all(event, asked, wanted))
    except (Conflict, RuleBroken) as refusal:
        return show_sign_ups(event, refusal=refusal, status=refusal.status)
    return answer_done(event, wanted, tell(asked.way, done), done.deed)


@blueprint.post("/desk/events/<slug>/sign-ups/undo")
@signed_in
def undo_sign_ups(slug: str) -> Answer:
    """Put back what was taken off together."""
    event = get_own_event(current_user, slug)
    deed = request.form.get("deed", "")
    try:
        done = desk_actions.put_back(event, deed if DEED.fullmatch(deed) else "", **who())
    except Conflict as refusal:
        return show_sign_ups(event, refusal=refusal, status=refusal.status)
    return answer_done(event, wanted_of(event), tell("undo", done))


def wanted_of(event: Event) -> Wanted:
    """What the address narrows the list to."""
    return read_wanted(request.args, [one.id for one in list_lists(event.id)])


def with_all(event: Event, asked: Asked, wanted: Wanted) -> Asked:
    """The deed with everybody it is about by name."""
    if not asked.is_all:
        return asked
    return asked._replace(ids=tuple(list_matching(event, wanted, up_to=asked.up_to)))


def do(event: Event, asked: Asked) -> Done:
    """Do what was asked for; raises Conflict, RuleBroken."""
    if asked.way == "party":
        return change_party(event, asked)
    if asked.way == "erase":
        return erase_person(event, asked)
    ways: dict[str, tuple[Any, dict[str, bool]]] = {
        "confirm": (desk_actions.confirm_sign_ups, {}),
        "decline": (desk_actions.take_off_list, {"is_no": True}),
        "take-off": (desk_actions.take_off_list, {}),
        "said-yes": (desk_actions.say_yes_for, {}),
        "show-name": (desk_actions.show_first_names, {"is_shown": True}),
        "hide-name": (desk_actions.show_first_names, {"is_shown": False}),
    }
    if asked.way not in ways:
        raise RuleBroken(_("Choose what to do with them."))
    action, how = ways[asked.way]
    done: Done = action(event, asked.ids, **who(), **how)
    return done


def change_party(event: Event, asked: Asked) -> Done:
    """Say how many really come."""
    one = get_own_sign_up(event, asked.ids[0] if asked.ids else "")
    actions.change_party(one, size=asked.size or 0, **who())
    return Done(one.party_size)


def erase_person(event: Event, asked: Asked) -> Done:
    """Forget one person, and no second by a slip; raises RuleBroken."""
    one = get_own_sign_up(event, asked.ids[0] if asked.ids else "")
    if not request.form.get("sure") or asked.is_all:
        raise RuleBroken(_("Nothing was deleted: tick the box first."), field="sure")
    erase_sign_up(one, by=current_user.public_id, now=now())
    return Done(1)


def tell(way: str, done: Done) -> str:
    """What was done, in words."""
    n: dict[str, Any] = {"num": done.people, "count": number(done.people)}
    said = {
        "confirm": lambda: _("%(what)s confirmed, %(seated)s with a seat.", **seats_of(done)),
        "decline": lambda: ngettext("%(count)s declined.", "%(count)s declined.", **n),
        "take-off": lambda: ngettext(
            "%(count)s sign-up is off the list.", "%(count)s sign-ups are off the list.", **n
        ),
        "said-yes": lambda: _("Noted: the seat is taken."),
        "show-name": lambda: _("The first name is on the public list."),
        "hide-name": lambda: _("The first name is off the public list."),
        "party": lambda: ngettext("%(count)s person comes.", "%(count)s people come.", **n),
        "erase": lambda: _("Everything about them is deleted."),
        "undo": lambda: _("%(what)s back, %(seated)s with a seat.", **seats_of(done)),
    }
    return str(said[way]())


def seats_of(done: Done) -> dict[str, str]:
    """How many sign-ups, and how many of them have a seat."""
    return {"what": count_sign_ups(done.people), "seated": number(done.seated)}


def answer_done(event: Event, wanted: Wanted, words: str, deed: str = "") -> Answer:
    """The list as it is now, with what was done."""
    if wants_fragment():
        return show_sign_ups(event, done=words, deed=deed)
    if not deed:
        flash(words, "success")
    where: dict[str, Any] = {**wanted.query, "deed": deed or None}
    return see_other(url_for("signups.desk_sign_ups", slug=event.slug, **where))


def show_sign_ups(
    event: Event,
    form: HandForm | None = None,
    *,
    status: int = 200,
    refusal: Refusal | None = None,
    done: str = "",
    deed: str = "",
) -> Response:
    """The page of the event's lists, with whatever there is to say about it."""
    wanted = wanted_of(event)
    lists = list_lists(event.id)
    deed = deed or request.args.get("deed", "")
    if not done and DEED.fullmatch(deed) and (count := count_deed(event, deed)):
        done = tell("take-off", Done(count))
    return respond(
        "signups/sign_ups.html",
        "signups/_sign_ups.html",
        status,
        event=event,
        wanted=wanted,
        lists=lists,
        view=read_desk(event, wanted, now=now()),
        hand=form or HandForm.choosing(lists),
        refusal=refusal,
        done=done,
        deed=deed if done and DEED.fullmatch(deed) else "",
        pace=PACE,
        **words_of(event),
    )


def words_of(event: Event) -> dict[str, Any]:
    """What the page says things with."""
    return {
        "languages": dict(languages_named(known_languages())),
        "count_sign_ups": count_sign_ups,
        "tell_over": tell_over,
        "plural_forms": plural_forms,
        "count_ticked": count_ticked,
        "count_new": count_new,
    }


def count_ticked(count: int) -> str:
    """How many sign-ups are ticked."""
    return ngettext("%(count)s ticked", "%(count)s ticked", count, count=number(count))


def count_new(count: int) -> str:
    """How many have just come, for screen readers."""
    return ngettext("%(count)s new sign-up", "%(count)s new sign-ups", count, count=number(count))
