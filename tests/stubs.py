"""TEMPORARY: a bare `app` with the spine alone while the features are not all written."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

from flask import Flask


def create_app(settings):
    """Database, migrations and words; no routes."""
    from app import upgrade
    from app.database import db, engine_options, prepare_engine
    from app.extensions import babel

    bare = Flask("app", instance_path=str(settings.instance))
    bare.config.update(
        LETTERTALLY=settings,
        SECRET_KEY=settings.secret_key(),
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
    )
    db.init_app(bare)
    with bare.app_context():
        prepare_engine(db.engine)
    upgrade.init_app(bare)
    babel.init_app(bare)
    return bare


try:
    import app  # noqa: F401
except ImportError as missing:
    print(f"NO ROUTES YET, the spine alone: {missing}", file=sys.stderr)  # noqa: T201
    for name in [name for name in sys.modules if name == "app" or name.startswith("app.")]:
        del sys.modules[name]
    package = ModuleType("app")
    package.__path__ = [str(Path(__file__).parent.parent / "app")]
    package.create_app = create_app
    sys.modules["app"] = package
