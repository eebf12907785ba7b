"""What becomes of an event's names, at the desk: until when they stay, along with you, deleted."""

from __future__ import annotations

from flask import Response, flash, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts.access import check_fresh_password, signed_in
from app.clock import now
from app.events.access import get_own_event
from app.events.models import Event
from app.fields import sent_form
from app.fragments import Answer, respond, see_other
from app.signups import exports
from app.signups.blueprint import blueprint
from app.signups.names_forms import DeleteNamesForm
from app.signups.purging import delete_names as delete_now
from app.signups.purging import names_kept

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/desk/events/<slug>/names")
@signed_in
def names(slug: str) -> Answer:
    """Until when the names stay, and how to take them along."""
    event = get_own_event(current_user, slug)
    return render_template("signups/names.html", event=event, kept=names_kept(event, now=now()))


@blueprint.route("/desk/events/<slug>/names/delete", methods=["GET", "POST"])
@signed_in
def delete_names(slug: str) -> Answer:
    """Delete them before their time."""
    event = get_own_event(current_user, slug)
    check_fresh_password()
    form = DeleteNamesForm(sent_form())
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        page = ("signups/delete_names.html", "signups/_delete_names.html")
        return respond(*page, status, form=form, event=event)
    delete_now(event, by=current_user.public_id, now=now())
    flash(_("The names are deleted. How many came stays."), "success")
    return see_other(url_for("signups.names", slug=slug))


@blueprint.get("/desk/events/<slug>/export/sign-ups.csv")
@signed_in
def export_csv(slug: str) -> Answer:
    """The lists and who came, for any spreadsheet."""
    event = _leave_with(slug)
    return _file(Response(exports.export_csv(event), mimetype="text/csv"), event, "csv")


@blueprint.get("/desk/events/<slug>/export/sign-ups.xlsx")
@signed_in
def export_xlsx(slug: str) -> Answer:
    """The same, as a workbook."""
    event = _leave_with(slug)
    return _file(Response(exports.export_xlsx(event), mimetype=XLSX), event, "xlsx")


def _leave_with(slug: str) -> Event:
    event = get_own_event(current_user, slug)
    check_fresh_password()
    exports.note_export(event, by=current_user.public_id, now=now())
    return event


def _file(response: Response, event: Event, ending: str) -> Response:
    # The event's name would stand in the reader's list of downloads; its number says enough.
    name = f"lettertally-sign-ups-{event.id}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
