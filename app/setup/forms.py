"""The shape of what the first visitor types."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from app.accounts.forms import new_password_field
from app.fields import Line


class OwnerForm(FlaskForm):
    """The proof of standing before the terminal, and the first admin."""

    code = Line(_l("Code from the terminal"), most=60, missing=_l("Type the code."))
    name = Line(_l("Your name"), most=80, missing=_l("Give the name that others here see."))
    email = Line(_l("E-mail"), most=254, missing=_l("Give the address you will sign in with."))
    password = new_password_field(_l("Password"))
