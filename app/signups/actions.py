"""Sign up, change the party, cancel, answer an offer; what runs out by itself.

Each deed counts the seats inside its own `write()`, so that two who press at once never share one.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from app import limits
from app.accounts.links import mint
from app.audit import note_deed
from app.database import db, event_scope, write
from app.exceptions import Conflict, RuleBroken, TooMany
from app.keyring import Keeper, event_keys, key_for
from app.signups.mailing import mail_confirmation, mail_ended
from app.signups.models import LIVING, SEATED, SignUp, SignUpList
from app.signups.sealing import Person, seal_person
from app.signups.seats import count_free, first_in_line, may_sit, offer_seats, take_off, touch_lists
from app.signups.visits import LINK, link_token

SIGN_UPS_OF_ONE = limits.Rate(burst=800, per_minute=20)
"""For one event from one network: a school of 600 signs up behind one address within a lesson."""
SIGN_UPS_OF_ALL = limits.Rate(burst=3000, per_minute=120)
"""For one event, wherever they come from."""


class Wish(NamedTuple):
    """What a guest asks for, beside who they are."""

    party_size: int = 1
    language: str = ""
    wants_news: bool = False
    may_show_name: bool = False


class Outcome(NamedTuple):
    """What became of a request to sign up."""

    sign_up: SignUp
    is_repeat: bool
    """The address is on this list already: no row was added, and nobody may see that."""

    @property
    def token(self) -> str:
        """What its private link carries."""
        return link_token(self.sign_up)


def sign_up(
    the_list: SignUpList,
    person: Person,
    wish: Wish,
    *,
    network: str,
    sends_link: bool,
    now: datetime,
) -> Outcome:
    """Put a party on a list: in, waiting for a seat, or waiting for the organiser's yes.

    `network` is the limit's key of this event and where they are. With `sends_link` the private
    link goes to the address and nowhere else, so an address that is on the list is no second row;
    without it the link is shown, and a likely second one is marked for the organiser.
    Raises RuleBroken (list shut, party too big), TooMany.
    """
    event_id = the_list.event_id
    with write(event_scope(event_id)) as session:
        check_open(the_list, now=now)
        check_size(the_list, wish.party_size)
        _take_places(session, network, event_id, now)
        keeper = key_for(session, event_keys(event_id), now=now)
        known = _find_like(session, the_list, person, keeper) if sends_link else None
        added = add_party(session, the_list, person, wish, keeper, now)
        if not sends_link:
            added.link_was_shown = True
        if sends_link:
            # The work is the same for everybody: nobody can tell by it whom the list knows.
            nobody_else = 0
            session.execute(delete(SignUp).where(SignUp.id == (added.id if known else nobody_else)))
            is_repeat = known is not None
            mail_confirmation(session, known or added, person.email, is_repeat=is_repeat, now=now)
        touch_lists(session, event_id)
    return Outcome(known or added, is_repeat=known is not None)


def change_party(sign_up: SignUp, *, size: int, now: datetime, actor: str | None = None) -> None:
    """Come with more or fewer; `actor` is the organiser who says so for somebody.

    Raises RuleBroken when there are not enough seats, or others wait for them; Conflict when the
    sign-up has ended, and for the guest when the event has.
    """
    with write(event_scope(sign_up.list.event_id)) as session:
        if not actor:
            _check_to_come(sign_up, now=now)
        _check_living(sign_up)
        check_size(sign_up.list, size)
        if size > sign_up.party_size and sign_up.state in SEATED:
            _check_more(session, sign_up.list, size - sign_up.party_size)
        if size < sign_up.arrived:
            raise RuleBroken(_("More have come already."), field="party_size")
        sign_up.party_size = size
        if actor:
            thing = {"thing": "sign_up", "thing_id": sign_up.public_id}
            note_deed(session, actor=actor, verb="party_changed", **thing, now=now)
        offer_seats(session, sign_up.list, now=now)
        touch_lists(session, sign_up.list.event_id)


def cancel_sign_up(sign_up: SignUp, *, now: datetime) -> None:
    """Take one's party off the list; cancelled twice is no mistake.

    Raises Conflict when somebody of it has come, or the event is over: what was counted stays.
    """
    with write(event_scope(sign_up.list.event_id)) as session:
        if sign_up.state not in LIVING:
            return
        _check_to_come(sign_up, now=now)
        if sign_up.arrived:
            raise Conflict(_("You have come already: your sign-up stays as it is."))
        take_off(sign_up, "cancelled", now=now)
        offer_seats(session, sign_up.list, now=now)
        touch_lists(session, sign_up.list.event_id)


def accept_offer(sign_up: SignUp, *, now: datetime) -> None:
    """Take the seats that were offered; accepted twice is no mistake.

    Raises Conflict when the offer has run out, there is none, or the event is over.
    """
    with write(event_scope(sign_up.list.event_id)) as session:
        if sign_up.state == "in":
            return
        _check_to_come(sign_up, now=now)
        if sign_up.state != "offered" or sign_up.offer_ends_at is None:
            raise Conflict(_("There is no offer for you at the moment."))
        if now >= sign_up.offer_ends_at:
            raise Conflict(_("This offer has run out, and the next in line was asked."))
        sign_up.state, sign_up.offer_ends_at = "in", None
        touch_lists(session, sign_up.list.event_id)


def expire_offers(*, now: datetime) -> int:
    """Let offers go that nobody answered, and ask the next in line; how many went."""
    due = select(SignUpList).where(
        SignUpList.id.in_(select(SignUp.list_id).where(*_has_run_out(now)))
    )
    lists = list(db.session.execute(due.order_by(SignUpList.id)).scalars())
    return sum(_expire(the_list, now) for the_list in lists)


def check_open(the_list: SignUpList, *, now: datetime) -> None:
    """Somebody may sign up now; raises RuleBroken that says since or until when not."""
    opening = the_list.opening(now)
    if opening == "closed":
        raise RuleBroken(_("This list is closed."), field="list", error="list_closed")
    if opening == "soon":
        raise RuleBroken(_("This list is not open yet."), field="list", error="list_closed")


def _expire(the_list: SignUpList, now: datetime) -> int:
    with write(event_scope(the_list.event_id)) as session:
        run_out = select(SignUp).where(SignUp.list_id == the_list.id, *_has_run_out(now))
        gone = list(session.execute(run_out.order_by(SignUp.id)).scalars())
        for one in gone:
            take_off(one, "lapsed", now=now)
        mail_ended(session, gone, now=now)
        offer_seats(session, the_list, now=now)
        touch_lists(session, the_list.event_id)
    return len(gone)


def _has_run_out(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return SignUp.state == "offered", SignUp.offer_ends_at <= now


def add_party(
    session: Session,
    the_list: SignUpList,
    person: Person,
    wish: Wish,
    keeper: Keeper,
    now: datetime,
) -> SignUp:
    """A step inside `write()`: a new row, in the state that its turn and the list give it."""
    minted = mint(LINK)
    added = SignUp(
        list_id=the_list.id,
        public_id=secrets.token_hex(8),
        state=_first_state(session, the_list, wish.party_size),
        created_at=now,
        # The clock was read before the lock: whoever comes later must not stand before others.
        queued_at=max(now, _last_queued(session, the_list) or now),
        **minted._asdict(),
        **wish._asdict(),
    )
    added.is_possible_duplicate = _find_like(session, the_list, person, keeper) is not None
    seal_person(added, person, keeper)
    session.add(added)
    session.flush()
    return added


def _last_queued(session: Session, the_list: SignUpList) -> datetime | None:
    last = select(func.max(SignUp.queued_at)).where(SignUp.list_id == the_list.id)
    return session.execute(last).scalar_one()


def _first_state(session: Session, the_list: SignUpList, size: int) -> str:
    if the_list.is_checked:
        return "asked"
    return "in" if may_sit(session, the_list, size) else "waiting"


def _find_like(
    session: Session, the_list: SignUpList, person: Person, keeper: Keeper
) -> SignUp | None:
    """Who is on the list with this address; without one, with this name."""
    if person.email:
        is_like = SignUp.email_likeness == keeper.address_likeness(person.email)
    else:
        is_like = SignUp.name_likeness == keeper.likeness(person.name)
    living = select(SignUp).where(SignUp.list_id == the_list.id, SignUp.state.in_(LIVING), is_like)
    return session.execute(living.order_by(SignUp.id).limit(1)).scalar()


def _take_places(session: Session, network: str, event_id: int, now: datetime) -> None:
    connection = session.connection()
    rates = ((network, SIGN_UPS_OF_ONE), (f"sign-up:{event_id}", SIGN_UPS_OF_ALL))
    wait = max(limits.take(connection, key, rate, now=now) for key, rate in rates)
    if wait:
        raise TooMany(
            _("Many people are signing up just now. Try again a little later."), retry_after=wait
        )


def check_size(the_list: SignUpList, size: int) -> None:
    """A party of this size may be on the list; raises RuleBroken."""
    # A party that the list can never hold would wait for ever, and all others behind it.
    most = min(the_list.party_limit, the_list.capacity or the_list.party_limit)
    if not 1 <= size <= most:
        raise RuleBroken(
            ngettext(
                "One person at most can come on this list.",
                "At most %(num)s people can come together.",
                most,
            ),
            field="party_size",
            error="bad_party",
        )


def _check_to_come(sign_up: SignUp, *, now: datetime) -> None:
    """The event is still to be held, or on: only then a guest's own link changes anything."""
    if sign_up.list.event.is_cancelled:
        raise Conflict(_("This event is cancelled."))
    if sign_up.list.event.is_over(now):
        raise Conflict(_("This event is over."))


def _check_more(session: Session, the_list: SignUpList, more: int) -> None:
    """A party that has its seats may take more: they are free, and nobody waits for them."""
    free = count_free(session, the_list)
    if free is not None and more > free:
        raise RuleBroken(_not_so_many(free), field="party_size", error="no_seats")
    if free is not None and first_in_line(session, the_list) is not None:
        others = _("Others wait in line for the seats that are free.")
        raise RuleBroken(others, field="party_size", error="no_seats")


def _check_living(sign_up: SignUp) -> None:
    if sign_up.state not in LIVING or sign_up.is_erased:
        raise Conflict(_("This sign-up has ended."))


def _not_so_many(free: int) -> str:
    if not free:
        return _("Every other seat is taken.")
    return ngettext("One more seat is free.", "%(num)s more seats are free.", free)
