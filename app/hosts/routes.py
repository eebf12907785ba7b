"""Anybody offers to hold an event; admins answer, and keep the list of hosts."""

from __future__ import annotations

from typing import Any

from flask import flash, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.datastructures import CombinedMultiDict

from app.accounts.access import admins_only
from app.accounts.networks import client_network, limit_key
from app.campaigns.queries import get_campaign
from app.campaigns.regions import list_regions
from app.clock import now
from app.exceptions import Conflict, RuleBroken, TooMany
from app.fields import Clash, clash_between, read_id, sent_form
from app.formatting import number
from app.fragments import Answer, respond, see_other
from app.hosts import actions, queries, region_routes
from app.hosts.blueprint import blueprint
from app.hosts.forms import DeclineForm, HostForm, HostListForm, OfferForm
from app.hosts.kinds import KINDS
from app.hosts.lists import read_hosts
from app.hosts.models import Host, Offer
from app.outbox.owing import is_mail_on

__all__ = ["blueprint", "region_routes"]

PAGE = 100
"""Hosts on a page of their list."""


@blueprint.route("/organise/", methods=["GET", "POST"])
def organise() -> Answer:
    """Offer to hold an event."""
    campaign = get_campaign()
    form = OfferForm(sent_form())
    if form.is_from_a_machine:
        return see_other(url_for("hosts.thanks"))
    if not form.validate_on_submit():
        return show_offer_form(form, 422 if form.is_submitted() else 200)
    network = limit_key("offer", client_network())
    try:
        actions.offer_event(campaign, form.fields(), network=network, now=now())
    except RuleBroken as refusal:
        form[refusal.field or "name"].errors = [refusal.message]
        return show_offer_form(form, 422)
    except TooMany as refusal:
        form.name.errors = [refusal.message]
        answer = show_offer_form(form, refusal.status)
        answer.headers["Retry-After"] = str(refusal.retry_after)
        return answer
    return see_other(url_for("hosts.thanks"))


@blueprint.get("/organise/thanks")
def thanks() -> Answer:
    """The same words for everybody who offered."""
    return respond("hosts/thanks.html", "hosts/_thanks.html")


@blueprint.get("/section/hosts")
@admins_only
def hosts() -> Answer:
    """Offers that wait for an answer, and every host there is."""
    return show_hosts()


@blueprint.post("/section/hosts/approve")
@admins_only
def approve() -> Answer:
    """Say yes to those that were ticked."""
    ids = list(filter(None, map(read_id, request.form.getlist("offer")[:500])))
    if not ids:
        flash(_("Tick the offers first."), "info")
        return see_other(url_for("hosts.hosts"))
    count = actions.approve_offers(ids, by=current_user, now=now())
    flash(say_approved(count), "success")
    return see_other(url_for("hosts.hosts"))


@blueprint.route("/section/hosts/offers/<int:offer_id>/decline", methods=["GET", "POST"])
@admins_only
def decline(offer_id: int) -> Answer:
    """Say no to one, kindly."""
    offer = queries.get_offer(offer_id)
    form = DeclineForm(sent_form())
    if not form.validate_on_submit():
        return show_decline(form, offer, 422 if form.is_submitted() else 200)
    actions.decline_offer(offer, reason=form.reason.data or "", by=current_user, now=now())
    flash(_("Declined. Write them a kind word, too."), "success")
    return see_other(url_for("hosts.hosts"))


@blueprint.route("/section/hosts/new", methods=["GET", "POST"])
@admins_only
def new_host() -> Answer:
    """Write down a host."""
    form = HostForm(sent_form())
    if form.validate_on_submit():
        try:
            actions.add_host(form.fields(), by=current_user, now=now())
        except RuleBroken as refusal:
            form[refusal.field or "name"].errors = [refusal.message]
        else:
            flash(_("The host is on the list."), "success")
            return see_other(url_for("hosts.hosts"))
    return show_host(form, None, 422 if form.is_submitted() else 200)


