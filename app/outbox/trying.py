"""A test mail, sent while its sender waits: what the server makes of it, and what it says."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import NamedTuple

from flask import current_app

from app.config import Settings
from app.outbox.line import Line, Trouble
from app.outbox.message import Envelope, compose
from app.outbox.writing import sender_name, write_mail

PATIENCE = 8.0
"""Seconds for each answer: a person is waiting."""


class Told(NamedTuple):
    """What became of it: `reason` is empty when the server took it."""

    reason: str = ""
    code: int | None = None
    said: str = ""
    """The server's own words, for whoever wrote to themselves."""


def try_mail(to: str, *, language: str, now: datetime) -> Told:
    """Hand a mail to the server here and now; it is written down nowhere."""
    settings: Settings = current_app.config["LETTERTALLY"]
    name, sender = settings.mail_from
    message_id = f"{secrets.token_hex(16)}@{sender.rpartition('@')[2]}"
    envelope = Envelope(sender, name or sender_name(), to, message_id, now)
    try:
        data = compose(write_mail("outbox/test_mail", language=language), envelope)
        with Line(settings, patience=PATIENCE) as line:
            line.hand_over(data, to)
    except ValueError:
        return Told("unreadable")
    except Trouble as trouble:
        return Told(trouble.reason, trouble.code, trouble.said)
    return Told()
