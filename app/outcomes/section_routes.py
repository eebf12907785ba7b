"""Admins tell what became of cases, and keep the totals of past years."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask import flash, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.access import admins_only, who
from app.exceptions import Conflict, RuleBroken
from app.fields import Clash, clash_between, pick_list, sent_form
from app.fragments import Answer, respond, see_other
from app.outcomes import actions, queries
from app.outcomes.blueprint import blueprint
from app.outcomes.forms import ImportForm, OutcomeForm, TotalForm
from app.outcomes.importing import Row, read_totals
from app.outcomes.models import OWN, WORLD, Outcome, PastTotal
from app.spreadsheets import decode


@blueprint.get("/section/outcomes")
@admins_only
def section_outcomes() -> Answer:
    """Every outcome that was told, hidden ones too."""
    outcomes = queries.list_outcomes()
    return respond(
        "outcomes/section_outcomes.html", "outcomes/_section_outcomes.html", outcomes=outcomes
    )


@blueprint.route("/section/outcomes/new", methods=["GET", "POST"])
@admins_only
def new_outcome() -> Answer:
    """Tell what became of a case."""
    form = outcome_form(None, sent_form())
    if not form.validate_on_submit():
        return show_outcome_form(form, None, 422 if form.is_submitted() else 200)
    outcome = actions.tell_outcome(form.fields(), **who())
    flash(_("What became of %(name)s is told.", name=outcome.of_whom), "success")
    return see_other(url_for("outcomes.section_outcomes"))


@blueprint.route("/section/outcomes/<int:outcome_id>/edit", methods=["GET", "POST"])
@admins_only
def edit_outcome(outcome_id: int) -> Answer:
    """Change what was told."""
    outcome = queries.get_outcome(outcome_id)
    form = outcome_form(outcome, sent_form())
    if not form.validate_on_submit():
        return show_outcome_form(form, outcome, 422 if form.is_submitted() else 200)
    version = form.edit_version.data
    try:
        actions.edit_outcome(outcome, form.fields(), edit_version=version, **who())
    except Conflict as refusal:
        clash = clash_between(form, outcome_form(outcome), refusal)
        return show_outcome_form(form, outcome, refusal.status, clash)
    flash(_("It is saved."), "success")
    return see_other(url_for("outcomes.section_outcomes"))


@blueprint.post("/section/outcomes/<int:outcome_id>/remove")
@admins_only
def remove_outcome(outcome_id: int) -> Answer:
    """Take an outcome away for good."""
    actions.remove_outcome(queries.get_outcome(outcome_id), **who())
    flash(_("It is gone, from the pages and from the database."), "success")
    return see_other(url_for("outcomes.section_outcomes"))


@blueprint.get("/section/history")
@admins_only
def section_history() -> Answer:
    """The totals of past years."""
    return respond(
        "outcomes/section_history.html",
        "outcomes/_section_history.html",
        world=queries.list_totals(WORLD),
        own=queries.list_totals(OWN),
    )


@blueprint.route("/section/history/new", methods=["GET", "POST"])
@admins_only
def new_total() -> Answer:
    """Add a year."""
    form = TotalForm(sent_form())
    if not form.validate_on_submit():
        return show_total_form(form, None, 422 if form.is_submitted() else 200)
    try:
        actions.add_total(form.fields(), **who())
    except Conflict as refusal:
        form.year.errors = [refusal.message]
        return show_total_form(form, None, 422)
    flash(_("%(year)s is in the history.", year=form.year.data), "success")
    return see_other(url_for("outcomes.section_history"))


@blueprint.route("/section/history/<int:total_id>/edit", methods=["GET", "POST"])
@admins_only
def edit_total(total_id: int) -> Answer:
    """Change a year."""
    total = queries.get_total(total_id)
    form = TotalForm(sent_form(), obj=total)
    if not form.validate_on_submit():
        return show_total_form(form, total, 422 if form.is_submitted() else 200)
    try:
        actions.edit_total(total, form.fields(), edit_version=form.edit_version.data, **who())
    except Conflict as refusal:
        if refusal.field:
            form.year.errors = [refusal.message]
            return show_total_form(form, total, 422)
        clash = clash_between(form, TotalForm(None, obj=total), refusal)
        return show_total_form(form, total, refusal.status, clash)
    flash(_("%(year)s is saved.", year=form.year.data), "success")
    return see_other(url_for("outcomes.section_history"))


@blueprint.post("/section/history/<int:total_id>/remove")
@admins_only
def remove_total(total_id: int) -> Answer:
    """Take a year away."""
    actions.remove_total(queries.get_total(total_id), **who())
    flash(_("The year is gone from the history."), "success")
    return see_other(url_for("outcomes.section_history"))


@blueprint.route("/section/history/import", methods=["GET", "POST"])
@admins_only
def import_totals() -> Answer:
    """Look at the rows of a file first, then bring them in."""
    form = ImportForm(sent_form())
    if not form.is_submitted():
        return show_import(form)
    try:
        take_file(form)
        if not form.validate():
            return show_import(form, status=422)
        rows = read_totals(str(form.rows.data))
    except RuleBroken as refusal:
        form.rows.errors = [refusal.message]
        return show_import(form, status=422)
    good = [row.fields for row in rows if row.fields]
    if len(good) < len(rows):
        return show_import(form, rows, status=422)
    if "look" in request.form:
        return show_import(form, rows)
    count = actions.import_totals(good, **who())
    flash(
        ngettext(
            "The history is up to date: one year is new or changed.",
            "The history is up to date: %(num)s years are new or changed.",
            count,
        ),
        "success",
    )
    return see_other(url_for("outcomes.section_history"))


def take_file(form: ImportForm) -> None:
    """Put a chosen file's text where rows are pasted, so that it can be looked at and mended."""
    file = request.files.get("file")
    if file and file.filename:
        form.rows.data = decode(file.read()).replace("\r\n", "\n")


