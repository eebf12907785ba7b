"""What guests may read: first names that two people agreed to, one's own place in the line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import case, func, or_, select

from app.campaigns.models import Campaign
from app.database import db
from app.events.models import Event
from app.keyring import event_keys, find_key
from app.outbox.owing import is_mail_on
from app.signups.models import LIVING, SEATED, SignUp, SignUpList
from app.signups.queries import people
from app.signups.sealing import Person, read_person


def list_public_names(event: Event, lists: Sequence[SignUpList]) -> list[str]:
    """First names of guests who agreed and whom an organiser ticked; never of who waits."""
    if event.has_young_people or not lists:
        return []
    shown = select(SignUp).where(
        SignUp.list_id.in_([each.id for each in lists]),
        SignUp.state == "in",
        SignUp.shows_name,
        SignUp.may_show_name,
    )
    found = list(db.session.execute(shown.order_by(SignUp.queued_at, SignUp.id)).scalars())
    if not found:
        return []
    keeper = find_key(db.session(), event_keys(event.id))
    guests = (read_person(each, keeper) for each in found)
    return [first_name(person.name) for person in guests if person is not None]


def free_seats(events: Sequence[Event], *, now: datetime) -> dict[int, int | None]:
    """How many seats the open guest lists of each event still have, where they say so.

    None where lists open later.
    """
    query = (
        select(SignUpList, people(SignUp.state.in_(SEATED)), people(SignUp.state == "waiting"))
        .outerjoin(SignUp, SignUp.list_id == SignUpList.id)
        .where(
            SignUpList.event_id.in_([each.id for each in events]),
            SignUpList.purpose == "guests",
            SignUpList.capacity.is_not(None),
            SignUpList.shows_seats,
        )
        .group_by(SignUpList.id)
        .order_by(SignUpList.id)
    )
    free: dict[int, int | None] = {}
    for the_list, taken, in_line in db.session.execute(query) if events else ():
        seats = max(0, (the_list.capacity or 0) - int(taken or 0)) if not in_line else 0
        opening, event_id = the_list.opening(now), the_list.event_id
        if opening == "open":
            free[event_id] = (free.get(event_id) or 0) + seats
        elif opening == "soon":
            free.setdefault(event_id, None)
    return free


def lists_version(campaign: Campaign, *, now: datetime) -> str:
    """Moves with what the campaign's list of events says, the seats they have left included.

    That is with what is done to events and their lists, and when a guest list's hour strikes.
    """
    closes_at = func.coalesce(SignUpList.closes_at, SignUpList.ends_at, Event.ends_at)
    begun, ended = (case((at <= now, 1), else_=0) for at in (SignUpList.opens_at, closes_at))
    of_campaign = Event.campaign_id == campaign.id
    struck = (
        select(func.sum(begun + ended))
        .join(Event, Event.id == SignUpList.event_id)
        .where(of_campaign, SignUpList.purpose == "guests")
        .correlate(None)
        .scalar_subquery()
    )
    # What was opened or closed stands elsewhere on the list.
    states = func.count(Event.opened_at), func.count(Event.closed_at)
    query = select(func.sum(Event.lists_version), *states, struck).where(of_campaign)
    counted = db.session.execute(query).one()
    return ".".join(str(int(each or 0)) for each in (campaign.live_version, *counted))


def first_name(name: str) -> str:
    """The first word of a name."""
    return next(iter(name.split()), "")


def read_own(sign_up: SignUp) -> Person | None:
    """Who a sign-up is, for the holder of its link; None once the names were deleted."""
    return read_person(sign_up, find_key(db.session(), event_keys(sign_up.list.event_id)))


def count_place(sign_up: SignUp) -> int | None:
    """Which place in the line somebody has who waits."""
    if sign_up.state != "waiting":
        return None
    is_before = or_(
        SignUp.queued_at < sign_up.queued_at,
        (SignUp.queued_at == sign_up.queued_at) & (SignUp.id <= sign_up.id),
    )
    line = select(func.count()).where(
        SignUp.list_id == sign_up.list_id, SignUp.state == "waiting", is_before
    )
    return int(db.session.execute(line).scalar_one())


def count_thankable(event: Event) -> int:
    """How many of those who came can be thanked by mail, and have not been."""
    if event.thanked_at is not None or not is_mail_on():
        return 0
    came = (
        select(func.count())
        .select_from(SignUp)
        .join(SignUpList, SignUpList.id == SignUp.list_id)
        .where(
            SignUpList.event_id == event.id,
            SignUp.state == "in",
            SignUp.arrived > 0,
            SignUp.email.is_not(None),
        )
    )
    return int(db.session.execute(came).scalar_one())


def list_overlapping(sign_up: SignUp) -> list[SignUpList]:
    """Other lists of the event with this address whose hours run into these.

    By the address alone: who knows a name must not learn where somebody of that name helps.
    """
    if sign_up.email_likeness is None or sign_up.state not in LIVING:
        return []
    others = (
        select(SignUpList)
        .join(SignUp)
        .where(
            SignUpList.event_id == sign_up.list.event_id,
            SignUpList.id != sign_up.list_id,
            SignUpList.purpose == "helpers",
            SignUp.email_likeness == sign_up.email_likeness,
            SignUp.state.in_(LIVING),
        )
        .order_by(SignUpList.starts_at, SignUpList.id)
    )
    if sign_up.list.purpose != "helpers":
        return []
    start, end = sign_up.list.hours
    found = db.session.execute(others).scalars().unique()
    return [each for each in found if each.hours[0] < end and start < each.hours[1]]
