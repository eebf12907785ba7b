"""The cast and the stage: people as page clients, on a fresh migrated database per test."""

from __future__ import annotations

import dataclasses
import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from app import clock, create_app
from app.accounts.access import hash_token, session_cookie
from app.accounts.models import SignInSession, User
from app.campaigns.models import Campaign, Case
from app.config import Settings
from app.database import db
from app.events.access import device_cookie
from app.events.models import Event, WritingTable
from app.setup import gate as setup_gate
from app.upgrade import upgrade_database
from tests import factories, lock_order, postgresql, pseudo_locale, shared
from tests.page import ORIGIN, PageClient

MakeApp = Callable[..., Flask]
Stage = Callable[[], AbstractContextManager[Flask]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`-m database` finds every test that stands on a database, but those of SQLite's own ways.

    The long ones come first, so that at the end no process waits for another's.
    """
    items.sort(key=lambda item: item.get_closest_marker("timeout") is None)
    for item in items:
        is_on_one = "stage" in getattr(item, "fixturenames", ())
        if is_on_one and not item.get_closest_marker("sqlite"):
            item.add_marker("database")


def pytest_collection_finish() -> None:
    """Look for garbage seldom, and only among what the tests make: it took them a tenth."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


@pytest.fixture(scope="session")
def workshop() -> Iterator[Path]:
    """A folder in memory where there is one: the tests are not about the disk's speed."""
    in_memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="lettertally-tests-", dir=in_memory))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session", autouse=True)
def compiled_rules() -> Iterator[None]:
    """All apps' routes, compiled once."""
    with shared.compiled_rules():
        yield


@pytest.fixture(scope="session")
def translations(workshop: Path) -> Path:
    """The generated pseudo-locale, as a folder of translations."""
    return pseudo_locale.write_catalogue(workshop / "translations")


@pytest.fixture(scope="session")
def make_app(translations: Path, workshop: Path) -> Callable[[Path, str], Flask]:
    """An app of its own in a folder, on the SQLite file there or on another database."""

    def make(folder: Path, database_url: str = "") -> Flask:
        folder.mkdir(mode=0o700, exist_ok=True)
        (folder / "translations").symlink_to(translations)
        app = create_app(make_settings(folder, database_url))
        app.config["TESTING"] = True
        # Nobody is led to the setup, but where the tests are about it.
        app.extensions[setup_gate.DONE] = {"people", "section"}
        # Each app is new, its templates are not: compile them once.
        app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(workshop))
        return app

    return make


def make_settings(folder: Path, database_url: str = "", **others: object) -> Settings:
    """Settings as the environment would give them, in English and in the pseudo-locale."""
    environ = {
        "LETTERTALLY_INSTANCE": str(folder),
        "LETTERTALLY_PUBLIC_URL": ORIGIN,
        "LETTERTALLY_DATABASE_URL": database_url,
    }
    settings = Settings.from_environ(environ)
    return dataclasses.replace(settings, languages=("en", "ar-XB"), **others)


@pytest.fixture(scope="session")
def migrated_file(workshop: Path, make_app: Callable[..., Flask]) -> Path:
    """A database that went through the real migrations, once."""
    app = make_app(workshop / "migrated")
    with app.app_context():
        upgrade_database(clock.now())
        file = Path(str(db.engine.url.database))
        db.engine.dispose()
    return file


@pytest.fixture(scope="session")
def postgresql_template(make_app: Callable[..., Flask], workshop: Path) -> Iterator[str]:
    """The name of a migrated database, to be copied, on the server the tests were given."""
    with postgresql.fresh_database() as (name, url):
        app = make_app(workshop / "postgresql", url)
        with app.app_context():
            upgrade_database(clock.now())
            db.engine.dispose()
        yield name


@pytest.fixture
def folder(workshop: Path) -> Iterator[Path]:
    """An instance folder of this test's own."""
    folder = workshop / uuid4().hex
    folder.mkdir(mode=0o700)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def app(stage: Stage) -> Iterator[Flask]:
    """The app on a fresh database, inside an app context that requests do not share."""
    with stage() as app:
        yield app


@pytest.fixture
def any_app(app: Flask) -> Flask:
    """The same as `app`; says that the rule is the database's to keep, whichever it is."""
    return app


