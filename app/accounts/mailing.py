"""Links by mail, where mail is on: owed in the transaction that makes them, never after it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.links import token_of
from app.accounts.models import Invitation, PasswordLink, User
from app.keyring import SECTION
from app.languages import usual_language
from app.outbox.owing import forget_mail, is_mail_on, owe
from app.outbox.writing import Mail, link_to, write_mail


def write_invitation_mail(invitation: Invitation) -> Mail | None:
    """What an invitation says, in the section's language; None where mail is off.

    Nobody's words stand in it: the address was typed by somebody else.
    """
    if not is_mail_on():
        return None
    return write_mail(
        "accounts/invitation_mail",
        language=usual_language(),
        link=link_to("accounts.invited", token=token_of("invitation", invitation.nonce)),
        is_admin=invitation.role == "admin",
        until=invitation.expires_at,
    )


def mail_invitation(
    session: Session, invitation: Invitation, *, mail: Mail | None = None, now: datetime
) -> bool:
    """Owe a flushed invitation's link to whoever is invited."""
    mail = mail or write_invitation_mail(invitation)
    if mail is None:
        return False
    return owe(
        session,
        key=f"invitation:{invitation.token_hash}",
        kind="invitation",
        to=invitation.email,
        mail=mail,
        scope=SECTION,
        about=f"invitation:{invitation.id}",
        language=usual_language(),
        now=now,
    )


def forget_invitation_mail(session: Session, invitation: Invitation) -> None:
    """Send a link that is dead, or not needed any more, to nobody."""
    forget_mail(session, about=f"invitation:{invitation.id}")


def mail_password_link(session: Session, user: User, link: PasswordLink, *, now: datetime) -> bool:
    """Owe somebody the link by which they choose a new password."""
    if not is_mail_on():
        return False
    language = user.language or usual_language()
    mail = write_mail(
        "accounts/password_mail",
        language=language,
        link=link_to("accounts.new_password", password_token=token_of("password", link.nonce)),
        until=link.expires_at,
    )
    return owe(
        session,
        key=f"password:{link.token_hash}",
        kind="password",
        to=user.email,
        mail=mail,
        scope=SECTION,
        about=password_mail_of(user),
        language=language,
        now=now,
    )


def password_mail_of(user: User) -> str:
    """By what the mails with a person's links to a new password are forgotten."""
    return f"password:{user.public_id}"
