"""The feature's one blueprint."""

from __future__ import annotations

from flask import Blueprint

from app.hosts.queries import count_waiting_offers

blueprint = Blueprint("hosts", __name__)
blueprint.add_app_template_global(count_waiting_offers)
