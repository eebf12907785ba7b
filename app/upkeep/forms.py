"""What is looked for in the audit."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField

from app.fields import Day, Pick


class AuditForm(FlaskForm):
    """Read from the address, so that a search can be kept as a link."""

    class Meta:
        csrf = False

    person = HiddenField()
    verb = Pick(_l("Deed"))
    thing = Pick(_l("Done to"))
    since = Day(_l("From"))
    until = Day(_l("Until"))
