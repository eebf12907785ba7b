"""Who runs an event together, on its desk."""

from __future__ import annotations

from flask import flash, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts.access import signed_in
from app.accounts.forms import GuestForm
from app.accounts.invitation_lists import link_of
from app.accounts.people_access import may_read_link
from app.clock import now
from app.events import organiser_actions
from app.events.access import get_own_event
from app.events.blueprint import blueprint
from app.events.models import Event
from app.events.organiser_queries import list_event_invitations
from app.exceptions import Refusal
from app.fields import sent_form
from app.fragments import Answer, see_other


@blueprint.route("/desk/events/<slug>/organisers", methods=["GET", "POST"])
@signed_in
def organisers(slug: str) -> Answer:
    """Those who run the event, and a form to bring in another."""
    event = get_own_event(current_user, slug)
    form = GuestForm(sent_form())
    if not form.validate_on_submit():
        return show_organisers(event, form, 422 if form.is_submitted() else 200)
    try:
        organiser_actions.invite_organiser(
            event,
            email=str(form.email.data),
            name=str(form.name.data),
            by=current_user,
            now=now(),
        )
    except Refusal as refusal:
        form[refusal.field or "email"].errors = [refusal.message]
        return show_organisers(event, form, refusal.status)
    said = _("Here is a link for %(name)s: send it to them.", name=form.name.data)
    flash(said, "success")
    return see_other(url_for("events.organisers", slug=slug))


@blueprint.post("/desk/events/<slug>/organisers/<public_id>/remove")
@signed_in
def remove_organiser(slug: str, public_id: str) -> Answer:
    """Let somebody go; whoever goes by themselves is back at their desk."""
    event = get_own_event(current_user, slug)
    gone = organiser_actions.remove_organiser(event, public_id, by=current_user, now=now())
    flash(_("%(name)s does not run this event any more.", name=gone.name), "success")
    if gone.id == current_user.id and not current_user.is_admin:
        return see_other(url_for("board.desk"))
    return see_other(url_for("events.organisers", slug=slug))


@blueprint.post("/desk/events/<slug>/organisers/invitations/<int:invitation_id>/revoke")
@signed_in
def revoke_organiser_invitation(slug: str, invitation_id: int) -> Answer:
    """Take an invitation to this event back."""
    event = get_own_event(current_user, slug)
    organiser_actions.revoke_organiser_invitation(event, invitation_id, by=current_user, now=now())
    flash(_("The invitation is taken back: its link is dead."), "success")
    return see_other(url_for("events.organisers", slug=slug))


def show_organisers(event: Event, form: GuestForm, status: int) -> Answer:
    """The page of those who run the event, and of who is asked to."""
    page = render_template(
        "events/organisers.html",
        event=event,
        form=form,
        now=now(),
        invited=[
            (one, link_of(one) if may_read_link(current_user, one) else "")
            for one in list_event_invitations(event.id)
        ],
    )
    return page, status
