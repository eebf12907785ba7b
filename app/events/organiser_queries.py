"""Who is asked to run an event with others."""

from __future__ import annotations

from sqlalchemy import select

from app.accounts.models import Invitation
from app.database import db
from app.events.models import event_invitation


def list_event_invitations(event_id: int) -> list[Invitation]:
    """The invitations to an event that nobody used or took back, the newest first."""
    return list(
        db.session.execute(
            select(Invitation)
            .join(event_invitation, event_invitation.c.invitation_id == Invitation.id)
            .where(
                event_invitation.c.event_id == event_id,
                Invitation.accepted_at.is_(None),
                Invitation.revoked_at.is_(None),
            )
            .order_by(Invitation.created_at.desc(), Invitation.id.desc())
        ).scalars()
    )
