"""The one box to tick before names are deleted before their time."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms.validators import InputRequired

from app.fields import BooleanField


class DeleteNamesForm(FlaskForm):
    """Nobody can bring names back, so nobody deletes them by a slip."""

    is_sure = BooleanField(
        _l("I know that nobody can bring the names back."),
        validators=[InputRequired(_l("Tick the box if you are sure."))],
    )
