"""Events for everybody and at the desk: plan, open, close, tables, and joining a table."""

from __future__ import annotations

from flask import Blueprint

from app.fragments import Answer

blueprint = Blueprint("events", __name__)


@blueprint.get("/events/")
def list_events() -> Answer:
    return ""


@blueprint.get("/events/<slug>/")
def show_event(slug: str) -> Answer:
    return ""


@blueprint.route("/desk/events/new", methods=["GET", "POST"])
def new_event() -> Answer:
    return ""


@blueprint.route("/desk/events/<slug>/edit", methods=["GET", "POST"])
def edit_event(slug: str) -> Answer:
    return ""


@blueprint.post("/desk/events/<slug>/open")
def open_event(slug: str) -> Answer:
    return ""


@blueprint.post("/desk/events/<slug>/close")
def close_event(slug: str) -> Answer:
    return ""


@blueprint.get("/desk/events/<slug>/tables")
def tables(slug: str) -> Answer:
    return ""


@blueprint.post("/desk/events/<slug>/tables")
def add_table(slug: str) -> Answer:
    return ""


@blueprint.post("/desk/events/<slug>/tables/<int:table_id>")
def edit_table(slug: str, table_id: int) -> Answer:
    return ""


@blueprint.post("/desk/events/<slug>/tables/<int:table_id>/new-code")
def renew_code(slug: str, table_id: int) -> Answer:
    return ""


@blueprint.get("/desk/events/<slug>/tables/<int:table_id>/card")
def table_card(slug: str, table_id: int) -> Answer:
    return ""


@blueprint.post("/desk/events/<slug>/devices/<int:device_id>/revoke")
def revoke_device(slug: str, device_id: int) -> Answer:
    return ""


@blueprint.route("/join", methods=["GET", "POST"])
def join() -> Answer:
    return ""


@blueprint.route("/join/<code>", methods=["GET", "POST"])
def join_code(code: str) -> Answer:
    return ""
