"""Forms that anybody may send: what keeps machines out without a riddle for people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import current_app
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from itsdangerous import BadData, URLSafeSerializer
from wtforms import HiddenField, StringField

LEAST = timedelta(seconds=3)
"""Nobody reads and fills in a form faster."""


class OpenForm(FlaskForm):
    """A form with a field that nobody sees; `macros/forms.html` draws it with `trap()`."""

    website = StringField()

    @property
    def is_from_a_machine(self) -> bool:
        """Whether it filled in what people do not see."""
        return bool(self.website.data)


class TimedForm(OpenForm):
    """A form that also knows, signed, since when it was on the screen; days do no harm."""

    begun = HiddenField()

    def begin(self, *, now: datetime) -> None:
        """Note when the form was shown, unless it knows already."""
        if self._shown_at() is None:
            self.begun.data = _stamps().dumps(int(now.timestamp() * 1000))

    def doubt(self, *, now: datetime) -> str | None:
        """What to ask of whoever sent it like a machine; sent once more by a person it is taken."""
        shown_at = self._shown_at()
        is_human = shown_at is not None and now - shown_at >= LEAST and not self.is_from_a_machine
        self.website.data = ""
        return None if is_human else _("That was very quick. Look at it once more, and send it.")

    def _shown_at(self) -> datetime | None:
        try:
            return datetime.fromtimestamp(_stamps().loads(self.begun.data or "") / 1000, UTC)
        except (BadData, TypeError, ValueError, OverflowError):
            return None


def _stamps() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.config["SECRET_KEY"]), salt="lettertally form")
