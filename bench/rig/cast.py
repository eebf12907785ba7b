"""Somebody of each role in a database that a server has open, as often as one is used up."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from bench.rig.people import Browser, csrf_token_in
from bench.rig.server import environment_for

FORMS = {"nobody": "/join", "device": "/table/", "organiser": "/desk/"}
"""A page with a form, by role; admins have the organisers'."""


class Person(NamedTuple):
    """What a browser sends to be somebody: its cookies, and the token of their forms."""

    cookies: bytes
    token: str


class Cast:
    """Makes people in the database itself: no limit on signing in or joining is used up."""

    def __init__(self, folder: Path, port: int) -> None:
        from app import create_app
        from app.accounts.passwords import hash_password
        from app.config import Settings

        self.app = create_app(Settings.from_environ(environment_for(folder, port=port)))
        self._port = port
        with self.app.app_context():
            self._password_hash = hash_password("a password for one run")
        self._here: dict[str, Person] = {}
        self._lock = threading.RLock()

    def person(self, role: str) -> Person:
        """Whoever plays this role now."""
        with self._lock:
            if role not in self._here:
                self._here[role] = self._come(role)
            return self._here[role]

    def replace(self, role: str, person: Person) -> None:
        """Let another one come instead, if that has not happened yet."""
        with self._lock:
            if self._here.get(role) is person:
                del self._here[role]

    def _come(self, role: str) -> Person:
        browser = Browser(self._port)
        makers: dict[str, Callable[[], tuple[str, str]]] = {"device": self._join}
        if role != "nobody":
            with self.app.app_context():
                name, token = makers.get(role, lambda: self._sign_in(role))()
            browser.cookies[name] = token
        page = browser.get(FORMS.get(role, FORMS["organiser"])).text
        return Person(browser.cookie_header().encode(), csrf_token_in(page))

    def _sign_in(self, role: str) -> tuple[str, str]:
        from app.accounts.access import session_cookie
        from app.accounts.browsers import UNSEEN
        from app.accounts.enrolling import add_session
        from app.accounts.models import User
        from app.clock import now
        from app.database import SECTION, write
        from app.events.models import Event, event_organiser

        name = secrets.token_hex(8)
        user = User(
            public_id=name,
            email=f"{name}@example.org",
            name=f"{role} {name}",
            role=role,
            password_hash=self._password_hash,
            is_active=True,
            created_at=now(),
        )
        with write(SECTION) as session:
            session.add(user)
            session.flush()
            everywhere = [
                {"event_id": event_id, "user_id": user.id}
                for event_id in session.scalars(_ids(Event)).all()
            ]
            session.execute(event_organiser.insert(), everywhere)
            token = add_session(session, user, arrival=UNSEEN, now=now())
        return session_cookie(), token

    def _join(self) -> tuple[str, str]:
        from sqlalchemy import func, select

        from app.accounts.access import hash_token
        from app.clock import now
        from app.database import SECTION, write
        from app.events.access import device_cookie
        from app.events.models import Device, Event, WritingTable

        token = secrets.token_urlsafe(32)
        with write(SECTION) as session:
            running = select(WritingTable.id).join(Event, Event.id == WritingTable.event_id)
            at = session.scalars(
                running.order_by(Event.state != "running", WritingTable.id)
            ).first()
            highest = select(func.max(Device.number)).where(Device.table_id == at)
            session.add(
                Device(
                    table_id=at,
                    number=(session.scalar(highest) or 0) + 1,
                    token_hash=hash_token(token),
                    joined_at=now(),
                    last_seen_at=now(),
                )
            )
        return device_cookie(), token


def _ids(model: Any) -> Any:
    from sqlalchemy import select

    return select(model.id).order_by(model.id)
