"""The application factory: config, extensions, features, shell. No logic."""

from __future__ import annotations

import os
from typing import Any

from flask import Flask

from app import (
    compiled_templates,
    error_pages,
    formatting,
    languages,
    security,
    ticker,
    upgrade,
)
from app.accounts import access as accounts_access
from app.accounts import passwords
from app.accounts.cli import create_admin
from app.accounts.routes import blueprint as accounts
from app.arrivals import KnowingHosts
from app.board.poll import PollLayer
from app.board.routes import blueprint as board
from app.campaigns.routes import blueprint as campaigns
from app.config import Settings
from app.database import db, engine_options, prepare_engine, turns_to_write
from app.demo.cli import demo
from app.demo.routes import blueprint as practice
from app.events.routes import blueprint as events
from app.extensions import babel, compress, csrf
from app.front import Front
from app.guides.routes import blueprint as guides
from app.hosts.routes import blueprint as hosts
from app.letters.cli import verify
from app.letters.press_layer import PressLayer
from app.letters.routes import blueprint as letters
from app.outcomes.routes import blueprint as outcomes
from app.setup import gate as setup_gate
from app.setup.cli import setup_code
from app.setup.routes import blueprint as setup
from app.signups.routes import blueprint as signups
from app.upkeep.cli import backup, forget, restore
from app.upkeep.routes import blueprint as upkeep


def create_app(settings: Settings | None = None) -> Flask:
    """Build the app from `settings`, by default those of the environment."""
    settings = settings or Settings.from_environ(os.environ)
    app = KnowingHosts(__name__, instance_path=str(settings.instance))
    app.config.from_mapping(flask_config(settings))
    connect_extensions(app)
    languages.init_app(app, settings)
    for blueprint in (
        *(board, accounts, campaigns, outcomes, events),
        *(guides, hosts, letters, practice, setup, signups, upkeep),
    ):
        app.register_blueprint(blueprint)
    for command in (
        *(backup, create_admin, demo, forget, restore, setup_code),
        *(ticker.tick_once, verify),
    ):
        app.cli.add_command(command)
    for shell in (compiled_templates, formatting, error_pages, security, setup_gate):
        shell.init_app(app, settings)
    with app.app_context():
        turns = turns_to_write()
    if turns:
        app.wsgi_app = PressLayer(app.wsgi_app, turns)  # type: ignore[method-assign]
    app.wsgi_app = PollLayer(app, settings)  # type: ignore[method-assign]
    return app


def create_front(app: Flask) -> Front:
    """What granian serves: the app, with its two layers known to the event loop."""
    settings: Settings = app.config["LETTERTALLY"]
    polls: Any = app.wsgi_app
    presses = polls.flask if isinstance(polls.flask, PressLayer) else None
    return Front(
        polls,
        threads=settings.threads,
        polls=polls,
        presses=presses,
        looks_at_password=passwords.are_asked_for,
    )


def flask_config(settings: Settings) -> dict[str, object]:
    """Flask's own names for what the settings and the rules of this app ask for."""
    return {
        "LETTERTALLY": settings,
        "SECRET_KEY": settings.secret_key(),
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(settings.database_url),
        **security.FLASK_CONFIG,
        **security.cookie_config(settings),
        **formatting.babel_config(settings),
    }


def connect_extensions(app: Flask) -> None:
    """Bind the bare extensions to this app."""
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    upgrade.init_app(app)
    babel.init_app(app, locale_selector=languages.choose_locale)
    compress.init_app(app)
    csrf.init_app(app)
    accounts_access.init_app(app)
