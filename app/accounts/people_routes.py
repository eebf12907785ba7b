"""The section's people: who is here, what they may do, and how that ends."""

from __future__ import annotations

from flask import flash, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts import people_actions, queries
from app.accounts.access import admins_only, check_fresh_password
from app.accounts.blueprint import blueprint
from app.accounts.forms import ROLE_NAMES, RoleForm
from app.accounts.invited import invited_page, read_search
from app.accounts.links import outside, token_of
from app.accounts.models import User
from app.accounts.people_access import get_person
from app.clock import now
from app.exceptions import Refusal
from app.fields import pick_list, sent_form
from app.fragments import Answer, see_other


@blueprint.get("/section/people")
@admins_only
def people() -> Answer:
    """Everybody who signs in here."""
    search = read_search()
    return render_template(
        "accounts/people.html",
        people=queries.list_people(search),
        search=search,
        waiting=queries.count_waiting_invitations(),
        role_names=ROLE_NAMES,
        **(invited_page(search) if search else {"invitations": []}),
    )


@blueprint.get("/section/people/<public_id>")
@admins_only
def person(public_id: str) -> Answer:
    """One of them, and what may be done."""
    who = get_person(public_id)
    check_fresh_password()
    return show_person(who, role_form(who))


@blueprint.post("/section/people/<public_id>/role")
@admins_only
def change_role(public_id: str) -> Answer:
    """Let somebody do more, or less."""
    who = get_person(public_id)
    check_fresh_password()
    form = role_form(who, sent_form())
    if not form.validate():
        return show_person(who, form, 422)
    try:
        people_actions.change_role(who, form.role.data, by=current_user, now=now())
    except Refusal as refusal:
        form.role.errors = [refusal.message]
        return show_person(who, form, refusal.status)
    flash(_("%(name)s has another role now.", name=who.name), "success")
    return see_other(url_for("accounts.person", public_id=public_id))


@blueprint.post("/section/people/<public_id>/end")
@admins_only
def end_access(public_id: str) -> Answer:
    """Keep somebody out from now on."""
    who = get_person(public_id)
    check_fresh_password()
    people_actions.end_access(who, by=current_user, now=now())
    flash(_("%(name)s is signed out everywhere and stays out.", name=who.name), "success")
    return see_other(url_for("accounts.person", public_id=public_id))


@blueprint.post("/section/people/<public_id>/restore")
@admins_only
def restore_access(public_id: str) -> Answer:
    """Let somebody in again."""
    who = get_person(public_id)
    check_fresh_password()
    people_actions.restore_access(who, by=current_user, now=now())
    flash(_("%(name)s may sign in again.", name=who.name), "success")
    return see_other(url_for("accounts.person", public_id=public_id))


@blueprint.post("/section/people/<public_id>/password-link")
@admins_only
def issue_password_link(public_id: str) -> Answer:
    """Make a link by which somebody chooses a new password."""
    who = get_person(public_id)
    check_fresh_password()
    people_actions.issue_password_link(who, by=current_user, now=now())
    flash(_("The link is ready. Hand it to nobody else."), "success")
    return see_other(url_for("accounts.person", public_id=public_id))


def role_form(who: User, sent: object = None) -> RoleForm:
    """The roles that this admin may give."""
    form = RoleForm(sent, role=who.role)
    given = [name for name in ROLE_NAMES if name != "owner" or current_user.role == "owner"]
    form.role.choices = pick_list((name, ROLE_NAMES[name]) for name in given)
    return form


def show_person(who: User, form: RoleForm, status: int = 200) -> Answer:
    """The page of one of them; an owner's link is shown to owners alone."""
    is_manageable = who.role != "owner" or current_user.role == "owner"
    found = queries.find_password_link(who, now=now()) if is_manageable else None
    token = token_of("password", found.nonce) if found else ""
    path = token and url_for("accounts.new_password", password_token=token)
    page = render_template(
        "accounts/person.html",
        who=who,
        form=form,
        is_manageable=is_manageable,
        is_proven=who.role != "organiser" or queries.is_address_proven(who),
        sessions=queries.list_live_sessions(who, now=now()),
        link=outside(path) if path else "",
        link_until=found and found.expires_at,
        role_names=ROLE_NAMES,
    )
    return page, status