class Outlook(NamedTuple):
    """What a row would do."""

    was: actions.TotalFields | None
    will: actions.TotalFields


def show_import(form: ImportForm, rows: list[Row] | None = None, status: int = 200) -> Answer:
    """The form, and once rows were read what they would do."""
    known = {(t.whose, t.year): t for whose in (WORLD, OWN) for t in queries.list_totals(whose)}
    outlook = {}
    for row in rows or []:
        if row.fields:
            old = known.get((row.fields.whose, row.fields.year))
            was = actions.fields_of(old) if old else None
            outlook[row.place] = Outlook(was, actions.renewed(old, row.fields))
    return respond(
        "outcomes/import_history.html",
        "outcomes/_import_history.html",
        status,
        form=form,
        rows=rows or [],
        outlook=outlook,
    )


def show_outcome_form(
    form: OutcomeForm, outcome: Outcome | None, status: int, clash: Clash | None = None
) -> Answer:
    """The form of an outcome that is there, or of a new one."""
    return respond(
        "outcomes/outcome_form.html",
        "outcomes/_outcome_form.html",
        status,
        form=form,
        outcome=outcome,
        clash=clash,
    )


def show_total_form(
    form: TotalForm, total: PastTotal | None, status: int, clash: Clash | None = None
) -> Answer:
    """The form of a year that is there, or of a new one."""
    return respond(
        "outcomes/total_form.html",
        "outcomes/_total_form.html",
        status,
        form=form,
        total=total,
        clash=clash,
    )


def outcome_form(outcome: Outcome | None, sent: Any = None) -> OutcomeForm:
    """The form as it was sent, else as things stand."""
    chosen = request.args.get("case", "") if outcome is None else str(outcome.case_id or "")
    form = OutcomeForm(
        sent, obj=outcome, case_id=chosen, month=str(getattr(outcome, "month", "") or "")
    )
    cases = ((str(case.id), case.name) for case in queries.list_cases_to_tell_of())
    form.case_id.choices = pick_list([("", _("an older case, named below")), *cases])
    return form
