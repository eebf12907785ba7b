"""What a test's people find: a season for all, and an event of the test's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from app import clock
from app.accounts.access import hash_token
from app.accounts.models import SignInSession, User
from app.campaigns.models import Campaign, Case, CaseText
from app.database import db
from app.events.models import Device, Event, WritingTable
from app.letters.models import Entry
from tests import factories

AMINA, ILYAS, NOUR, MIROVA = "Amina Farsi", "Ilyas Danko", "Nour Haddad", "The Mirova miners"
PEOPLE = (
    (AMINA, "Ruritania", {"sender_address": "no"}),
    (ILYAS, "Zubrowka", {}),
    (NOUR, "Sylvania", {"religious_card": "no", "mention_charges": "no"}),
    (MIROVA, "Grand Fenwick", {"from_age": 16}),
)


@dataclass
class Marathon:
    """An event, its one table and its organiser."""

    event: Event
    table: WritingTable
    organiser: User

    @property
    def slug(self) -> str:
        return self.event.slug

    @property
    def code(self) -> str:
        return self.table.join_code

    def path(self, screen: str) -> str:
        """The address of one of its screens."""
        return f"/events/{self.slug}/{screen}"

    @property
    def desk(self) -> str:
        """Its address on the desk."""
        return f"/desk/events/{self.slug}/"

    def rows(self) -> list[Entry]:
        """Its ledger as it is committed now."""
        db.session.rollback()
        of_event = select(Entry).where(Entry.event_id == self.event.id).order_by(Entry.seq)
        return list(db.session.execute(of_event).scalars())

    def devices(self) -> list[Device]:
        """Who has joined its table by now."""
        db.session.rollback()
        at_table = select(Device).where(Device.table_id == self.table.id).order_by(Device.number)
        return list(db.session.execute(at_table).scalars())


def set_up_season() -> Campaign:
    """The season that all the tests of one server share, with cases for everybody's event."""
    known = db.session.execute(select(Campaign)).scalars().first()
    if known:
        return known
    season = factories.campaign(slug="season", title="Letters for Rights", goal=5000)
    for number, (name, country, rules) in enumerate(PEOPLE, 1):
        words = f"{name} is in prison for a speech. People write until the door opens."
        factories.case(
            season,
            slug=name.lower().replace(" ", "-"),
            name=name,
            country=country,
            position=number,
            summary=words,
            story=f"{words}\n\n{words}",
            what_is_asked="Let them go.",
            **rules,
        )
    factories.outcome(season.cases[0], quote="I read each letter.", quote_agreed=True)
    factories.outcome(change="setback", text="A second trial **begins**.")
    for year, precision in ((2021, "about"), (2022, "disputed"), (2024, "exact")):
        factories.past_total(year=year, total=900 + year, precision=precision, at_close=700)
    return season


def set_up_marathon(**overrides: Any) -> Marathon:
    """An event with an organiser and a table; running, for the season's cases, unless told."""
    season = set_up_season()
    number = uuid4().hex[:8]
    organiser = overrides.pop("organiser", None) or factories.organiser(
        name="Ana", email=f"ana-{number}@example.org"
    )
    values = {
        "slug": f"marathon-{number}",
        "title": "Lindholm writes for rights",
        "state": "running",
        "organisers": [organiser],
        "cases": usual_cases(season),
        "goal": 100,
    }
    event = factories.event(season, **values | overrides)
    table = factories.table(event, name="Table 1 · window", join_code=new_code())
    return Marathon(event, table, organiser)


def usual_cases(season: Campaign) -> list[Case]:
    """The cases that no test changes."""
    return [case for case in season.cases if case.name in {name for name, *_ in PEOPLE}]


def new_code() -> str:
    """A join code that no other test uses."""
    return factories.join_code(int(uuid4().hex[:10], 16))


def tell_whole(case: Case) -> None:
    """Let a case carry everything that a case can."""
    target = {"key": "t1", "name": "Ms Darwan", "role": "Minister", "salutation": "Dear Minister"}
    factories.portrait(case)
    factories.change(
        case,
        story="# A poem\n\nShe wrote [a poem](https://example.org/).\n\n> Eleven lines.",
        what_is_asked="Her release.",
        key_points="She is 34.\nShe may have no paper.",
        sample_lines="I read about a poem.",
        targets=[target | {"postal_address": "Ministry of Justice\n1 Example Street"}],
        copies_to="An embassy\n2 Example Street",
        solidarity_address="Amina\nPrison, Wing C",
        languages=["en", "ar"],
        social_handles="@amina",
        sources="The ruling: https://example.org/",
        portrait_credit="A friend",
    )
    factories.saved(CaseText(case_id=case.id, language="ar", summary="معلّمة", story="قصيدة"))


def own_case(**overrides: Any) -> Case:
    """A case for one test's event alone, so that pausing it disturbs nobody."""
    number = uuid4().hex[:8]
    values = {"slug": f"tomas-{number}", "name": f"Tomas {number}", "country": "Borduria"}
    return factories.case(set_up_season(), **values | overrides)


def log(marathon: Marathon, quantity: int = 1, *, name: str = AMINA, **overrides: Any) -> str:
    """Log at the table through the real action, now or at `now`; the entry's op."""
    case = next(case for case in marathon.event.cases if case.name == name)
    how = {"table_id": marathon.table.id, "quantity": quantity}
    return factories.entry(marathon.event, case, **how | overrides).op


def session_of(user: User) -> str:
    """The value of a session's cookie, as the sign-in page would have set it."""
    token, now = uuid4().hex, clock.now() - timedelta(minutes=1)
    factories.saved(
        SignInSession(
            user_id=user.id,
            token_hash=hash_token(token),
            created_at=now,
            last_seen_at=now,
            # However long a walk takes, nobody is asked for the password on the way.
            password_checked_at=now + timedelta(hours=6),
        )
    )
    return token
