"""The whole database as one file, right also while people write: VACUUM INTO, or pg_dump."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from app.database import db, sqlite_module

DEBIAN = Path("/usr/lib/postgresql")
CUSTOM = ("--no-owner", "--no-privileges")


class UpkeepFailed(Exception):
    """A backup or a restore cannot be done; the message is one sentence without persons in it."""


def engine_name() -> str:
    """`sqlite` or `postgresql`."""
    return db.engine.dialect.name


def schema_of_database() -> str | None:
    """The schema's number, or None where there is no database yet."""
    file = db.engine.url.database
    # To ask SQLite would make the file.
    if engine_name() == "sqlite" and not (file and os.path.exists(file)):
        return None
    try:
        with db.engine.connect() as connection:
            return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar())
    except SQLAlchemyError:
        return None


def engine_version() -> str:
    """The version of SQLite at hand, or that of the PostgreSQL server."""
    if engine_name() == "sqlite":
        return str(sqlite_module().sqlite_version)
    with db.engine.connect() as connection:
        # Without the packager's name behind it.
        return str(connection.execute(text("SHOW server_version")).scalar()).partition(" ")[0]


def dump_database(to: Path) -> None:
    """Write a whole copy to a new file, for its owner only; raises UpkeepFailed."""
    if engine_name() == "sqlite":
        dump_sqlite(to)
    else:
        _run_postgresql("pg_dump", "--format=custom", *CUSTOM, f"--file={to}")


def dump_sqlite(to: Path) -> None:
    """Write a whole copy of the SQLite database to a new file."""
    # Made empty first, because SQLite would give it the usual permissions.
    os.close(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(db.engine.raw_connection()) as connection:
        connection.cursor().execute("VACUUM INTO ?", (str(to),))


def load_postgresql(dump: Path) -> None:
    """Put a dump into the empty database that the settings name, all of it or nothing."""
    _run_postgresql("pg_restore", "--single-transaction", "--exit-on-error", *CUSTOM, str(dump))


def _run_postgresql(program: str, *arguments: str) -> None:
    url = db.engine.url
    # The password must not stand where every user of the machine reads what runs.
    environment = {**os.environ, "PGPASSWORD": str(url.password or "")}
    command = (find_program(program), f"--dbname={_address(url)}", *arguments)
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["it gave no reason"]
        raise UpkeepFailed(f"{program} failed: {said[0].removeprefix(f'{program}: ')}")


def _address(url: URL) -> str:
    bare = url.set(drivername="postgresql", password=None)
    return bare.render_as_string(hide_password=False)


def find_program(name: str) -> str:
    """One of PostgreSQL's programs: from PATH, else Debian's newest; raises UpkeepFailed."""
    on_path = shutil.which(name)
    if on_path:
        return on_path
    found = sorted(DEBIAN.glob(f"*/bin/{name}"), key=lambda file: float(file.parts[-3]))
    if not found:
        raise UpkeepFailed(
            f"{name} is missing; on Debian and Ubuntu: apt install postgresql-client"
        )
    return str(found[-1])
