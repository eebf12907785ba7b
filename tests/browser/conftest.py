"""A real Chromium, the server as it is shipped, and whoever sits before a screen."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Container, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from app.accounts.access import session_cookie
from app.accounts.models import User
from app.database import db
from tests.browser.mail_world import (
    AWAY,
    MAIL_ROLES,
    SENDER,
    MailWorld,
    let_the_mail_server_be_away,
    make_mail_world,
)
from tests.browser.people import PATIENCE, SECONDS, Organiser, Person, Volunteer, Watcher
from tests.browser.scenery import Marathon, session_of, set_up_marathon
from tests.browser.server import UP_OR_DOWN_WITHIN, ShippedServer, copy_tree
from tests.browser.witness import Witness
from tests.browser.world import World, make_world
from tests.outbox.conftest import turn_on

HERE = Path(__file__).parent
ARGUMENTS = [
    # Root, as in containers, may only run it so.
    "--no-sandbox",
    # Whatever the browser would ask the world on its own account.
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--no-first-run", "--disable-quic"),
]
PHONE = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
NARROW = {"viewport": {"width": 320, "height": 640}}
LAPTOP = {"viewport": {"width": 1280, "height": 800}}
PROJECTOR = {"viewport": {"width": 1280, "height": 720}}
HANGS_AFTER = 600
"""Seconds, for a test and what it is the first to need: a guard against no end, not slowness."""
HAS_ITS_LETTERS = "document.fonts.ready.then(() => true)"

Visit = Callable[..., Page]
Step = tuple[str, Page]

expect.set_options(timeout=PATIENCE)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Wait longer for these tests than for those that have no browser and start no server."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.timeout(HANGS_AFTER), append=False)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The other end of the wire."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    program = shutil.which("chromium")
    assert program, "install Debian's chromium"
    browser = playwright.chromium.launch(
        executable_path=program, args=ARGUMENTS, timeout=UP_OR_DOWN_WITHIN * SECONDS
    )
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def tree(workshop: Path, translations: Path) -> Path:
    """A copy of Lettertally that speaks the pseudo-locale, too."""
    folder = workshop / "tree"
    folder.mkdir()
    return copy_tree(folder, translations)


@pytest.fixture(scope="session")
def make_server(tree: Path, workshop: Path, migrated_file: Path) -> Callable[..., ShippedServer]:
    """A server on an instance of its own, with these other settings, not yet started."""

    def make(**others: str) -> ShippedServer:
        instance = workshop / f"served-{uuid4().hex}"
        instance.mkdir(mode=0o700)
        shutil.copy(migrated_file, instance / "lettertally.db")
        return ShippedServer(tree, instance, **others)

    return make


@pytest.fixture(scope="session")
def common_server(make_server: Callable[..., ShippedServer]) -> Iterator[ShippedServer]:
    """The server of all tests that leave it running."""
    server = make_server()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def fresh_server(make_server: Callable[..., ShippedServer]) -> Iterator[ShippedServer]:
    """A server with nothing on record, of one test's own: it may be stopped at will."""
    server = make_server()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def fresh_office(fresh_server: ShippedServer, make_app: Callable[[Path], Flask]) -> Iterator[Flask]:
    """That server's app in this process."""
    app = make_app(fresh_server.instance)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def common_office(
    common_server: ShippedServer, make_app: Callable[[Path], Flask]
) -> Iterator[Flask]:
    """The same app in this process, on the same database, to set scenes and to look at rows."""
    app = make_app(common_server.instance)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def mailing_server(make_server: Callable[..., ShippedServer]) -> Iterator[ShippedServer]:
    """One that may send mail, to a mail server that is away."""
    server = make_server(LETTERTALLY_SMTP_URL=AWAY, LETTERTALLY_MAIL_FROM=SENDER)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def mailing_office(
    mailing_server: ShippedServer, make_app: Callable[[Path], Flask]
) -> Iterator[Flask]:
    """That server's app in this process."""
    app = make_app(mailing_server.instance)
    turn_on(app, AWAY, SENDER)
    with app.app_context():
        let_the_mail_server_be_away()
        db.session.remove()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def mail_world(mailing_office: Flask) -> MailWorld:
    """Whatever is different where mail is on."""
    with mailing_office.app_context():
        world = make_mail_world()
        db.session.remove()
    return world


