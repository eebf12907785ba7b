"""*Is everything all right?* and the audit, for admins; a word on the desk when it is not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app, flash, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts.access import admins_only
from app.audit import AuditRow
from app.campaigns.queries import find_section
from app.clock import now
from app.config import Settings
from app.fields import pick_list
from app.fragments import Answer, respond, see_other
from app.upkeep import checks, mail_routes, queries
from app.upkeep.actions import ask_for_job
from app.upkeep.blueprint import blueprint
from app.upkeep.forms import AuditForm
from app.upkeep.waking import wake_ticker
from app.upkeep.wording import deed_in_words, thing_in_words

__all__ = ["blueprint", "mail_routes"]

PAGE = 100


@blueprint.app_context_processor
def warn_of_the_urgent() -> dict[str, Any]:
    """The global `urgent_checks()`; asks nothing until a template does."""
    return {"urgent_checks": lambda: checks.urgent_checks(now=now())}


@blueprint.get("/section/all-right")
@admins_only
def all_right() -> Answer:
    """Everything that keeps the section running, in plain words."""
    found = checks.check_everything(now=now())
    return respond(
        "upkeep/all_right.html",
        "upkeep/_checks.html",
        checks=found,
        summary=checks.sum_up(found),
        runs={run.name: run for run in queries.list_job_runs()},
        now=now(),
    )


@blueprint.post("/section/all-right/<any('backup','verify'):job>")
@admins_only
def ask_for(job: str) -> Answer:
    """Have a backup made, or the count proven, without waiting for its hour."""
    ask_for_job(job, actor=current_user.public_id, now=now())
    wake_ticker()
    flash(_("It has been asked for and begins within a minute. Look again then."), "success")
    return see_other(url_for("upkeep.all_right"))


@blueprint.get("/section/audit")
@admins_only
def audit() -> Answer:
    """Who did what when, the newest first."""
    form = audit_form()
    is_good = form.validate()
    wanted = wanted_by(form) if is_good else queries.Wanted()
    before = request.args.get("before", type=int)
    deeds = queries.list_deeds(wanted, before_id=before, most=PAGE + 1)
    return respond(
        "upkeep/audit.html",
        "upkeep/_deeds.html",
        200 if is_good else 422,
        form=form,
        deeds=deeds[:PAGE],
        next_before=deeds[PAGE - 1].id if len(deeds) > PAGE else None,
        is_newest=before is None,
        asked=asked_for(form),
        **wording_of(deeds, form),
    )


def audit_form() -> AuditForm:
    """The search as it stands in the address, over what there is to look for."""
    form = AuditForm(request.args)
    every = ("", _("everything"))
    for field, found, say in (
        (form.verb, queries.list_verbs(), deed_in_words),
        (form.thing, queries.list_things(), thing_in_words),
    ):
        field.choices = pick_list([every, *((name, say(name)) for name in found)])
        field.data = field.data or ""
    return form


def wanted_by(form: AuditForm) -> queries.Wanted:
    """The search as a query; days are the section's own."""
    return queries.Wanted(
        person=(form.person.data or "")[:16],
        verb=form.verb.data,
        thing=form.thing.data,
        since=midnight(form.since.data) if form.since.data else None,
        until=midnight(form.until.data + timedelta(days=1)) if form.until.data else None,
    )


def midnight(day: date) -> datetime:
    """When a day begins where the section is."""
    settings: Settings = current_app.config["LETTERTALLY"]
    section = find_section()
    zone = section.time_zone if section else settings.time_zone
    return datetime.combine(day, time(), ZoneInfo(zone))


def asked_for(form: AuditForm) -> dict[str, str]:
    """What of the search says something, for links that keep it."""
    named = {name: request.args.get(name, "") for name in form.data}
    return {name: text for name, text in named.items() if text}


def wording_of(deeds: list[AuditRow], form: AuditForm) -> dict[str, Any]:
    """What a row needs to be read: names and words for ids and codes."""
    people = {deed.actor for deed in deeds if deed.actor}
    people |= {deed.thing_id for deed in deeds if deed.thing == "user"}
    say: dict[str, Callable[[str], str]] = {"deed": deed_in_words, "thing": thing_in_words}
    names = queries.name_people(people | {form.person.data or ""})
    return {"names": names, "say": say, "things": queries.name_things(deeds)}
