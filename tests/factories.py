"""Saved models with overrides; call them inside an app context, as the fixtures provide."""

from __future__ import annotations

import io
import itertools
from datetime import date, timedelta
from functools import cache
from typing import Any, TypeVar
from uuid import uuid4

from PIL import Image
from sqlalchemy import func, select
from werkzeug.security import generate_password_hash

from app import clock, pictures
from app.accounts import links
from app.accounts.models import Invitation, PasswordLink, User
from app.campaigns.case_files import write_zip
from app.campaigns.held_files import hold_file
from app.campaigns.models import Campaign, Case, Section
from app.database import SECTION, db, write
from app.events.access import JoinedDevice, hash_token
from app.events.models import Device, Event, WritingTable, event_invitation
from app.hosts.models import Host, Offer
from app.letters import actions
from app.letters.facts import Press
from app.outcomes.models import Outcome, PastTotal

Saved = TypeVar("Saved")
PASSWORD = "a long enough password"
numbers = itertools.count(1)
make_picture = cache(pictures.make_picture)


def saved(model: Saved) -> Saved:
    """Commit a new model through `write()`, as everything is."""
    with write(SECTION) as session:
        session.add(model)
    return model


def change(model: Saved, **values: Any) -> Saved:
    """Commit new values of a saved model."""
    with write(SECTION):
        for name, value in values.items():
            setattr(model, name, value)
    return model


def section(**overrides: Any) -> Section:
    """The section's one row, made when it is not there yet."""
    known = db.session.execute(select(Section)).scalar_one_or_none()
    values = {"name": "Letters of Lusitania", "language": "en", "time_zone": "Europe/Lisbon"}
    return known or saved(Section(**values | overrides))


def campaign(**overrides: Any) -> Campaign:
    """A season with its built-in event for letters written at home."""
    section()
    season = saved(
        Campaign(
            **{
                "slug": f"season-{next(numbers)}",
                "title": "Write for Rights",
                "public_on": date(2026, 10, 1),
                "core_from": date(2026, 12, 4),
                "core_until": date(2026, 12, 18),
                "writing_until": date(2026, 12, 31),
                "reports_due_on": date(2027, 1, 15),
                "goal": 1000,
                "created_at": clock.now(),
            }
            | overrides
        )
    )
    event(season, slug=f"home-{season.slug}", title="Written at home", is_written_at_home=True)
    return season


def find_campaign() -> Campaign:
    """The latest season, made when there is none."""
    known = db.session.execute(select(Campaign).order_by(Campaign.id.desc())).scalars().first()
    return known or campaign()


def case(season: Campaign | None = None, **overrides: Any) -> Case:
    """A public case without writing rules."""
    season = season or find_campaign()
    number = next(numbers)
    others = select(func.count()).where(Case.campaign_id == season.id)
    values = {
        "campaign_id": season.id,
        "slug": f"case-{number}",
        "name": f"Person Number {number}",
        "country": "Ruritania",
        "position": db.session.execute(others).scalar_one() + 1,
        "state": "public",
        "created_at": clock.now(),
    }
    return saved(Case(**values | overrides))


def picture(kind: str = "PNG", size: tuple[int, int] = (400, 500), **options: Any) -> bytes:
    """A picture file with as many stripes as it has colours."""
    file = io.BytesIO()
    stripes = Image.linear_gradient("L").resize(size).convert("RGB")
    stripes.save(file, kind, **options)
    return file.getvalue()


def portrait(of: Case) -> str:
    """Give a case a picture; the name of one of its files."""
    made = make_picture(picture(), name="face.png")
    pictures.keep_picture(made)
    change(of, portrait=made.key, portrait_made_from=made.made_from)
    return f"{made.key}-320.webp"


def held_cases() -> str:
    """A file of one case that the first admin has sent; the token it waits under."""
    admin = db.session.execute(select(User).where(User.role != "organiser").order_by(User.id))
    data = write_zip([{"slug": "su", "name": "Σου", "country": "Χώρα"}], {})
    return hold_file(data, owner=admin.scalars().first().public_id, now=clock.now())


def event(season: Campaign | None = None, **overrides: Any) -> Event:
    """An upcoming event for all the season's public cases; `state="running"` opened an hour ago.

    `now` moves everything; `organisers` and `cases` are lists of models.
    """
    season = season or find_campaign()
    now = overrides.pop("now", clock.now()).replace(microsecond=0)
    state = overrides.get("state", "upcoming")
    values = {
        "campaign_id": season.id,
        "slug": f"event-{next(numbers)}",
        "title": "A night of letters",
        "place": "The old library",
        "time_zone": "Europe/Lisbon",
        "starts_at": now - timedelta(hours=1) if state != "upcoming" else now + timedelta(hours=1),
        "ends_at": now + timedelta(hours=6),
        "state": state,
        "opened_at": None if state == "upcoming" else now - timedelta(hours=1),
        "closed_at": now - timedelta(minutes=5) if state == "closed" else None,
        "kinds_in_front": ["handwritten_letter", "signed_letter", "postcard", "solidarity_card"],
        "created_at": now - timedelta(days=7),
        "cases": [one for one in season.cases if one.state == "public"],
    }
    return saved(Event(**values | overrides))


