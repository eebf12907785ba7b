"""Inviting people: one by one, or a whole list; their links, anew or taken back."""

from __future__ import annotations

from flask import flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.datastructures import CombinedMultiDict

from app.accounts import invitation_actions, queries
from app.accounts.access import admins_only, check_fresh_password
from app.accounts.blueprint import blueprint
from app.accounts.forms import ROLE_NAMES, InviteForm, ListForm
from app.accounts.invitation_actions import Wanted
from app.accounts.invitation_lists import link_of, read_wanted, write_links
from app.accounts.invited import invited_page, read_search
from app.accounts.people_access import get_invitation
from app.clock import now
from app.exceptions import RuleBroken
from app.fields import sent_form
from app.formatting import number
from app.fragments import Answer, see_other
from app.outbox.owing import is_mail_on
from app.spreadsheets import Fault


@blueprint.route("/section/people/invite", methods=["GET", "POST"])
@admins_only
def invite() -> Answer:
    """Ask one person to join."""
    form = InviteForm(sent_form())
    if not form.validate_on_submit():
        page = render_template("accounts/invite.html", form=form)
        return page, 422 if form.is_submitted() else 200
    if form.role.data == "admin":
        check_fresh_password()
    wanted = Wanted(str(form.email.data), str(form.name.data), form.role.data)
    try:
        made = invitation_actions.invite(wanted, by=current_user, now=now())
    except RuleBroken as refusal:
        form[refusal.field].errors = [refusal.message]
        return render_template("accounts/invite.html", form=form), 422
    return see_other(url_for("accounts.invitation", invitation_id=made.id))


@blueprint.route("/section/people/import", methods=["GET", "POST"])
@admins_only
def import_people() -> Answer:
    """Ask a whole list of people to join, all of them or none."""
    check_fresh_password()
    if request.method == "GET":
        return show_list_form(ListForm(None))
    form = ListForm(CombinedMultiDict([request.files, request.form]))
    if not form.validate():
        return show_list_form(form, status=422)
    try:
        wanted = read_wanted(request.files["file"].read())
        count = invitation_actions.invite_many(wanted, by=current_user, now=now())
    except RuleBroken as refusal:
        form.file.errors = [refusal.message]
        return show_list_form(form, getattr(refusal, "faults", []), 422)
    flash(say_invited(count), "success")
    return see_other(url_for("accounts.invitations"))


@blueprint.get("/section/people/invitations")
@admins_only
def invitations() -> Answer:
    """Who is asked and has not answered yet."""
    return render_template(
        "accounts/invitations.html",
        search=read_search(),
        role_names=ROLE_NAMES,
        **invited_page(read_search(), after=request.args.get("after", "")),
    )


@blueprint.get("/section/people/invitations.csv")
@admins_only
def invitation_links() -> Answer:
    """The links of all who are asked, for a spreadsheet."""
    check_fresh_password()
    moment = now()
    waiting = [one for one in queries.list_waiting_invitations() if one.is_open(moment)]
    response = make_response(write_links(waiting))
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = "attachment; filename=invitations.csv"
    return response


@blueprint.get("/section/people/invitations/<int:invitation_id>")
@admins_only
def invitation(invitation_id: int) -> Answer:
    """One invitation, with its link to hand over."""
    found = get_invitation(invitation_id)
    if found.role == "admin":
        check_fresh_password()
    return render_template(
        "accounts/invitation.html",
        invitation=found,
        link=link_of(found) if found.is_open(now()) else "",
        role_names=ROLE_NAMES,
    )


@blueprint.post("/section/people/invitations/<int:invitation_id>/renew")
@admins_only
def renew_invitation(invitation_id: int) -> Answer:
    """Make a new link; the old one is dead."""
    found = get_invitation(invitation_id)
    if found.role == "admin":
        check_fresh_password()
    invitation_actions.renew_invitation(found, by=current_user, now=now())
    if is_mail_on():
        said = _("A new link is on its way to them. The old one does not work any more.")
    else:
        said = _("Here is a new link. The old one does not work any more.")
    flash(said, "success")
    return see_other(url_for("accounts.invitation", invitation_id=invitation_id))


@blueprint.post("/section/people/invitations/<int:invitation_id>/revoke")
@admins_only
def revoke_invitation(invitation_id: int) -> Answer:
    """Take an invitation back."""
    found = get_invitation(invitation_id)
    invitation_actions.revoke_invitation(found, by=current_user, now=now())
    flash(_("The invitation of %(name)s is taken back.", name=found.name), "success")
    return see_other(url_for("accounts.invitations"))


def say_invited(count: int) -> str:
    """What has happened to a list of people."""
    shown = {"shown": number(count)}
    if is_mail_on():
        return ngettext(
            "%(shown)s invitation is on its way.",
            "%(shown)s invitations are on their way.",
            count,
            **shown,
        )
    return ngettext("%(shown)s link is ready.", "%(shown)s links are ready.", count, **shown)


def show_list_form(form: ListForm, faults: list[Fault] | None = None, status: int = 200) -> Answer:
    """The page to send a list from, and what is wrong with the one that was sent."""
    return render_template("accounts/import.html", form=form, faults=faults or []), status
