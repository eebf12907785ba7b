"""Cases as a file: taking the season's with you, and bringing some in after a look at them."""

from __future__ import annotations

from flask import flash, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app import pictures
from app.accounts.access import admins_only
from app.campaigns import import_actions, queries
from app.campaigns.blueprint import blueprint
from app.campaigns.case_files import MOST_BYTES, read_zip, refusal, write_zip
from app.campaigns.case_records import ReadCase, read_cases, record_of
from app.campaigns.held_files import drop_held_file, hold_file, read_held_file
from app.campaigns.import_actions import Choice, Portrait
from app.campaigns.import_plan import Planned, plan_import
from app.campaigns.models import Case
from app.clock import now
from app.exceptions import Conflict, NotFound, RuleBroken
from app.fragments import Answer, respond, see_other, takes_files

MOST_SENT = MOST_BYTES + 1024 * 1024


@blueprint.get("/section/cases.zip")
@admins_only
def export_cases() -> Answer:
    """All the season's cases, with pictures and translations, as a file to hand on."""
    headers = {"Content-Type": "application/zip", "Cache-Control": "no-store"}
    headers["Content-Disposition"] = 'attachment; filename="cases.zip"'
    return pack_cases(queries.list_whole_cases(queries.get_campaign().id)), 200, headers


@blueprint.route("/section/cases/import", methods=["GET", "POST"])
@takes_files(MOST_SENT)
@admins_only
def import_file() -> Answer:
    """Choose a file of cases; it is looked at, and nothing is taken from it yet."""
    queries.get_campaign()
    if request.method == "GET":
        return show_import_form()
    try:
        sent = request.files.get("file")
        if not sent:
            raise refusal(_("Choose a file first."))
        with sent.stream as file:
            data = file.read()
        read_cases(read_zip(data))
    except RuleBroken as refused:
        return show_import_form(refused.message, refused.status)
    token = hold_file(data, owner=current_user.public_id, now=now())
    return see_other(url_for("campaigns.import_preview", held=token))


@blueprint.route("/section/cases/import/<held>", methods=["GET", "POST"])
@admins_only
def import_preview(held: str) -> Answer:
    """What the file would do, case by case; and then do what was chosen."""
    campaign, owner = queries.get_campaign(), current_user.public_id
    reads = read_cases(read_zip(read_held_file(held, owner=owner, now=now())))
    plan = plan_import(reads, queries.list_whole_cases(campaign.id))
    if request.method == "GET":
        return show_preview(held, plan)
    chosen = {each.read.slug: choice_of(each) for each in plan}
    before = queries.list_pictures()
    try:
        portraits = {e.read.slug: portrait_of(e) for e in plan if chosen[e.read.slug].do != "leave"}
        count = import_actions.import_cases(
            campaign,
            reads,
            choices=chosen,
            portraits=portraits,
            is_public=request.form.get("is_public") == "y",
            actor=owner,
            now=now(),
        )
    except (RuleBroken, Conflict) as refused:
        return show_preview(
            held,
            plan_import(reads, queries.list_whole_cases(campaign.id)),
            refused.message,
            refused.status,
        )
    drop_held_file(held, owner=owner)
    pictures.clear_pictures(queries.list_pictures(), gone=before, now=now())
    flash(ngettext("One case was taken in.", "%(num)s cases were taken in.", count), "success")
    return see_other(url_for("campaigns.section_cases"))


@blueprint.post("/section/cases/import/<held>/drop")
@admins_only
def drop_import(held: str) -> Answer:
    """Forget the file without taking anything from it."""
    drop_held_file(held, owner=current_user.public_id)
    flash(_("Nothing was taken from the file."), "success")
    return see_other(url_for("campaigns.section_cases"))


def pack_cases(cases: list[Case]) -> bytes:
    """The cases as a file; a picture whose file is lost is left out."""
    records, files = [], {}
    for case in cases:
        record = record_of(case)
        name = f"pictures/{case.portrait}.webp"
        try:
            files[name] = pictures.read_picture(case.portrait)
            record["portrait"] = {"file": name}
        except NotFound:
            pass
        records.append(record)
    return write_zip(records, files)


def choice_of(planned: Planned) -> Choice:
    """What was chosen for a case; what is not to be chosen there is left."""
    slug = planned.read.slug
    do = request.form.get(f"do-{slug}", "leave")
    return Choice(do if do in planned.choices else "leave", request.form.get(f"seen-{slug}", ""))


def portrait_of(planned: Planned) -> Portrait:
    """The case's picture, kept; raises RuleBroken that names the case."""
    read, case = planned.read, planned.case
    if not read.picture:
        return Portrait()
    if case is not None and read.picture_sum in (case.portrait, case.portrait_made_from):
        return Portrait(case.portrait, case.portrait_made_from)
    return keep_portrait(read)


def keep_portrait(read: ReadCase) -> Portrait:
    """The picture of a case that is new here, kept; raises RuleBroken that names the case."""
    try:
        made = pictures.make_picture(read.picture, name=read.picture_name)
    except RuleBroken as refused:
        raise refusal(f"{read.fields.name}: {refused.message}") from None
    pictures.keep_picture(made)
    return Portrait(made.key, made.made_from)


def show_import_form(refused: str = "", status: int = 200) -> Answer:
    """Where a file is chosen, with what was wrong with the last one."""
    return respond(
        "campaigns/import_cases.html", "campaigns/_import_cases.html", status, refused=refused
    )


def show_preview(held: str, plan: list[Planned], refused: str = "", status: int = 200) -> Answer:
    """What the file would do."""
    return respond(
        "campaigns/import_preview.html",
        "campaigns/_import_preview.html",
        status,
        held=held,
        plan=plan,
        refused=refused,
    )
