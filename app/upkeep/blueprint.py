"""The feature's one blueprint."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("upkeep", __name__)