@pytest.fixture
def server(common_server: ShippedServer) -> ShippedServer:
    """The server that this test's people talk to."""
    return common_server


@pytest.fixture
def office(common_office: Flask) -> Iterator[Flask]:
    """Inside it, factories and actions write what the server then shows."""
    with common_office.app_context():
        yield common_office
        db.session.remove()


@pytest.fixture
def marathon(office: Flask) -> Marathon:
    """A running event of this test's own."""
    return set_up_marathon()


@pytest.fixture(scope="session")
def world(common_office: Flask) -> World:
    """One of everything, for those who only look."""
    with common_office.app_context():
        world = make_world()
        db.session.remove()
    return world


@pytest.fixture
def visit(chromium: Browser, server: ShippedServer) -> Iterator[Visit]:
    """Opens a browser of its own: a page, watched by a witness until the end of the test."""
    contexts, witnesses = [], []

    def open_browser(base_url: str = server.base_url, **options: Any) -> Page:
        context = chromium.new_context(base_url=base_url, **LAPTOP | options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        witnesses.append((Witness(context), urlsplit(base_url).netloc))
        return context.new_page()

    yield open_browser
    for context in contexts:
        context.close()
    for witness, host in witnesses:
        witness.check(host)


@pytest.fixture
def grounds(request: pytest.FixtureRequest) -> Callable[[str], tuple[ShippedServer, Any]]:
    """Gives the server and the world that somebody of a role walks through."""

    def of(role: str) -> tuple[ShippedServer, World | MailWorld]:
        names = ("mailing_server", "mail_world") if role in MAIL_ROLES else ("server", "world")
        server, world = map(request.getfixturevalue, names)
        return server, world

    return of


@pytest.fixture
def walk(visit: Visit, grounds: Callable[[str], Any]) -> Callable[..., Iterator[Step]]:
    """Gives a role's views in turn, in one browser, each as it is when it has come to rest."""

    def through(
        role: str, *, language: str = "en", only: Container[str] = (), **options: Any
    ) -> Iterator[Step]:
        server, world = grounds(role)
        page = visit(server.base_url, **options)
        cookies = world.cookies[role] | {"lettertally_language": language}
        page.context.add_cookies(
            [{"name": k, "value": v, "url": server.base_url} for k, v in cookies.items()]
        )
        for view in world.views(role):
            # Most deeds find their buttons by English words.
            speaks = language == "en" or view.is_wordless or not view.deed
            if not speaks or (only and view.name not in only):
                continue
            person = Person(page).opens(view.path)
            if view.deed:
                view.deed(person)
            page.wait_for_load_state()
            page.evaluate(HAS_ITS_LETTERS)
            yield view.name, page

    return through


@pytest.fixture
def volunteer(visit: Visit) -> Volunteer:
    """Bea, with a phone."""
    return Volunteer(visit(**PHONE))


@pytest.fixture
def hall(visit: Visit, marathon: Marathon) -> Watcher:
    """The projector."""
    return Watcher(visit(**PROJECTOR)).opens(marathon.path("hall"))


@pytest.fixture
def sign_in(visit: Visit, server: ShippedServer) -> Callable[..., Organiser]:
    """Gives somebody a browser that is signed in already."""

    def signed_in(user: User, **options: Any) -> Organiser:
        page = visit(**options)
        cookie = {"name": session_cookie(), "value": session_of(user), "url": server.base_url}
        page.context.add_cookies([cookie])
        return Organiser(page)

    return signed_in
