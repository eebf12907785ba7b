"""Invite people, one or a whole list; send it anew, take it back; and say yes to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.browsers import Arrival
from app.accounts.enrolling import (
    INVITED_FOR,
    add_invitation,
    add_session,
    add_user,
    check_email,
    check_name,
    is_still,
    new_invitation,
    note_invitation,
    prepare_user,
    take_back_invitation,
)
from app.accounts.links import mint
from app.accounts.mailing import (
    forget_invitation_mail,
    mail_invitation,
    write_invitation_mail,
)
from app.accounts.models import INVITED_AS, Invitation, User
from app.accounts.passwords import is_password_of
from app.accounts.people_access import get_open_invitation
from app.accounts.queries import find_anybody
from app.accounts.signals import invitation_accepted
from app.database import SECTION, write
from app.exceptions import NotFound, RuleBroken
from app.spreadsheets import BadRows, Fault


class Wanted(NamedTuple):
    """Somebody to be invited, as typed or as read from a list."""

    email: str
    name: str
    role: str
    number: int = 0
    """The row it stands in."""


def invite(wanted: Wanted, *, by: User, now: datetime) -> Invitation:
    """Ask somebody to join; raises RuleBroken (address, name, here already, invited already)."""
    email, name = check_email(wanted.email), check_name(wanted.name)
    assert wanted.role in INVITED_AS
    actor = by.public_id
    with write(SECTION) as session:
        for mend in _known(session, [email], now).values():
            raise RuleBroken(mend, field="email", error="known_address")
        invitation = add_invitation(
            session, email=email, name=name, role=wanted.role, actor=actor, now=now
        )
        session.flush()
        mail_invitation(session, invitation, now=now)
        note_invitation(session, invitation, "invite", actor=actor, now=now)
    return invitation


def invite_many(wanted: Sequence[Wanted], *, by: User, now: datetime) -> int:
    """Ask a whole list to join, all or nobody; how many. Raises BadRows, naming each row."""
    actor = by.public_id
    asked = [
        new_invitation(email=one.email, name=one.name, role=one.role, actor=actor, now=now)
        for one in wanted
    ]
    # Six hundred mails take a while to write: before the lock, so that nobody's press waits.
    mails = [write_invitation_mail(invitation) for invitation in asked]
    with write(SECTION) as session:
        known = _known(session, [one.email for one in wanted], now)
        faults = list(_faults(wanted, known))
        if faults:
            raise BadRows(faults)
        session.add_all(asked)
        session.flush()
        for invitation, mail in zip(asked, mails, strict=True):
            mail_invitation(session, invitation, mail=mail, now=now)
            note_invitation(session, invitation, "invite", actor=actor, now=now)
    return len(wanted)


def renew_invitation(invitation: Invitation, *, by: User, now: datetime) -> None:
    """Give it a new link for 30 days, which is now the renewer's; the old one is dead.

    Raises NotFound (used, taken back).
    """
    actor = by.public_id
    with write(SECTION) as session:
        _check_waits(invitation)
        invitation.nonce, invitation.token_hash = mint("invitation")
        invitation.expires_at = now + INVITED_FOR
        # Whoever made the old link shall not read this one.
        invitation.invited_by = actor
        forget_invitation_mail(session, invitation)
        mail_invitation(session, invitation, now=now)
        note_invitation(session, invitation, "invite_anew", actor=actor, now=now)


def revoke_invitation(invitation: Invitation, *, by: User, now: datetime) -> None:
    """Take it back; raises NotFound when it is used or taken back already."""
    actor = by.public_id
    with write(SECTION) as session:
        _check_waits(invitation)
        take_back_invitation(session, invitation, actor=actor, now=now)


def accept_invitation(
    token: str, *, name: str, password: str, arrival: Arrival, now: datetime
) -> str:
    """Sign the invited person in, as the account of their address or as somebody new; the token.

    What is asked and looked at is the same for both; an account's name and role stay.
    Raises NotFound (the link is dead), RuleBroken (name, password), Conflict (here meanwhile).
    """
    email, name = get_open_invitation(token, now=now).email, check_name(name)
    known = find_anybody(email)
    password_hash = known.password_hash if known and known.is_active else None
    wrong = RuleBroken(
        _("This address has an account here with another password: type that one."),
        field="password",
        error="wrong_password",
    )
    if known is None:
        user = prepare_user(email=email, name=name, role="organiser", password=password, now=now)
    elif is_password_of(password_hash, password):
        user = known
    else:
        raise wrong
    with write(SECTION) as session:
        invitation = get_open_invitation(token, now=now)
        if known is None:
            user.role = invitation.role
            add_user(session, user, actor=user.public_id, now=now)
        elif not is_still(user, password_hash):
            raise wrong
        _say_yes(session, invitation, user, now)
        session_token = add_session(session, user, arrival=arrival, now=now)
    return session_token


def _say_yes(session: Session, invitation: Invitation, user: User, now: datetime) -> None:
    invitation.accepted_at = now
    forget_invitation_mail(session, invitation)
    invitation_accepted.send(invitation, user=user, session=session, now=now)
    note_invitation(session, invitation, "accept_invitation", actor=user.public_id, now=now)


def _check_waits(invitation: Invitation) -> None:
    if invitation.accepted_at is not None or invitation.revoked_at is not None:
        raise NotFound(_("This invitation is used or taken back by now."))


def _known(session: Session, emails: Sequence[str], now: datetime) -> dict[str, str]:
    """What to say of each of these addresses that is here or invited already."""
    here = session.execute(select(User.email, User.is_active).where(User.email.in_(emails)))
    invited = session.execute(
        select(Invitation.email).where(
            Invitation.email.in_(emails),
            Invitation.accepted_at.is_(None),
            Invitation.revoked_at.is_(None),
            Invitation.expires_at > now,
        )
    )
    asked = _("They are invited already: send them a new link instead.")
    active = _("They have an account here already.")
    ended = _("They have an account here, whose access was ended: let them in again.")
    return {email: asked for (email,) in invited} | {
        email: active if is_active else ended for email, is_active in here
    }


def _faults(wanted: Sequence[Wanted], known: dict[str, str]) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for one in wanted:
        if one.email in known:
            yield Fault(one.number, known[one.email])
        elif one.email in first:
            yield Fault(
                one.number,
                _("The same address stands in row %(number)s.", number=first[one.email]),
            )
        first.setdefault(one.email, one.number)
