"""What the ticker does every minute: send what is due over one line, the oldest first.

A server that cannot be reached is no mail's fault and costs none a try. A line that breaks may be
the mail's fault, so that mail waits and the next one is tried; when it breaks for three in a row
it is the server's after all, and they get their tries back.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import current_app

from app.addresses import ascii_address
from app.config import Settings
from app.database import db
from app.outbox import claiming
from app.outbox.claiming import Claimed
from app.outbox.line import Line, LineBroken, Refused, ServerAway, Trouble
from app.outbox.message import Envelope, compose
from app.outbox.owing import is_mail_on
from app.outbox.writing import sender_name

BATCH = 300
ROUND = timedelta(seconds=50)
"""Then the other jobs have their turn."""
MAILS_A_LINE = 50
"""Many servers hang up after so many."""
BROKEN_IN_A_ROW = 3


class Round:
    """One minute's sending."""

    def __init__(self, now: datetime) -> None:
        self.settings: Settings = current_app.config["LETTERTALLY"]
        self.moment = _running_from(now)
        self.sender_name = self.settings.mail_from[0] or sender_name()
        # No transaction stays open while we wait for the server.
        db.session.rollback()
        self.line: Line | None = None
        self.carried = 0
        self.broken: list[Claimed] = []

    def go_on(self) -> bool:
        """Send one mail; whether there is any use in going on."""
        if self.line is None:
            self.line, self.carried = Line(self.settings), 0
        claimed = claiming.claim_next(now=self.moment())
        if claimed is None:
            return False
        try:
            self._send(claimed)
        except ServerAway:
            claiming.give_back(claimed)
            raise
        if len(self.broken) >= BROKEN_IN_A_ROW:
            raise ServerAway("broken")
        return True

    def hang_up(self) -> None:
        """Close the line, if there is one."""
        if self.line:
            self.line.close()
        self.line = None

    def _send(self, claimed: Claimed) -> None:
        data = self._write(claimed)
        if data is None:
            self._fail(claimed, Trouble("unreadable"), is_final=True)
            return
        assert self.line
        try:
            code = self.line.hand_over(data, ascii_address(claimed.to))
        except Refused as refusal:
            self._fail(claimed, refusal, is_final=refusal.is_final)
            claiming.note_server_answers()
            self.broken.clear()
            if not self.line.forget():
                self.hang_up()
        except LineBroken as trouble:
            self.hang_up()
            self._fail(claimed, trouble, is_final=False)
            self.broken.append(claimed)
        else:
            claiming.settle_sent(claimed, code=code, now=self.moment())
            self.broken.clear()
            self.carried += 1
            if self.carried >= MAILS_A_LINE:
                self.hang_up()

    def _write(self, claimed: Claimed) -> bytes | None:
        if claimed.mail is None:
            return None
        sender = self.settings.mail_from[1]
        envelope = Envelope(
            sender=sender,
            sender_name=self.sender_name,
            to=claimed.to,
            message_id=f"{claimed.uid}@{sender.rpartition('@')[2]}",
            date=self.moment(),
        )
        # Whatever is wrong with one mail, the others are sent.
        with contextlib.suppress(Exception):
            return compose(claimed.mail, envelope)
        return None

    def _fail(self, claimed: Claimed, trouble: Trouble, *, is_final: bool) -> None:
        claiming.settle_failed(
            claimed,
            reason=trouble.reason,
            code=trouble.code,
            is_final=is_final,
            now=self.moment(),
        )


def send_due(now: datetime) -> None:
    """Send what is due, unless mail is off or the server is given a rest."""
    if not is_mail_on() or _rests(now) or not claiming.is_anything_due(now=now):
        return
    this_round = Round(now)
    try:
        for _ in range(BATCH):
            if this_round.moment() - now > ROUND or not this_round.go_on():
                break
    except ServerAway as trouble:
        claiming.note_server_away(trouble, innocent=this_round.broken, now=this_round.moment())
        fields = {"fields": {"reason": trouble.reason, "code": trouble.code}}
        current_app.logger.warning("mail server away", extra=fields)
    finally:
        this_round.hang_up()


def _rests(now: datetime) -> bool:
    state = claiming.find_server_state()
    until = state.next_try_at if state else None
    # Further ahead than any pause: noted by a clock that has been set back since.
    return until is not None and now < until <= now + claiming.SERVER_PAUSE


def _running_from(now: datetime) -> Callable[[], datetime]:
    """The present moment, counted from the `now` of the round by a clock that nobody sets."""
    began = time.monotonic()
    return lambda: now + timedelta(seconds=time.monotonic() - began)
