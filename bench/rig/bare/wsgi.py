"""The bare app: a word, and one row a request, on the app's own engine settings."""

from __future__ import annotations

import os
from pathlib import Path

from flask import Flask, request
from sqlalchemy import create_engine

from app.config import Settings
from app.database import engine_options, prepare_engine
from app.front import Front
from app.server import serve

app = Flask(__name__)
settings = Settings.from_environ(os.environ)
front = Front(app.wsgi_app, threads=settings.threads)
url = f"sqlite:///{Path(os.environ['LETTERTALLY_INSTANCE']) / 'bare.db'}"
engine = create_engine(url, **engine_options(url))
prepare_engine(engine)
with engine.begin() as connection:
    connection.exec_driver_sql(
        "CREATE TABLE IF NOT EXISTS letter (id INTEGER PRIMARY KEY, op TEXT, quantity INTEGER)"
    )


@app.get("/hello")
def hello() -> str:
    return "hello"


@app.post("/insert")
def insert() -> str:
    """One INSERT by the driver alone, committed before the answer: nothing of SQLAlchemy's."""
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        # The connection is in autocommit mode, so this is BEGIN, INSERT and COMMIT.
        cursor.execute(
            "INSERT INTO letter (op, quantity) VALUES (?, ?)",
            (request.form["op"], request.form["quantity"]),
        )
        cursor.close()
    finally:
        connection.close()
    return "ok"


if __name__ == "__main__":
    serve(front, settings)
