"""Whom an admin may touch, and what a link opens: loading is the permission check."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts.links import hash_of
from app.accounts.models import Invitation, PasswordLink, User
from app.database import db
from app.exceptions import NotAllowed, NotFound


def get_person(public_id: str) -> User:
    """Somebody on record, for admins; raises NotFound."""
    person = db.session.execute(
        select(User).where(User.public_id == public_id)
    ).scalar_one_or_none()
    if person is None:
        raise NotFound(_("There is no such person here."))
    return person


def check_may_manage(me: User, person: User) -> None:
    """Raises NotAllowed unless `me` stands high enough: an owner is an owner's business."""
    if not me.is_active or not me.is_admin or (person.role == "owner" and me.role != "owner"):
        raise NotAllowed(_("Only an owner of the section may do this."))


def get_invitation(invitation_id: int) -> Invitation:
    """An invitation that still waits, for admins; raises NotFound."""
    invitation = db.session.get(Invitation, invitation_id)
    if invitation is None or invitation.accepted_at or invitation.revoked_at:
        raise NotFound(_("This invitation is used or taken back by now."))
    return invitation


def may_read_link(me: User, invitation: Invitation) -> bool:
    """Whether an event's page shows `me` this link: its maker and admins, no other organiser.

    One that makes an admin stands on admins' own pages alone.
    """
    return invitation.role == "organiser" and (me.is_admin or invitation.invited_by == me.public_id)


def get_open_invitation(token: str, *, now: datetime) -> Invitation:
    """What a link opens; one NotFound for unknown, used, expired and taken back alike."""
    invitation = db.session.execute(
        select(Invitation).where(Invitation.token_hash == hash_of(token))
    ).scalar_one_or_none()
    if invitation is None or not invitation.is_open(now):
        raise NotFound(
            _(
                "This invitation does not open any more. It may be used already: then sign in. "
                "Or it is too old: then ask whoever sent it for a new one."
            ),
            error="dead_link",
        )
    return invitation


def get_open_password_link(token: str, *, now: datetime) -> PasswordLink:
    """What a link opens; one NotFound for unknown, used, expired and replaced alike."""
    link = db.session.execute(
        select(PasswordLink).where(PasswordLink.token_hash == hash_of(token))
    ).scalar_one_or_none()
    is_dead = link is None or link.ended_at is not None or link.expires_at <= now
    if link is None or is_dead or not link.user.is_active:
        raise NotFound(
            _("This link does not open any more. Ask an admin of your section for a new one."),
            error="dead_link",
        )
    return link
