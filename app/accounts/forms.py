"""The shape of what is typed to sign in, about oneself, and about others."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FileField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from app.accounts.passwords import LONGEST, SHORTEST
from app.fields import EditVersion, Line, Pick, pick_list

ROLE_NAMES = {
    "owner": _l("owner"),
    "admin": _l("admin"),
    "organiser": _l("organiser"),
}


def new_password_field(label: Any) -> PasswordField:
    """A field for a password that is chosen here."""
    message = _l("Use %(min)d to %(max)d characters.")
    return PasswordField(
        label,
        [InputRequired(_l("Choose a password.")), Length(SHORTEST, LONGEST, message=message)],
    )


def email_field() -> StringField:
    """A field for the address of an account that is here, or is not."""
    return StringField(
        _l("E-mail"),
        [
            InputRequired(_l("Type the e-mail address of your account.")),
            Length(max=254, message=_l("This is longer than an e-mail address can be.")),
        ],
    )


class SignInForm(FlaskForm):
    """Who, and the proof."""

    email = email_field()
    password = PasswordField(
        _l("Password"),
        [
            InputRequired(_l("Type your password.")),
            Length(max=LONGEST, message=_l("No password here is as long as this.")),
        ],
    )


class ForgottenForm(FlaskForm):
    """Who forgot their password."""

    email = email_field()


class PasswordForm(FlaskForm):
    """The proof alone, from somebody who is signed in."""

    password = PasswordField(
        _l("Password"),
        [
            InputRequired(_l("Type your password.")),
            Length(max=LONGEST, message=_l("No password here is as long as this.")),
        ],
    )


class AccountForm(FlaskForm):
    """What others see of me, and the language I read."""

    name = Line(_l("Name"), most=80, missing=_l("Give the name that others here see."))
    language = Pick(_l("Language"))
    edit_version = EditVersion()


class ChangePasswordForm(FlaskForm):
    """The present password, and the one to come."""

    password = PasswordField(
        _l("Present password"),
        [
            InputRequired(_l("Type your password.")),
            Length(max=LONGEST, message=_l("No password here is as long as this.")),
        ],
    )
    new_password = new_password_field(_l("New password"))


class NewPasswordForm(FlaskForm):
    """A new password, by an admin's link."""

    new_password = new_password_field(_l("New password"))


class AcceptForm(FlaskForm):
    """Somebody who was invited says yes."""

    name = Line(_l("Your name"), most=80, missing=_l("Give the name that others here see."))
    password = new_password_field(_l("Password"))


class GuestForm(FlaskForm):
    """Whom to invite."""

    email = Line(_l("E-mail"), most=254, missing=_l("Give the address of whom you invite."))
    name = Line(_l("Name"), most=80, missing=_l("Give their name, as others will see it."))


class InviteForm(GuestForm):
    """Whom to invite, as what."""

    role = Pick(
        _l("As"),
        choices=pick_list(
            [
                ("organiser", _l("organiser: runs their own events")),
                ("admin", _l("admin: runs the whole section")),
            ]
        ),
        default="organiser",
        required=True,
    )


class RoleForm(FlaskForm):
    """What somebody may do."""

    role = Pick(_l("Role"), required=True)


class ListForm(FlaskForm):
    """A file with a list in it."""

    file = FileField(
        _l("The list, as a CSV file"), [InputRequired(_l("Choose the file with the list."))]
    )