@pytest.fixture
def any_stage(stage: Stage) -> Stage:
    """The same as `stage`, as `any_app` is the same as `app`."""
    return stage


@pytest.fixture
def stage(request: pytest.FixtureRequest, folder: Path, make_app: MakeApp) -> Stage:
    """Opens an app on a fresh database, as often as it is called: all of a run's on one engine."""
    if postgresql.SERVER_URL:
        template: str = request.getfixturevalue("postgresql_template")
        return partial(_on_postgresql, template, folder, make_app)
    file: Path = request.getfixturevalue("migrated_file")
    return partial(_on_sqlite, file, folder, make_app)


@contextmanager
def _on_sqlite(migrated: Path, folder: Path, make_app: MakeApp) -> Iterator[Flask]:
    instance = folder / uuid4().hex
    instance.mkdir(mode=0o700)
    shutil.copy(migrated, instance / migrated.name)
    with _app_on_stage(make_app(instance)) as app:
        yield app


@contextmanager
def _on_postgresql(template: str, folder: Path, make_app: MakeApp) -> Iterator[Flask]:
    with (
        postgresql.fresh_database(template) as (_name, url),
        _app_on_stage(make_app(folder / uuid4().hex, url)) as app,
    ):
        yield app


@contextmanager
def _app_on_stage(app: Flask) -> Iterator[Flask]:
    with app.app_context():
        shared.share_statements(lock_order.watched(db.engine))
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def campaign(app: Flask) -> Campaign:
    """This year's season, with the cases amina and ilyas."""
    season = factories.campaign(slug="2026")
    factories.case(season, slug="amina", name="Amina Farsi", country="Ruritania")
    factories.case(season, slug="ilyas", name="Ilyas Danko", country="Zubrowka")
    return season


@pytest.fixture
def amina(campaign: Campaign) -> Case:
    """The first case."""
    return campaign.cases[0]


@pytest.fixture
def ilyas(campaign: Campaign) -> Case:
    """The second case."""
    return campaign.cases[1]


@pytest.fixture
def lisbon(campaign: Campaign) -> Event:
    """Ana's event, running."""
    return factories.event(
        campaign,
        slug="lisbon",
        title="Lisbon writes",
        state="running",
        organisers=[factories.organiser(name="Ana", email="ana@example.org")],
    )


@pytest.fixture
def porto(campaign: Campaign) -> Event:
    """Carlos's event, upcoming."""
    return factories.event(
        campaign,
        slug="porto",
        title="Porto writes",
        organisers=[factories.organiser(name="Carlos", email="carlos@example.org")],
    )


@pytest.fixture
def table_1(lisbon: Event) -> WritingTable:
    """Lisbon's first table."""
    return factories.table(lisbon, name="Table 1")


@pytest.fixture
def nobody(app: Flask) -> PageClient:
    """Somebody who is not signed in."""
    return PageClient(app)


@pytest.fixture
def client(nobody: PageClient) -> PageClient:
    """The same as nobody."""
    return nobody


@pytest.fixture
def ana(app: Flask, lisbon: Event) -> PageClient:
    """Organises Lisbon."""
    return sign_in(app, lisbon.organisers[0])


@pytest.fixture
def carlos(app: Flask, porto: Event) -> PageClient:
    """Organises Porto and must see nothing of Lisbon."""
    return sign_in(app, porto.organisers[0])


@pytest.fixture
def admin(app: Flask) -> PageClient:
    """Runs the section."""
    return sign_in(app, factories.organiser(name="Ines", email="ines@example.org", role="owner"))


@pytest.fixture
def bea(app: Flask, table_1: WritingTable) -> PageClient:
    """A phone that joined Lisbon's Table 1."""
    return join(app, table_1)


def join(app: Flask, table: WritingTable) -> PageClient:
    """A device of its own at a table."""
    token = uuid4().hex
    factories.device(table, token=token)
    return PageClient(app, cookies={device_cookie(): token})


def sign_in(app: Flask, user: User) -> PageClient:
    """A browser signed in a minute ago, through a session row as the sign-in page writes it."""
    token, now = uuid4().hex, clock.now() - timedelta(minutes=1)
    factories.saved(
        SignInSession(
            user_id=user.id,
            token_hash=hash_token(token),
            created_at=now,
            last_seen_at=now,
            password_checked_at=now,
        )
    )
    return PageClient(app, cookies={session_cookie(): token})
