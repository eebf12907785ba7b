"""The shape of what is typed to sign in."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from app.accounts.passwords import LONGEST


class SignInForm(FlaskForm):
    """Who, and the proof."""

    email = StringField(
        _l("E-mail"),
        [
            InputRequired(_l("Type the e-mail address of your account.")),
            Length(max=254, message=_l("This is longer than an e-mail address can be.")),
        ],
    )
    password = PasswordField(
        _l("Password"),
        [
            InputRequired(_l("Type your password.")),
            Length(max=LONGEST, message=_l("No password here is as long as this.")),
        ],
    )


class PasswordForm(FlaskForm):
    """The proof alone, from somebody who is signed in."""

    password = PasswordField(
        _l("Password"),
        [
            InputRequired(_l("Type your password.")),
            Length(max=LONGEST, message=_l("No password here is as long as this.")),
        ],
    )
