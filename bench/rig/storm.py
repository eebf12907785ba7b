"""A thousand mails through a bad day: refusals, stalls, hang-ups, a long outage, and crashes.

The clock is simulated: each minute two senders come by at once, as two processes would.
"""

from __future__ import annotations

import contextlib
import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from flask import Flask
from sqlalchemy import func, select

from app.config import Settings
from app.database import SECTION, db, write
from app.outbox import claiming, line
from app.outbox.claiming import Claimed
from app.outbox.line import Line, Trouble
from app.outbox.message import Envelope, compose
from app.outbox.models import OwedMail
from app.outbox.owing import owe
from app.outbox.sending import send_due
from app.outbox.writing import Mail
from bench.rig.post_office import OK, PostOffice

NOON = datetime(2026, 12, 10, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
OUTAGE = range(1, 31)
SENDERS = 2
POISON = "poison@example.org"
MAIL = Mail("Your seat", "It is yours.\n", "<p>It is yours.</p>")
LONGEST = 12 * 60
"""Simulated minutes after which whatever still waits is given up as lost."""


class Crash(BaseException):
    """A process that dies between the server's yes and its own commit."""


class Outcome(NamedTuple):
    """What became of the mails."""

    delivered: int
    twice: int
    lost: int
    names: int
    """Message-IDs among what arrived: as many as mails, if none came under a new one."""
    poison: str
    minutes: int


class Weather:
    """What the server answers: mostly yes, and by the dice all kinds of no."""

    def __init__(self, office: PostOffice, seed: int, trouble: float) -> None:
        self.dice = random.Random(seed)  # noqa: S311
        self.trouble = trouble
        office.at_rcpt = self._rcpt
        office.at_data = self._data

    def _rcpt(self, _address: str) -> str:
        if self.dice.random() < self.trouble:
            return self.dice.choice(("451 later", "452 full", "421 bye", "hang up"))
        return OK

    def _data(self, _address: str) -> str:
        if self.dice.random() < self.trouble:
            return self.dice.choice(("451 later", "421 bye", "hang up"))
        if self.dice.random() < self.trouble / 20:
            return "take and hang up"
        return OK


def owe_mails(count: int) -> list[str]:
    """Owe that many, and first of all one that nobody can read any more."""
    addresses = [f"guest-{number}@example.org" for number in range(count)]
    with write(SECTION) as session:
        for to in (*addresses, POISON):
            how: dict[str, Any] = {"key": to, "about": to, "kind": "confirmation"}
            owe(session, to=to, mail=MAIL, scope="section", language="en", now=NOON, **how)
    with write(SECTION) as session:
        bad = session.execute(select(OwedMail).where(OwedMail.key == POISON)).scalar_one()
        bad.sealed_content, bad.due_at = b"no seal", NOON - MINUTE
    return addresses


def send_through(app: Flask, office: PostOffice, addresses: list[str], *, crashes: int) -> Outcome:
    """Let two senders come by every minute until nothing waits."""
    minute = 0
    with _dying_senders(crashes):
        while minute < LONGEST and _waiting():
            with _sky(office, minute):
                _send_at_once(app, NOON + minute * MINUTE)
            minute += 1
    arrived = Counter(office.addresses)
    poison = db.session.execute(select(OwedMail.state).where(OwedMail.key == POISON)).scalar_one()
    return Outcome(
        delivered=sum(1 for to in addresses if arrived[to]),
        twice=sum(1 for to in addresses if arrived[to] > 1),
        lost=sum(1 for to in addresses if not arrived[to]),
        names=len({str(mail["Message-ID"]) for mail in office.mails()}),
        poison=poison,
        minutes=minute,
    )


def send_once(app: Flask, office: PostOffice, addresses: list[str], *, a_minute: int) -> int:
    """The control: a sender without an outbox, which tries each mail once; how many are lost."""
    settings: Settings = app.config["LETTERTALLY"]
    for number, to in enumerate(addresses):
        with (
            _sky(office, number // a_minute),
            contextlib.suppress(Trouble),
            Line(settings) as open_line,
        ):
            sender = settings.mail_from[1]
            envelope = Envelope(sender, "", to, f"{number}@example.org", NOON)
            open_line.hand_over(compose(MAIL, envelope), to)
    return len(set(addresses) - set(office.addresses))


@contextlib.contextmanager
def quick(patience: float) -> Iterator[None]:
    """Wait less long for a server that stalls on purpose."""
    usual, line.PATIENCE = line.PATIENCE, patience
    yield
    line.PATIENCE = usual


def _sky(office: PostOffice, minute: int) -> contextlib.AbstractContextManager[Any]:
    """The outage: a shut door, then one behind which nobody answers, then one that turns away."""
    if minute not in OUTAGE:
        return contextlib.nullcontext()
    third = (minute - OUTAGE.start) * 3 // len(OUTAGE)
    return (office.shut(), office.deaf(), office.deaf(b"421 not now\r\n"))[third]


def _send_at_once(app: Flask, now: datetime) -> None:
    def send(_number: int) -> None:
        with app.app_context(), contextlib.suppress(Crash):
            send_due(now)

    with ThreadPoolExecutor(SENDERS) as senders:
        list(senders.map(send, range(SENDERS)))


@contextlib.contextmanager
def _dying_senders(crashes: int) -> Iterator[None]:
    """Let senders die after the server's yes, every fortieth time, so many times in all."""
    settle, times = claiming.settle_sent, iter(range(1, 40 * crashes + 1))

    def die_or_settle(claimed: Claimed, **how: Any) -> None:
        if next(times, 1) % 40 == 0:
            raise Crash
        settle(claimed, **how)

    claiming.settle_sent = die_or_settle
    yield
    claiming.settle_sent = settle


def _waiting() -> int:
    db.session.rollback()
    waiting = OwedMail.state.in_(("waiting", "sending"))
    return db.session.scalar(select(func.count()).where(waiting)) or 0
