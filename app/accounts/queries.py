"""Who is on record, and where they are signed in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from app.accounts.access import IDLE_FOR, SIGNED_IN_FOR
from app.accounts.models import Invitation, PasswordLink, SignInSession, User
from app.addresses import one_spelling
from app.audit import AuditRow
from app.database import db
from app.folding import folded


def find_user_by_email(email: str) -> User | None:
    """The person with this address, whatever its case, if they may still sign in."""
    return db.session.execute(
        select(User).where(User.email == normal_email(email), User.is_active)
    ).scalar_one_or_none()


def find_anybody(email: str) -> User | None:
    """The person with this address, also one whose access was ended."""
    return db.session.execute(
        select(User).where(User.email == normal_email(email))
    ).scalar_one_or_none()


def is_address_proven(person: User) -> bool:
    """Whether no organiser could have made this account in somebody else's place.

    One could whose link it came about by, until its password was chosen anew: by a link that was
    mailed, or that an admin handed over. The audit knows, in which nothing is ever forgotten.
    """
    own = select(AuditRow).where(AuditRow.actor == person.public_id).order_by(AuditRow.id)
    deeds = db.session.execute(
        own.where(AuditRow.verb.in_(("accept_invitation", "choose_password")))
    ).scalars()
    began = None
    for deed in deeds:
        if deed.verb == "choose_password":
            return True
        if deed.happened_at == person.created_at:
            began = deed
    if began is None:
        return True
    # The number of an invitation that was forgotten may be another's by now: the last before.
    maker = (
        select(AuditRow.actor)
        .where(
            AuditRow.thing == "invitation",
            AuditRow.thing_id == began.thing_id,
            AuditRow.verb.in_(("invite", "invite_anew", "invite_to_event")),
            AuditRow.id < began.id,
        )
        .order_by(AuditRow.id.desc())
        .limit(1)
    )
    role = select(User.role).where(User.public_id == maker.scalar_subquery())
    return db.session.scalar(role) != "organiser"


def list_live_sessions(user: User, *, now: datetime) -> list[SignInSession]:
    """Where a person is signed in, the latest seen first."""
    return list(
        db.session.execute(
            select(SignInSession)
            .where(
                SignInSession.user_id == user.id,
                SignInSession.revoked_at.is_(None),
                SignInSession.last_seen_at > now - IDLE_FOR,
                SignInSession.created_at > now - SIGNED_IN_FOR,
            )
            .order_by(SignInSession.last_seen_at.desc(), SignInSession.id.desc())
        ).scalars()
    )


def list_people(search: str = "") -> list[User]:
    """Everybody on record, or whose name or address has these letters in it; by name."""
    people = db.session.execute(select(User).order_by(User.id)).scalars()
    wanted = folded(search)
    # Neither database folds accents and letters of all scripts by itself.
    found = [each for each in people if wanted in folded(f"{each.name} {each.email}")]
    return sorted(found, key=lambda each: (not each.is_active, folded(each.name)))


def list_waiting_invitations(search: str = "") -> list[Invitation]:
    """The invitations that nobody has used or taken back, the newest first; also expired ones.

    Or those of them whose name or address has these letters in it.
    """
    waiting = db.session.execute(
        select(Invitation)
        .where(Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None))
        .order_by(Invitation.created_at.desc(), Invitation.id.desc())
    ).scalars()
    wanted = folded(search)
    return [each for each in waiting if wanted in folded(f"{each.name} {each.email}")]


def count_waiting_invitations() -> int:
    """How many invitations nobody has used or taken back."""
    query = select(func.count()).where(
        Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None)
    )
    return db.session.execute(query).scalar_one()


def find_password_link(person: User, *, now: datetime) -> PasswordLink | None:
    """The link by which a person may choose a new password, while there is one."""
    return db.session.execute(
        select(PasswordLink)
        .where(
            PasswordLink.user_id == person.id,
            PasswordLink.ended_at.is_(None),
            PasswordLink.expires_at > now,
        )
        .order_by(PasswordLink.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def normal_email(email: str) -> str:
    """One spelling for each address: people do not remember their own capitals."""
    return one_spelling(email.strip().lower())
