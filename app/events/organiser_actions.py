"""Who runs an event together: bring somebody in, let somebody go, never the last; and forget."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, insert, or_, select

from app.accounts.enrolling import (
    add_invitation,
    check_email,
    check_name,
    note_invitation,
    take_back_invitation,
)
from app.accounts.models import Invitation, User
from app.audit import note_deed
from app.database import SECTION, write
from app.events.models import Event, event_invitation
from app.events.organiser_queries import list_event_invitations
from app.exceptions import Conflict, NotFound, RuleBroken

MOST_INVITED = 20
"""Nobody runs one event with more; a typing machine does not get far."""

KEPT_FOR = timedelta(days=30)
"""After its end, so that it can be made anew, or be asked after."""


def invite_organiser(event: Event, *, email: str, name: str, by: User, now: datetime) -> Invitation:
    """Make a link by which somebody joins those who run the event, on record or not.

    Raises RuleBroken (address, name, organiser already, invited already), Conflict (too many).
    """
    email, name = check_email(email), check_name(name)
    with write(SECTION) as session:
        if email in {person.email for person in event.organisers}:
            raise RuleBroken(_("They run this event with you already."), field="email")
        waiting = list_event_invitations(event.id)
        if email in {one.email for one in waiting if one.is_open(now)}:
            raise RuleBroken(
                _("They are invited already. Take that back for a new link."), field="email"
            )
        if len(waiting) >= MOST_INVITED:
            raise Conflict(_("Many are invited already. Take some invitations back first."))
        actor = by.public_id
        invitation = add_invitation(
            session, email=email, name=name, role="organiser", actor=actor, now=now
        )
        session.flush()
        session.execute(
            insert(event_invitation).values(event_id=event.id, invitation_id=invitation.id)
        )
        note_invitation(session, invitation, "invite_to_event", actor=actor, now=now)
    return invitation


def revoke_organiser_invitation(
    event: Event, invitation_id: int, *, by: User, now: datetime
) -> None:
    """Take back an invitation to this event; raises NotFound when there is none that waits."""
    with write(SECTION) as session:
        waiting = {one.id: one for one in list_event_invitations(event.id)}
        if invitation_id not in waiting:
            raise NotFound(_("This invitation is used or taken back by now."))
        take_back_invitation(session, waiting[invitation_id], actor=by.public_id, now=now)


def remove_organiser(event: Event, public_id: str, *, by: User, now: datetime) -> User:
    """Let somebody go, and the links they made to it; who it was.

    Raises NotFound (does not run it), Conflict (the last).
    """
    with write(SECTION) as session:
        person = next((one for one in event.organisers if one.public_id == public_id), None)
        if person is None:
            raise NotFound(_("They do not run this event."))
        if not any(one.is_active for one in event.organisers if one.id != person.id):
            raise Conflict(_("Somebody has to run the event: bring in another organiser first."))
        event.organisers.remove(person)
        actor = by.public_id
        for invitation in list_event_invitations(event.id):
            if invitation.invited_by == public_id:
                take_back_invitation(session, invitation, actor=actor, now=now)
        verb = "organiser_removed"
        note_deed(session, actor=actor, verb=verb, thing="event", thing_id=event.id, now=now)
    return person


def forget_old_invitations(*, now: datetime) -> None:
    """Drop invitations, whose names and addresses lie open, 30 days after they opened anything."""
    dead = or_(
        *(
            ended < now - KEPT_FOR
            for ended in (Invitation.expires_at, Invitation.accepted_at, Invitation.revoked_at)
        )
    )
    with write(SECTION) as session:
        old = select(Invitation.id).where(dead)
        session.execute(delete(event_invitation).where(event_invitation.c.invitation_id.in_(old)))
        session.execute(delete(Invitation).where(dead))
