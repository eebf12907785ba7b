"""What an admin does about a person: role, access, a link to a new password."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.enrolling import (
    add_password_link,
    end_password_links,
    end_sessions,
    note_user,
    take_back_links_of,
)
from app.accounts.mailing import mail_password_link, password_mail_of
from app.accounts.models import ROLES, SignInSession, User
from app.accounts.people_access import check_may_manage
from app.accounts.queries import is_address_proven
from app.database import SECTION, write
from app.exceptions import Conflict, NotAllowed
from app.outbox.owing import forget_mail


def change_role(person: User, role: str, *, by: User, now: datetime) -> None:
    """Make somebody owner, admin or organiser.

    Raises NotAllowed (owners are an owner's business), Conflict (the last owner, an address that
    may be somebody else's).
    """
    assert role in ROLES
    with write(SECTION) as session:
        check_may_manage(by, person)
        if role == "owner" and by.role != "owner":
            raise NotAllowed(_("Only an owner of the section may do this."))
        if role != person.role:
            _check_not_the_last_owner(session, person)
            if person.role == "organiser":
                _check_proven(person)
            if role == "organiser":
                take_back_links_of(session, person, actor=by.public_id, now=now)
            person.role = role
            person.edit_version += 1
            note_user(session, person.public_id, f"make_{role}", actor=by.public_id, now=now)


def end_access(person: User, *, by: User, now: datetime) -> None:
    """Keep somebody out from now on, wherever they are signed in; no link of theirs opens.

    Raises NotAllowed (owners are an owner's business), Conflict (oneself, the last owner).
    """
    with write(SECTION) as session:
        check_may_manage(by, person)
        if person.id == by.id:
            raise Conflict(_("You cannot end your own access: ask another admin."))
        _check_not_the_last_owner(session, person)
        person.is_active = False
        person.edit_version += 1
        end_sessions(session, SignInSession.user_id == person.id, now=now)
        end_password_links(session, person.id, now=now)
        forget_mail(session, about=password_mail_of(person))
        take_back_links_of(session, person, actor=by.public_id, now=now)
        note_user(session, person.public_id, "end_access", actor=by.public_id, now=now)


def restore_access(person: User, *, by: User, now: datetime) -> None:
    """Let somebody in again, with the password they had; raises NotAllowed."""
    with write(SECTION) as session:
        check_may_manage(by, person)
        person.is_active = True
        person.edit_version += 1
        note_user(session, person.public_id, "restore_access", actor=by.public_id, now=now)


def issue_password_link(person: User, *, by: User, now: datetime) -> None:
    """Make a link that lets a person choose a new password, and mail it; the one before is dead.

    Raises NotAllowed (owners are an owner's business), Conflict (their access was ended).
    """
    with write(SECTION) as session:
        check_may_manage(by, person)
        if not person.is_active:
            raise Conflict(_("Their access was ended: let them in again first."))
        end_password_links(session, person.id, now=now)
        forget_mail(session, about=password_mail_of(person))
        link = add_password_link(session, person, now=now)
        mail_password_link(session, person, link, now=now)
        note_user(session, person.public_id, "issue_password_link", actor=by.public_id, now=now)


def _check_proven(person: User) -> None:
    if not is_address_proven(person):
        raise Conflict(
            _(
                "An organiser brought them in by a link, so nobody knows whether this address is "
                "theirs. Before you make them an admin, make a link to a new password, and send "
                "it to this address."
            ),
            field="role",
        )


def _check_not_the_last_owner(session: Session, person: User) -> None:
    owners = select(func.count()).where(User.role == "owner", User.is_active, User.id != person.id)
    if person.role == "owner" and not session.scalar(owners):
        raise Conflict(
            _("The section needs an owner: make somebody else one first."), error="last_owner"
        )
