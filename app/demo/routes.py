"""The invented cases, for a newcomer to begin with."""

from __future__ import annotations

from flask import Blueprint, url_for
from flask_login import current_user

from app.accounts.access import admins_only
from app.campaigns.held_files import hold_file
from app.clock import now
from app.demo.practice import pack_practice_cases
from app.fragments import Answer, see_other

blueprint = Blueprint("demo", __name__)


@blueprint.post("/section/cases/practice")
@admins_only
def practise() -> Answer:
    """Look into the twelve as into any file; nothing is taken in yet."""
    data = pack_practice_cases(now().date())
    token = hold_file(data, owner=current_user.public_id, now=now())
    return see_other(url_for("campaigns.import_preview", held=token))