@blueprint.route("/section/hosts/<int:host_id>", methods=["GET", "POST"])
@admins_only
def host(host_id: int) -> Answer:
    """A host, and the events it held."""
    found = queries.get_host(host_id)
    form = HostForm(sent_form(), obj=found)
    if not form.validate_on_submit():
        return show_host(form, found, 422 if form.is_submitted() else 200)
    who: dict[str, Any] = {"by": current_user, "now": now()}
    try:
        actions.edit_host(found, form.fields(), edit_version=form.edit_version.data, **who)
    except RuleBroken as refusal:
        form[refusal.field or "name"].errors = [refusal.message]
        return show_host(form, found, refusal.status)
    except Conflict as refusal:
        clash = clash_between(form, HostForm(None, obj=found), refusal)
        return show_host(form, found, refusal.status, clash)
    flash(_("The host is saved."), "success")
    return see_other(url_for("hosts.hosts"))


@blueprint.post("/section/hosts/<int:host_id>/forget")
@admins_only
def forget_host(host_id: int) -> Answer:
    """Take a host off the list for good."""
    actions.forget_host(queries.get_host(host_id), by=current_user, now=now())
    flash(_("The host is forgotten. Its events are still there."), "success")
    return see_other(url_for("hosts.hosts"))


@blueprint.route("/section/hosts/import", methods=["GET", "POST"])
@admins_only
def import_hosts() -> Answer:
    """Take a whole list of hosts, all of them or none."""
    if request.method == "GET":
        return show_import(HostListForm(None), [], 200)
    form = HostListForm(CombinedMultiDict([request.files, request.form]))
    if not form.validate():
        return show_import(form, [], 422)
    try:
        wanted = read_hosts(request.files["file"].read(), list_regions())
    except RuleBroken as refusal:
        form.file.errors = [refusal.message]
        return show_import(form, getattr(refusal, "faults", []), 422)
    count = actions.import_hosts(wanted, by=current_user, now=now())
    flash(
        ngettext(
            "%(shown)s host is taken.", "%(shown)s hosts are taken.", count, shown=number(count)
        ),
        "success",
    )
    return see_other(url_for("hosts.hosts"))


def say_approved(count: int) -> str:
    """What has happened to the offers that were ticked."""
    shown = {"shown": number(count)}
    if is_mail_on():
        return ngettext(
            "A draft is ready, and its invitation is on its way.",
            "%(shown)s drafts are ready, and their invitations are on their way.",
            count,
            **shown,
        )
    return ngettext(
        "A draft and an invitation are ready. Send the link.",
        "%(shown)s drafts and their invitations are ready. Send the links.",
        count,
        **shown,
    )


def show_offer_form(form: OfferForm, status: int) -> Any:
    """The form of an offer."""
    return respond("hosts/organise.html", "hosts/_organise.html", status, form=form)


def show_hosts() -> Answer:
    """The page of offers and hosts."""
    search = request.args.get("q", "").strip()[:80]
    region = request.args.get("region", "")
    rows = queries.list_hosts(search, region)
    after = request.args.get("after", "")
    first = read_id(after) or 0
    first = first if first < len(rows) else 0
    return respond(
        "hosts/hosts.html",
        "hosts/_hosts.html",
        offers=queries.list_offers("waiting"),
        declined=queries.list_offers("declined"),
        rows=rows[first : first + PAGE],
        next_from=first + PAGE if len(rows) > first + PAGE else None,
        is_first=first == 0,
        search=search,
        region=region,
        regions=list_regions(),
        kinds=KINDS,
    )


def show_decline(form: DeclineForm, offer: Offer, status: int) -> Answer:
    """The question why."""
    page = ("hosts/decline.html", "hosts/_decline.html")
    return respond(*page, status, form=form, offer=offer)


def show_host(
    form: HostForm, found: Host | None, status: int, clash: Clash | None = None
) -> Answer:
    """The form of a host, with its events when it is there already."""
    events = queries.list_events_of(found) if found else []
    said = {"form": form, "host": found, "clash": clash, "events": events}
    return respond("hosts/host.html", "hosts/_host.html", status, **said)


def show_import(form: HostListForm, faults: list[Any], status: int) -> Answer:
    """How a list looks, and what was wrong with one."""
    page = ("hosts/import.html", "hosts/_import.html")
    return respond(*page, status, form=form, faults=faults, kinds=KINDS, regions=list_regions())
