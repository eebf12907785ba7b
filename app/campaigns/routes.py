"""The section's season and cases: public pages, and the admins' forms."""

from __future__ import annotations

from flask import Blueprint

from app.fragments import Answer

blueprint = Blueprint("campaigns", __name__)


@blueprint.get("/cases/")
def list_cases() -> Answer:
    return ""


@blueprint.get("/cases/<slug>/")
def show_case(slug: str) -> Answer:
    return ""


@blueprint.get("/section/")
def section() -> Answer:
    return ""


@blueprint.route("/section/campaign", methods=["GET", "POST"])
def edit_campaign() -> Answer:
    return ""


@blueprint.get("/section/cases")
def section_cases() -> Answer:
    return ""


@blueprint.route("/section/cases/new", methods=["GET", "POST"])
def new_case() -> Answer:
    return ""


@blueprint.route("/section/cases/<slug>/edit", methods=["GET", "POST"])
def edit_case(slug: str) -> Answer:
    return ""


@blueprint.post("/section/cases/<slug>/pause")
def pause_case(slug: str) -> Answer:
    return ""


@blueprint.post("/section/cases/<slug>/resume")
def resume_case(slug: str) -> Answer:
    return ""