def table(at: Event | None = None, **overrides: Any) -> WritingTable:
    """A table with eight seats and a join code of its own."""
    at = at or event(state="running")
    number = next(numbers)
    values = {
        "event_id": at.id,
        "name": f"Table {number}",
        "position": number,
        "join_code": join_code(number),
        "created_at": clock.now(),
    }
    return saved(WritingTable(**values | overrides))


def join_code(number: int) -> str:
    """A valid code that differs for each number."""
    alphabet = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
    digits = [alphabet[number // len(alphabet) ** place % len(alphabet)] for place in range(8)]
    return "".join(digits)


def device(at: WritingTable | None = None, *, token: str = "", **overrides: Any) -> Device:
    """A phone that joined a table a minute ago; `token` is its cookie's value."""
    at = at or table()
    joined_at = clock.now() - timedelta(minutes=1)
    values = {
        "table_id": at.id,
        "number": len(at.devices) + 1,
        "token_hash": hash_token(token or uuid4().hex),
        "joined_at": joined_at,
        "last_seen_at": joined_at,
    }
    return saved(Device(**values | overrides))


def joined(device: Device) -> JoinedDevice:
    """The device as access hands it to actions."""
    return JoinedDevice(device.id, device.table_id, device.table.event_id, device.table.seats)


def organiser(**overrides: Any) -> User:
    """Somebody who signs in with PASSWORD; `role="admin"` for the section's."""
    number = next(numbers)
    values = {
        "public_id": uuid4().hex[:16],
        "email": f"organiser-{number}@example.org",
        "name": f"Organiser {number}",
        "role": "organiser",
        "password_hash": password_hash(),
        "created_at": clock.now(),
    }
    return saved(User(**values | overrides))


def invitation(**overrides: Any) -> tuple[Invitation, str]:
    """Somebody invited just now, to run an `event` perhaps, and the token of their link."""
    now, minted, at = clock.now(), links.mint("invitation"), overrides.pop("event", None)
    values = {
        "email": f"invited-{next(numbers)}@example.org",
        "name": "Nils",
        "role": "organiser",
        "invited_by": uuid4().hex[:16],
        "created_at": now,
        "expires_at": now + timedelta(days=30),
    }
    made = saved(Invitation(**values | minted._asdict() | overrides))
    if at:
        with write(SECTION) as session:
            session.execute(event_invitation.insert().values(event_id=at.id, invitation_id=made.id))
    return made, links.token_of("invitation", made.nonce)


def password_link(user: User, **overrides: Any) -> str:
    """The token of a link to a new password."""
    now, minted = clock.now(), links.mint("password")
    values = {"user_id": user.id, "created_at": now, "expires_at": now + timedelta(hours=24)}
    made = saved(PasswordLink(**values | minted._asdict() | overrides))
    return links.token_of("password", made.nonce)


@cache
def password_hash() -> str:
    """PASSWORD, hashed once and lightly: the app's own hashes are slow on purpose."""
    return generate_password_hash(PASSWORD, method="scrypt:1024:8:1")


def offer(**overrides: Any) -> Offer:
    """A library's offer to hold an event, waiting for an answer."""
    values = {
        "campaign_id": overrides.pop("campaign_id", None) or find_campaign().id,
        "name": "Marta",
        "email": f"marta-{next(numbers)}@example.org",
        "held_by": "Town library",
        "kind": "library",
        "town": "Braga",
        "wished_on": date(2026, 12, 10),
        "created_at": clock.now(),
    }
    return saved(Offer(**values | overrides))


def host(**overrides: Any) -> Host:
    """A school that holds events."""
    values = {"name": f"School {next(numbers)}", "kind": "school", "created_at": clock.now()}
    return saved(Host(**values | overrides))


def press(for_case: Case, **overrides: Any) -> Press:
    """One hand-written letter, pressed just now."""
    values = {
        "op": str(uuid4()),
        "case": for_case.slug,
        "kind": "handwritten_letter",
        "quantity": 1,
    }
    return Press(**values | overrides)


def entry(at: Event, for_case: Case, **overrides: Any) -> actions.Receipt:
    """Letters logged at the desk through the real action; `table_id`, `actor`, `now` or a press's.

    The receipt's `op` names the row.
    """
    how = {"table_id": None, "actor": "0123456789abcdef", "now": clock.now()}
    how |= {name: overrides.pop(name) for name in tuple(how) if name in overrides}
    return actions.log_at_desk(at, press(for_case, **overrides), **how)


def outcome(of: Case | None = None, **overrides: Any) -> Outcome:
    """What became of a case: told to everybody, of a day."""
    values = {
        "case_id": of.id if of else None,
        "name": "" if of else "Femi Peters",
        "country": "" if of else "Gambia",
        "year": 2026,
        "month": 3,
        "day": 4,
        "change": "freed",
        "headline": "Walked out of the gate.",
        "created_at": clock.now(),
        "edited_at": clock.now(),
    }
    return saved(Outcome(**values | overrides))


def past_total(**overrides: Any) -> PastTotal:
    """A year of the section's own history."""
    return saved(PastTotal(**{"whose": "section", "year": 2025, "total": 812} | overrides))
