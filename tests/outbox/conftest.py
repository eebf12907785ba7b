"""The outbox's stage: a mail server of its own, mail that is on, and mails that are owed."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.config import Settings
from app.database import SECTION, db, write
from app.outbox.models import OwedMail
from app.outbox.owing import owe
from app.outbox.writing import Mail
from bench.rig.post_office import PostOffice
from tests import factories

NOON = datetime(2026, 12, 10, 12, tzinfo=UTC)
Owe = Callable[..., bool]


@pytest.fixture
def office() -> Iterator[PostOffice]:
    """A mail server that takes everything until it is told otherwise."""
    with PostOffice() as office:
        yield office


def turn_on(app: Flask, url: str, sender: str = "letters@example.org") -> None:
    """Let this app send mail there."""
    read = Settings.from_environ({"LETTERTALLY_SMTP_URL": url, "LETTERTALLY_MAIL_FROM": sender})
    settings: Settings = app.config["LETTERTALLY"]
    app.config["LETTERTALLY"] = dataclasses.replace(
        settings, smtp_url=read.smtp_url, mail_from=read.mail_from
    )


@pytest.fixture
def mail_on(app: Flask, office: PostOffice) -> Flask:
    """The app, sending to the office; the section has a name."""
    factories.section()
    turn_on(app, office.url)
    return app


@pytest.fixture
def owing(mail_on: Flask) -> Owe:
    """Owes a mail to somebody; say what is special about it."""

    def owe_one(to: str = "ana@example.org", **how: Any) -> bool:
        mail = how.pop("mail", Mail("Your seat", "It is yours.\n", "<p>It is yours.</p>"))
        values = {
            "key": f"confirmation:{to}",
            "kind": "confirmation",
            "scope": "section",
            "about": f"sign_up:{to}",
            "language": "en",
            "now": NOON,
        }
        with write(SECTION) as session:
            return owe(session, to=to, mail=mail, **values | how)

    return owe_one


def all_owed() -> list[OwedMail]:
    """Every row, in order."""
    db.session.rollback()
    return list(db.session.execute(select(OwedMail).order_by(OwedMail.id)).scalars())


def states() -> list[str]:
    """Each row's state, in order."""
    return [owed.state for owed in all_owed()]
