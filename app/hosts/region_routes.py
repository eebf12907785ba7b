"""The section's regions: where its hosts and events are."""

from __future__ import annotations

from flask import flash, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.access import admins_only, who
from app.campaigns.queries import get_section
from app.exceptions import Refusal
from app.fields import sent_form
from app.formatting import number
from app.fragments import Answer, respond, see_other
from app.hosts import queries, region_actions
from app.hosts.blueprint import blueprint
from app.hosts.forms import RegionForm, RegionsForm


@blueprint.route("/section/regions", methods=["GET", "POST"])
@admins_only
def regions() -> Answer:
    """The list, and new ones for it."""
    form = RegionsForm(sent_form())
    if not form.validate_on_submit():
        return show_regions(form, 422 if form.is_submitted() else 200)
    names = [" ".join(line.split()) for line in (form.names.data or "").splitlines()]
    try:
        count = region_actions.add_regions(get_section(), [n for n in names if n], **who())
    except Refusal as refusal:
        form.names.errors = [refusal.message]
        return show_regions(form, refusal.status)
    flash(
        ngettext(
            "%(shown)s region is new.", "%(shown)s regions are new.", count, shown=number(count)
        ),
        "success",
    )
    return see_other(url_for("hosts.regions"))


@blueprint.post("/section/regions/rename")
@admins_only
def rename_region() -> Answer:
    """Call a region otherwise; its hosts and events go with it."""
    form = RegionForm(sent_form())
    if not form.validate():
        return show_regions(RegionsForm(None), 422, form.name.errors[0])
    try:
        name = " ".join(str(form.name.data).split())
        region_actions.rename_region(get_section(), asked(), name, **who())
    except Refusal as refusal:
        return show_regions(RegionsForm(None), refusal.status, refusal.message)
    flash(_("The region is renamed."), "success")
    return see_other(url_for("hosts.regions"))


@blueprint.post("/section/regions/remove")
@admins_only
def remove_region() -> Answer:
    """Take a region that nothing is in off the list."""
    try:
        region_actions.remove_region(get_section(), asked(), **who())
    except Refusal as refusal:
        return show_regions(RegionsForm(None), refusal.status, refusal.message)
    flash(_("The region is off the list."), "success")
    return see_other(url_for("hosts.regions"))


def asked() -> str:
    """Which region a button was about."""
    return request.form.get("region", "")


def show_regions(form: RegionsForm, status: int, refusal: str = "") -> Answer:
    """The page; `refusal` is why a button could not do what it says."""
    return respond(
        "hosts/regions.html",
        "hosts/_regions.html",
        status,
        form=form,
        refusal=refusal,
        regions=get_section().regions,
        counted=queries.count_in_regions(),
    )
